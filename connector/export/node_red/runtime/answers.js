"use strict";

// What a runner answers, read to its end: one JSON value, or entries line by line.

const { CallFailed } = require("./call_failed");
const { leavesOpen } = require("./lost_connections");
const { describeStranger } = require("./runner_address");

const LARGEST_ANSWER_BYTES = 256 * 1024 * 1024;

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

module.exports = { readLines, readWhole };
