// Events sent to an address: making a subscription to a trigger, and what becomes of those that there are.

import { call, page } from "./calls.js";
import { copy, fold, make, newId } from "./elements.js";
import { makeField } from "./fields.js";
import { readArgs } from "./form.js";
import { showProblem, tellTime } from "./problems.js";

export const PLACE = "/subscriptions";
export const areTaken = () => page.subscriptions !== "";

const plain = { options: [], fits: null, default: null, is_secret: false, is_lent: false, has_choices: false };
const FIELDS = [
  {
    ...plain,
    name: "url",
    title: "Send to",
    control: "text",
    such_as: "https://example.com/hook",
    is_required: true,
    description: "An https address on the open internet, or a host that this server's operator allows.",
  },
  {
    ...plain,
    name: "every",
    title: "Look every (s)",
    control: "whole",
    such_as: "300",
    is_required: false,
    description: "The least time between two looks; the trigger's own pace without it.",
  },
];
const RECEIVERS = {
  Python: `# pip install standardwebhooks
import os
from standardwebhooks import Webhook

def receive(body: bytes, headers: dict[str, str]) -> None:
    # Raises where somebody else sent it. Answer 2xx within 15 s.
    event = Webhook(os.environ["WEBHOOK_SECRET"]).verify(body, headers)
    print(event["type"], event["data"]["data"])
`,
  JavaScript: `// npm install standardwebhooks
import { Webhook } from "standardwebhooks";

export function receive(body, headers) {
  // Throws where somebody else sent it. Answer 2xx within 15 s.
  const event = new Webhook(process.env.WEBHOOK_SECRET).verify(body, headers);
  console.log(event.type, event.data.data);
}
`,
};

/** A fold with a form that subscribes to `trigger`; `read` gives the controls of its own form that are shown then. */
export function offerSubscription(trigger, controls, read) {
  if (!areTaken()) return null;
  const own = FIELDS.map((field) => makeField(trigger.watches, field));
  const output = make("div", { className: "output", "aria-live": "polite" });
  const form = make(
    "form",
    { noValidate: true, "aria-label": `Subscribe: ${trigger.title}` },
    make("p", { className: "hint" }, "This server looks with the fields above and the connection at the top, and sends each event, signed."),
    make("div", { className: "fields" }, own.map((each) => each.place)),
    make("div", { className: "actions" }, make("button", {}, "Subscribe"), make("a", { href: `#${PLACE}` }, "Your subscriptions")),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (output.hasAttribute("aria-busy")) return;
    output.replaceChildren();
    output.setAttribute("aria-busy", "true");
    [...controls, ...own].forEach((each) => each.blame(null));
    const args = readArgs(read());
    const made = await call("subscriptions", { method: "POST", body: { trigger: trigger.name, args, ...readArgs(own) } });
    output.removeAttribute("aria-busy");
    if (made.ok) output.replaceChildren(...tellMade(made.value));
    else showProblem(output, made.value, made.status, [...own, ...controls]);
  });
  const folded = fold("Have events sent to you", form, output);
  folded.className = "sheet";
  return folded;
}

function tellMade(made) {
  const secret = make("input", { id: newId("secret"), readOnly: true, value: made.secret });
  const button = make("button", { type: "button", className: "quiet" }, "Copy the secret");
  button.addEventListener("click", () => copy(button, made.secret));
  return [
    make("p", { className: "status" }, make("strong", {}, "Subscribed"), ` · ${made.id}`),
    make("p", { className: "notice" }, "The secret is shown this once: keep it where the receiver finds it."),
    make("label", { htmlFor: secret.id }, "Secret"),
    make("div", { className: "actions" }, secret, button),
    ...Object.entries(RECEIVERS).map(([language, text]) => {
      const take = make("button", { type: "button", className: "quiet" }, "Copy");
      take.addEventListener("click", () => copy(take, text));
      const label = `A receiver in ${language}`;
      return fold(label, take, make("pre", { tabIndex: 0, role: "region", "aria-label": label }, make("code", {}, text)));
    }),
  ];
}

/** The key's own subscriptions, as one element. */
export function showSubscriptions() {
  const list = make("div", { className: "subscriptions" });
  const said = make("p", { role: "status" });
  const refresh = async () => {
    const found = await call("subscriptions");
    if (!found.ok) {
      showProblem(list, found.value, found.status, []);
      return;
    }
    const all = found.value.subscriptions;
    said.textContent = all.length ? `${all.length} ${all.length === 1 ? "subscription" : "subscriptions"}` : "There is none yet: choose a trigger to make one.";
    list.replaceChildren(...all.map((one) => makeCard(one, refresh)));
  };
  const again = make("button", { type: "button", className: "quiet" }, "Read them again");
  again.addEventListener("click", refresh);
  refresh();
  return make(
    "article",
    {},
    make("a", { href: "#", className: "back" }, "All blocks"),
    make("h1", { tabIndex: -1 }, "Subscriptions"),
    make("p", { className: "lead" }, "What happens is sent to an address, signed, in order, and again until it is taken."),
    make("div", { className: "actions" }, again, said),
    list,
  );
}

function makeCard(one, refresh) {
  const said = make("p", { className: "said", role: "status" });
  const at = `subscriptions/${encodeURIComponent(one.id)}`;
  const act = (text, run) => {
    const button = make("button", { type: "button", className: "quiet" }, text);
    button.addEventListener("click", () => run(button));
    return button;
  };
  const change = async (path, method) => {
    const done = await call(at + path, { method });
    if (done.ok) await refresh();
    else said.textContent = done.value.detail;
  };
  const isActive = one.status === "active";
  const facts = [
    ["to", one.url],
    ["for", one.connection],
    ["fields", Object.keys(one.args).length ? JSON.stringify(one.args) : null],
    ["looked", tellMoment(one.polled)],
    ["looks again", tellMoment(one.next_poll)],
    ["sent", tellMoment(one.delivered)],
    ["waiting", one.waiting ? `${one.waiting} ${one.waiting === 1 ? "event" : "events"}` : null],
    ["sends again", one.failures ? `${tellMoment(one.next_delivery) ?? "not now"}, after ${one.failures} failed` : null],
  ].filter(([, value]) => value);
  const title = make("h2", {}, make("a", { href: `#${one.trigger}` }, one.trigger));
  return make(
    "section",
    { className: "sheet subscription", "aria-label": `Subscription to ${one.trigger}` },
    make("div", { className: "badges" }, title, make("span", { className: `badge ${one.status}` }, one.status), make("code", {}, one.id)),
    one.why && make("p", { className: "notice" }, one.why),
    make("div", { className: "thing" }, make("dl", {}, facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]))),
    make(
      "div",
      { className: "actions" },
      act(isActive ? "Pause" : "Resume", () => change(isActive ? "/pause" : "/resume", "POST")),
      act("Send a test", async () => {
        said.textContent = "Sending…";
        const tried = await call(`${at}/test`, { method: "POST" });
        said.textContent = !tried.ok ? tried.value.detail : tried.value.delivered ? `Taken: the receiver answered ${tried.value.status}.` : tried.value.problem;
      }),
      act("Delete", (button) => {
        // What can't be undone takes a second press.
        if (button.dataset.asked) change("", "DELETE");
        button.dataset.asked = "yes";
        button.textContent = "Delete it for good";
      }),
    ),
    said,
  );
}

/** How long ago a moment was, or how soon it is. */
function tellMoment(moment) {
  if (!moment) return null;
  const seconds = (new Date(moment) - Date.now()) / 1000;
  if (Math.abs(seconds) < 1) return "now";
  return seconds < 0 ? `${tellTime(-seconds)} ago` : `in ${tellTime(seconds)}`;
}
