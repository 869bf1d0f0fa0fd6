"use strict";

// The config node with the settings of a runner.

const { CallFailed } = require("./call_failed");
const { isSameAddress } = require("./runner_address");
const { evaluate } = require("./values");

/** A key as the editor saves it: with the address that it is for. One without was deployed by other means. */
const SAVED_KEY = /^(https?:\/\/\S+) (.+)$/;

/** Makes the type of the settings known. */
function registerRunner(RED, palette) {
    function Runner(config) {
        RED.nodes.createNode(this, config);
        this.url = config.url;
        this.zone = config.zone;
        this.timeout = Number(config.timeout) || palette.runner.timeout;
        this.agent = palette.agent;
        this.program = palette.runner.program;
        const saved = (this.credentials && this.credentials.apiKey) || "";
        const [, address = config.url, key = saved] = SAVED_KEY.exec(saved) || [];
        this.key = key;
        /** Whether `url` is the address that the key was saved for, and not one that it has been changed to since. */
        this.hasKeyFor = (url) => !key || isSameAddress(url, address);
        /** The name of the connection that `msg` is to be run for; empty for the runner's own choice. */
        this.findConnection = async (node, msg) => {
            if (msg.connection) {
                return String(msg.connection);
            }
            return config.connection ? evaluate(RED, config.connection, config.connectionType || "str", node, msg) : "";
        };
        /** Whether only a message tells which connection that is. */
        this.isConnectionOfMessage = Boolean(config.connection) && config.connectionType === "msg";
        /** Whether which connection that is is known before a message comes. */
        this.isConnectionKnown = !["msg", "jsonata"].includes(config.connection ? config.connectionType : "");
    }

    RED.nodes.registerType(palette.runner.type, Runner, { credentials: { apiKey: { type: "password" } } });
}

/** The runner that a node's form names; fails with `CallFailed` where there is none, or its key is for another address. */
function findRunner(RED, config) {
    const runner = RED.nodes.getNode(config.runner);
    if (!runner) {
        throw new CallFailed({ kind: "network", detail: "No runner is chosen. Open the node and choose one." });
    }
    if (!runner.hasKeyFor(runner.url)) {
        const detail = "The API key was saved for another address. Enter it again in the runner's settings.";
        throw new CallFailed({ kind: "unauthorized", code: "API_ERROR", detail });
    }
    return runner;
}

module.exports = { findRunner, registerRunner };
