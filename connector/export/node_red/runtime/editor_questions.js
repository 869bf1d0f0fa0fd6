"use strict";

// What the editor asks of a runner while a form is open. It asks Node-RED, which has the key: no browser gets to see it.

const { startCall } = require("./runner");

/** The longest that a form waits, in seconds. */
const PATIENCE = 30;
/** How many choices a form gets at once. */
const PAGE = "50";
/** So many blocks and triggers that a runner lacks are told by name. */
const MOST_NAMED = 5;

/** Opens the addresses that the forms of `palette` ask at, to those who may edit flows. */
function serveEditor(RED, palette) {
    const may = (what) => RED.auth.needsPermission(`${palette.runner.type}.${what}`);
    const open = (name, answer) => {
        RED.httpAdmin.post(`/${palette.runner.type}/${name}`, may("write"), (request, response) => {
            answer(RED, palette, request.body || {}).then(
                (told) => response.json(Object.assign({ ok: true }, told)),
                (problem) => response.json({ ok: false, text: problem.message })
            );
        });
    };
    open("check", check);
    open("connections", listConnections);
    open("choices", listChoices);
    open("look", look);
    RED.httpAdmin.get(`/${palette.runner.type}/problems/:id`, may("read"), (request, response) => {
        const node = RED.nodes.getNode(request.params.id);
        response.json((node && node.problems) || []);
    });
}

/** Whether the runner of the form's settings answers, knows all blocks and triggers, and has the connection, signed in. */
async function check(RED, palette, asked) {
    const runner = findAsked(RED, palette, asked);
    const told = await tellBlocks(palette, runner);
    const name = asked.connectionType === "env" ? process.env[asked.connection] : asked.connection;
    if (!name || !["str", "env", undefined].includes(asked.connectionType)) {
        return { text: told };
    }
    const found = (await readConnections(runner)).find((connection) => connection.name === name);
    if (!found) {
        throw new Error(`${told} But it has no connection "${name}" for this key: choose one from the list, or sign in. ${tellSignIn(runner, name)}`);
    }
    if (found.needs_sign_in) {
        throw new Error(`${told} But the connection "${name}" is not signed in${found.problem ? `: ${found.problem}` : "."} ${tellSignIn(runner, name)}`);
    }
    return { text: `${told} The connection "${name}" is ${tellSignedIn(found)}.` };
}

/** The connections that the key of the form's settings may use. */
async function listConnections(RED, palette, asked) {
    const found = await readConnections(findAsked(RED, palette, asked));
    if (found.length === 0) {
        throw new Error(`The runner has no connection for this key: "${palette.runner.program} login" makes one.`);
    }
    const choices = found.map((each) => ({ value: each.name, label: each.name, hint: tellSignedIn(each) }));
    return { choices, next: null };
}

/** What a field may hold, for the account that the deployed runner acts for. */
async function listChoices(RED, palette, asked) {
    const block = palette.blocks.concat(palette.triggers).find((entry) => entry.name === asked.block);
    const field = block && block.fields.find((entry) => entry.name === asked.field);
    if (!field || !field.choices) {
        throw new Error("Nothing lists what this field may hold.");
    }
    const runner = RED.nodes.getNode(asked.runner);
    if (!runner || runner.type !== palette.runner.type) {
        throw new Error("Deploy first: the list is read with the runner's settings as they are deployed.");
    }
    if (!runner.hasKeyFor(runner.url)) {
        throw new Error("The API key was saved for another address. Enter it again in the runner's settings.");
    }
    if (!runner.isConnectionKnown) {
        throw new Error("Whose list it is comes with the message, so it can't be shown here. Type the value.");
    }
    const query = { limit: PAGE };
    for (const name of ["search", "after"]) {
        if (asked[name]) {
            query[name] = String(asked[name]);
        }
    }
    const path = `blocks/${encodeURIComponent(block.watches || block.name)}/fields/${encodeURIComponent(field.name)}/choices`;
    const connection = await runner.findConnection(runner, {});
    const { url, key, agent, program } = runner;
    const answer = await ask({ url, key, agent, program, timeout: PATIENCE }, path, { query, connection }).catch((problem) => {
        const text = "Choose a connection in the runner's settings: the list is somebody's own.";
        throw problem.kind === "missing_fields" ? new Error(text) : problem;
    });
    if (!answer || !Array.isArray(answer.choices)) {
        throw new Error("The runner gave no list. Type the value.");
    }
    return { choices: answer.choices, next: answer.next || null };
}

/** The runner that the form's settings stand for, deployed or not. A saved key goes to its own address alone. */
function findAsked(RED, palette, asked) {
    const found = RED.nodes.getNode(asked.id);
    const saved = asked.key === undefined && found && found.type === palette.runner.type ? found : null;
    if (saved && !saved.hasKeyFor(asked.url)) {
        throw new Error("The saved API key belongs to another address. Enter it again for this one.");
    }
    return {
        url: String(asked.url || ""),
        key: saved ? saved.key : asked.key,
        timeout: PATIENCE,
        agent: palette.agent,
        program: palette.runner.program,
    };
}

function ask(runner, path, more) {
    return startCall(runner, Object.assign({ method: "GET", path, isRead: true }, more)).answer;
}

async function readConnections(runner) {
    const answer = await ask(runner, "connections");
    if (!answer || !Array.isArray(answer.connections)) {
        throw new Error("What answered is no runner, for it lists no connections. Check the URL.");
    }
    return answer.connections;
}

function tellSignedIn(connection) {
    if (connection.needs_sign_in) {
        return "not signed in";
    }
    const days = connection.days_left;
    return typeof days === "number" ? `signed in, for ${Math.floor(days)} more days` : "signed in";
}

function tellSignIn(runner, name) {
    return `Open ${runner.url.trim().replace(/\/+$/, "")}/connect/${encodeURIComponent(name)} where the runner is, or call "${runner.program} login --name ${name}".`;
}

/** Says that the runner answers; fails where it is none, or another one than the palette is for. */
async function tellBlocks(palette, runner) {
    const answer = await ask(runner, "blocks");
    if (!answer || !Array.isArray(answer.blocks)) {
        throw new Error("What answered is no runner, for it lists no blocks. Check the URL.");
    }
    // A runner from before there were triggers has no list of them.
    const { triggers } = await ask(runner, "triggers").catch(() => ({}));
    const known = new Set(answer.blocks.concat(triggers || []).map((each) => each.name));
    const lacking = palette.blocks.concat(palette.triggers).map((each) => each.name).filter((name) => !known.has(name));
    if (lacking.length > 0) {
        const more = lacking.length > MOST_NAMED ? ` and ${lacking.length - MOST_NAMED} more` : "";
        throw new Error(`The runner lacks ${lacking.slice(0, MOST_NAMED).join(", ")}${more}. Install the palette that it offers: export/node-red.tgz below its URL.`);
    }
    return `The runner answers, with ${answer.blocks.length} blocks.`;
}

/** Has a trigger's node look now. */
async function look(RED, _palette, asked) {
    const node = RED.nodes.getNode(asked.node);
    if (!node || !node.lookNow) {
        throw new Error("Deploy first: what is not deployed can't look.");
    }
    if (node.lookNow() > 0) {
        throw new Error("It rests until the rate limit is over, and then looks by itself.");
    }
    return {};
}

module.exports = { serveEditor };
