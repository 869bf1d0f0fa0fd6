// What a form's text means: entries of a list, things that links lead to; and what several fields are together.

/** A value means nothing that fits; the message says why. */
class Unfit extends Error {}

/**
 * The entries of a list's text, blanks too: a JSON array, or values with separators or line ends between them;
 * undefined for broken JSON.
 */
function readEntries(schema, given) {
    let text = trim(given);
    if (text.charAt(0) === "[" && text.indexOf("](") === -1) {
        const found = parseJson(text);
        return found === undefined ? parseJson(simplify(text)) : found;
    }
    const separator = schema.separator || ",";
    text = separator === "," ? unlink(text).replace(/\uff0c/g, ",") : text;
    const entries = [];
    text.split(separator).forEach(function (part) {
        const lines = part.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/).filter(trim);
        entries.push.apply(entries, lines.length ? lines : [""]);
    });
    // What ends with a separator has no entry after it.
    return entries[entries.length - 1] === "" ? entries.slice(0, -1) : entries;
}

/** What JSON text says; undefined where it is none. */
function parseJson(text) {
    try {
        return JSON.parse(text);
    } catch (_problem) {
        return undefined;
    }
}

/** What a text may mean: ids, or whole URIs where the service takes those. Throws `Unfit` where a link leads elsewhere. */
function listForms(schema, text) {
    const kinds = schema.reference ? [].concat(schema.reference) : [];
    const write = function (kind, id) {
        return schema.as === "uri" ? writeUri(kind, id) : id;
    };
    const meant = kinds.length ? listReferred(text, kinds) : [];
    const bare = listSpellings(text).map(function (spelling) {
        return write(kinds[0], schema.upper && isAscii(spelling) ? spelling.toUpperCase() : spelling);
    });
    return meant
        .map(function (thing) {
            return write(thing.kind, thing.id);
        })
        .concat(bare);
}

function listReferred(text, kinds) {
    const found = [];
    listSpellings(text).forEach(function (spelling) {
        for (const pattern of PALETTE.references) {
            const match = new RegExp(pattern, "i").exec(spelling);
            if (match) {
                found.push(readReference(match, kinds));
                return;
            }
        }
    });
    return found;
}

function readReference(match, kinds) {
    if (!match.groups) {
        throw new Unfit("is a short link: open it in a browser and give the address that it leads to");
    }
    const kind = match.groups.kind.toLowerCase();
    if (kinds.indexOf(kind) === -1) {
        throw new Unfit("leads to the wrong kind of thing: " + kind + " instead of " + kinds.join(" or "));
    }
    const id = match.groups.id.replace(/(?:%[0-9a-f]{2})+/gi, function (bytes) {
        try {
            return decodeURIComponent(bytes);
        } catch (_problem) {
            throw new Unfit("has a percent-encoded id that is no text");
        }
    });
    return { kind: kind, id: trim(id) };
}

function writeUri(kind, id) {
    const encoded = encodeURIComponent(id).replace(/[!'()*]/g, function (letter) {
        return "%" + letter.charCodeAt(0).toString(16).toUpperCase();
    });
    return PALETTE.uri.replace("{kind}", kind).replace("{id}", encoded);
}

/** The names of the fields that are judged together with one. */
function listRelated(block, field) {
    const ruled = [block.together ? block.together.fields : [], [].concat.apply([], block.one_of || [])];
    return [].concat.apply([], ruled.filter(function (names) {
        return names.indexOf(field.name) !== -1;
    }));
}

/** Whether a field of the block is filled in; of an expression `isSure` asks for more than that it stands there. */
function isGiven(block, name, readOther, isSure) {
    const other = readOther(name);
    const field = findField(block, name);
    return !isLeftBlank(field, other.text, other.type) && !(isSure && LITERAL_TYPES.indexOf(other.type) === -1);
}

function findField(block, name) {
    return block.fields.find(function (entry) {
        return entry.name === name;
    });
}

/** What a blank field lacks: it may be one of those of which some must be given. */
function findMissing(block, field, readOther) {
    const isThere = function (name) {
        return isGiven(block, name, readOther, false);
    };
    const rule = block.together;
    if (rule && rule.at_least && rule.fields.indexOf(field.name) !== -1 && !rule.fields.some(isThere)) {
        return refuse(REQUIRED, "at least one of " + rule.fields.join(", "));
    }
    const groups = block.one_of || [];
    const isFirst = groups.some(function (group) {
        return group[0] === field.name;
    });
    const mayLack = groups.some(function (group) {
        return group.length === 0 || group.some(isThere);
    });
    return isFirst && !mayLack ? refuse(REQUIRED, "one of " + tellGroups(groups)) : null;
}

function findCrowded(block, field, readOther) {
    const rule = block.together;
    if (!rule || rule.fields.indexOf(field.name) === -1) {
        return null;
    }
    let count = 0;
    rule.fields.forEach(function (name) {
        if (isGiven(block, name, readOther, true)) {
            const schema = findField(block, name).schema;
            const entries = schema.type === "array" ? readEntries(schema, String(readOther(name).text)) : [name];
            count += (entries || []).filter(isFilled).length;
        }
    });
    const problem = "is one value too many: " + rule.fields.join(", ") + " hold " + count + " together";
    return count > rule.at_most ? refuse(problem, rule.at_most + " at most") : null;
}

function findCrossed(block, field, readOther) {
    const given = (block.one_of || []).filter(function (group) {
        return group.some(function (name) {
            return isGiven(block, name, readOther, true);
        });
    });
    const isOne = given.some(function (group) {
        return group.indexOf(field.name) !== -1;
    });
    return isOne && given.length > 1 ? refuse("is one too many", "only one of " + tellGroups(block.one_of)) : null;
}

/** The groups of fields of which one is given; of a group of several fields some are enough. */
function tellGroups(groups) {
    const filled = groups.filter(function (group) {
        return group.length > 0;
    });
    const told = filled.map(function (group) {
        return (group.length > 1 ? "some of " : "") + joinWords(group, "and");
    });
    const isPlain = filled.every(function (group) {
        return group.length === 1;
    });
    return isPlain ? joinWords(told, "or") : told.join(", or ");
}

function joinWords(words, link) {
    const last = words[words.length - 1];
    return words.length > 1 ? words.slice(0, -1).join(", ") + " " + link + " " + last : last;
}
