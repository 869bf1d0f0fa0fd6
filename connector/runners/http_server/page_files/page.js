// The page: which block or trigger is open, and finding one.

import { showBlock } from "./block_form.js";
import { call } from "./calls.js";
import { showConnections } from "./connections.js";
import { make } from "./elements.js";
import { areTaken, PLACE, showSubscriptions } from "./subscriptions.js";
import { showTrigger } from "./trigger_form.js";

const SHOW = { block: showBlock, trigger: showTrigger };

const view = document.getElementById("view");
const welcome = document.getElementById("welcome");
const entries = [...document.querySelectorAll("nav li")];
const filter = document.getElementById("filter");
const title = document.title;

async function open() {
  const name = decodeURIComponent(location.hash.slice(1));
  const entry = entries.find((each) => each.firstElementChild.hash === `#${name}`);
  for (const each of entries) {
    each.firstElementChild.toggleAttribute("aria-current", each === entry);
  }
  const isList = name === PLACE && areTaken();
  document.body.classList.toggle("opened", Boolean(entry) || isList);
  welcome.hidden = Boolean(entry) || isList;
  view.replaceChildren();
  document.title = title;
  if (isList) show("Subscriptions", showSubscriptions());
  if (!entry) return;
  const { kind } = entry.dataset;
  const found = await call(`docs/${kind}s/${encodeURIComponent(name)}`);
  if (decodeURIComponent(location.hash.slice(1)) !== name) return;
  if (!found.ok) {
    view.append(make("p", { role: "alert" }, found.value.detail));
    return;
  }
  show(found.value.title, SHOW[kind](found.value));
}

function show(name, element) {
  document.title = `${name} · ${title}`;
  view.replaceChildren(element);
  scrollTo(0, 0);
  view.querySelector("h1").focus();
}

function find() {
  const wanted = filter.value.trim().toLowerCase().split(/\s+/);
  for (const entry of entries) {
    entry.hidden = !wanted.every((word) => entry.dataset.words.includes(word));
  }
  for (const group of document.querySelectorAll("nav .group")) {
    group.hidden = [...group.querySelectorAll("li")].every((entry) => entry.hidden);
  }
  const counts = Object.keys(SHOW).map((kind) => tellCount(kind, entries.filter((each) => !each.hidden && each.dataset.kind === kind)));
  document.getElementById("found").textContent = filter.value.trim() === "" ? "" : counts.filter(Boolean).join(", ") || "Nothing";
}

const tellCount = (kind, found) => found.length > 0 && `${found.length} ${kind}${found.length === 1 ? "" : "s"}`;

filter.addEventListener("input", find);
filter.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  entries.find((entry) => !entry.hidden)?.firstElementChild.click();
});
addEventListener("hashchange", open);
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
  event.preventDefault();
  filter.focus();
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("block").focus();
});

showConnections(document.getElementById("who"));
find();
open();
