'use strict';

// Runs a block once for each item: the form's values go to the runner, its answer becomes items.

const { readArguments } = require('./arguments.js');
const { callRunner } = require('./calls.js');
const { addDone, readDone, readWarnings, toHint } = require('./done_texts.js');
const { toError, toItem } = require('./problems.js');

/**
 * The items that the blocks give for all input items.
 *
 * @param {object} context n8n's execution context of the node.
 * @param {{credential: string, program: string, blocks: object}} palette the credential's type, what the runner's
 *   program is called, and the blocks by name: `title`, `fields` and `more` by parameter, `entries` where it is paged,
 *   `hasBrief` where answers can be brief, `file` with the places of a file in what it gives.
 */
async function runBlocks(context, palette) {
	const { url, connection } = await context.getCredentials(palette.credential);
	const runner = { url, connection, ...palette };
	const returned = [];
	const done = [];
	const warnings = [];
	for (const itemIndex of context.getInputData().keys()) {
		try {
			const { items, did, told, file } = await runBlock(context, runner, itemIndex);
			for (const item of items) {
				const beside = file ? { binary: file } : {};
				returned.push({ json: addDone(item, did), pairedItem: { item: itemIndex }, ...beside });
			}
			if (did) done.push(did);
			warnings.push(...told);
		} catch (error) {
			if (!context.continueOnFail()) throw error;
			returned.push({ json: toItem(error), pairedItem: { item: itemIndex } });
		}
	}
	// Older releases of n8n have no such notes.
	const hints = [...(done.length ? [toHint(done)] : []), ...(warnings.length ? [toHint(warnings, 'warning')] : [])];
	if (hints.length) context.addExecutionHints?.(...hints);
	return [returned];
}

async function runBlock(context, runner, itemIndex) {
	const read = (name, fallback) => context.getNodeParameter(name, itemIndex, fallback);
	const name = read('operation');
	const block = runner.blocks[name];
	const options = read('options', {});
	const body = await readArguments(read, block, context.getTimezone(), (held, kind) => readFile(context, held, kind, itemIndex));
	if (block.limit && !read('returnAll')) body[block.limit] = read('limit');
	const call = {
		path: ['blocks', name],
		body,
		isBrief: block.hasBrief && read('simplify', true),
		connection: options.connection || runner.connection,
		timeoutS: options.timeout ?? 600,
	};
	const { output, headers, problem } = await callRunner(context, runner, call, block, itemIndex);
	if (problem) throw toError(context.getNode(), problem, block, itemIndex);
	const file = block.file && (await keepFile(context, output, block.file));
	return { items: toItems(output, block.entries), did: readDone(headers), told: readWarnings(headers), file };
}

/** The file that a block made, as n8n keeps files: beside the item, to be written, sent or mailed by other nodes. */
async function keepFile(context, output, places) {
	const [text, name, type] = [places.text, places.name, places.type].map((steps) => find(output, steps));
	if (typeof text !== 'string') return undefined;
	const [mime] = type.split(';');
	return { data: await context.helpers.prepareBinaryData(Buffer.from(text, 'utf8'), name, mime) };
}

function find(output, steps) {
	return steps.reduce((part, step) => part?.[step], output);
}

/**
 * The file that the item has by this name, or that an expression gave, as base64, that of a text as a data URL, for
 * base64 alone could be a text; anything else as it is.
 */
async function readFile(context, held, kind, itemIndex) {
	const item = context.getInputData()[itemIndex];
	const name = typeof held === 'string' ? held.trim() : '';
	const [kept, told] = [item.binary, item.json].map((part) => part && Object.hasOwn(part, name) && part[name]);
	// n8n keeps files beside an item's values, or among them, as the workflow's settings say.
	const file = kept ? name : [held, told].find((value) => typeof value?.mimeType === 'string');
	if (!file) return held;
	const content = await context.helpers.getBinaryDataBuffer(itemIndex, file);
	return (kind === 'file' ? 'data:;base64,' : '') + content.toString('base64');
}

/** One item for each entry of a paged answer (a null there says nothing) or of a list, else one for the whole. */
function toItems(output, entries) {
	const found = entries ? find(output, entries) : output;
	const told = entries && Array.isArray(found) ? found.filter((entry) => entry !== null) : found;
	return (Array.isArray(told) ? told : [told]).map(toObject);
}

function toObject(value) {
	const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
	if (!isObject) return { value: value ?? null };
	return Object.keys(value).length ? value : { success: true };
}

module.exports = { runBlocks };
