// The help of every node: what the page says of its block, its fields, and what every help says, which stands here once.

const INPUTS = "<h3>Inputs</h3>\n";
const DETAILS = "<h3>Details</h3>\n";
const KINDS = {
    secret: "secret",
    when: "date and time",
    place: "latitude, longitude",
    rows: "array of objects",
    list: "array | text with commas",
    choice: "choice",
    search: "string",
    number: "number",
    text: "string",
};
const PAGED =
    "<p>All pages are read. <i>Output</i> chooses between one message with an array of all entries, one message for " +
    "each entry as it comes (with <code>msg.parts</code>, so that a Join node makes an array of them again), and one " +
    "message with the service's whole answer.</p>\n";
const BRIEF =
    "<p><i>Brief</i> leaves of each entry what one mostly wants, a dozen properties that stand where they stand in the " +
    "whole; no list is cut.</p>\n";
const SHARED =
    "<p>Every field takes a value of its own, a property of the message, of the flow or global context, an expression " +
    "or an environment variable. Fields in the object <code>msg.args</code> win over the form; <code>msg.connection" +
    "</code> wins over the runner's connection.</p>\n" +
    "<p>A call that fails sends nothing on: it goes to Catch nodes, with the message in <code>msg.error.message</code> " +
    "and <code>kind</code>, <code>fields</code>, <code>retryAfter</code> (seconds) and more in " +
    "<code>msg.problem</code>.</p>\n";

/** A block's help text, as HTML, with its fields and with what every help says. */
function completeHelp(help, block) {
    const put = function (text) {
        return function () {
            return text;
        };
    };
    return help
        .replace(INPUTS, put(listFields(block.fields)))
        .replace(DETAILS, put(DETAILS + (block.entries ? PAGED : "") + (block.hasBrief ? BRIEF : "") + SHARED));
}

/** All fields of a form with what each takes, those that sign in last. */
function listFields(fields) {
    const rows = [false, true].map(function (isAuth) {
        return fields
            .filter(function (field) {
                return Boolean(field.auth) === isAuth;
            })
            .map(tellField)
            .join("");
    });
    return fields.length ? INPUTS + '<dl class="message-properties">\n' + rows.join("") + "</dl>\n" : "";
}

function tellField(field) {
    const schema = field.schema;
    const told = [field.title + ".", field.description];
    if (schema.fits) {
        told.push("Fits: " + schema.fits + ".");
    }
    if (schema.default !== undefined) {
        told.push("Without it: " + schema.default + ".");
    }
    if (field.unsentWhy) {
        told.push("It is not sent: " + field.unsentWhy);
    }
    return (
        "<dt" + (field.required ? "" : ' class="optional"') + ">" + escapeText(field.name) +
        ' <span class="property-type">' + KINDS[field.widget] + "</span></dt>\n" +
        "<dd>" + escapeText(told.join(" ")) + "</dd>\n"
    );
}
