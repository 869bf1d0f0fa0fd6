// Elements made of plain values: what is shown is text, whatever it looks like.

let last = 0;

/** An id that nothing else on the page has. */
export const newId = (name) => `${name}-${++last}`;

/** An element with properties, `aria-`, `role` and `data-` attributes among them, around its children. */
export function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name in made && !name.startsWith("aria")) made[name] = value;
    else made.setAttribute(name, value === true ? "true" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** Text in which what stands between backticks is code. */
export const withCode = (text) =>
  text.split("`").map((part, place) => (place % 2 ? make("code", {}, part) : part));

/** Something that opens below its summary. */
export const fold = (summary, ...children) => make("details", {}, make("summary", {}, summary), ...children);

/** Puts text on the clipboard, and says so on the button. */
export async function copy(button, text) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Select it and copy";
  }
  setTimeout(() => (button.textContent = label), 2000);
}
