'use strict';

// What a field may hold, as the runner's blocks list it, for n8n's lists to choose from.

const { NodeApiError } = require('n8n-workflow');
const { joinUrl, showUrl } = require('./runner_address.js');

/** Entries that a list to tick has at most: n8n asks for all of it at once, and pages cost calls. */
const MOST_TICKED = 200;
// n8n cuts what it shows at hyphens.
const EMPTY = 'Nothing to choose from: type the value instead';

/**
 * n8n's methods for lists, by the names of their parameters: `listSearch` for those that one value is chosen with,
 * `loadOptions` for those that are ticked.
 *
 * @param {{credential: string}} palette as in `runBlocks`.
 * @param {object} entries the blocks or the triggers by name; of a trigger `watches` is the block whose fields it has, of
 *   a field `list` says that values are listed for it, `ticked` by which parameter besides.
 * @param {string} chosen the parameter that holds such a name.
 */
function buildMethods(palette, entries, chosen) {
	const methods = { listSearch: {}, loadOptions: {} };
	const forms = { credential: palette.credential, entries, chosen };
	for (const { fields, more } of Object.values(entries)) {
		for (const [name, { list, ticked }] of Object.entries({ ...fields, ...more })) {
			if (list) {
				methods.listSearch[name] = async function (search, after) {
					const { choices, next } = await fetchChoices(this, forms, name, { search, after });
					return { results: choices.map(toOption), paginationToken: next };
				};
			}
			if (ticked) {
				methods.loadOptions[ticked] = async function () {
					return await fetchAll(this, forms, name);
				};
			}
		}
	}
	return methods;
}

async function fetchAll(context, forms, name) {
	const found = [];
	let after;
	do {
		const { choices, next } = await fetchChoices(context, forms, name, { after, limit: 100 });
		found.push(...choices.map(toOption));
		after = next;
	} while (after && found.length < MOST_TICKED);
	return found;
}

async function fetchChoices(context, forms, parameter, query) {
	const { url, connection } = await context.getCredentials(forms.credential);
	const name = context.getNodeParameter(forms.chosen);
	const { fields, more, watches } = forms.entries[name];
	const field = fields[parameter] ?? more[parameter];
	const path = ['blocks', watches ?? name, 'fields', field.name, 'choices'].map(encodeURIComponent).join('/');
	const address = joinUrl(url, path);
	for (const [key, value] of Object.entries(query)) if (value) address.searchParams.set(key, value);
	const account = findAccount(context) || connection;
	let answer;
	try {
		answer = await context.helpers.httpRequestWithAuthentication.call(context, forms.credential, {
			method: 'GET',
			url: address.href,
			headers: { Accept: 'application/json', ...(account ? { 'X-Connection': account } : {}) },
			json: true,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
		});
	} catch (error) {
		throw refuse(context, `The runner at ${showUrl(joinUrl(url, ''))} gave no answer: ${error.message}`);
	}
	const { statusCode, body } = answer;
	if (statusCode !== 200 || !Array.isArray(body?.choices)) {
		throw refuse(context, body?.detail ?? `The runner answered with ${statusCode}.`);
	}
	return body;
}

/** The connection that the form names; what an expression gives is not known before there is an item. */
function findAccount(context) {
	const { connection } = context.getNodeParameter('options', {});
	return typeof connection === 'string' && !connection.startsWith('=') ? connection : '';
}

function toOption({ value, label, hint }) {
	return { name: hint ? `${label} (${hint})` : label, value };
}

/** n8n shows both in place of the list. */
function refuse(context, why) {
	return new NodeApiError(context.getNode(), { message: EMPTY }, { message: EMPTY, description: why });
}

module.exports = { buildMethods };
