// Judges what a form holds, in the words of the runner's own checks, so that a maker reads the same either way.
// Only values that stand in the form are judged; what an expression yields is known when the flow runs.

const LITERAL_TYPES = ["str", "num", "choice", "when", "place", "list", "rows"];
const NOUNS = { string: "text", integer: "a whole number", number: "a number", boolean: "true or false" };

/**
 * What is wrong with one field's value, as `{problem, fits}`; null where nothing is. `readOther` gives `{text, type}` of
 * a field by its name, and for a secret `isSecretGiven`, which is undefined where that can't be known.
 */
function findProblem(block, field, text, type, readOther) {
    const isBlank = text === undefined || text === null || String(text).trim() === "" || text === "[]";
    if (type === "connection") {
        return null;
    }
    if (type === "secret") {
        return field.required && readOther(field.name).isSecretGiven === false ? { problem: "is required", fits: field.schema.fits } : null;
    }
    if (isBlank) {
        return field.required ? { problem: "is required", fits: field.schema.fits } : findMissingTogether(block, field, readOther);
    }
    if (LITERAL_TYPES.indexOf(type) === -1) {
        return null;
    }
    const problem = judge(field.schema, String(text).trim(), field);
    if (problem) {
        return typeof problem === "string" ? { problem: problem, fits: field.schema.fits } : problem;
    }
    return findCrowded(block, field, readOther);
}

/** What is wrong with a text, where that is certain: the runner also reads what keyboards and chats make of a value. */
function judge(schema, text, field) {
    const problem = JUDGES[schema.type] ? JUDGES[schema.type](schema, text, field) : null;
    return typeof problem === "string" && !IS_SURE.test(problem) && !IS_PLAIN.test(text) ? null : problem;
}

/** A word, or words, as a value is typed that nothing was put around. */
const IS_PLAIN = /^(?!.*https?:)[\w+-](?:[\x20-\x7e]*[\w/=+-])?$/i;
const IS_SURE = /^(leads to|is a short link|is not JSON)/;

function tellProblem(field, found) {
    return field.name + " " + found.problem + (found.fits ? " (fits: " + found.fits + ")" : "");
}

/** Judges of text by the JSON type that it stands for. Each gives the problem, with what fits where that isn't the field's. */
const JUDGES = {
    string: function (schema, text, field) {
        if (field.widget === "when") {
            return /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?$/.test(text) ? null : "is not a date and time";
        }
        if (field.widget === "place") {
            return judgePlace(text);
        }
        const value = schema.upper ? text.toUpperCase() : text;
        if (schema.enum) {
            return schema.enum.indexOf(value) === -1 ? "is not one of the choices" : null;
        }
        if (schema.reference) {
            const meant = readReference(value);
            if (meant && !meant.kind) {
                return "is a short link: open it in a browser and give the address that it leads to";
            }
            const kinds = [].concat(schema.reference);
            if (meant && kinds.indexOf(meant.kind) === -1) {
                return "leads to the wrong kind of thing: " + meant.kind + " instead of " + kinds.join(" or ");
            }
            if (meant) {
                return null;
            }
        }
        const sent = schema.as === "uri" ? writeUri([].concat(schema.reference)[0], value) : value;
        return schema.pattern && !new RegExp(schema.pattern).test(sent) ? "does not have the right form" : null;
    },
    integer: function (schema, text) {
        if (schema.unit === "ms" && /^(\d{1,3}:(?=\d\d:))?\d{1,3}:[0-5]\d(\.\d{1,3})?$/.test(text)) {
            return null;
        }
        return /^[+-]?\d+(\.0+)?$/.test(text) ? judgeRange(schema, Number(text)) : "is not " + NOUNS.integer;
    },
    number: function (schema, text) {
        const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text);
        return isNumber ? judgeRange(schema, Number(text)) : "is not " + NOUNS.number;
    },
    boolean: function (_schema, text) {
        return /^(true|false)$/i.test(text) ? null : "is not " + NOUNS.boolean;
    },
    array: function (schema, text, field) {
        const entries = readEntries(schema, text);
        if (entries === null) {
            return "is not JSON text";
        }
        const count = entries.filter(isFilled).length;
        for (let i = 0; count && i < entries.length; i++) {
            const isBlank = !isFilled(entries[i]);
            const blank = field.placed ? "is blank, and each has an answer of its own" : null;
            const problem = isBlank ? blank : judge(schema.items, String(entries[i]).trim(), {});
            if (problem) {
                const told = "has an entry, number " + (i + 1) + ", that " + problem;
                // As the runner has it: what an entry leads to is the field's matter, its form its own.
                return { problem: told, fits: isBlank || IS_SURE.test(problem) ? schema.fits : schema.items.fits };
            }
        }
        const whole = count < (schema.minItems || 0) ? "holds too few entries" : "holds too many entries";
        const isRight = count >= (schema.minItems || 0) && (schema.maxItems === undefined || count <= schema.maxItems);
        return isRight ? null : { problem: whole, fits: schema.fits };
    },
};

function judgeRange(schema, number) {
    if (schema.minimum !== undefined && number < schema.minimum) {
        return "is below " + schema.minimum;
    }
    return schema.maximum !== undefined && number > schema.maximum ? "is above " + schema.maximum : null;
}

function judgePlace(text) {
    const pair = text.split(",");
    if (pair.length !== 2) {
        return "is not a latitude and a longitude with a comma between them";
    }
    const names = ["latitude", "longitude"];
    const limits = [90, 180];
    for (let i = 0; i < 2; i++) {
        if (pair[i].trim() === "" || Number.isNaN(Number(pair[i]))) {
            return "has a " + names[i] + " that is not a number";
        }
        if (Math.abs(Number(pair[i])) > limits[i]) {
            return "has a " + names[i] + " outside -" + limits[i] + " to " + limits[i];
        }
    }
    return null;
}

/**
 * The entries of a list's text, blanks too: a JSON array, or values with separators or line ends between them; null for
 * broken JSON.
 */
function readEntries(schema, text) {
    // The words of a link may hold anything.
    const plain = text.replace(/!?\[[^\]]*\]\(([^()]*)\)/g, "$1");
    if (plain.charAt(0) === "[") {
        try {
            return JSON.parse(plain);
        } catch (_problem) {
            return null;
        }
    }
    const entries = [];
    plain.split(!schema.separator || schema.separator === "," ? /[,\uff0c]/ : schema.separator).forEach(function (part) {
        const lines = part.split(/[\r\n]+/).filter(isFilled);
        entries.push.apply(entries, lines.length ? lines : [""]);
    });
    // What ends with a separator has no entry after it.
    return entries[entries.length - 1] === "" ? entries.slice(0, -1) : entries;
}

function isFilled(entry) {
    return entry !== null && String(entry).trim() !== "";
}

/** What a link or an address names, as `{kind, id}`; `kind` is null for a short link, all is null where the text is neither. */
function readReference(text) {
    for (let i = 0; i < PALETTE.references.length; i++) {
        const match = new RegExp(PALETTE.references[i], "i").exec(text);
        if (match) {
            return match.groups ? { kind: match.groups.kind.toLowerCase(), id: match.groups.id } : { kind: null };
        }
    }
    return null;
}

function writeUri(kind, id) {
    return PALETTE.uri.replace("{kind}", kind).replace("{id}", encodeURIComponent(id));
}

function isOneOf(rule, field) {
    return Boolean(rule) && rule.fields.indexOf(field.name) !== -1;
}

function findMissingTogether(block, field, readOther) {
    const rule = block.together;
    if (!isOneOf(rule, field) || !rule.at_least) {
        return null;
    }
    const isGiven = rule.fields.some(function (name) {
        return !/^(\[\])?$/.test(String(readOther(name).text || "").trim());
    });
    return isGiven ? null : { problem: "is required", fits: "at least one of " + rule.fields.join(", ") };
}

function findCrowded(block, field, readOther) {
    const rule = block.together;
    if (!isOneOf(rule, field)) {
        return null;
    }
    let count = 0;
    rule.fields.forEach(function (name) {
        const other = readOther(name);
        if (LITERAL_TYPES.indexOf(other.type) !== -1 && other.text) {
            count += (readEntries({}, String(other.text)) || []).filter(isFilled).length;
        }
    });
    const problem = "is one value too many: " + rule.fields.join(", ") + " hold " + count + " together";
    return count > rule.at_most ? { problem: problem, fits: rule.at_most + " at most" } : null;
}
