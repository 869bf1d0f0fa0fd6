'use strict';

// One call of the runner: a request that goes to its address alone, and what came of it.

const { NodeOperationError } = require('n8n-workflow');
const { describeStranger, joinUrl, showUrl } = require('./runner_address.js');
const { isClosed, leavesOpen } = require('./lost_connections.js');
const { findCode, toUnreachable } = require('./problems.js');

/**
 * What the runner answers: `output` and `headers`, or `problem`, the document that says what was wrong, with its
 * `status`. Throws where nothing answers.
 *
 * @param {object} context n8n's context of the node.
 * @param {{url: string, credential: string, program: string}} runner its address, and as in `runBlocks`.
 * @param {{path: string[], body: object, isBrief: boolean, connection: string, timeoutS: number}} call what is sent where,
 *   and how long to wait for the answer (s).
 * @param {{title: string, isRead: boolean}} entry what is called, as the form shows it.
 * @param {number} [itemIndex] the item that is worked on.
 */
async function callRunner(context, runner, call, entry, itemIndex) {
	const url = findUrl(context, runner, call.path, itemIndex);
	if (call.isBrief) url.searchParams.set('detail', 'brief');
	const request = () =>
		context.helpers.httpRequestWithAuthentication.call(context, runner.credential, {
			method: 'POST',
			url: url.href,
			headers: { Accept: 'application/json', ...(call.connection ? { 'X-Connection': call.connection } : {}) },
			body: call.body,
			json: true,
			timeout: call.timeoutS * 1000,
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
			if (entry.isRead && isClosed(findCode(error))) return request();
			throw error;
		});
	} catch (error) {
		const shown = showUrl(joinUrl(runner.url, ''));
		throw toUnreachable(context.getNode(), error, shown, runner.program, itemIndex, entry);
	}
	const { statusCode, body, headers } = answer;
	const isJson = /^application\/(?:[\w.-]+\+)?json\b/i.test(headers['content-type'] ?? '');
	if (statusCode === 200 && isJson) return { output: body, headers };
	const isProblem = body !== null && typeof body === 'object' && 'kind' in body;
	const problem = isProblem ? body : { kind: 'bad_answer', detail: describeStranger(url, statusCode, headers) };
	if (!isProblem && !entry.isRead && leavesOpen(statusCode)) problem.is_uncertain = true;
	return { problem: { status: statusCode, ...problem } };
}

function findUrl(context, runner, path, itemIndex) {
	try {
		return joinUrl(runner.url, path.map(encodeURIComponent).join('/'));
	} catch (problem) {
		const description = 'Correct it in the credential.';
		throw new NodeOperationError(context.getNode(), problem.message, { description, itemIndex });
	}
}

module.exports = { callRunner };
