"use strict";

// Where a node keeps what must outlive Node-RED: in its own context, where a store of contexts does; else, as Node-RED
// comes without one, in a file of its own below the user's folder.

const crypto = require("crypto");
const fs = require("fs").promises;
const path = require("path");

const KEY = "kept";

/** What keeps a node's state: `read()` promises what was written last, undefined where there is nothing. */
function openState(RED, node, folder) {
    const name = findLasting(RED.settings.contextStorage || {});
    const { userDir } = RED.settings;
    return name || !userDir ? new InContext(node.context(), name) : new InFile(path.join(userDir, folder), node);
}

/** The store of contexts that outlives Node-RED: the one that is used unless another is named, else any. */
function findLasting(stores) {
    const names = Object.keys(stores).filter((name) => name !== "_");
    const usual = typeof stores.default === "string" ? stores.default : "default" in stores ? "default" : names[0];
    return [usual, ...names].find((name) => stores[name] && stores[name].module && stores[name].module !== "memory");
}

class InContext {
    constructor(context, name) {
        this.context = context;
        this.name = name;
    }

    read() {
        return new Promise((resolve, reject) => {
            this.context.get(KEY, this.name, (problem, kept) => (problem ? reject(problem) : resolve(kept)));
        });
    }

    write(kept) {
        return new Promise((resolve, reject) => {
            this.context.set(KEY, kept, this.name, (problem) => (problem ? reject(problem) : resolve()));
        });
    }

    /** Node-RED does so itself. */
    async remove() {}
}

class InFile {
    constructor(folder, node) {
        this.folder = folder;
        // In a subflow, the node's id as it stands in the subflow, and that of the instance.
        const place = JSON.stringify([node._alias || node.id, node.z]);
        const name = crypto.createHash("sha256").update(place).digest("hex").slice(0, 32);
        this.file = path.join(folder, `${name}.json`);
    }

    async read() {
        try {
            return JSON.parse(await fs.readFile(this.file, "utf8"));
        } catch (problem) {
            if (problem.code === "ENOENT") {
                return undefined;
            }
            throw new Error(`The file ${this.file} can't be read; to begin anew, remove it: ${problem.message}`);
        }
    }

    async write(kept) {
        const draft = `${this.file}.new`;
        await fs.mkdir(this.folder, { recursive: true });
        await fs.writeFile(draft, JSON.stringify(kept), { mode: 0o600 });
        await fs.rename(draft, this.file);
    }

    async remove() {
        await fs.unlink(this.file).catch(() => {});
    }
}

module.exports = { openState };
