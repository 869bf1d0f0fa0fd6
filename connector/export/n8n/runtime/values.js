'use strict';

// What a form holds → what a block takes. Judges nothing: the runner does, and names every field that doesn't fit.

const HAS_ZONE = /[Tt ]\d{2}:\d{2}.*(?:[Zz]|[+-]\d{2}:?\d{2})$/;

/**
 * The value of a field, made of what its parameter holds; undefined where it was left empty.
 *
 * @param {{kind: string, separator?: string}} field what the parameter holds.
 * @param {*} value the parameter's value, expressions resolved.
 * @param {string} zone the workflow's time zone, such as `Europe/Stockholm`.
 */
function toArgument(field, value, zone) {
	const convert = CONVERSIONS[field.kind];
	const argument = convert ? convert(value, field, zone) : value;
	return isEmpty(argument) ? undefined : argument;
}

function isEmpty(value) {
	return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** The clock on the wall, as `2016-05-28 00:00:00`. A moment that has a zone is read off the workflow's clock. */
function toWallClock(value, _field, zone) {
	if (isEmpty(value)) return undefined;
	const isText = typeof value === 'string';
	if (isText && !HAS_ZONE.test(value.trim())) return value.trim().replace(/[Tt]/, ' ').replace(/[.]\d+$/, '');
	// A JavaScript Date, or n8n's own Luxon DateTime.
	const moment = isText || typeof value === 'number' ? new Date(value) : new Date(value.valueOf());
	if (Number.isNaN(moment.getTime())) return String(value);
	const parts = {};
	const clock = new Intl.DateTimeFormat('en-US', {
		timeZone: zone,
		hourCycle: 'h23',
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
	});
	for (const { type, value: text } of clock.formatToParts(moment)) parts[type] = text;
	const year = parts.year.padStart(4, '0');
	return `${year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}:${parts.second}`;
}

/** All values of a list editor; an entry may itself be a list, or text with separators. */
function toList(value, field) {
	const entries = Array.isArray(value) ? value : [value];
	return entries
		.flatMap((entry) => {
			if (Array.isArray(entry)) return entry;
			return typeof entry === 'string' ? fromText(entry, field.separator ?? ',') : [entry];
		})
		.filter((entry) => !isEmpty(entry));
}

function fromText(text, separator) {
	const trimmed = text.trim();
	if (trimmed.startsWith('[')) {
		const parsed = fromJson(trimmed);
		return Array.isArray(parsed) ? parsed : [parsed];
	}
	return trimmed.split(separator).map((part) => part.trim());
}

/** `latitude, longitude` of a pair of numbers; text is taken as it is. */
function toPlace(value) {
	const place = value?.place ?? value;
	if (isEmpty(place) || typeof place !== 'object') return place;
	if (place.latitude === undefined && place.longitude === undefined) return undefined;
	return `${place.latitude}, ${place.longitude}`;
}

/** Rows of names and values → an array of objects; an array and JSON text are taken as they are. */
function toRows(value) {
	if (typeof value === 'string') return isEmpty(value) ? value : fromJson(value);
	if (Array.isArray(value)) return value;
	return (value?.row ?? []).map((row) =>
		Object.fromEntries((row.cells?.cell ?? []).map(({ key, value: held }) => [key, held])),
	);
}

function fromJson(value) {
	if (typeof value !== 'string' || isEmpty(value.trim())) return value;
	try {
		return JSON.parse(value);
	} catch (problem) {
		// What is no JSON goes on as it is: the runner says so, and names the field.
		return problem instanceof SyntaxError ? value : undefined;
	}
}

const CONVERSIONS = { moment: toWallClock, list: toList, place: toPlace, rows: toRows, json: fromJson };

module.exports = { toArgument };
