// One block: what it does, its form, and what came of running it.

import { showAnswer } from "./answers.js";
import { call, isConnected } from "./calls.js";
import { onChange } from "./connections.js";
import { offerCopies } from "./copies.js";
import { fold, make, withCode } from "./elements.js";
import { makeField } from "./fields.js";
import { showProblem } from "./problems.js";

const EFFECTS = { read: "reads", write: "changes something", destructive: "removes something" };

/** Everything about `block`, as one element. */
export function showBlock(block) {
  const controls = block.fields.map((field) => makeField(block.name, field));
  return make(
    "article",
    {},
    make("a", { href: "#", className: "back" }, "All blocks"),
    makeHead(block),
    makeForm(block, controls),
    makeAbout(block),
  );
}

function makeHead(block) {
  const badge = (text, kind = "") => make("span", { className: `badge ${kind}` }, text);
  return make(
    "header",
    {},
    make("h1", { tabIndex: -1 }, block.title),
    make(
      "p",
      { className: "badges" },
      make("code", {}, block.name),
      badge(EFFECTS[block.effect] ?? block.effect, block.effect),
      block.is_paged && badge("a list, page by page"),
      block.closed && badge(block.closed, "closed"),
    ),
    make("p", { className: "lead" }, withCode(block.description)),
    block.about_closed.length > 0 && make("p", { className: "notice" }, withCode(block.about_closed.join(" "))),
    block.cost.length > 0 && make("p", { className: "cost" }, withCode(block.cost.join(" "))),
  );
}

function makeForm(block, controls) {
  const own = controls.filter((each) => !each.field.is_lent);
  const lent = controls.filter((each) => each.field.is_lent);
  const inFront = own.filter((each) => each.field.is_first);
  const others = own.filter((each) => !each.field.is_first);
  // Where nothing must be given, a few fields are nothing to fold away.
  const isFolded = inFront.length > 0 ? others.length > 0 : others.length > 3;
  const places = (which) => which.map((each) => each.place);
  const tokens = make(
    "div",
    { className: "lent" },
    make("p", { className: "notice" }, "No connection is chosen. Choose one or sign in at the top, or give what is asked here."),
    make("div", { className: "fields" }, places(lent)),
  );
  const output = make("div", { className: "output", "aria-live": "polite" });
  const copies = offerCopies(block, () => controls.filter((each) => !each.place.closest("[hidden]")));
  const example = make("button", { type: "button", className: "quiet" }, "Fill in an example");
  const run = make("button", {}, "Run");
  const form = make(
    "form",
    { noValidate: true, "aria-label": block.title },
    block.rules.length > 0 && make("p", { className: "rules" }, block.rules.join(" ")),
    tokens,
    make("div", { className: "fields" }, places(inFront), !isFolded && places(others)),
    isFolded && fold(`More fields (${others.length})`, make("div", { className: "fields" }, places(others))),
    make("div", { className: "actions" }, run, Object.keys(block.example).length > 0 && example),
  );
  const place = make("section", { className: "sheet" }, form, copies.place, output);
  const adapt = () => {
    tokens.hidden = isConnected() || lent.length === 0;
    copies.write();
  };
  onChange(adapt);
  adapt();
  form.addEventListener("input", copies.write);
  form.addEventListener("change", copies.write);
  example.addEventListener("click", () => {
    for (const each of controls) {
      if (each.field.name in block.example) each.write(block.example[each.field.name]);
    }
    copies.write();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // What runs is not run a second time by a second key press.
    if (output.hasAttribute("aria-busy")) return;
    const shown = controls.filter((each) => !each.place.closest("[hidden]"));
    run.setAttribute("aria-disabled", "true");
    run.textContent = "Running…";
    output.replaceChildren();
    output.setAttribute("aria-busy", "true");
    await runBlock(block, controls, shown, output);
    output.removeAttribute("aria-busy");
    run.removeAttribute("aria-disabled");
    run.textContent = "Run";
  });
  return place;
}

async function runBlock(block, controls, shown, output) {
  const args = Object.fromEntries(
    shown.map((each) => [each.field.name, each.read()]).filter(([, value]) => value !== undefined),
  );
  controls.forEach((each) => each.blame(null));
  const started = performance.now();
  const answer = await call(`blocks/${encodeURIComponent(block.name)}`, { method: "POST", body: args });
  const taken = Math.round(performance.now() - started);
  if (answer.ok) showAnswer(output, block, answer, taken);
  else showProblem(output, answer.value, answer.status, controls);
  if (answer.ok) output.scrollIntoView({ block: "nearest" });
}

function makeAbout(block) {
  const sample = JSON.stringify(block.sample, null, 2);
  const rows = block.fields.map((field) =>
    make(
      "div",
      {},
      make("dt", {}, make("code", {}, field.name), field.is_required && make("span", { className: "must" }, " required")),
      make("dd", {}, withCode(field.description)),
    ),
  );
  return make(
    "section",
    { className: "about" },
    block.scopes && make("p", {}, "Scopes that the user grants: ", withCode(block.scopes), "."),
    block.aliases.length > 0 && make("p", {}, "Also answers to ", withCode(block.aliases.map((each) => `\`${each}\``).join(", ")), "."),
    fold("Names of the fields, for programs", make("dl", {}, rows)),
    fold("What an answer looks like", make("pre", { tabIndex: 0, role: "region", "aria-label": "A sample" }, sample)),
  );
}
