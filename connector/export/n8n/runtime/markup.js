'use strict';

// n8n takes markup in errors' descriptions and in notes: what comes from elsewhere is shown as it is.

/** `text` as n8n shows it letter by letter. */
function escape(text) {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

module.exports = { escape };
