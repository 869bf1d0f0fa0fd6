// What a block answered: a table of what a person wants, with covers, and the whole JSON where it is asked for.

import { copy, fold, make } from "./elements.js";
import { makeFile } from "./made_file.js";

/** Rows that are shown at once; more come by a button. */
const ROWS = 25;
/** Names that are shown in one cell. */
const NAMES = 10;

/** Shows in `place` what `block` answered. */
export function showAnswer(place, block, answer, taken) {
  const told = answer.did ?? (block.effect === "read" ? tellCount(block, answer.value) : "Done");
  const line = make("p", { className: "status" }, make("strong", {}, told), ` · ${taken} ms`);
  place.replaceChildren(line, ...makeTables(block, answer.value), showWhole(answer.value));
}

/** A fold with the whole of an answer. */
export function showWhole(value) {
  const json = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const pre = make("pre", { tabIndex: 0, role: "region", "aria-label": "The whole answer" });
  const button = make("button", { type: "button", className: "quiet" }, "Copy JSON");
  button.addEventListener("click", () => copy(button, json));
  const whole = fold("The whole answer as JSON", button, pre);
  // A long answer costs nothing until somebody looks at it.
  whole.addEventListener("toggle", () => (pre.textContent ||= json));
  return whole;
}

function find(value, path) {
  return path.reduce((inner, step) => inner?.[step], value);
}

function readList(block, value) {
  const found = block.list_at ? find(value, block.list_at) : value;
  return Array.isArray(found) ? found : null;
}

function tellCount(block, value) {
  const list = readList(block, value);
  if (!list) return "Here it is";
  return list.length === 0 ? "Nothing came" : `${list.length} ${list.length === 1 ? "entry" : "entries"}`;
}

function makeTables(block, value) {
  const list = readList(block, value);
  if (list) return list.length ? [makeTable(block.title, list.map((each) => readTwins(block, each)), block.brief)] : [];
  if (value === null || typeof value !== "object" || Object.keys(value).length === 0) {
    return typeof value === "string" && value ? [make("pre", { tabIndex: 0 }, value)] : [];
  }
  return makeParts(block, value);
}

/** Both names of one thing, where the service may send either. */
function readTwins(block, entry) {
  const [first, second] = block.twins;
  if (!first || entry === null || typeof entry !== "object") return entry;
  return { ...entry, [first]: entry[first] ?? entry[second], [second]: entry[second] ?? entry[first] };
}

/** One thing as a list of its facts; lists in it of which several things are wanted, or which a block made of blocks
 * tells, as tables, and a file to save. */
function makeParts(block, value) {
  const inside = new Map();
  const inFile = Object.values(block.file ?? {}).map((path) => path.join("."));
  const brief = block.brief.filter((pointer) => !inFile.includes(pointer));
  for (const pointer of brief) {
    const [path, rest] = pointer.split(/\[\]\.?(.*)/s);
    if (rest) inside.set(path, [...(inside.get(path) ?? []), rest]);
  }
  const isTable = (path) => (inside.get(path)?.length ?? 0) > (block.made_of.length ? 0 : 1);
  const plain = brief.filter((pointer) => !isTable(pointer.split("[]")[0]));
  const tables = [...inside.keys()].filter(isTable).flatMap((path) => {
    const list = find(value, path.split("."));
    if (!Array.isArray(list) || !list.length) return [];
    const title = capitalise(path.split(".")[0]).replaceAll("_", " ");
    return [makeTable(title, list, block.made_of.length ? addPlain(inside.get(path), list) : inside.get(path))];
  });
  const known = plain.length ? plain : tables.length ? [] : Object.keys(value).filter((name) => isPlain(value[name]));
  const cells = known.map((pointer) => [name(pointer), read(value, pointer)]).filter(([, cell]) => cell !== "");
  const facts = cells.flatMap(([term, cell]) => [make("dt", {}, term), make("dd", {}, cell)]);
  const cover = plain.length ? makeCover(value, 160) : null;
  const shown = facts.length > 0 && make("div", { className: "thing" }, cover, make("dl", {}, facts));
  return [shown, ...tables, makeFile(value, block.file)].filter(Boolean);
}

/** Where a name or a URI of each entry is wanted, the others that can be shown behind it. */
function addPlain(pointers, list) {
  if (pointers.length > 2) return pointers;
  const keys = [...new Set(list.flatMap((entry) => Object.keys(entry).filter((key) => isPlain(entry[key]))))];
  return [...new Set([...pointers, ...keys])];
}

/** A table of the entries of a list, with a column for each of the pointers in `brief` that says something. */
export function makeTable(title, list, brief) {
  const { columns, links } = chooseColumns(list, brief);
  const names = columns.map(name);
  const heads = columns.map((column, at) => {
    const isTwice = names.indexOf(names[at]) !== names.lastIndexOf(names[at]);
    return isTwice ? longName(column) : names[at] || "value";
  });
  const hasCovers = list.some((entry) => findPictures(entry, 3));
  const body = make("tbody");
  const button = make("button", { type: "button", className: "quiet" });
  const grow = () => {
    const from = body.children.length;
    body.append(
      ...list.slice(from, from + ROWS).map((entry) =>
        make(
          "tr",
          {},
          hasCovers && make("td", { className: "cover" }, makeCover(entry, 40) ?? ""),
          columns.map((column, at) => makeCell(read(entry, column), heads[at], at === 0 && links && read(entry, links))),
        ),
      ),
    );
    const left = list.length - body.children.length;
    button.hidden = left === 0;
    button.textContent = `Show ${Math.min(left, ROWS)} more of ${left}`;
  };
  button.addEventListener("click", grow);
  grow();
  const head = make("tr", {}, hasCovers && make("td"), heads.map((text) => make("th", { scope: "col" }, text)));
  const table = make("table", {}, make("caption", {}, title), make("thead", {}, head), body);
  const scrolled = make("div", { className: "table", tabIndex: 0, role: "region", "aria-label": `Table: ${title}` }, table);
  return make("div", {}, scrolled, button);
}

/** Where in the entries there is something to show, names first, and where their web pages are. What is the end of
 * another column throughout, as an id is of an address, is left out. */
function chooseColumns(list, brief) {
  const first = list.find((each) => each !== null && typeof each === "object");
  if (!first) return { columns: [""] };
  const pointers = brief.length ? brief : Object.keys(first).filter((key) => isPlain(first[key]));
  const held = new Map(pointers.map((pointer) => [pointer, list.map((entry) => read(entry, pointer))]));
  const isEnding = (one, other) => one.every((cell, at) => cell === "" || (cell !== other[at] && String(other[at]).endsWith(`:${cell}`)));
  const says = (pointer) =>
    held.get(pointer).some((cell) => cell !== "") &&
    !pointers.some((other) => other !== pointer && isEnding(held.get(pointer), held.get(other)));
  const isName = (pointer) => /(^|\.)(display_)?name$/.test(pointer);
  const links = pointers.find((pointer) => held.get(pointer).some((cell) => cell instanceof Element));
  const found = pointers.filter((pointer) => pointer !== links && says(pointer));
  const columns = [...found.filter(isName), ...found.filter((pointer) => !isName(pointer))];
  return columns.length ? { columns, links } : { columns: [links ?? ""] };
}

/** A cell; one that has a `link` leads to the web page of its row. */
function makeCell(cell, head, link) {
  if (link instanceof Element && typeof cell === "string") {
    link.textContent = cell || "open";
    return make("td", { "data-name": head }, link);
  }
  const isShort = typeof cell === "string" && cell.length < 17;
  const isCode = typeof cell === "string" && cell.length > 16 && !cell.includes(" ");
  const className = isShort ? "short" : isCode ? "whole" : "";
  return make("td", { className, "data-name": head }, isCode ? make("code", {}, cell) : cell);
}

const capitalise = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const isPlain = (value) => value !== null && typeof value !== "object";

/** What a pointer such as `album.artists[].name` is about, in a word or two. */
function name(pointer) {
  const steps = pointer.replaceAll("[]", "").split(".");
  const named = steps.length > 1 && ["name", "display_name", "total"].includes(steps.at(-1)) ? steps.at(-2) : steps.at(-1);
  if (steps.at(-2) === "calls") return `calls that ${steps.at(-1)}`;
  const isThing = steps.length > 1 && steps.at(-2) === "external_urls";
  return isThing ? "link" : named.replace(/_ms$/, "").replaceAll("_", " ");
}

const longName = (pointer) => pointer.replaceAll("[]", "").replaceAll(".", " ").replaceAll("_", " ");

/** What stands at a pointer, as it is shown: text, or a link. */
function read(entry, pointer) {
  if (pointer === "") return write(entry, "");
  let found = [entry];
  for (const step of pointer.replaceAll("[]", "").split(".")) {
    found = found.flatMap((each) => each?.[step] ?? []);
  }
  const cells = found.map((each) => write(each, pointer)).filter((each) => each !== "");
  const more = cells.length > NAMES ? ` and ${cells.length - NAMES} more` : "";
  return cells.length === 1 ? cells[0] : cells.slice(0, NAMES).join(", ") + more;
}

function write(value, pointer) {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number" && pointer.endsWith("_ms")) return writeTime(value);
  if (typeof value === "object") return JSON.stringify(value);
  const text = String(value).replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(\.\d+)?Z$/, "$1 $2");
  return /^https?:\/\/\S+$/.test(text) ? make("a", { href: text, target: "_blank", rel: "noreferrer" }, "open") : text;
}

function writeTime(ms) {
  const [hours, minutes, seconds] = [ms / 3600000, (ms / 60000) % 60, (ms / 1000) % 60].map(Math.floor);
  const tail = String(seconds).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/** The nearest picture in an entry: the smallest that is large enough. */
function makeCover(entry, size) {
  const pictures = findPictures(entry, 3);
  if (!pictures) return null;
  const sorted = [...pictures].sort((one, other) => (one.width ?? 0) - (other.width ?? 0));
  const chosen = sorted.find((each) => (each.width ?? 0) >= 2 * size) ?? sorted.at(-1);
  const shown = make("img", { alt: "", width: size, height: size, loading: "lazy", referrerPolicy: "no-referrer" });
  shown.addEventListener("error", () => shown.remove());
  shown.src = chosen.url;
  return shown;
}

function findPictures(value, depth) {
  if (value === null || typeof value !== "object" || depth < 0) return null;
  const inner = Object.values(value);
  const here = inner.find((each) => Array.isArray(each) && each[0]?.url && "width" in each[0] && "height" in each[0]);
  if (here) return here;
  for (const each of inner) {
    const found = Array.isArray(each) ? null : findPictures(each, depth - 1);
    if (found) return found;
  }
  return null;
}
