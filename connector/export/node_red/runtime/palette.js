"use strict";

// One node type for each block of palette.json; those of its triggers and of the runner are registered beside them.

const { CallFailed } = require("./call_failed");
const { serveEditor } = require("./editor_questions");
const { Light } = require("./light");
const { startCall } = require("./runner");
const { findRunner, registerRunner } = require("./runner_node");
const { registerTriggers } = require("./triggers");
const { unfold } = require("./unfold");
const { readArgs } = require("./values");

const palette = unfold(require("./palette.json"));

module.exports = function (RED) {
    registerRunner(RED, palette);
    palette.blocks.forEach((block) => registerBlock(RED, block));
    registerTriggers(RED, palette);
    serveEditor(RED, palette);
};

function registerBlock(RED, block) {
    const credentials = {};
    for (const field of block.fields.filter((entry) => entry.widget === "secret")) {
        credentials[`secret_${field.name}`] = { type: "password" };
    }

    function Block(config) {
        RED.nodes.createNode(this, config);
        const calls = new Set();
        const light = new Light(this, new Map(block.fields.map((field) => [field.name, field.title])));
        let isClosing = false;

        const run = async (msg, send) => {
            const runner = findRunner(RED, config);
            delete msg.problem;
            if (!block.isRead) {
                // What an earlier node did is not what this one did.
                delete msg.did;
            }
            const request = {
                method: "POST",
                path: `blocks/${encodeURIComponent(block.name)}`,
                query: block.hasBrief && config.detail === "brief" ? { detail: "brief" } : undefined,
                isRead: block.isRead,
                body: await readArgs(RED, this, config, msg, block.fields, runner.zone),
                connection: await runner.findConnection(this, msg),
            };
            const read = RESULTS[block.entries ? config.result || "array" : "whole"];
            const start = (onEntry) => follow(startCall(runner, request, onEntry));
            await read({ RED, block, msg, send, light, start, warn: (text) => this.warn(text, msg) });
        };
        const follow = (call) => {
            if (isClosing) {
                call.abort();
            }
            calls.add(call);
            const end = () => calls.delete(call);
            call.answer.then(end, end);
            return call;
        };

        this.on("input", (msg, send, done) => {
            // Before 1.0 Node-RED gave neither function.
            const finish = done || ((problem) => problem && this.error(problem, msg));
            light.show("blue", "dot", "running");
            run(msg, send || this.send.bind(this)).then(
                () => {
                    this.problems = [];
                    finish();
                },
                (problem) => {
                    if (isClosing) {
                        finish();
                        return;
                    }
                    this.problems = problem.fields || [];
                    light.showProblem(problem);
                    if (problem instanceof CallFailed) {
                        msg.problem = problem.toProblem();
                        problem.cause = msg.problem;
                    }
                    finish(problem);
                }
            );
        });
        this.on("close", (done) => {
            isClosing = true;
            light.stop();
            calls.forEach((call) => call.abort());
            Promise.all([...calls].map((call) => call.answer.catch(() => {}))).then(() => done());
        });
    }

    RED.nodes.registerType(block.type, Block, { credentials });
}

/** What becomes of an answer, by the form's choice. Each sends on what it read and ends once all of it is sent. */
const RESULTS = {
    async whole({ msg, send, light, start, warn }) {
        const call = start();
        msg.payload = await call.answer;
        const did = call.tellDone();
        if (did) {
            msg.did = did;
        }
        light.showDone(did);
        call.tellWarnings().forEach(warn);
        send(msg);
    },
    async array({ block, msg, send, light, start }) {
        const entries = [];
        const { answer: reading } = start((entry) => {
            entries.push(entry);
            light.count(entries.length);
        });
        const answer = await reading;
        // A runner that doesn't know lines sends the whole answer.
        msg.payload = typeof answer === "number" ? entries : findEntries(block, answer);
        light.showCount(msg.payload.length);
        send(msg);
    },
    async messages({ RED, block, msg, send, light, start }) {
        const parts = { id: RED.util.generateId(), type: "array", len: 1 };
        if (msg.parts) {
            parts.parts = msg.parts;
        }
        let count = 0;
        const pass = (entry, isLast) => {
            const piece = RED.util.cloneMessage(msg);
            piece.payload = entry;
            piece.parts = Object.assign({}, parts, { index: count });
            count += 1;
            if (isLast) {
                piece.parts.count = count;
            }
            light.count(count);
            send(piece);
        };
        const answer = await start(pass).answer;
        if (typeof answer !== "number") {
            findEntries(block, answer).forEach((entry, index, all) => pass(entry, index === all.length - 1));
        }
        light.showCount(count);
    },
};

function findEntries(block, answer) {
    const found = block.entries.reduce((value, step) => (value ? value[step] : undefined), answer);
    if (!Array.isArray(found)) {
        throw new CallFailed({ kind: "bad_answer", detail: `${block.name}: the answer holds no entries at ${block.entries.join(".")}.` });
    }
    return found;
}
