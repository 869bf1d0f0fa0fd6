"use strict";

// A call that failed, as Catch nodes get it.

/** A failed call. `kind`, `code`, `fields`, `retryAfter` (s) and the rest are the runner's own words. */
class CallFailed extends Error {
    constructor(problem) {
        super(problem.detail || problem.title || "The runner gave no reason.");
        this.name = "CallFailed";
        this.kind = problem.kind || "bad_answer";
        this.code = problem.code || "INTERNAL_PACKAGE_ERROR";
        this.fields = problem.fields || [];
        this.retryAfter = problem.retry_after;
        this.upstreamStatus = problem.upstream_status;
        for (const name of ["body", "is_uncertain", "done", "not_done", "uncertain", "came", "resume"]) {
            if (problem[name] !== undefined) {
                this[name] = problem[name];
            }
        }
        // What failed is outside of Node-RED: a stack would hide the message and help nobody.
        delete this.stack;
    }

    toString() {
        return this.message;
    }

    /**
     * The same as a plain object, for messages: they are cloned, and a clone of an error loses all of this. Where
     * Node-RED makes a text of it, as beside an error that nothing caught, that is its kind in words.
     */
    toProblem() {
        const problem = Object.assign({ message: this.message }, this);
        return Object.defineProperty(problem, "toString", { value: () => this.kind.replace(/_/g, " ") });
    }
}

module.exports = { CallFailed };
