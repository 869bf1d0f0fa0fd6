// Who calls: the API key where the server wants one, the connection, and signing in to one.

import { call, choose, connection, page } from "./calls.js";
import { make } from "./elements.js";

let tell = () => {};
let select;
let place;

/** What runs when another connection is chosen, in place of what ran before. */
export const onChange = (listener) => (tell = listener);

export function showConnections(into) {
  if (page.key) {
    const key = make("input", { id: "api-key", type: "password", autocomplete: "off" });
    key.addEventListener("change", () => {
      choose({ key: key.value.trim() });
      refresh();
    });
    into.append(make("label", {}, "API key", key));
  }
  if (!page.connections) return;
  select = make("select", { id: "connection" });
  select.addEventListener("change", () => {
    choose({ connection: select.value });
    tell();
  });
  const button = make("button", { type: "button", className: "quiet", "aria-expanded": "false" }, "Sign in…");
  place = makeSignIn(button);
  button.addEventListener("click", () => {
    place.hidden = !place.hidden;
    button.setAttribute("aria-expanded", String(!place.hidden));
    if (!place.hidden) place.querySelector("input").focus();
  });
  into.append(make("label", {}, "Connection", select), button, place);
  // Who comes back from signing in elsewhere finds the new connection here.
  addEventListener("focus", refresh);
  refresh();
}

/** Opens the form to sign in, for a connection of this name. */
export function signIn(name) {
  place.hidden = false;
  const field = place.querySelector("input");
  field.value = name;
  field.focus();
}

export const canSignIn = () => Boolean(page.connections);

function makeSignIn(button) {
  const name = make("input", { id: "new-connection", autocomplete: "off", value: "me", required: true });
  const said = make("p", { role: "status" });
  const form = make(
    "form",
    { id: "sign-in", className: "sheet", hidden: true },
    make("p", {}, "A browser tab opens at the service; the connection is kept here under this name."),
    make("label", {}, "Name of the connection", name),
    make("button", {}, "Sign in"),
    said,
  );
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    form.hidden = true;
    button.setAttribute("aria-expanded", "false");
    button.focus();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const address = `connect/${encodeURIComponent(name.value.trim())}`;
    if (!page.key) {
      lead(said, address);
      return;
    }
    const made = await call(address, { method: "POST" });
    if (made.ok) lead(said, made.value.url);
    else said.replaceChildren(made.value.detail);
  });
  return form;
}

function lead(said, address) {
  const link = make("a", { href: address, target: "_blank", rel: "opener" }, "Go on to sign in");
  said.replaceChildren(link);
  link.focus();
}

async function refresh() {
  const found = page.key && !document.getElementById("api-key").value ? null : await call("connections");
  const known = found?.ok ? found.value.connections : [];
  const own = page.own || "none";
  const options = known
    .filter((each) => each.name !== page.own)
    .map((each) => make("option", { value: each.name }, each.name + tellState(each)));
  select.replaceChildren(make("option", { value: "" }, own), ...options);
  const before = connection();
  select.value = known.some((each) => each.name === before) ? before : "";
  if (!page.own && !select.value && known.length) select.value = known[0].name;
  choose({ connection: select.value });
  if (connection() !== before) tell();
}

function tellState(each) {
  if (each.needs_sign_in) return " – sign in again";
  return each.days_left !== null && each.days_left < 14 ? ` – ${each.days_left} days left` : "";
}
