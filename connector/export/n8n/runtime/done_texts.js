'use strict';

// What blocks that write say they did: beside the values of an item, and once more over the node's output. What a maker
// should know of an answer stands there too.

const { escape } = require('./markup.js');

/** Texts that the note over the output has at most. */
const SHOWN = 3;

/** What the runner's answer says was done; undefined where it says nothing. */
function readDone(headers) {
	return decode(headers['x-did']);
}

function decode(text) {
	try {
		return text && decodeURIComponent(text);
	} catch {
		// Somebody else's header: what the block did is in its output all the same.
		return undefined;
	}
}

/** What the runner's answer says that a maker should know of it. */
function readWarnings(headers) {
	return (headers['x-warnings'] ?? '').split(', ').map(decode).filter(Boolean);
}

/** The item with what was done in `did`, unless it has something there itself. */
function addDone(item, done) {
	return done === undefined || Object.hasOwn(item, 'did') ? item : { ...item, did: done };
}

/** n8n's note over the output for all that was done, or that a maker should know (`warning`), in order. */
function toHint(texts, type = 'info') {
	const told = [...new Set(texts)];
	const more = told.length > SHOWN ? [`and ${told.length - SHOWN} more.`] : [];
	const message = [...told.slice(0, SHOWN).map((text) => `${escape(text.replace(/\.$/, ''))}.`), ...more].join('<br>');
	return { message, type, location: 'outputPane' };
}

module.exports = { readDone, readWarnings, addDone, toHint };
