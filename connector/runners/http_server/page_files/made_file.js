// A file that a block made: to save, and to look at.

import { fold, make } from "./elements.js";

/** Of a text that is longer, only the beginning is shown. */
const SHOWN = 20_000;

/** The file that stands in `value` where `at` says (`text`, `name`, `type`), as an element; null where there is none. */
export function makeFile(value, at) {
  if (!at) return null;
  const read = (path) => path.reduce((inner, step) => inner?.[step], value);
  const [text, name, type] = [at.text, at.name, at.type].map(read);
  if (typeof text !== "string") return null;
  const save = make("button", { type: "button" }, `Save ${name}`);
  save.addEventListener("click", () => {
    const href = URL.createObjectURL(new Blob([text], { type }));
    make("a", { href, download: name }).click();
    // The browser has it once it has begun to save it.
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  });
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}\n…` : text;
  const pre = make("pre", { tabIndex: 0, role: "region", "aria-label": `The text of ${name}` }, shown);
  return make("div", { className: "made" }, save, fold("Its text", pre));
}
