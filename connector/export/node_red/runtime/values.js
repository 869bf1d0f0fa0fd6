"use strict";

// From what a form holds to the arguments of a call. A field's value is a pair: a text and the type that says how to
// read it. Judges nothing: the runner does, and names every field that doesn't fit.

const { CallFailed } = require("./runner");

const WITH_OFFSET = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?([Zz]|[+-]\d{2}:?\d{2})$/;
const WITHOUT_SECONDS = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:\d{2})?$/;

/**
 * The arguments of one call.
 *
 * @param {object} RED Node-RED's runtime
 * @param {object} node the node that runs; its credentials hold the secrets of the form
 * @param {object} config the form: `arg_NAME` and `argtype_NAME` for each field
 * @param {object} msg the message; fields in its object `args` win over the form
 * @param {object[]} fields the block's fields
 * @param {string} [zone] the time zone in which a moment is told as a date and time
 * @returns {Promise<object>} fails with `CallFailed` where an expression can't be worked out
 */
async function readArgs(RED, node, config, msg, fields, zone) {
    const given = msg.args === undefined || msg.args === null ? {} : msg.args;
    if (typeof given !== "object" || Array.isArray(given)) {
        throw new CallFailed({ kind: "invalid_fields", code: "JSON_VALIDATION", detail: "msg.args must be an object of fields and values." });
    }
    const args = {};
    for (const field of fields) {
        if (Object.prototype.hasOwnProperty.call(given, field.name)) {
            continue;
        }
        const value = await readField(RED, node, config, msg, field);
        if (value !== undefined && value !== null && value !== "") {
            args[field.name] = value;
        }
    }
    Object.assign(args, given);
    for (const field of fields) {
        if (field.widget === "when" && args[field.name] !== undefined) {
            args[field.name] = toClock(args[field.name], zone);
        }
    }
    return args;
}

async function readField(RED, node, config, msg, field) {
    const text = config[`arg_${field.name}`];
    const type = config[`argtype_${field.name}`];
    if (type === "connection") {
        return undefined;
    }
    if (type === "secret") {
        return node.credentials && node.credentials[`secret_${field.name}`];
    }
    if (text === undefined || text === null || text === "") {
        return undefined;
    }
    const read = LITERALS[type];
    try {
        return read ? read(text, field) : await evaluate(RED, text, type || "str", node, msg);
    } catch (problem) {
        const what = "can't be worked out";
        throw new CallFailed({
            kind: "invalid_fields",
            code: "JSON_VALIDATION",
            detail: `${field.name} ${what}: ${problem.message || problem}`,
            fields: [{ name: field.name, problem: what, fits: field.schema.fits }],
        });
    }
}

const LITERALS = {
    list: (text) => JSON.parse(text),
    rows: (text) => JSON.parse(text),
    when: (text) => text,
    place: (text) => text,
    choice: (text, field) => (field.schema.type === "boolean" ? text === "true" : text),
};

function evaluate(RED, text, type, node, msg) {
    return new Promise((resolve, reject) => {
        RED.util.evaluateNodeProperty(text, type, node, msg, (problem, value) => (problem ? reject(problem) : resolve(value)));
    });
}

/** A moment (Date, milliseconds since 1970, text with an offset) as the clock on the wall of `zone` shows it. */
function toClock(value, zone) {
    let moment = null;
    if (value instanceof Date) {
        moment = value;
    } else if (typeof value === "number") {
        moment = new Date(value);
    } else if (typeof value === "string") {
        const local = WITHOUT_SECONDS.exec(value.trim());
        if (local) {
            return `${local[1]} ${local[2]}${local[3] || ":00"}`;
        }
        const parts = WITH_OFFSET.exec(value.trim());
        moment = parts && new Date(`${parts[1]}T${parts[2]}${toOffset(parts[3])}`);
    }
    if (!moment || Number.isNaN(moment.getTime())) {
        return value;
    }
    const options = { hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" };
    let format;
    try {
        format = new Intl.DateTimeFormat("en-US", zone ? Object.assign(options, { timeZone: zone }) : options);
    } catch (_problem) {
        throw new CallFailed({ kind: "invalid_fields", code: "JSON_VALIDATION", detail: `There is no time zone ${zone}. Correct it in the runner's settings.` });
    }
    const told = {};
    for (const part of format.formatToParts(moment)) {
        told[part.type] = part.value;
    }
    return `${told.year.padStart(4, "0")}-${told.month}-${told.day} ${told.hour}:${told.minute}:${told.second}`;
}

function toOffset(text) {
    return text.length === 1 ? "Z" : `${text.slice(0, 3)}:${text.slice(-2)}`;
}

module.exports = { readArgs, toClock, evaluate };
