// What the help of every node says, so that it stands once in the page.

const DETAILS = "<h3>Details</h3>\n";
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

/** A block's help text, as HTML, with what every help says. */
function completeHelp(help, block) {
    return help.replace(DETAILS, function () {
        return DETAILS + (block.entries ? PAGED : "") + (block.hasBrief ? BRIEF : "") + SHARED;
    });
}
