"use strict";

// One node type for each trigger of palette.json: nothing goes in, and each event comes out as a message.

const crypto = require("crypto");
const { CallFailed } = require("./call_failed");
const { openState } = require("./kept_state");
const { Light } = require("./light");
const { startCall } = require("./runner");
const { findRunner } = require("./runner_node");
const { readArgs } = require("./values");
const { Watch, readEvery } = require("./watch");

/** Makes the types of all triggers known. */
function registerTriggers(RED, palette) {
    const waiting = new Set();
    const startAll = () => {
        waiting.forEach((watch) => watch.start());
        waiting.clear();
    };
    // Before all nodes are there, a message would be lost. The second name is that of older versions.
    RED.events.on("flows:started", startAll);
    RED.events.on("nodes-started", startAll);
    palette.triggers.forEach((trigger) => registerTrigger(RED, palette, trigger, waiting));
}

function registerTrigger(RED, palette, trigger, waiting) {
    const credentials = {};
    for (const field of trigger.fields.filter((entry) => entry.widget === "secret")) {
        credentials[`secret_${field.name}`] = { type: "password" };
    }

    function TriggerNode(config) {
        RED.nodes.createNode(this, config);
        let call = null;
        let isClosing = false;

        const find = async () => {
            const runner = findRunner(RED, config);
            if (runner.isConnectionOfMessage) {
                const detail = "No message comes to a trigger that could say whose account it is for: name the connection in the runner's settings.";
                throw new CallFailed({ kind: "invalid_fields", code: "JSON_VALIDATION", detail });
            }
            const args = await readArgs(RED, this, config, {}, trigger.fields, runner.zone);
            const connection = await runner.findConnection(this, {});
            light.zone = runner.zone;
            return { args, of: mark(trigger, config, args, runner.url, connection), runner, connection };
        };
        const ask = async ({ runner, connection }, args, state) => {
            call = startCall(runner, {
                method: "POST",
                path: `triggers/${encodeURIComponent(trigger.name)}`,
                query: trigger.hasBrief && config.detail === "brief" ? { detail: "brief" } : undefined,
                isRead: true,
                body: { args, state },
                connection,
            });
            if (isClosing) {
                call.abort();
            }
            const answer = await call.answer;
            if (!answer || !Array.isArray(answer.events) || !answer.state || !answer.meta) {
                throw new CallFailed({ kind: "bad_answer", detail: `${trigger.name}: what answered is no runner that knows triggers. Check its URL.` });
            }
            this.problems = [];
            return answer;
        };
        const tell = ({ id, type, time, data }) => {
            this.send({ topic: trigger.name, payload: data, event: { id, type, time } });
        };
        const fail = (problem) => {
            const msg = { topic: trigger.name };
            this.problems = problem.fields || [];
            if (problem instanceof CallFailed) {
                msg.problem = problem.toProblem();
                problem.cause = msg.problem;
            }
            this.error(problem, msg);
        };

        const state = openState(RED, this, palette.runner.type.replace(/runner$/, "triggers"));
        const light = new Light(this, new Map(trigger.fields.map((field) => [field.name, field.title])));
        const parts = { find, ask, tell, fail, warn: (text) => this.warn(text), store: state, light };
        const watch = new Watch(parts, { every: readEvery(config), usual: trigger.every });
        this.lookNow = () => watch.lookNow();
        waiting.add(watch);

        this.on("close", (isRemoved, done) => {
            isClosing = true;
            waiting.delete(watch);
            const closing = watch.close();
            if (call) {
                call.abort();
            }
            closing.then(() => (isRemoved && !isThere(RED, this) ? state.remove() : null)).then(() => done(), () => done());
        });
    }

    RED.nodes.registerType(trigger.type, TriggerNode, { credentials });
}

/** What is another text where the state of one look would be wrong for the next: other fields, or somebody else's. */
function mark(trigger, config, args, url, connection) {
    const about = trigger.fields
        .filter(({ name, how, widget }) => !how && (widget !== "secret" || config[`argtype_${name}`] === "secret"))
        .map(({ name }) => [name, args[name]]);
    return crypto.createHash("sha256").update(JSON.stringify([trigger.name, url, connection, about])).digest("hex");
}

/** Whether a node that ends is still in the flows, as one is that was only disabled. */
function isThere(RED, node) {
    let isFound = false;
    RED.nodes.eachNode(({ id }) => {
        isFound = isFound || id === (node._alias || node.id);
    });
    return isFound;
}

module.exports = { registerTriggers };
