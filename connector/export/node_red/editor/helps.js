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
    "<p><i>Brief</i> leaves of each entry or event what one mostly wants, a dozen properties that stand where they stand in the " +
    "whole; no list is cut.</p>\n";
const SHARED =
    "<p>Every field takes a value of its own, a property of the message, of the flow or global context, an expression " +
    "or an environment variable. Fields in the object <code>msg.args</code> win over the form; <code>msg.connection" +
    "</code> wins over the runner's connection.</p>\n";
const FAILING =
    "<p>A call that fails sends nothing on: it goes to Catch nodes, with the message in <code>msg.error.message</code> " +
    "and <code>kind</code>, <code>fields</code>, <code>retryAfter</code> (seconds) and more in " +
    "<code>msg.problem</code>.</p>\n";
const EVENTS =
    "<h3>Outputs</h3>\n" +
    '<dl class="message-properties">\n' +
    "<dt>payload</dt>\n<dd>What it happened to, a message for each event, the oldest first.</dd>\n" +
    '<dt>event <span class="property-type">object</span></dt>\n<dd><code>id</code>, the same whenever this event is ' +
    "told; <code>type</code>; and <code>time</code>, where the service says when it happened.</dd>\n" +
    '<dt>topic <span class="property-type">string</span></dt>\n<dd>The trigger\'s name.</dd>\n</dl>\n';
const WATCHING =
    "<p>The first look sets the mark and tells nothing, unless <i>also_last</i> says so. Each further one tells what " +
    "happened since, also after a deploy or a restart; with other fields it begins anew. It looks as often as the " +
    "day's calls allow, or as <i>Look every</i> says; the button at the node has it look now. After a rate limit it " +
    "waits until that is over. Once a day it reads all, which finds what a cheap look can't see.</p>\n" +
    "<p>Where it is, is kept in the node's context, in a store that outlives Node-RED where <code>contextStorage" +
    "</code> in the settings has one, else in a file in the user's folder.</p>\n" +
    "<p>Every field takes a value of its own, a property of the flow or global context, an expression or an " +
    "environment variable.</p>\n";

/** The help text of a block or a trigger, as HTML, with its fields and with what every help says. */
function completeHelp(help, block) {
    const put = function (text) {
        return function () {
            return text;
        };
    };
    const brief = block.hasBrief ? BRIEF : "";
    const details = isTrigger(block)
        ? EVENTS + DETAILS + WATCHING + brief
        : DETAILS + (block.entries ? PAGED : "") + brief + SHARED;
    return help.replace(INPUTS, put(listFields(block.fields))).replace(DETAILS, put(details + FAILING));
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
