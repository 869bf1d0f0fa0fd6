// Judges what a form holds, in the words of the runner's own checks, so that a maker reads the same either way.
// Only values that stand in the form are judged; what an expression yields is known when the flow runs.

const LITERAL_TYPES = ["str", "num", "choice", "when", "place", "list", "rows"];
const NOUNS = { string: "text", integer: "a whole number", number: "a number", boolean: "true or false" };
const REQUIRED = "is required";
const INTEGER = /^[+-]?\d{1,300}(?:\.0{1,300})?$/;
const NUMBER = /^[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,9})?$/;
const CLOCK = /^(?:(\d{1,3}):(?=\d\d:))?(\d{1,3}):([0-5]\d)(?:\.(\d{1,3}))?$/;
const WHEN = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s?(?:[Zz]|[+-](\d{2}):?(\d{2}))?)?$/;
/** The ends of a clock's parts, in the order in which WHEN has them. */
const CLOCK_ENDS = [24, 60, 60, 24, 60];
const LONGEST_JUDGED = 10000;

/**
 * What is wrong with one field's value, as `{problem, fits}`; null where nothing is. `readOther` gives `{text, type}` of
 * a field by its name, and for a secret `isSecretGiven`, which is undefined where that can't be known.
 */
function findProblem(block, field, text, type, readOther) {
    if (type === "connection") {
        return null;
    }
    if (type === "secret") {
        return field.required && readOther(field.name).isSecretGiven === false ? { problem: REQUIRED, fits: field.schema.fits } : null;
    }
    if (isLeftBlank(field, text, type)) {
        return field.required ? { problem: REQUIRED, fits: field.schema.fits } : findMissing(block, field, readOther);
    }
    if (LITERAL_TYPES.indexOf(type) === -1) {
        return null;
    }
    const found = judge(field.schema, String(text), field);
    if (found) {
        return { problem: found.problem, fits: found.fits || field.schema.fits };
    }
    return findCrowded(block, field, readOther) || findCrossed(block, field, readOther);
}

function tellProblem(field, found) {
    return field.name + " " + found.problem + (found.fits ? " (fits: " + found.fits + ")" : "");
}

/** Whether a field holds nothing, or a list of blanks. */
function isLeftBlank(field, text, type) {
    if (!isFilled(text)) {
        return true;
    }
    const isText = LITERAL_TYPES.indexOf(type) !== -1 && field.schema.type === "array" && field.widget !== "rows";
    const entries = isText ? readEntries(field.schema, String(text)) : undefined;
    return entries !== undefined && !entries.some(isFilled);
}

function isFilled(value) {
    const isNothing = value === undefined || value === null || (Array.isArray(value) && value.length === 0);
    return !isNothing && trim(String(value)) !== "";
}

/** What is wrong with a value, as `{problem}`, with what fits where that isn't for the whole field to say; or null. */
function judge(schema, value, field) {
    return JUDGES[schema.type] ? JUDGES[schema.type](schema, value, field) : null;
}

function refuse(problem, fits) {
    return { problem: problem, fits: fits };
}

/** Judges by the JSON type that a text stands for; a list's entries may be of other types. */
const JUDGES = {
    string: function (schema, value, field) {
        const isWord = typeof value === "boolean" && (schema.enum || []).indexOf(String(value)) !== -1;
        if (typeof value !== "string" && !Number.isSafeInteger(value) && !isWord) {
            return refuse("is not " + NOUNS.string, schema.fits);
        }
        const text = trim(String(value));
        if (field.widget === "when") {
            return judgeWhen(text);
        }
        if (field.widget === "place") {
            return judgePlace(text);
        }
        return schema.image ? judgePicture(text) : judgeText(schema, text);
    },
    integer: function (schema, value) {
        const text = simplify(String(value));
        const clock = schema.unit === "ms" ? CLOCK.exec(text) : null;
        if (clock) {
            const seconds = Number(clock[1] || 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
            return judgeRange(schema, seconds * 1000);
        }
        if (!INTEGER.test(text)) {
            return refuse("is not " + NOUNS.integer, schema.fits);
        }
        return Math.abs(Number(text)) > Math.pow(2, 63) ? refuse("is too large a number") : judgeRange(schema, Number(text));
    },
    number: function (schema, value) {
        const text = simplify(String(value));
        if (!NUMBER.test(text)) {
            return refuse("is not " + NOUNS.number, schema.fits);
        }
        return Number.isFinite(Number(text)) ? judgeRange(schema, Number(text)) : refuse("is not a finite number");
    },
    boolean: function (schema, value) {
        return /^(true|false)$/i.test(simplify(String(value))) ? null : refuse("is not " + NOUNS.boolean, schema.fits);
    },
    array: function (schema, text, field) {
        const entries = field.widget === "rows" ? parseJson(trim(text)) : readEntries(schema, text);
        if (entries === undefined) {
            return refuse("is not JSON text");
        }
        return Array.isArray(entries) ? judgeEntries(schema, entries, field) : refuse("is not a list", schema.fits);
    },
};

function judgeEntries(schema, entries, field) {
    for (let i = 0; i < entries.length; i++) {
        const found = judgeEntry(schema, entries[i], field);
        if (found) {
            return refuse("has an entry, number " + (i + 1) + ", that " + found.problem, found.fits);
        }
    }
    const count = entries.filter(isFilled).length;
    if (count < (schema.minItems || 0)) {
        return refuse("holds too few entries", schema.fits);
    }
    return schema.maxItems !== undefined && count > schema.maxItems ? refuse("holds too many entries", schema.fits) : null;
}

function judgeEntry(schema, entry, field) {
    if (field.widget === "rows") {
        const isObject = typeof entry === "object" && entry !== null && !Array.isArray(entry);
        return isObject ? null : refuse("is not an object");
    }
    if (!isFilled(entry)) {
        return field.placed ? refuse("is blank, and each has an answer of its own") : null;
    }
    return judge(schema.items, entry, {});
}

function judgeText(schema, text) {
    if (/[\ud800-\udfff]/u.test(text)) {
        return refuse("holds half a character, which can't be sent");
    }
    const length = Array.from(text).length;
    if (!schema.reference && !schema.pattern && !schema.enum) {
        return judgeLength(schema, length);
    }
    if (length > (schema.maxLength === undefined ? LONGEST_JUDGED : schema.maxLength)) {
        return refuse("is too long");
    }
    let forms;
    try {
        forms = listForms(schema, text);
    } catch (problem) {
        if (problem instanceof Unfit) {
            return refuse(problem.message);
        }
        throw problem;
    }
    const pattern = new RegExp(schema.pattern || "");
    const fits = function (form) {
        return schema.enum ? schema.enum.indexOf(form) !== -1 : pattern.test(form);
    };
    const form = forms.find(fits);
    if (form === undefined) {
        return refuse(schema.enum ? "is not one of the choices" : "does not have the right form", schema.fits);
    }
    return judgeLength(schema, Array.from(form).length);
}

function judgeLength(schema, length) {
    if (length < (schema.minLength || 0)) {
        return refuse("is too short", schema.fits);
    }
    return schema.maxLength !== undefined && length > schema.maxLength ? refuse("is too long", schema.fits) : null;
}

function judgeRange(schema, number) {
    if (schema.minimum !== undefined && number < schema.minimum) {
        return refuse("is below " + schema.minimum, schema.fits);
    }
    return schema.maximum !== undefined && number > schema.maximum ? refuse("is above " + schema.maximum, schema.fits) : null;
}

function judgeWhen(text) {
    const parts = WHEN.exec(simplify(text));
    if (!parts) {
        return refuse("is not a date and time");
    }
    const day = new Date(parts[1] + "T00:00Z");
    // JavaScript takes the 30th of February for the 2nd of March.
    const isDay = !Number.isNaN(day.getTime()) && day.toISOString().indexOf(parts[1]) === 0 && parts[1] > "0001";
    const isTime = CLOCK_ENDS.every(function (end, place) {
        return Number(parts[place + 2] || 0) < end;
    });
    return isDay && isTime ? null : refuse("names a day or a time that does not exist");
}

function judgePlace(text) {
    const pair = simplify(text).split(",").map(simplify);
    if (pair.length !== 2) {
        return refuse("is not a latitude and a longitude with a comma between them");
    }
    const names = ["latitude", "longitude"];
    const limits = [90, 180];
    for (let i = 0; i < 2; i++) {
        if (!NUMBER.test(pair[i])) {
            return refuse("has a " + names[i] + " that is not a number");
        }
        if (Math.abs(Number(pair[i])) > limits[i]) {
            return refuse("has a " + names[i] + " outside -" + limits[i] + " to " + limits[i]);
        }
    }
    return null;
}

/** Whether the runner can make a picture of the type that is wanted of it, only the runner knows. */
function judgePicture(text) {
    if (/^https?:\/\//i.test(text)) {
        return /^https:/i.test(text) ? null : refuse("is an address without https");
    }
    const packed = text.replace(/^data:(?:image\/[\w.+-]+)?(?:;[\w=-]+)*;base64,/i, "").replace(/[^\S\ufeff]/g, "").replace(/=+$/, "");
    const isBase64 = /^[\w+/-]*$/.test(packed) && packed.length % 4 !== 1;
    return isBase64 ? null : refuse("is no picture: neither base64 nor an address that begins with https");
}
