// The call in the form, as something to take along: curl, Python or shell. A secret never stands in it.

import { connection, here, page } from "./calls.js";
import { copy, fold, make, newId } from "./elements.js";

//: A secret's place, in characters that nobody types.
const SECRET = /\uE000(\w+)\uE001/g;
const QUOTED_SECRET = /"\uE000(\w+)\uE001"/g;

/** A fold with the call of a block in each language; `read` gives what is in the form then. */
export const offerCopies = (block, read) => offer(block.name, read, OF_BLOCKS);

/** A fold with the poll of a trigger in each language. */
export const offerPolls = (trigger, read) => offer(trigger.name, read, OF_TRIGGERS);

function offer(called, read, languages) {
  let language = "curl";
  const shown = make("code");
  const pre = make("pre", { tabIndex: 0, role: "region", "aria-label": "The call" }, shown);
  const name = newId("language");
  const write = () => (shown.textContent = languages[language](called, hide(read())));
  const radios = Object.keys(languages).map((each) => {
    const radio = make("input", { type: "radio", name, value: each, checked: each === language });
    radio.addEventListener("change", () => {
      language = each;
      write();
    });
    return make("label", {}, radio, each);
  });
  const button = make("button", { type: "button", className: "quiet" }, "Copy");
  button.addEventListener("click", () => {
    write();
    copy(button, shown.textContent);
  });
  const tabs = make("div", { className: "tabs", role: "group", "aria-label": "Language" }, radios, button);
  const folded = fold("Take it along: curl, Python, shell", tabs, pre);
  folded.className = "copies";
  return { place: folded, write };
}

/** The values of fields, secrets by the names of environment variables, and files by their names. */
function hide(controls) {
  const args = {};
  for (const each of controls) {
    const value = each.read();
    if (value === undefined) continue;
    args[each.field.name] = each.field.is_secret ? `\uE000${each.field.name.toUpperCase()}\uE001` : (each.file() ?? value);
  }
  return args;
}

const quote = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`);

const toCurl = (block, args) => writeCurl(`blocks/${block}`, args);
/** The first poll; the state that it gives goes into the next one. */
const toPollCurl = (trigger, args) => writeCurl(`triggers/${trigger}`, { args, state: null });

function writeCurl(path, given) {
  const body = quote(JSON.stringify(given)).replace(SECRET, `'"$$$1"'`);
  const lines = [`curl -s ${quote(`${here}${path}`)}`, "-H 'Content-Type: application/json'"];
  if (page.key) lines.push('-H "X-API-Key: $API_KEY"');
  if (connection()) lines.push(`-H ${quote(`X-Connection: ${connection()}`)}`);
  return [...lines, `-d ${body}`].join(" \\\n  ");
}

const toShell = (block, args) => writeShell(["run", block], args, ["--table"]);
const toPollShell = (trigger, args) => writeShell(["poll", trigger], args, ["--state", `${trigger}.json`]);

function writeShell(command, args, options) {
  const words = Object.entries(args).map(([name, value]) => `${name}=${quote(toWord(value))}`);
  const who = connection() || page.own;
  const named = who && who !== "default" ? ["--connection", quote(who)] : [];
  const line = [page.command, ...command, ...words, ...named, ...options].join(" ");
  return line.replaceAll("'\uE000", "\uE000").replaceAll("\uE001'", "\uE001").replace(SECRET, '"$$$1"');
}

function toWord(value) {
  if (Array.isArray(value) && value.every((each) => typeof each !== "object")) return value.join(",");
  return typeof value === "string" ? value : JSON.stringify(value);
}

const toPython = (block, args) =>
  writePython(args, (fields) => `result = connector.invoke(${JSON.stringify(block)}${fields})\nresult.unwrap()\nprint(result.brief())`);

/** On and on, with the state in a file. */
const toWatchPython = (trigger, args) =>
  writePython(args, (fields) => {
    const call = `connector.watch(${JSON.stringify(trigger)}${fields}, store=${JSON.stringify(`${trigger}.json`)})`;
    return `for event in ${call}:\n    print(event.time, event.brief)`;
  });

function writePython(args, write) {
  const who = connection() || page.own;
  const load = who ? `connection=${JSON.stringify(who)}` : "";
  const given = Object.entries(args).map(([name, value]) => `    ${JSON.stringify(name)}: ${toLiteral(value)},\n`);
  const fields = given.length ? `, {\n${given.join("")}}` : "";
  const code = [
    "from connector import Connector",
    "",
    `with Connector.load(${load}) as connector:`,
    ...write(fields)
      .split("\n")
      .map((line) => `    ${line}`),
    "",
  ].join("\n");
  const secret = code.replace(QUOTED_SECRET, 'os.environ["$1"]');
  return secret === code ? code : `import os\n\n${secret}`;
}

function toLiteral(value) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(toLiteral).join(", ")}]`;
  if (typeof value === "object") {
    return `{${Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${toLiteral(inner)}`).join(", ")}}`;
  }
  return JSON.stringify(value);
}

const OF_BLOCKS = { curl: toCurl, Python: toPython, Shell: toShell };
const OF_TRIGGERS = { curl: toPollCurl, Python: toWatchPython, Shell: toPollShell };
