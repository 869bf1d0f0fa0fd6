// A pick list over what another block lists: one's devices, playlists … Whatever it offers, typing stays possible.

import { call } from "./calls.js";
import { make, newId } from "./elements.js";

const WAIT_MS = 250;

/** Lets the text box `input` pick from choices of a block's field. `take` gets the value that was picked. */
export function offerChoices(input, block, field, take) {
  const list = make("ul", { id: newId("choices"), role: "listbox", "aria-label": field.title, className: "choices" });
  const said = make("p", { className: "picked", role: "status" });
  const wrap = make("div", { className: "combo" }, input, list, said);
  list.hidden = true;
  let timer;
  let asked = 0;
  let at = -1;
  let isPicked = false;

  const options = () => [...list.children];
  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (place) => {
    at = Math.max(-1, Math.min(place, options().length - 1));
    options().forEach((option, each) => option.setAttribute("aria-selected", String(each === at)));
    if (at < 0) return;
    options()[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options()[at].id);
  };
  const show = (choices) => {
    list.replaceChildren(
      ...choices.map((choice) => {
        const hint = choice.hint ? make("small", {}, choice.hint) : null;
        const option = make("li", { id: newId("choice"), role: "option", "aria-selected": "false" }, choice.label, hint);
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          pick(choice);
        });
        option.pick = () => pick(choice);
        return option;
      }),
    );
    list.hidden = choices.length === 0;
    at = -1;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  const pick = (choice) => {
    take(choice.value);
    isPicked = true;
    said.textContent = choice.label;
    close();
  };
  const ask = async () => {
    const mine = ++asked;
    const words = isPicked ? "" : input.value.trim();
    const query = new URLSearchParams({ limit: "20", ...(words && { search: words }) });
    const address = `blocks/${block}/fields/${encodeURIComponent(field.name)}/choices?${query}`;
    const found = await call(address);
    if (mine !== asked || document.activeElement !== input) return;
    if (found.ok) show(found.value.choices);
    else close();
  };

  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list" })) {
    input.setAttribute(name, value);
  }
  input.setAttribute("aria-controls", list.id);
  input.addEventListener("input", () => {
    isPicked = false;
    said.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  // Not at focus: an error leads there, and a list would hide what stands below.
  input.addEventListener("click", ask);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask();
      else mark(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      options()[at].pick();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  return wrap;
}
