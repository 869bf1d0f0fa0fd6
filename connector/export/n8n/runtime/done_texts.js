'use strict';

// What blocks that write say they did: beside the values of an item, and once more over the node's output.

const { escape } = require('./markup.js');

/** Texts that the note over the output has at most. */
const SHOWN = 3;

/** What the runner's answer says was done; undefined where it says nothing. */
function readDone(headers) {
	try {
		return headers['x-did'] && decodeURIComponent(headers['x-did']);
	} catch {
		// Somebody else's header: what the block did is in its output all the same.
		return undefined;
	}
}

/** The item with what was done in `did`, unless it has something there itself. */
function addDone(item, done) {
	return done === undefined || Object.hasOwn(item, 'did') ? item : { ...item, did: done };
}

/** n8n's note over the output for all that was done, in order. */
function toHint(texts) {
	const told = [...new Set(texts)];
	const more = told.length > SHOWN ? [`and ${told.length - SHOWN} more.`] : [];
	const message = [...told.slice(0, SHOWN).map((text) => `${escape(text)}.`), ...more].join('<br>');
	return { message, type: 'info', location: 'outputPane' };
}

module.exports = { readDone, addDone, toHint };
