// Text as keyboards, phones and chat programs write it → the text that was meant, as the runner reads it.

const INVISIBLE = "\\u00ad\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufeff";
const EDGES = new RegExp("^[\\s\\x1c-\\x1f\\x85" + INVISIBLE + "]+|[\\s\\x1c-\\x1f\\x85" + INVISIBLE + "]+$", "g");
const SIGNS = [
    [/[\u201c-\u201f\u00ab\u00bb\u2033]/g, '"'],
    [/[\u2018-\u201b\u2039\u203a\u2032]/g, "'"],
    [/[\u2010-\u2015\u2212]/g, "-"],
    [new RegExp("[" + INVISIBLE + "]", "g"), ""],
];
/** Quotes that stand before a word, each with those that may end it. */
const QUOTES = {
    '"': '"',
    "'": "'",
    "`": "`",
    "\u201c": "\u201d",
    "\u201e": "\u201c\u201d",
    "\u201d": "\u201d",
    "\u00ab": "\u00bb",
    "\u00bb": "\u00ab",
    "\u2018": "\u2019",
    "\u201a": "\u2018\u2019",
    "\u2039": "\u203a",
    "\u203a": "\u2039",
};
const MARKDOWN = /!?\[[^\]]*\]\(\s*<?([^\s<>()]+)>?(?:\s[^()]*)?\)/;
const ANGLES = /^<([^<>|\s]+)(?:\|[^<>]*)?>$/;
const ADDRESS = /https?:\/\/[^\s<>"]+/gi;
const AFTER = /[.,;:!?)\]}'"\u2026*~]+$/;
const BEFORE = /^[([{*~]+/;
const LONGEST_TYPED = 2000;

/** The text without spaces and invisible marks at its ends. */
function trim(text) {
    return text.replace(EDGES, "");
}

function isAscii(text) {
    return /^[\x00-\x7f]*$/.test(text);
}

/** The text in plain letters, digits, quotes and dashes: for what has a form of its own, such as a number. */
function simplify(text) {
    if (isAscii(text) || text.length > LONGEST_TYPED) {
        return trim(text);
    }
    return trim(replaceSigns(replaceSigns(text).normalize("NFKC")));
}

function replaceSigns(text) {
    return SIGNS.reduce(function (changed, sign) {
        return changed.replace(sign[0], sign[1]);
    }, text);
}

/** The text with the addresses of its Markdown links in their places. */
function unlink(text) {
    return text.length <= LONGEST_TYPED ? text.replace(new RegExp(MARKDOWN, "g"), "$1") : text;
}

/** What the text may stand for, beginning with itself: unwrapped, simplified, and the one address in it. */
function listSpellings(text) {
    if (text.length > LONGEST_TYPED) {
        return [text];
    }
    const addresses = (simplify(text).match(ADDRESS) || []).map(function (address) {
        return address.replace(AFTER, "");
    });
    const found = Array.from(new Set(addresses));
    const forms = [text, unwrap(text), unwrap(simplify(text))].concat(found.length === 1 ? found : []);
    return Array.from(new Set(forms)).filter(function (form, place) {
        return place === 0 || form !== "";
    });
}

/** The text without the link, brackets, quotes and the end of a sentence around it. */
function unwrap(text) {
    for (let outer = null; text !== outer; ) {
        outer = text;
        text = trim(text);
        const inner = new RegExp("^" + MARKDOWN.source + "$").exec(text) || ANGLES.exec(text);
        if (inner) {
            text = inner[1];
        } else if (text.length > 1 && (QUOTES[text.charAt(0)] || "").indexOf(text.charAt(text.length - 1)) !== -1) {
            text = text.slice(1, -1);
        } else {
            text = text.replace(AFTER, "").replace(BEFORE, "");
        }
    }
    return text;
}
