"use strict";

// From what a form holds to the arguments of a call. A field's value is a pair: a text and the type that says how to
// read it. Judges nothing: the runner does, and names every field that doesn't fit.

const { isBlank, toWallClock } = require("./form_values");
const { CallFailed } = require("./call_failed");

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
        throw refuse("msg.args must be an object of fields and values.");
    }
    // By name and value, for no name may be taken for a property that every object has.
    const args = new Map(Object.entries(given));
    for (const field of fields) {
        if (!args.has(field.name)) {
            const value = await readField(RED, node, config, msg, field);
            if (!isBlank(value)) {
                args.set(field.name, value);
            } else if (field.unsent !== undefined) {
                args.set(field.name, field.unsent);
            }
        }
        if (field.widget === "when" && args.has(field.name)) {
            args.set(field.name, toClock(args.get(field.name), zone));
        }
        // Bytes, as a file node reads them; as JSON they would be a list of numbers. Base64 alone could be a text.
        if ((field.schema.image || field.schema.file) && Buffer.isBuffer(args.get(field.name))) {
            const packed = args.get(field.name).toString("base64");
            args.set(field.name, field.schema.file ? "data:;base64," + packed : packed);
        }
    }
    return Object.fromEntries(args);
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
    if (isBlank(text)) {
        return undefined;
    }
    const read = LITERALS[type];
    try {
        return read ? read(text, field) : await evaluate(RED, text, type || "str", node, msg);
    } catch (problem) {
        const what = "can't be worked out";
        throw refuse(`${field.name} ${what}: ${problem.message || problem}`, [{ name: field.name, problem: what, fits: field.schema.fits }]);
    }
}

/** What a menu's choices mean; whatever else a flow's file holds is for the runner to judge. */
const TRUTHS = new Map([["true", true], ["false", false]]);

const LITERALS = {
    list: (text) => JSON.parse(text),
    rows: (text) => JSON.parse(text),
    when: (text) => text,
    place: (text) => text,
    choice: (text, field) => (field.schema.type === "boolean" && TRUTHS.has(text) ? TRUTHS.get(text) : text),
};

function evaluate(RED, text, type, node, msg) {
    return new Promise((resolve, reject) => {
        RED.util.evaluateNodeProperty(text, type, node, msg, (problem, value) => (problem ? reject(problem) : resolve(value)));
    });
}

function toClock(value, zone) {
    try {
        return toWallClock(value, zone);
    } catch (_problem) {
        throw refuse(`There is no time zone ${zone}. Correct it in the runner's settings.`);
    }
}

function refuse(detail, fields) {
    return new CallFailed({ kind: "invalid_fields", code: "JSON_VALIDATION", detail, fields });
}

module.exports = { readArgs, evaluate };
