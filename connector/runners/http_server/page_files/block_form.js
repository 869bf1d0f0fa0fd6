// One block: what it does, its form, and what came of running it.

import { showAnswer } from "./answers.js";
import { call } from "./calls.js";
import { offerCopies } from "./copies.js";
import { fold, make, withCode } from "./elements.js";
import { makeField } from "./fields.js";
import { makeForm, readArgs, tellFields } from "./form.js";
import { showProblem } from "./problems.js";

/** The field of blocks that can tell beforehand what they would do. */
const PLAN = "dry_run";
const EFFECTS = { read: "reads", write: "changes something", destructive: "removes something" };

/** Everything about `block`, as one element. */
export function showBlock(block) {
  const controls = block.fields.map((field) => makeField(block.name, field));
  return make(
    "article",
    {},
    make("a", { href: "#", className: "back" }, "All blocks"),
    makeHead(block),
    makeSheet(block, controls),
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

function makeSheet(block, controls) {
  const isPlanned = block.fields.some((field) => field.name === PLAN);
  const beside = isPlanned ? make("button", { value: PLAN, className: "quiet" }, "Show the plan") : [];
  const form = makeForm(block, controls, { verb: "Run", doing: "Running…", copies: offerCopies, beside });
  form.onRun((shown, by) => {
    const args = readArgs(shown);
    return runBlock(block, controls, by === PLAN ? { ...args, [PLAN]: true } : args, form.output);
  });
  return form.place;
}

async function runBlock(block, controls, args, output) {
  const started = performance.now();
  const answer = await call(`blocks/${encodeURIComponent(block.name)}`, { method: "POST", body: args });
  const taken = Math.round(performance.now() - started);
  if (answer.ok) showAnswer(output, block, answer, taken);
  else showProblem(output, answer.value, answer.status, controls);
  if (answer.ok) output.scrollIntoView({ block: "nearest" });
}

function makeAbout(block) {
  const sample = JSON.stringify(block.sample, null, 2);
  return make(
    "section",
    { className: "about" },
    block.scopes && make("p", {}, "Scopes that the user grants: ", withCode(block.scopes), "."),
    block.aliases.length > 0 && make("p", {}, "Also answers to ", withCode(block.aliases.map((each) => `\`${each}\``).join(", ")), "."),
    block.made_of.length > 0 && make("p", {}, "Made of ", block.made_of.flatMap(makeLink), "."),
    tellFields(block.fields),
    fold("What an answer looks like", make("pre", { tabIndex: 0, role: "region", "aria-label": "A sample" }, sample)),
  );
}

const makeLink = (name, place) => [place > 0 && ", ", make("a", { href: `#${name}` }, make("code", {}, name))];
