"use strict";

// Where the runner is: what goes there and nowhere else, and what to say of what answers there in its place.

/**
 * The URL of what is at `path` below `address`, whose query and fragment mean nothing.
 *
 * @throws {TypeError} `address` is no such URL
 */
function joinUrl(address, path) {
    const url = readUrl(address);
    url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
    url.search = "";
    url.hash = "";
    return url;
}

function readUrl(text) {
    try {
        const url = new URL(String(text).trim());
        if (url.protocol === "http:" || url.protocol === "https:") {
            return url;
        }
    } catch (_problem) {
        // Told below, like any other scheme.
    }
    throw new TypeError("The runner's URL must begin with http:// or https:// and name a server.");
}

/** Whether `url` is at or below `address`; what is no URL is below none. */
function isBelow(url, address) {
    try {
        return showUrl(joinUrl(url, "")).startsWith(showUrl(joinUrl(address, "")));
    } catch (_problem) {
        return false;
    }
}

/** Whether two addresses are the same one. */
function isSameAddress(one, other) {
    return isBelow(one, other) && isBelow(other, one);
}

/** A URL as messages show it: without a password, a query or a fragment in it. */
function showUrl(url) {
    return url.origin + url.pathname;
}

/**
 * What is wrong where `url` was answered by something that is no runner, and what to do about it.
 *
 * @param {URL} url what was asked
 * @param {number} status the answer's status
 * @param {Object<string, string>} headers the answer's headers, by their names in small letters
 */
function describeStranger(url, status, headers) {
    if (status >= 300 && status < 400 && headers.location) {
        return `${showUrl(url)} leads on to ${showTarget(headers.location, url)}, where nothing is sent. Correct the runner's URL.`;
    }
    const sent = /^text\/html\b/i.test(headers["content-type"] || "") ? "a web page" : "no JSON of a runner's";
    return `What answered at ${showUrl(url)} with status ${status} is no runner: it sent ${sent}. Check the runner's URL, and the proxy before it if there is one.`;
}

function showTarget(location, url) {
    try {
        return showUrl(new URL(location, url));
    } catch (_problem) {
        return "another address";
    }
}

module.exports = { describeStranger, isBelow, isSameAddress, joinUrl, showUrl };
