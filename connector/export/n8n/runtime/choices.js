'use strict';

// What codes of countries and languages are called, for drop-downs that are searched by name.

/**
 * Drop-downs out of lists of codes.
 *
 * @param {Object<string, {kinds: string[], codes: string[]}>} lists by name: of what each part of a code is a code
 *   (`region`, `language`), and the codes, whose parts have an underscore between them.
 * @returns {Object<string, {name: string, value: string}[]>} the options by the lists' names, sorted as people read them.
 */
function buildChoices(lists) {
	const built = {};
	for (const [name, { kinds, codes }] of Object.entries(lists)) {
		const names = kinds.map((kind) => new Intl.DisplayNames(['en'], { type: kind, fallback: 'code' }));
		const options = codes.map((code) => {
			const [first, ...rest] = code.split('_').map((part, position) => names[position].of(part));
			return { name: `${first}${rest.length ? ` (${rest.join(', ')})` : ''}, ${code}`, value: code };
		});
		built[name] = options.sort((one, other) => one.name.localeCompare(other.name, 'en'));
	}
	return built;
}

module.exports = { buildChoices };
