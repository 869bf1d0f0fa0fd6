"use strict";

// Calls of the HTTP runner: one request each, with Node's own modules. Knows nothing of Node-RED.

const http = require("http");
const https = require("https");
const { readLines, readWhole } = require("./answers");
const { CallFailed } = require("./call_failed");
const { DOUBT, isClosed } = require("./lost_connections");
const { joinUrl } = require("./runner_address");

const LINES = "application/x-ndjson";

/**
 * Starts a call.
 *
 * @param {object} runner `url`; `key` or none; `agent`, how the palette names itself; `timeout`, the longest silence (s);
 *   `program`, what starts a runner
 * @param {object} request `method`, `path` below the URL, `query` (names and texts) or none, `isRead`, whether it
 *   changes nothing, `connection` or none, `body` (becomes JSON) or none
 * @param {function} [onEntry] asks for entries line by line and takes each of them, with true for the last one; without
 *   it the whole answer comes at once
 * @returns {{answer: Promise, abort: function, tellDone: function, tellWarnings: function}} the answer's JSON value, or
 *   how many entries came; fails with `CallFailed`. Once it is there, `tellDone` says in words what a write did, if the
 *   runner says it, and `tellWarnings` what a maker should know of the answer.
 */
function startCall(runner, request, onEntry) {
    let abort = () => {};
    let did;
    let warnings = [];
    const answer = new Promise((resolve, reject) => {
        let isSent = false;
        const fail = (kind, detail, isSettled = false) => {
            const isOpen = isSent && !request.isRead && !isSettled;
            reject(new CallFailed(isOpen ? { kind, detail: `${detail} ${DOUBT}`, is_uncertain: true } : { kind, detail }));
        };
        let url;
        try {
            url = joinUrl(runner.url, request.path);
            url.search = new URLSearchParams(request.query || {});
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
                did = readDone(response.headers["x-did"]);
                warnings = (response.headers["x-warnings"] || "").split(", ").map(readDone).filter(Boolean);
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
    return { answer, abort: () => abort(), tellDone: () => did, tellWarnings: () => warnings };
}

/** What a header says in percent-encoded text; nothing where it says nothing that can be read. */
function readDone(header) {
    try {
        return header && decodeURIComponent(header);
    } catch (_problem) {
        return undefined;
    }
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

module.exports = { startCall };
