"use strict";

// What may have happened where no answer came: a request is repeated, or its error says so, by what is said here.

/** Ends of a connection that may have been idle, at the very moment when a request was sent down it. */
const CLOSED = ["ECONNRESET", "EPIPE"];
/** Ends before a connection is made: by then nothing has been sent. */
const UNSENT = /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EPROTO|ERR_TLS_\w+|ERR_INVALID_\w+|.*CERT.*|SELF_SIGNED_\w+|UNABLE_TO_\w+)$/;

const DOUBT = "It may have taken effect all the same: look before you do it again.";

/** Whether an error's code says that the connection was closed, so that a call that only reads may be repeated. */
function isClosed(code) {
    return CLOSED.includes(code);
}

/** Whether an error's code says that nothing had been sent. */
function isUnsent(code) {
    return UNSENT.test(code || "");
}

/** Whether an answer that is no runner's, of a proxy before it, leaves open what the runner did. */
function leavesOpen(status) {
    return status < 300 || status >= 500;
}

module.exports = { DOUBT, isClosed, isUnsent, leavesOpen };
