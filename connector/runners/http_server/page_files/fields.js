// One field of a form: its label, its control, what it may hold, and what was wrong with it.

import { offerChoices } from "./choices.js";
import { make, newId, withCode } from "./elements.js";

/** The field's `place` on the page, and how its value is read (`undefined` for none), filled in, and found wrong. */
export function makeField(block, field) {
  const id = newId("field");
  const wrong = make("p", { id: `${id}-wrong`, className: "wrong" });
  const hint = make("p", { id: `${id}-hint`, className: "hint" }, withCode(field.description), tellFit(field));
  const control = CONTROLS[field.control](field, id, block);
  const title = [field.title, field.is_required && make("span", { className: "must" }, " required")];
  const isGroup = field.control === "several";
  const label = isGroup ? make("legend", {}, title) : make("label", { htmlFor: control.main.id }, title);
  const place = make(isGroup ? "fieldset" : "div", { className: "field", "data-field": field.name });
  place.append(label, control.shown, wrong, hint);
  const described = isGroup ? place : control.main;
  described.setAttribute("aria-describedby", `${wrong.id} ${hint.id}`);
  if (field.is_required && !isGroup) control.main.setAttribute("aria-required", "true");
  return {
    field,
    place,
    read: control.read,
    write: control.write,
    file: control.file ?? (() => undefined),
    focus: () => (isGroup ? place.querySelector("input") : control.main).focus(),
    /** Says at the field what was wrong; nothing where there is no text. */
    blame: (text) => {
      wrong.textContent = text ?? "";
      place.classList.toggle("is-wrong", Boolean(text));
      // A group can't be invalid; each of its boxes can.
      const marked = isGroup ? [...place.querySelectorAll("input")] : [control.main];
      for (const each of marked) {
        if (text) each.setAttribute("aria-invalid", "true");
        else each.removeAttribute("aria-invalid");
      }
    },
  };
}

function tellFit(field) {
  const told = field.fits ? ` Fits: ${field.fits}.` : "";
  return field.default !== null && field.control !== "switch" ? `${told} Without it: ${label(field, field.default)}.` : told;
}

const label = (field, value) =>
  (field.options ?? []).find((option) => option[0] === String(value))?.[1] ?? String(value);

const simple = (main) => ({
  main,
  shown: main,
  read: () => (main.value.trim() === "" ? undefined : main.value),
  write: (value) => (main.value = value ?? ""),
});

function text(field, id, block, more = {}) {
  const main = make("input", { id, autocomplete: "off", placeholder: `such as ${field.such_as}`, ...more });
  const control = simple(main);
  if (field.has_choices) {
    control.shown = offerChoices(main, block, field, (value) => {
      main.value = value;
      main.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  return control;
}

/** A number is read as one; what isn't goes to the server as it was typed, which says what is wrong with it. */
function number(field, id, pattern, mode) {
  const control = text(field, id, "", { inputMode: mode });
  const read = control.read;
  return { ...control, read: () => (pattern.test(read()?.trim() ?? "") ? Number(read()) : read()) };
}

function menu(field, id, options) {
  const none = field.is_required ? "Choose…" : "Not set";
  const main = make("select", { id }, make("option", { value: "" }, none));
  main.append(...options.map(([value, name]) => make("option", { value }, name)));
  return simple(main);
}

const CONTROLS = {
  text,
  secret: (field, id) => simple(make("input", { id, type: "password", autocomplete: "off" })),
  whole: (field, id) => number(field, id, /^-?\d{1,15}$/, "numeric"),
  number: (field, id) => number(field, id, /^-?\d+(\.\d+)?$/, "decimal"),
  menu: (field, id) => menu(field, id, field.options),
  switch: (field, id) => {
    const usual = field.default === null ? "" : ` (${field.default ? "yes" : "no"})`;
    const control = menu({ ...field, is_required: false }, id, [["true", "Yes"], ["false", "No"]]);
    control.main.firstElementChild.textContent = `Not set${usual}`;
    const { read, write } = control;
    return {
      ...control,
      read: () => (read() === undefined ? undefined : read() === "true"),
      write: (value) => write(value === undefined ? "" : String(value)),
    };
  },
  offer: (field, id, block) => {
    const list = make("datalist", { id: `${id}-list` });
    const control = text(field, id, block);
    control.main.setAttribute("list", list.id);
    // Long lists are made when they are wanted.
    control.main.addEventListener(
      "focus",
      () => list.append(...field.options.map(([value, name]) => make("option", { value }, name))),
      { once: true },
    );
    return { ...control, shown: make("div", {}, control.main, list) };
  },
  several: (field, id) => {
    const boxes = field.options.map(([value]) => make("input", { type: "checkbox", value, id: newId("box") }));
    const shown = make(
      "div",
      { id, className: "boxes" },
      boxes.map((box, place) => make("label", {}, box, field.options[place][1])),
    );
    const read = () => boxes.filter((box) => box.checked).map((box) => box.value);
    return {
      main: shown,
      shown,
      read: () => (read().length ? read() : undefined),
      write: (value) => boxes.forEach((box) => (box.checked = (value ?? []).includes(box.value))),
    };
  },
  lines: (field, id, block) => {
    const main = make("textarea", { id, rows: 3, placeholder: `one a line, such as ${field.such_as}`, spellcheck: false });
    const read = () => main.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const write = (value) => (main.value = [value ?? []].flat().join("\n"));
    const shown = make("div", {}, main);
    if (field.has_choices) {
      const search = make("input", { id: newId("add"), autocomplete: "off", "aria-label": `Add to ${field.title}` });
      search.placeholder = "Add from a list";
      shown.append(
        offerChoices(search, block, field, (value) => {
          write([...read(), value]);
          search.value = "";
          main.dispatchEvent(new Event("change", { bubbles: true }));
        }),
      );
    }
    return { main, shown, read: () => (read().length ? read() : undefined), write };
  },
  json: (field, id) => {
    const main = make("textarea", { id, rows: 4, placeholder: `JSON, such as ${field.such_as}`, spellcheck: false });
    const parse = () => {
      try {
        return JSON.parse(main.value);
      } catch {
        return main.value;
      }
    };
    const write = (value) => (main.value = value === undefined ? "" : JSON.stringify(value, null, 1));
    return { main, shown: main, read: () => (main.value.trim() ? parse() : undefined), write };
  },
  moment: (field, id) => {
    const main = make("input", { id, type: "datetime-local", step: 1 });
    const control = simple(main);
    return { ...control, write: (value) => control.write(value?.replace(" ", "T").slice(0, 19)) };
  },
  picture: (field, id) => {
    const typed = make("input", { id, autocomplete: "off", placeholder: "an https address" });
    return takeFile(field, typed, "image/*");
  },
  file: (field, id) => {
    const typed = make("textarea", { id, rows: 4, placeholder: "or its text", spellcheck: false });
    return takeFile(field, typed, ".csv,.tsv,.json,.m3u,.m3u8,.txt,text/*");
  },
};

/** A file of this computer, or what is `typed` in its place. */
const takeFile = (field, typed, accept) => {
  const file = make("input", { id: newId("file"), type: "file", accept, "aria-label": `${field.title}: a file` });
  let taken;
  file.addEventListener("change", async () => {
    taken = file.files[0] && (await toDataUrl(file.files[0]));
    file.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const control = simple(typed);
  return {
    main: typed,
    shown: make("div", { className: "picture" }, file, typed),
    read: () => taken ?? control.read(),
    write: (value) => {
      taken = undefined;
      file.value = "";
      control.write(value);
    },
    file: () => (taken ? file.files[0].name : undefined),
  };
};

const toDataUrl = (file) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
