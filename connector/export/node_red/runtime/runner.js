"use strict";

// Calls of the HTTP runner: one request each, with Node's own modules. Knows nothing of Node-RED.

const http = require("http");
const https = require("https");
const { DOUBT, isClosed, leavesOpen } = require("./lost_connections");
const { describeStranger, joinUrl } = require("./runner_address");

const LARGEST_ANSWER_BYTES = 256 * 1024 * 1024;
const LINES = "application/x-ndjson";

/** A failed call. `kind`, `code`, `fields`, `retryAfter` (s) and the rest are the runner's own words. */
class CallFailed extends Error {
    constructor(problem) {
        super(problem.detail || problem.title || "The runner gave no reason.");
        this.name = "CallFailed";
        this.kind = problem.kind || "bad_answer";
        this.code = problem.code || "INTERNAL_PACKAGE_ERROR";
        this.fields = problem.fields || [];
        this.retryAfter = problem.retry_after;
        this.upstreamStatus = problem.upstream_status;
        for (const name of ["body", "is_uncertain", "done", "not_done", "uncertain", "came", "resume"]) {
            if (problem[name] !== undefined) {
                this[name] = problem[name];
            }
        }
        // What failed is outside of Node-RED: a stack would hide the message and help nobody.
        delete this.stack;
    }

    toString() {
        return this.message;
    }

    /** The same as a plain object, for messages: they are cloned, and a clone of an error loses all of this. */
    toProblem() {
        return Object.assign({ message: this.message }, this);
    }
}

/**
 * Starts a call.
 *
 * @param {object} runner `url`; `key` or none; `agent`, how the palette names itself; `timeout`, the longest silence (s);
 *   `program`, what starts a runner
 * @param {object} request `method`, `path` below the URL, `isRead`, whether it changes nothing, `connection` or none,
 *   `body` (becomes JSON) or none
 * @param {function} [onEntry] asks for entries line by line and takes each of them, with true for the last one; without
 *   it the whole answer comes at once
 * @returns {{answer: Promise, abort: function}} the answer's JSON value, or how many entries came; fails with `CallFailed`
 */
function startCall(runner, request, onEntry) {
    let abort = () => {};
    const answer = new Promise((resolve, reject) => {
        let isSent = false;
        const fail = (kind, detail, isSettled = false) => {
            const isOpen = isSent && !request.isRead && !isSettled;
            reject(new CallFailed(isOpen ? { kind, detail: `${detail} ${DOUBT}`, is_uncertain: true } : { kind, detail }));
        };
        let url;
        try {
            url = joinUrl(runner.url, request.path);
        } catch (problem) {
            fail("network", `${problem.message} Correct it in the runner's settings.`);
            return;
        }
        const client = url.protocol === "http:" ? http : https;
        const body = request.body === undefined ? null : Buffer.from(JSON.stringify(request.body));
        const headers = buildHeaders(runner, request, body, onEntry);
        let sent;
        let isAborted = false;
        let hasAnswer = false;
        const breakOff = (problem) => {
            if (isAborted) {
                fail("cancelled", "The call was cancelled.");
            } else if (problem instanceof CallFailed) {
                reject(problem);
            } else {
                fail("network", describeBreak(runner, url, problem));
            }
            sent.destroy();
        };
        const send = (agent) => {
            sent = client.request(url, { method: request.method, headers, agent });
            sent.on("socket", (socket) => {
                if (socket.connecting) {
                    socket.once(client === https ? "secureConnect" : "connect", () => { isSent = true; });
                } else {
                    isSent = true;
                }
            });
            sent.setTimeout(runner.timeout * 1000, () => {
                fail("timeout", `The runner at ${url.origin} said nothing for ${runner.timeout} s.`);
                sent.destroy();
            });
            sent.on("error", (problem) => {
                // The runner closes connections that were idle, and this request may have crossed with that.
                if (request.isRead && sent.reusedSocket && !hasAnswer && !isAborted && isClosed(problem.code)) {
                    send(buildAgent(client));
                    return;
                }
                breakOff(problem);
            });
            sent.on("response", (response) => {
                hasAnswer = true;
                response.on("aborted", () => breakOff({ code: "ECONNRESET" }));
                response.on("error", breakOff);
                const type = String(response.headers["content-type"] || "").split(";")[0];
                if (response.statusCode === 200 && type === LINES && onEntry) {
                    readLines(response, onEntry, resolve, breakOff);
                } else {
                    readWhole(url, response, resolve, breakOff, fail);
                }
            });
            sent.end(body);
        };
        abort = () => {
            isAborted = true;
            sent.destroy();
        };
        try {
            // A write takes no connection that was idle, for nobody could tell whether it had been closed before.
            send(request.isRead ? undefined : buildAgent(client));
        } catch (_problem) {
            fail("network", "The API key or the connection's name holds a letter that no HTTP header can carry.");
        }
    });
    return { answer, abort: () => abort() };
}

/** An agent whose connection is new and used once, for the rest like the one that is used unless another is given. */
function buildAgent(client) {
    return new client.Agent(Object.assign({}, client.globalAgent.options, { keepAlive: false, timeout: undefined }));
}

function buildHeaders(runner, request, body, onEntry) {
    const headers = { Accept: onEntry ? `${LINES}, application/json;q=0.9` : "application/json", "User-Agent": runner.agent };
    if (body) {
        headers["Content-Type"] = "application/json";
        headers["Content-Length"] = body.length;
    }
    if (runner.key) {
        headers.Authorization = `Bearer ${runner.key}`;
    }
    if (request.connection) {
        headers["X-Connection"] = request.connection;
    }
    return headers;
}

function describeBreak(runner, url, problem) {
    const reason = problem.code || "no reason given";
    if (reason === "ECONNREFUSED" || reason === "ENOTFOUND") {
        return `The runner at ${url.origin} can't be reached (${reason}): start it with "${runner.program} serve", or correct its URL.`;
    }
    return `The connection to the runner at ${url.origin} broke off (${reason}).`;
}

/** Reads one JSON value; anything but 200 becomes a failure. */
function readWhole(url, response, resolve, breakOff, fail) {
    const pieces = [];
    let length = 0;
    response.on("data", (piece) => {
        length += piece.length;
        if (length > LARGEST_ANSWER_BYTES) {
            breakOff(new CallFailed({ kind: "bad_answer", detail: "The runner's answer is too long. Ask for fewer entries." }));
            return;
        }
        pieces.push(piece);
    });
    response.on("end", () => {
        let value;
        try {
            value = JSON.parse(Buffer.concat(pieces).toString("utf8"));
        } catch (_problem) {
            // Told below, with what else no runner sends.
        }
        if (response.statusCode === 200 && value !== undefined) {
            resolve(value);
        } else if (value && value.kind) {
            breakOff(new CallFailed(value));
        } else {
            const detail = describeStranger(url, response.statusCode, response.headers);
            fail("bad_answer", detail, !leavesOpen(response.statusCode));
        }
    });
}

/** Reads entries a line each. The last line is held back, for it tells the end of the entries or what broke them off. */
function readLines(response, onEntry, resolve, breakOff) {
    let rest = "";
    let held = null;
    let count = 0;
    const take = (line) => {
        if (line.trim() === "") {
            return;
        }
        if (held !== null) {
            onEntry(JSON.parse(held), false);
            count += 1;
        }
        held = line;
    };
    const guard = (action) => {
        try {
            action();
        } catch (_problem) {
            breakOff(new CallFailed({ kind: "bad_answer", detail: "The runner sent an entry that is no JSON." }));
        }
    };
    response.setEncoding("utf8");
    response.on("data", (piece) => guard(() => {
        const lines = (rest + piece).split("\n");
        rest = lines.pop();
        if (rest.length > LARGEST_ANSWER_BYTES) {
            breakOff(new CallFailed({ kind: "bad_answer", detail: "The runner sent an entry that is too long." }));
        }
        lines.forEach(take);
    }));
    response.on("end", () => guard(() => {
        take(rest);
        const last = held === null ? null : JSON.parse(held);
        if (last && last.error && last.error.kind && Object.keys(last).length === 1) {
            breakOff(new CallFailed(last.error));
            return;
        }
        if (held !== null) {
            onEntry(last, true);
            count += 1;
        }
        resolve(count);
    }));
}

module.exports = { CallFailed, startCall };
