// A form of controls, of a block or a trigger: what is folded away, what a connection lends, and its button.

import { isConnected } from "./calls.js";
import { onChange } from "./connections.js";
import { fold, make, withCode } from "./elements.js";

/** The form for `what`, in words `verb` and, while it runs, `doing`; `copies` makes the call to take along. Its
 * `place` on the page, the `output` below it, `readShown` for the controls that are shown then, and `onRun`, which takes
 * what runs with them, and the value of another button that was pressed. */
export function makeForm(what, controls, { verb, doing, copies, beside = [] }) {
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
  const readShown = () => controls.filter((each) => !each.place.closest("[hidden]"));
  const taken = copies(what, readShown);
  const example = make("button", { type: "button", className: "quiet" }, "Fill in an example");
  const run = make("button", {}, verb);
  const form = make(
    "form",
    { noValidate: true, "aria-label": what.title },
    what.rules.length > 0 && make("p", { className: "rules" }, what.rules.join(" ")),
    tokens,
    make("div", { className: "fields" }, places(inFront), !isFolded && places(others)),
    isFolded && fold(`More fields (${others.length})`, make("div", { className: "fields" }, places(others))),
    make("div", { className: "actions" }, run, beside, Object.keys(what.example).length > 0 && example),
  );
  const adapt = () => {
    tokens.hidden = isConnected() || lent.length === 0;
    taken.write();
  };
  onChange(adapt);
  adapt();
  form.addEventListener("input", taken.write);
  form.addEventListener("change", taken.write);
  example.addEventListener("click", () => {
    for (const each of controls) {
      if (each.field.name in what.example) each.write(what.example[each.field.name]);
    }
    taken.write();
  });
  const onRun = (act) =>
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      // What runs is not run a second time by a second key press.
      if (output.hasAttribute("aria-busy")) return;
      const shown = readShown();
      run.setAttribute("aria-disabled", "true");
      run.textContent = doing;
      output.replaceChildren();
      output.setAttribute("aria-busy", "true");
      controls.forEach((each) => each.blame(null));
      await act(shown, event.submitter?.value);
      output.removeAttribute("aria-busy");
      run.removeAttribute("aria-disabled");
      run.textContent = verb;
    });
  return { place: make("section", { className: "sheet" }, form, taken.place, output), output, readShown, onRun };
}

/** What is filled in, by the fields' names. */
export const readArgs = (controls) =>
  Object.fromEntries(controls.map((each) => [each.field.name, each.read()]).filter(([, value]) => value !== undefined));

/** A fold with the names of `fields` and what each is. */
export function tellFields(fields) {
  const rows = fields.map((field) =>
    make(
      "div",
      {},
      make("dt", {}, make("code", {}, field.name), field.is_required && make("span", { className: "must" }, " required")),
      make("dd", {}, withCode(field.description)),
    ),
  );
  return fold("Names of the fields, for programs", make("dl", {}, rows));
}
