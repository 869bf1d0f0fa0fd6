"use strict";

// What the forms of all builders hold alike. Judges nothing: the runner does, and names every field that doesn't fit.

const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(:\d{2})?(?:\.\d+)? ?(?:([Zz])|([+-]\d{2}):?(\d{2}))?$/;

/** Whether a field was left empty; `0`, `false` and a list of blanks are values. */
function isBlank(value) {
    const isText = typeof value === "string";
    return value === undefined || value === null || (isText && value.trim() === "") || (Array.isArray(value) && value.length === 0);
}

/**
 * A moment as the clock on the wall shows it, as `2016-05-28 00:00:00`.
 *
 * @param {*} value a moment (an object such as a Date or Luxon's DateTime, milliseconds since 1970, or text with an
 *   offset), or text without an offset, which is on that clock already; anything else is given back as it is
 * @param {string} [zone] where the clock hangs, such as `Europe/Stockholm`; without it, where this program runs
 * @throws {RangeError} there is no such zone
 */
function toWallClock(value, zone) {
    if (typeof value === "string") {
        const [, day, clock, seconds = ":00", utc, hours, minutes] = DATE_TIME.exec(value.trim()) || [];
        if (!day || !isDay(day)) {
            return value.trim();
        }
        const offset = utc ? "Z" : hours && `${hours}:${minutes}`;
        return offset ? tell(new Date(`${day}T${clock}${seconds}${offset}`), zone, value) : `${day} ${clock}${seconds}`;
    }
    // A Date may be another context's, which `instanceof` doesn't know.
    const moment = value !== null && typeof value === "object" ? value.valueOf() : value;
    return typeof moment === "number" ? tell(new Date(moment), zone, value) : value;
}

/** Whether the calendar has the day: JavaScript takes the 30th of February for the 2nd of March. */
function isDay(text) {
    const date = new Date(`${text}T00:00Z`);
    return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function tell(moment, zone, value) {
    const two = "2-digit";
    const parts = { year: "numeric", month: two, day: two, hour: two, minute: two, second: two };
    const format = new Intl.DateTimeFormat("en-US", { hourCycle: "h23", timeZone: zone || undefined, ...parts });
    if (Number.isNaN(moment.getTime())) {
        return String(value);
    }
    const told = {};
    for (const { type, value: text } of format.formatToParts(moment)) {
        told[type] = text;
    }
    return `${told.year.padStart(4, "0")}-${told.month}-${told.day} ${told.hour}:${told.minute}:${told.second}`;
}

module.exports = { isBlank, toWallClock };
