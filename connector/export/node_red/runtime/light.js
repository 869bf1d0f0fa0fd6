"use strict";

// What stands below a node: that it runs, how far it is, what went wrong, and when it may run again.

const HALF_A_DAY_MS = 12 * 60 * 60 * 1000;

/** The status below a node. `titles` are what the form calls the fields, by their names; times are those of `zone`. */
class Light {
    constructor(node, titles) {
        this.node = node;
        this.titles = titles;
        this.shown = 0;
        this.zone = undefined;
    }

    show(fill, shape, text) {
        this.stop();
        this.node.status({ fill, shape, text });
    }

    /** What was done, in words; nothing is shown where there are none. */
    showDone(words) {
        this.stop();
        this.node.status(words ? { fill: "green", shape: "dot", text: shorten(words) } : {});
    }

    /** How far a long answer is, a few times a second at most. */
    count(number) {
        if (Date.now() - this.shown > 250) {
            this.shown = Date.now();
            this.show("blue", "dot", toCount(number));
        }
    }

    showCount(number) {
        this.show("green", "dot", toCount(number));
    }

    showProblem(problem) {
        if (problem.kind === "rate_limited" && problem.retryAfter > 0) {
            this.countDown(Date.now() + problem.retryAfter * 1000);
            return;
        }
        this.show("red", "ring", shorten(this.tellProblem(problem)));
    }

    tellProblem(problem) {
        const told = (problem.fields || []).map(({ name, problem: what }) => `${this.titles.get(name) || name} ${what}`);
        return told.join("; ") || String(problem.message || problem);
    }

    /** What a look at `at` (ms) found and took, and when the next one is. */
    showSeen({ isFirst, count, calls, at, next }) {
        const news = count > 0 ? `${count} new` : isFirst ? "watching" : "nothing new";
        const parts = [news, this.tellTime(at), `next ${this.tellTime(next)}`, calls === 1 ? "1 call" : `${calls} calls`];
        this.show("green", "dot", parts.join(" · "));
    }

    /** A look that failed, and when it is tried again (ms). */
    showFailed(problem, next) {
        if (problem.kind === "rate_limited") {
            this.countDown(next);
            return;
        }
        this.show("red", "ring", `${shorten(this.tellProblem(problem))} · again ${this.tellTime(next)}`);
    }

    showWaiting(next) {
        this.show("grey", "dot", `next ${this.tellTime(next)}`);
    }

    /** The time of a moment (ms), and the day where it is another one. */
    tellTime(moment) {
        const tell = (options) => {
            try {
                return new Date(moment).toLocaleString("en-GB", Object.assign({ timeZone: this.zone || undefined }, options));
            } catch (_problem) {
                // There is no such zone, and a call that needs it says so.
                return new Date(moment).toLocaleString("en-GB", options);
            }
        };
        const isFar = Math.abs(moment - Date.now()) > HALF_A_DAY_MS;
        return tell(Object.assign({ hour: "2-digit", minute: "2-digit" }, isFar ? { weekday: "short" } : {}));
    }

    countDown(end) {
        this.stop();
        const tick = () => {
            const left = Math.ceil((end - Date.now()) / 1000);
            if (left > 0) {
                this.node.status({ fill: "red", shape: "ring", text: `rate limited, open in ${toClockTime(left)}` });
            } else {
                this.show("yellow", "ring", "rate limit over, may run again");
            }
        };
        this.timer = setInterval(tick, 1000);
        tick();
    }

    stop() {
        clearInterval(this.timer);
    }
}

function shorten(text) {
    return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function toCount(number) {
    return number === 1 ? "1 entry" : `${number} entries`;
}

function toClockTime(seconds) {
    const two = (number) => String(number).padStart(2, "0");
    const minutes = Math.floor(seconds / 60);
    return minutes < 60
        ? `${minutes}:${two(seconds % 60)}`
        : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

module.exports = { Light };
