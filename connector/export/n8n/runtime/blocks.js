'use strict';

// Runs a block once for each item: the form's values go to the runner, its answer becomes items.

const { NodeOperationError } = require('n8n-workflow');
const { describeStranger, joinUrl, showUrl } = require('./runner_address.js');
const { addTicked, toArgument } = require('./values.js');
const { isClosed, leavesOpen } = require('./lost_connections.js');
const { addDone, readDone, toHint } = require('./done_texts.js');
const { findCode, toError, toItem, toUnreachable } = require('./problems.js');

/**
 * The items that the blocks give for all input items.
 *
 * @param {object} context n8n's execution context of the node.
 * @param {{credential: string, program: string, blocks: object}} palette the credential's type, what the runner's
 *   program is called, and the blocks by name: `title`, `fields` and `more` by parameter, `entries` where it is paged,
 *   `hasBrief` where answers can be brief.
 */
async function runBlocks(context, palette) {
	const { url, connection } = await context.getCredentials(palette.credential);
	const runner = { url, connection, ...palette };
	const returned = [];
	const done = [];
	for (const itemIndex of context.getInputData().keys()) {
		try {
			const { items, did } = await runBlock(context, runner, itemIndex);
			for (const item of items) returned.push({ json: addDone(item, did), pairedItem: { item: itemIndex } });
			if (did) done.push(did);
		} catch (error) {
			if (!context.continueOnFail()) throw error;
			returned.push({ json: toItem(error), pairedItem: { item: itemIndex } });
		}
	}
	// Older releases of n8n have no such notes.
	if (done.length) context.addExecutionHints?.(toHint(done));
	return [returned];
}

async function runBlock(context, runner, itemIndex) {
	const name = context.getNodeParameter('operation', itemIndex);
	const block = runner.blocks[name];
	const options = context.getNodeParameter('options', itemIndex, {});
	const args = await readArguments(context, block, itemIndex);
	const connection = options.connection || runner.connection;
	const url = findUrl(context, runner, name, itemIndex);
	if (block.hasBrief && context.getNodeParameter('simplify', itemIndex, true)) url.searchParams.set('detail', 'brief');
	const request = () =>
		context.helpers.httpRequestWithAuthentication.call(context, runner.credential, {
			method: 'POST',
			url: url.href,
			headers: { Accept: 'application/json', ...(connection ? { 'X-Connection': connection } : {}) },
			body: args,
			json: true,
			timeout: (options.timeout ?? 600) * 1000,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			// A key goes to no other address, and a write must not become a GET on the way.
			disableFollowRedirect: true,
			abortSignal: context.getExecutionCancelSignal?.(),
		});
	let answer;
	try {
		answer = await request().catch((error) => {
			// The runner closes connections that were idle, and a request may have crossed with that.
			if (block.isRead && isClosed(findCode(error))) return request();
			throw error;
		});
	} catch (error) {
		const shown = showUrl(joinUrl(runner.url, ''));
		throw toUnreachable(context.getNode(), error, shown, runner.program, itemIndex, block);
	}
	const { statusCode, body, headers } = answer;
	const isJson = /^application\/(?:[\w.-]+\+)?json\b/i.test(headers['content-type'] ?? '');
	if (statusCode === 200 && isJson) return { items: toItems(body, block.entries), did: readDone(headers) };
	const isProblem = body !== null && typeof body === 'object' && 'kind' in body;
	const problem = isProblem ? body : { kind: 'bad_answer', detail: describeStranger(url, statusCode, headers) };
	if (!isProblem && !block.isRead && leavesOpen(statusCode)) problem.is_uncertain = true;
	throw toError(context.getNode(), { status: statusCode, ...problem }, block, itemIndex);
}

function findUrl(context, runner, name, itemIndex) {
	try {
		return joinUrl(runner.url, `blocks/${encodeURIComponent(name)}`);
	} catch (problem) {
		const description = 'Correct it in the credential.';
		throw new NodeOperationError(context.getNode(), problem.message, { description, itemIndex });
	}
}

async function readArguments(context, block, itemIndex) {
	const zone = context.getTimezone();
	const more = context.getNodeParameter('more', itemIndex, {});
	// As pairs, for no name may be taken for a property that every object has.
	const args = [];
	const add = async (field, held) => {
		const value = field.kind === 'picture' ? await readFile(context, held, itemIndex) : held;
		args.push([field.name, toArgument(field, addTicked(value, more[field.ticked]), zone)]);
	};
	for (const [name, field] of Object.entries(block.fields)) {
		await add(field, context.getNodeParameter(name, itemIndex));
	}
	for (const [name, field] of Object.entries(block.more)) {
		if (Object.hasOwn(more, name) || Object.hasOwn(more, field.ticked)) await add(field, more[name]);
	}
	if (block.limit && !context.getNodeParameter('returnAll', itemIndex)) {
		args.push([block.limit, context.getNodeParameter('limit', itemIndex)]);
	}
	return Object.fromEntries(args);
}

/** The file that the item has by this name, or that an expression gave, as base64; anything else as it is. */
async function readFile(context, held, itemIndex) {
	const item = context.getInputData()[itemIndex];
	const name = typeof held === 'string' ? held.trim() : '';
	const [kept, told] = [item.binary, item.json].map((part) => part && Object.hasOwn(part, name) && part[name]);
	// n8n keeps files beside an item's values, or among them, as the workflow's settings say.
	const file = kept ? name : [held, told].find((value) => typeof value?.mimeType === 'string');
	if (!file) return held;
	const content = await context.helpers.getBinaryDataBuffer(itemIndex, file);
	return content.toString('base64');
}

/** One item for each entry of a paged answer (a null there says nothing) or of a list, else one for the whole. */
function toItems(output, entries) {
	const found = entries ? entries.reduce((part, step) => part?.[step], output) : output;
	const told = entries && Array.isArray(found) ? found.filter((entry) => entry !== null) : found;
	return (Array.isArray(told) ? told : [told]).map(toObject);
}

function toObject(value) {
	const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
	if (!isObject) return { value: value ?? null };
	return Object.keys(value).length ? value : { success: true };
}

module.exports = { runBlocks };
