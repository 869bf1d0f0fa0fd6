'use strict';

// The arguments of a block or a trigger, read from the form's parameters.

const { addTicked, toArgument } = require('./values.js');

/** Kinds of fields that take a file of the item. */
const FILES = ['picture', 'file'];

/**
 * What the form holds, as arguments by the fields' names; of a field that was left empty the value is undefined.
 *
 * @param {function(string, *): *} read a parameter's value by its name, and what to take where it has none.
 * @param {{fields: object, more: object}} entry the form's fields by parameter: those that show at once, and the others.
 * @param {string} zone the workflow's time zone.
 * @param {function(*, string): *} [readFile] what a parameter for a file holds, and of which kind it is → the file.
 */
async function readArguments(read, entry, zone, readFile) {
	const more = read('more', {});
	// As pairs, for no name may be taken for a property that every object has.
	const args = [];
	const add = async (field, held) => {
		const value = readFile && FILES.includes(field.kind) ? await readFile(held, field.kind) : held;
		args.push([field.name, toArgument(field, addTicked(value, more[field.ticked]), zone)]);
	};
	for (const [name, field] of Object.entries(entry.fields)) await add(field, read(name));
	for (const [name, field] of Object.entries(entry.more)) {
		if (Object.hasOwn(more, name) || Object.hasOwn(more, field.ticked)) await add(field, more[name]);
	}
	return Object.fromEntries(args);
}

module.exports = { readArguments };
