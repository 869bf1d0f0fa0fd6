"use strict";

// A trigger that is polled on and on: when to look, what to hand back, and what to do when it fails. One look at a time.
// Knows nothing of Node-RED.

const DAY_MS = 24 * 60 * 60 * 1000;
/** A timer sleeps no longer than this, for the machine may sleep too, and no timer lasts for weeks. */
const NAP_MS = 60 * 1000;
/** Polls of one look at most, where the runner says that more waits. */
const MOST_POLLS = 20;
/** Seconds until it is tried again after a failure; twice as many after each further one that may pass by itself. */
const RETRY_S = 60;
/** Who was refused comes back later by up to this part of the wait and so many seconds, so that not all come at once. */
const SPREAD_PART = 4;
const SPREAD_S = 60 * 60;
const SECONDS = { s: 1, min: 60, h: 3600 };
const SHORTEST_S = 1;
const PASSING = new Set(["rate_limited", "server_error", "network", "timeout", "bad_answer"]);

class Watch {
    /**
     * @param {object} parts `find()` promises `{args, of}`, the arguments as they are now and a text that is another one
     *   where a state would not fit any more; `ask(found, args, state)`, where `found` is what `find` gave, promises the
     *   answer of one poll; `tell(event)` sends an event on; `fail(problem)` and `warn(text)` say what went wrong; `store` promises what was kept (`read()`) and
     *   keeps it (`write(kept)`); `light` shows how it stands
     * @param {object} pace `every`, seconds between two looks, or null for what the answers say, and `usual`, seconds
     *   where no answer says it
     */
    constructor(parts, pace) {
        Object.assign(this, parts);
        this.every = pace.every;
        this.usual = pace.usual;
        this.failures = 0;
        this.restsUntil = 0;
        this.isClosed = false;
        this.isRead = false;
    }

    /** Goes on where it was left: at its time where nothing was changed meanwhile, else at once. */
    start() {
        this.looking = this.findDue()
            .catch(() => Date.now())
            .then((due) => {
                this.looking = null;
                this.wait(due);
            });
    }

    async findDue() {
        await this.readKept();
        const { of } = await this.find();
        const { kept } = this;
        const now = Date.now();
        if (!kept || kept.of !== of || kept.at > now || kept.next <= now) {
            return now;
        }
        if (kept.isResting) {
            this.restsUntil = kept.next;
            this.light.countDown(kept.next);
            return kept.next;
        }
        if (kept.every !== this.every) {
            return now;
        }
        this.light.showWaiting(kept.next);
        return kept.next;
    }

    /** Looks now, unless it looks already or must not; gives the time until which it rests, or 0. */
    lookNow() {
        if (this.restsUntil > Date.now()) {
            return this.restsUntil;
        }
        this.look();
        return 0;
    }

    /** Ends timers and waits for what is under way; nothing is told or kept after it. */
    async close() {
        this.isClosed = true;
        clearTimeout(this.timer);
        await this.looking;
        this.light.stop();
    }

    wait(due) {
        clearTimeout(this.timer);
        if (this.isClosed) {
            return;
        }
        const left = Math.max(0, Math.min(due - Date.now(), NAP_MS));
        this.timer = setTimeout(() => (Date.now() < due ? this.wait(due) : this.look()), left);
    }

    look() {
        if (this.looking || this.isClosed) {
            return;
        }
        clearTimeout(this.timer);
        this.light.show("blue", "dot", "looking");
        this.looking = this.poll()
            .catch((problem) => (this.isClosed ? 0 : this.rest(problem)))
            .then((due) => {
                this.looking = null;
                this.wait(due);
            });
    }

    /** Polls until nothing more waits; gives the time of the next look. */
    async poll() {
        await this.readKept();
        const found = await this.find();
        const { args, of } = found;
        this.of = of;
        let kept = this.kept && this.kept.of === of ? this.kept : { of, state: null };
        const seen = { isFirst: kept.state === null, count: 0, calls: 0 };
        for (let polls = 1; !this.isClosed; polls += 1) {
            const isThorough = kept.state !== null && args.thorough === undefined && Date.now() - kept.thorough >= DAY_MS;
            const given = isThorough ? Object.assign({}, args, { thorough: true }) : args;
            const answer = await this.askWell(found, given, kept.state);
            if (this.isClosed) {
                break;
            }
            answer.events.forEach((event) => this.tell(event));
            seen.count += answer.events.length;
            seen.calls += answer.meta.requests || 0;
            const isLast = !answer.more || polls === MOST_POLLS;
            const now = Date.now();
            const next = isLast ? now + (this.every || answer.meta.next_s || this.usual) * 1000 : now;
            const thorough = kept.state === null || isThorough ? now : kept.thorough;
            kept = { of, state: answer.state, thorough, at: now, next, every: this.every };
            await this.keep(kept);
            if (isLast) {
                this.failures = 0;
                this.light.showSeen(Object.assign(seen, { at: now, next }));
                return next;
            }
        }
        return 0;
    }

    /** One poll. A state that the runner can't go on with is left, and that is said. */
    async askWell(found, args, state) {
        try {
            return await this.ask(found, args, state);
        } catch (problem) {
            const isRefused = problem.kind === "invalid_fields" && (problem.fields || []).some(({ name }) => name === "state");
            if (state === null || !isRefused || this.isClosed) {
                throw problem;
            }
            this.warn(`${problem.message} It begins anew; what happened since the last look is not told.`);
            return this.ask(found, args, null);
        }
    }

    /** Says what went wrong; gives the time when it is tried again. The state stays as it was. */
    async rest(problem) {
        const interval = this.every || this.usual;
        const isPassing = PASSING.has(problem.kind);
        const least = isPassing ? Math.min(interval, RETRY_S * 2 ** this.failures) : Math.max(interval, RETRY_S);
        this.failures += 1;
        const told = problem.retryAfter > 0 ? problem.retryAfter : 0;
        const wanted = told + Math.random() * Math.min(told / SPREAD_PART, SPREAD_S);
        const now = Date.now();
        const next = now + Math.max(least, wanted) * 1000;
        const isResting = problem.kind === "rate_limited";
        this.restsUntil = isResting ? next : 0;
        this.fail(problem);
        this.light.showFailed(problem, next);
        const isOurs = this.isRead && this.of && (!this.kept || this.kept.of === this.of);
        if (isOurs) {
            await this.keep(Object.assign({ of: this.of, state: null }, this.kept, { at: now, next, every: this.every, isResting }));
        }
        return next;
    }

    async readKept() {
        if (!this.isRead) {
            this.kept = await this.store.read();
            this.isRead = true;
        }
    }

    async keep(kept) {
        this.kept = kept;
        try {
            await this.store.write(kept);
        } catch (problem) {
            this.warn(`Where it is can't be kept, so it is lost when Node-RED ends: ${problem.message || problem}`);
        }
    }
}

/** Seconds between two looks as a form says it; null where it leaves that to the answers, or says nothing of use. */
function readEvery({ every, everyType }) {
    const seconds = Number(every) * SECONDS[everyType];
    return seconds > 0 && Number.isFinite(seconds) ? Math.max(SHORTEST_S, seconds) : null;
}

module.exports = { Watch, readEvery };
