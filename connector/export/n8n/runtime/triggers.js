'use strict';

// Polls a trigger: what the form holds and what the look before left go to the runner, its events become items.

const { NodeOperationError } = require('n8n-workflow');
const { readArguments } = require('./arguments.js');
const { callRunner } = require('./calls.js');
const { toError } = require('./problems.js');

/** Looks in one poll at most, where more events wait. */
const MOST_LOOKS = 10;
/** What n8n gives a poll where it does not say so, and the part of it after which no further look is begun. */
const BUDGET_MS = 5 * 60_000;
const SHARE = 0.5;
/** n8n polls somewhat early or late, and a poll that is left out is made up for a whole interval later. */
const SLACK_MS = 15_000;
const DAY_MS = 24 * 60 * 60_000;
/** A rest that is longer comes of a clock that was put back. */
const LONGEST_REST_MS = 7 * DAY_MS;
/** Rest after an error at most, so that it takes few calls, and a maker who has mended it need not wait for long. */
const ERROR_REST_S = 15 * 60;

/** Polls that are under way. */
const underWay = new Set();

/**
 * n8n's answer to a poll: the events as items, or null where there are none. In the editor, which polls to have something
 * to show, the newest event; nothing that is kept is read or changed for it.
 *
 * @param {object} context n8n's context of the node that is polled.
 * @param {{credential: string, program: string, triggers: object}} palette as in `runBlocks`; of each trigger by name
 *   `title`, `fields` and `more` by parameter, `every` (s), and `hasBrief` where events can be brief.
 */
async function pollTrigger(context, palette) {
	const form = await readForm(context, palette);
	if (context.getMode() === 'manual') return [[toItem(await findNewest(context, form))]];
	// n8n begins a poll whether or not the one before has ended; both would tell the same events.
	const key = `${context.getWorkflow().id}/${context.getNode().id}`;
	if (underWay.has(key)) return null;
	underWay.add(key);
	try {
		const events = await findNews(context, form, context.getWorkflowStaticData('node'));
		return events.length ? [events.map(toItem)] : null;
	} finally {
		underWay.delete(key);
	}
}

async function readForm(context, palette) {
	const { url, connection } = await context.getCredentials(palette.credential);
	const read = (name, fallback) => context.getNodeParameter(name, fallback);
	const name = read('event');
	const trigger = palette.triggers[name];
	const options = read('options', {});
	const args = await readArguments(read, trigger, context.getTimezone());
	const account = options.connection || connection;
	const secrets = Object.values({ ...trigger.fields, ...trigger.more }).filter((field) => field.isSecret);
	const told = Object.entries(args).filter(([field]) => !secrets.some((secret) => secret.name === field));
	const budgetMs = context.getPollBudgetMs?.() ?? BUDGET_MS;
	const call = {
		path: ['triggers', name],
		isBrief: trigger.hasBrief && read('simplify', true),
		connection: account,
		timeoutS: Math.min(options.timeout ?? 120, budgetMs / 1000),
	};
	return {
		trigger,
		args,
		isAlways: Boolean(options.always),
		credential: context.getNode().credentials?.[palette.credential]?.id ?? '',
		about: JSON.stringify([name, account, options.always, told]),
		budgetMs,
		look: (given, state) =>
			callRunner(context, { ...palette, url }, { ...call, body: { args: given, state } }, trigger),
	};
}

async function findNewest(context, form) {
	const { output, problem } = await form.look({ ...form.args, also_last: 1 }, null);
	if (problem) throw toError(context.getNode(), problem, form.trigger);
	if (output.events.length) return output.events.at(-1);
	throw new NodeOperationError(context.getNode(), `${form.trigger.title}: there is nothing yet that could be shown`, {
		description: 'Let it happen once while the workflow is active, or go on with data of your own.',
		level: 'warning',
	});
}

/**
 * The events since the last poll.
 *
 * @param {object} kept what n8n keeps of the node: the runner's `state`, as a text so that it comes back as it was; the
 *   `credential` that it was got with; what the polls are `about`; when `notBefore` to look again, and `thoroughAt` when
 *   all was read (ms). It changes with the events alone, which n8n hands on together with it.
 */
async function findNews(context, form, kept) {
	const started = Date.now();
	// The runner knows an account by its connection's name, and two runners may mean two people by one name.
	if (kept.credential !== form.credential) Object.assign(kept, { credential: form.credential, state: '' });
	if (kept.about !== form.about) Object.assign(kept, { about: form.about, notBefore: 0 });
	const rest = kept.notBefore - started;
	if (rest > 0 && rest < LONGEST_REST_MS) return [];
	const news = {
		events: [],
		state: kept.state ? JSON.parse(kept.state) : null,
		notBefore: 0,
		thoroughAt: kept.thoroughAt ?? started,
	};
	try {
		await collect(context, form, news, started);
	} catch (error) {
		// What came before it is told first: the next poll meets it again.
		if (!news.events.length) {
			kept.notBefore = news.notBefore;
			throw error;
		}
	}
	const state = news.state ? JSON.stringify(news.state) : '';
	Object.assign(kept, { state, notBefore: news.notBefore, thoroughAt: news.thoroughAt });
	return news.events;
}

/** Looks until no more events wait, and puts what it finds into `news`. */
async function collect(context, form, news, started) {
	const isDue = form.args.thorough === undefined && started - news.thoroughAt >= DAY_MS;
	let args = isDue ? { ...form.args, thorough: true } : form.args;
	for (let looks = 0; looks < MOST_LOOKS && Date.now() - started < form.budgetMs * SHARE; looks += 1) {
		const { output, problem } = await lookOn(context, form, args, news);
		if (problem) {
			const isEarly = problem.status === 429;
			const { next_s: next, retry_after: wait = form.trigger.every } = problem;
			const rest = form.isAlways ? wait : (next ?? wait);
			news.notBefore = Date.now() + (isEarly ? rest : Math.min(rest, ERROR_REST_S)) * 1000;
			if (!isEarly) throw toError(context.getNode(), problem, form.trigger);
			context.logger?.warn(problem.detail);
			return;
		}
		news.events.push(...output.events);
		news.state = output.state;
		news.notBefore = form.isAlways ? 0 : started + output.meta.next_s * 1000 - SLACK_MS;
		if (args.thorough) news.thoroughAt = started;
		if (!output.more) return;
		args = form.args;
	}
}

/** One look from where the last one left off; where the runner refuses that, as it does for other arguments, anew. */
async function lookOn(context, form, args, news) {
	const found = await form.look(args, news.state);
	const isRefused = found.problem?.fields?.some((field) => field.name === 'state');
	if (!news.state || !isRefused) return found;
	context.logger?.warn(`${found.problem.detail} It begins anew.`);
	news.state = null;
	return await form.look(args, null);
}

function toItem({ id, type, time, data }) {
	return { json: { id, type, time, data } };
}

module.exports = { pollTrigger };
