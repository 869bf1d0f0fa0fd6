'use strict';

// The runner's problem documents → n8n's errors, in words that say which field, what was wrong and what to do next.

const { NodeApiError, NodeOperationError } = require('n8n-workflow');

const { DOUBT, isUnsent } = require('./lost_connections.js');
const { escape } = require('./markup.js');

const OF_FIELDS = ['missing_fields', 'invalid_fields'];
/** Longest that n8n's own Retry On Fail waits between two tries (s). */
const LONGEST_RETRY_S = 5;
/** How many entries a text names; all of them are in the details. */
const NAMED = 3;

/**
 * The error of a call that the runner answered with a problem document.
 *
 * @param {object} node the node that called.
 * @param {object} problem the document: `detail`, `kind`, `status`, and where there are any `fields`, `retry_after` (s),
 *   `is_uncertain`, `done`, `not_done`, `uncertain`, `came`, `resume`.
 * @param {{title: string, fields: object, more: object, every?: number}} block the block or the trigger as the form
 *   shows it; of a trigger `every` says after how many seconds it is looked at again.
 * @param {number} [itemIndex] the item that was worked on.
 */
function toError(node, problem, block, itemIndex) {
	const description = describe(problem, block);
	if (OF_FIELDS.includes(problem.kind)) {
		const titles = (problem.fields ?? []).map((field) => findTitle(block, field.name));
		const message = `${block.title}: check the field${titles.length === 1 ? '' : 's'} ${titles.join(', ')}`;
		return withDetails(new NodeOperationError(node, message, { description, itemIndex, level: 'warning' }), problem);
	}
	const message = problem.detail || problem.title || `The runner answered with ${problem.status}`;
	const options = { message, description, httpCode: String(problem.status), itemIndex };
	return withDetails(new NodeApiError(node, problem, options), problem);
}

/** The error of a call that got no answer, or one that is not the runner's. */
function toUnreachable(node, cause, url, program, itemIndex, block) {
	const isUncertain = !block.isRead && !isUnsent(findCode(cause));
	const advice = `Start it with "${program} serve", or correct the URL in the credential.`;
	// Of the cause only words go on: it also holds the request, and with it the API key.
	const error = new NodeApiError(node, { message: cause.message }, {
		message: `The runner at ${url} gave no answer: ${cause.message}`,
		description: isUncertain ? DOUBT : advice,
		itemIndex,
	});
	return withDetails(error, { kind: 'network', ...(isUncertain ? { is_uncertain: true } : {}) });
}

/** The code of what ended a call; n8n's own errors hold it in what caused them. */
function findCode(error) {
	return error?.code ?? error?.cause?.code ?? error?.httpCode ?? '';
}

/** What an item says of a call that failed, for a node that goes on: `error` and `details`. */
function toItem(error) {
	return { error: error.message, details: { description: error.description, ...error.context?.details } };
}

function withDetails(error, problem) {
	error.context.details = problem;
	return error;
}

function describe(problem, block) {
	const lines = (problem.fields ?? []).map((field) => {
		const title = findTitle(block, field.name);
		return `${title}: ${field.problem}${field.fits ? ` (fits: ${field.fits})` : ''}.`;
	});
	if (problem.retry_after !== undefined) lines.push(describeWait(problem.retry_after, block));
	for (const [key, words] of Object.entries({ done: 'Done', not_done: 'Not done', uncertain: 'Uncertain' })) {
		if (problem[key]?.length) lines.push(`${words}: ${nameSome(problem[key])}.`);
	}
	if (problem.is_uncertain) lines.push(DOUBT);
	if (problem.came) lines.push(`${problem.came} entries had been read.`);
	if (problem.resume) lines.push(`To go on from there, give ${findTitle(block, 'resume')} the value ${problem.resume}.`);
	return lines.map(escape).join('<br>') || undefined;
}

function nameSome(entries) {
	const more = entries.length - NAMED;
	return entries.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function describeWait(seconds, block) {
	const whole = Math.ceil(seconds);
	// What is polled is tried again in any case.
	if (block.every) return `Try again in ${whole} s.`;
	const retry =
		whole <= LONGEST_RETRY_S
			? 'Retry On Fail in the settings of this node does so by itself.'
			: 'Let this node go on with its error output and put a Wait node there that waits for details.retry_after.';
	return `Try again in ${whole} s. ${retry}`;
}

function findTitle(block, name) {
	const all = [...Object.values(block.fields), ...Object.values(block.more)];
	return all.find((field) => field.name === name)?.title ?? name;
}

module.exports = { findCode, toError, toUnreachable, toItem };
