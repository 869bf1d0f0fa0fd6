'use strict';

// What a parameter holds → what a block takes. Judges nothing: the runner does, and names every field that doesn't fit.

const { isBlank, toWallClock } = require('./form_values.js');

/**
 * The value of a field, made of what its parameter holds; undefined where it was left empty.
 *
 * @param {{kind: string, separator?: string}} field what the parameter holds.
 * @param {*} held the parameter's value, expressions resolved.
 * @param {string} zone the workflow's time zone, such as `Europe/Stockholm`.
 */
function toArgument(field, held, zone) {
	// A resource locator also says how its value was found; workflows from before it was one hold the value itself.
	const value = held?.__rl ? held.value : held;
	if (isBlank(value)) return undefined;
	const convert = CONVERSIONS[field.kind];
	const argument = convert ? convert(value, field, zone) : value;
	return isBlank(argument) ? undefined : argument;
}

/** The values that were typed into a list and those that were ticked besides. */
function addTicked(held, ticked) {
	return isBlank(ticked) ? held : [held, ticked].flat().filter((entry) => !isBlank(entry));
}

/**
 * All values of a list editor, blanks too, for a list's places may have a meaning; an entry may itself be a list, or
 * text with separators. A text that is the only entry is the whole list, which the runner takes apart.
 */
function toList(value, field) {
	if (!Array.isArray(value)) return value;
	if (value.length === 1 && typeof value[0] === 'string') return value[0];
	return value.flatMap((entry) => (typeof entry === 'string' ? fromText(entry, field.separator ?? ',') : entry));
}

function fromText(text, separator) {
	// The words of a Markdown link may hold anything.
	if (text.includes('](')) return text;
	if (text.trim().startsWith('[')) return fromJson(text);
	const parts = text.split(separator === ',' ? /[,\uff0c]/ : separator).map((part) => {
		const lines = part.split(/[\r\n]+/).map((line) => line.trim());
		return lines.some(Boolean) ? lines.filter(Boolean) : [''];
	});
	// What ends with a separator has no entry after it.
	if (parts.length > 1 && parts.at(-1)[0] === '') parts.pop();
	return parts.flat();
}

/** `latitude, longitude` of a pair of numbers; text is taken as it is. */
function toPlace(value) {
	const place = value.place ?? value;
	if (isBlank(place) || typeof place !== 'object') return place;
	if (place.latitude === undefined && place.longitude === undefined) return undefined;
	return `${place.latitude}, ${place.longitude}`;
}

/** Rows of names and values → an array of objects; an array and JSON text are taken as they are. */
function toRows(value) {
	if (typeof value === 'string') return fromJson(value);
	if (Array.isArray(value)) return value;
	return (value.row ?? []).map((row) =>
		Object.fromEntries((row.cells?.cell ?? []).map(({ key, value: held }) => [key, held])),
	);
}

function fromJson(value) {
	if (typeof value !== 'string') return value;
	try {
		return JSON.parse(value);
	} catch (problem) {
		// What is no JSON goes on as it is: the runner says so, and names the field.
		return problem instanceof SyntaxError ? value : undefined;
	}
}

const CONVERSIONS = {
	moment: (value, _field, zone) => toWallClock(value, zone),
	list: toList,
	place: toPlace,
	rows: toRows,
	json: fromJson,
};

module.exports = { addTicked, toArgument };
