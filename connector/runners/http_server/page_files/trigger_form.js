// One trigger: what it tells, its form, and what was seen. The state of the last look is kept in this page alone.

import { makeTable, showWhole } from "./answers.js";
import { call, connection } from "./calls.js";
import { offerPolls } from "./copies.js";
import { fold, make, withCode } from "./elements.js";
import { makeField } from "./fields.js";
import { makeForm, readArgs, tellFields } from "./form.js";
import { showProblem, tellTime } from "./problems.js";
import { offerSubscription } from "./subscriptions.js";

/** By trigger what the last look left: its `state`, and at what it looked for whom (`subject`). */
const kept = new Map();

/** Everything about `trigger`, as one element. */
export function showTrigger(trigger) {
  const controls = trigger.fields.map((field) => makeField(trigger.watches, field));
  return make(
    "article",
    {},
    make("a", { href: "#", className: "back" }, "All blocks"),
    makeHead(trigger),
    ...makeSheet(trigger, controls),
    makeAbout(trigger),
  );
}

function makeHead(trigger) {
  const badge = (text, kind = "") => make("span", { className: `badge ${kind}` }, text);
  const { quiet, change } = trigger.cost;
  const costs = quiet === change ? `A look costs ${quiet}.` : `A look costs ${quiet} while nothing happens; when something did: ${change}.`;
  return make(
    "header",
    {},
    make("h1", { tabIndex: -1 }, trigger.title),
    make(
      "p",
      { className: "badges" },
      make("code", {}, trigger.name),
      badge("trigger", "trigger"),
      trigger.closed && badge(trigger.closed, "closed"),
    ),
    make("p", { className: "lead" }, withCode(trigger.description)),
    trigger.about_closed.length > 0 && make("p", { className: "notice" }, withCode(trigger.about_closed.join(" "))),
    make("p", { className: "cost" }, `${costs} One is worth it every ${trigger.every}, as far as the day's calls allow.`),
  );
}

function makeSheet(trigger, controls) {
  const forget = make("button", { type: "button", className: "quiet" }, "Begin anew");
  const form = makeForm(trigger, controls, { verb: "Look now", doing: "Looking…", copies: offerPolls, beside: forget });
  const adapt = () => (forget.hidden = !kept.has(trigger.name));
  forget.addEventListener("click", () => {
    kept.delete(trigger.name);
    form.output.replaceChildren(make("p", { className: "status" }, "The next look sets the mark anew."));
    adapt();
    form.place.querySelector("form button").focus();
  });
  adapt();
  form.onRun(async (shown) => {
    await look(trigger, controls, readArgs(shown), form.output);
    adapt();
  });
  return [form.place, offerSubscription(trigger, controls, form.readShown)];
}

async function look(trigger, controls, args, output) {
  const at = Object.entries(args).filter(([name]) => !trigger.how.includes(name));
  const subject = JSON.stringify([connection(), at]);
  const before = kept.get(trigger.name);
  const state = before?.subject === subject ? before.state : null;
  const answer = await call(`triggers/${encodeURIComponent(trigger.name)}`, { method: "POST", body: { args, state } });
  if (!answer.ok) {
    showProblem(output, answer.value, answer.status, controls);
    return;
  }
  kept.set(trigger.name, { subject, state: answer.value.state });
  output.replaceChildren(...tellSeen(trigger, answer.value, { isFirst: state === null, isOther: Boolean(before) && state === null }));
  output.scrollIntoView({ block: "nearest" });
}

function tellSeen(trigger, seen, { isFirst, isOther }) {
  const count = seen.events.length;
  const told = count ? `${count} ${count === 1 ? "event" : "events"}` : isFirst ? "The mark is set" : "Nothing new";
  const { requests, next_s: next } = seen.meta;
  const parts = [`${requests} ${requests === 1 ? "call" : "calls"}`, seen.more ? "others wait: look again" : next && `look again in ${tellTime(next)}`];
  const pointers = trigger.columns.length > 1 ? trigger.columns : Object.keys(seen.events[0]?.data ?? {}).map((name) => `data.${name}`);
  return [
    make("p", { className: "status" }, make("strong", {}, told), ` · ${parts.filter(Boolean).join(" · ")}`),
    isOther && make("p", { className: "hint" }, "The fields or the connection have changed, so it began anew."),
    isFirst && make("p", { className: "hint" }, "What happens from now on is told by the next look; this page keeps the state until it is closed."),
    count > 0 && makeTable(trigger.title, seen.events, pointers),
    showWhole(seen),
  ].filter(Boolean);
}

function makeAbout(trigger) {
  const sample = JSON.stringify(trigger.sample, null, 2);
  return make(
    "section",
    { className: "about" },
    trigger.scopes && make("p", {}, "Scopes that the user grants: ", withCode(trigger.scopes), "."),
    make(
      "p",
      {},
      trigger.watches && ["It reads ", make("a", { href: `#${trigger.watches}` }, make("code", {}, trigger.watches)), "; its"],
      trigger.watches ? "" : "Its",
      ` state takes ${trigger.cost.state}.`,
    ),
    tellFields(trigger.fields),
    fold("What an event looks like", make("pre", { tabIndex: 0, role: "region", "aria-label": "A sample" }, sample)),
  );
}
