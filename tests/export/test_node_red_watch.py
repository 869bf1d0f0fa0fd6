"""When a trigger's node in Node-RED looks, what it hands back, and what it does when a look fails, with a clock of the
test's own: days pass in no time."""

import json
import subprocess
from pathlib import Path

import pytest

from connector.export.node_red import build_package
from connector.manifest.manifest import Manifest

RUNTIME = Path(__file__).resolve().parents[2] / "connector" / "export" / "node_red" / "runtime"
HARBOUR = Manifest.load(Path(__file__).resolve().parents[1] / "harbour" / "manifest.yaml")
DAY = 86_400
#: Plays a story and prints what was asked, told and kept; a step passes seconds, or does something to the watch.
STAGE = """\
const { Watch } = require(%(file)s);
const story = %(story)s;
const log = { asked: [], told: [], failures: [], warnings: [], shown: [], kept: [], most: 0 };
const begin = 1e12;
let now = begin;
Date.now = () => now;
Math.random = () => story.chance;
let timers = [];
globalThis.setTimeout = (act, ms) => {
    const timer = { act, at: now + ms };
    timers.push(timer);
    return timer;
};
globalThis.clearTimeout = (timer) => { timers = timers.filter((other) => other !== timer); };
const turn = () => new Promise(setImmediate);
const settle = async () => { for (let i = 0; i < 60; i += 1) await turn(); };
const seconds = (ms) => Math.round((ms - begin) / 1000);
let underWay = 0;
let kept = story.kept;
let args = story.args;
let of = "of";
const ask = async (_found, given, state) => {
    underWay += 1;
    log.most = Math.max(log.most, underWay);
    log.asked.push({ at: seconds(now), args: given, state });
    if (log.asked.length > 500) process.exit(1);
    const answer = story.answers.length > 1 ? story.answers.shift() : story.answers[0];
    await turn();
    underWay -= 1;
    if (answer.kind) {
        throw Object.assign(new Error(answer.kind), answer);
    }
    return answer;
};
const light = new Proxy({}, { get: (_light, name) => (...told) => log.shown.push([name, ...told]) });
const build = () => new Watch({
    find: async () => ({ args, of }),
    ask,
    tell: (event) => log.told.push(event),
    fail: (problem) => log.failures.push({ at: seconds(now), kind: problem.kind }),
    warn: (text) => log.warnings.push(text),
    store: {
        read: async () => kept,
        write: async (value) => {
            kept = JSON.parse(JSON.stringify(value));
            log.kept.push({ ...kept, told: log.told.length });
            if (story.breaks) throw new Error("no room");
        },
    },
    light,
}, { every: story.every, usual: 300 });
let watch = build();
const STEPS = {
    look: () => { watch.lookNow(); watch.lookNow(); },
    restart: async () => {
        await watch.close();
        watch = build();
        watch.start();
    },
    ["close in a look"]: async () => {
        watch.lookNow();
        while (underWay === 0) await null;
        watch.close();
    },
    ["other fields"]: () => { of = "other"; },
};
const pass = async (count) => {
    const end = now + count * 1000;
    for (let next; (next = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0]); ) {
        clearTimeout(next);
        now = Math.max(now, next.at);
        next.act();
        await settle();
    }
    now = end;
};
(async () => {
    watch.start();
    await settle();
    for (const step of story.steps) {
        await (typeof step === "number" ? pass(step) : STEPS[step]());
        await settle();
    }
    process.stdout.write(JSON.stringify(log));
})();
"""


@pytest.fixture
def play(node):
    """What came of a story: `answers` one after the other, the last again and again, while the `steps` pass."""

    def play(answers, steps, *, every=None, args=None, kept=None, breaks=False, chance=0):
        told = {"chance": chance, "every": every, "args": args or {}, "kept": kept, "breaks": breaks}
        story = {**told, "answers": answers, "steps": steps}
        code = STAGE % {"file": json.dumps(str(RUNTIME / "watch.js")), "story": json.dumps(story)}
        done = subprocess.run([node, "-"], input=code, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return play


def answer(state, *events, more=False, next_s=300, requests=1):
    return {
        "events": list(events),
        "state": state,
        "more": more,
        "meta": {"requests": requests, "next_s": 0 if more else next_s},
    }


def times(log, what="asked"):
    return [entry["at"] for entry in log[what]]


def test_it_looks_when_the_answer_says_and_hands_the_state_back(play):
    log = play([answer("a"), answer("b", "x", next_s=600), answer("c")], [1000])
    assert times(log) == [0, 300, 900]
    assert [asked["state"] for asked in log["asked"]] == [None, "a", "b"]
    assert log["told"] == ["x"]
    # Kept once it was told.
    assert [(kept["state"], kept["told"]) for kept in log["kept"]] == [("a", 0), ("b", 1), ("c", 1)]


def test_an_interval_of_its_own_wins(play):
    assert times(play([answer("a")], [3 * 3600], every=3600)) == [0, 3600, 7200, 10_800]


def test_what_waits_is_taken_at_once_but_not_without_end(play):
    log = play([answer("a"), answer("b", "x", more=True), answer("c", "y")], [300])
    assert times(log) == [0, 300, 300]
    assert log["shown"][-1][1] | {"at": 0, "next": 0} == {
        "isFirst": False,
        "count": 2,
        "calls": 2,
        "at": 0,
        "next": 0,
    }
    assert times(play([answer("a", more=True)], [300])) == [0] * 20 + [300] * 20


def test_one_look_a_day_reads_all(play):
    log = play([answer("a")], [2 * DAY], every=3600)
    assert [asked["at"] // 3600 for asked in log["asked"] if asked["args"].get("thorough")] == [24, 48]
    assert not any("thorough" in asked["args"] for asked in play([answer("a")], [DAY - 1])["asked"])
    # Whoever says it in the form has it so.
    told = play([answer("a")], [2 * DAY], every=3600, args={"thorough": False})
    assert {asked["args"]["thorough"] for asked in told["asked"]} == {False}


def test_a_restart_waits_for_what_is_left_of_the_pause(play):
    assert times(play([answer("a")], [100, "restart", 250])) == [0, 300]
    # What was kept for an interval that is no more says nothing of the new one.
    kept = {"of": "of", "state": "a", "at": 1e12 - 1000, "next": 1e12 + 9e6, "every": 9000}
    assert times(play([answer("b")], [130], every=60, kept=kept)) == [0, 60, 120]
    # A clock that was set back doesn't hold it up.
    kept = {"of": "of", "state": "a", "at": 2e12, "next": 3e12, "every": None}
    assert times(play([answer("b")], [1], kept=kept)) == [0]


def test_other_fields_begin_anew_at_once(play):
    log = play([answer("a")], [100, "other fields", "restart", 1])
    assert [(asked["at"], asked["state"]) for asked in log["asked"]] == [(0, None), (100, None)]


def test_a_state_that_the_runner_refuses_is_left_and_that_is_said(play):
    refused = {"kind": "invalid_fields", "fields": [{"name": "state"}]}
    log = play([answer("a"), refused, answer("b")], [300])
    assert [asked["state"] for asked in log["asked"]] == [None, "a", None]
    assert "what happened since the last look is not told" in log["warnings"][0]
    assert log["failures"] == []


def test_what_passes_by_itself_is_tried_again_ever_less_often(play):
    log = play([answer("a"), {"kind": "network"}], [300 + 1200])
    assert times(log) == [0, 300, 360, 480, 720, 1020, 1320]
    assert {asked["state"] for asked in log["asked"][1:]} == {"a"}
    # What has to be mended waits for its next turn.
    assert times(play([{"kind": "unauthorized"}], [900])) == [0, 300, 600, 900]


def test_a_rate_limit_is_waited_for_and_no_button_and_no_restart_shortens_it(play):
    limited = {"kind": "rate_limited", "retryAfter": 4000}
    log = play([answer("a"), limited, answer("b", "x")], [400, "look", "restart", "look", 3899, "restart", 1], every=60)
    assert times(log) == [0, 60, 4060, 4120, 4180, 4240, 4300]
    assert log["told"][0] == "x"
    assert log["asked"][2]["state"] == "a"
    # Those who wait for the same moment don't all come at once.
    assert times(play([limited, answer("a")], [6000], chance=0.5))[:2] == [0, 4500]
    # Without a word of how long, and with a short one, there is no storm.
    assert times(play([answer("a"), {"kind": "rate_limited", "retryAfter": 1}], [250], every=60)) == [
        0,
        60,
        120,
        180,
        240,
    ]


def test_a_failed_look_with_other_fields_leaves_the_state_of_the_first(play):
    """A value from elsewhere may be wrong for a while."""
    log = play([answer("a"), {"kind": "invalid_fields", "fields": []}], [1, "other fields", "restart", 1000])
    assert [kept["of"] for kept in log["kept"]] == ["of"]


def test_a_look_at_a_time(play):
    log = play([answer("a")], ["look", 300, "look"])
    assert log["most"] == 1
    assert times(log) == [0, 300, 300]


def test_nothing_is_told_or_kept_after_the_end(play):
    log = play([answer("a"), answer("b", "x")], [1, "close in a look", 5000])
    assert times(log) == [0, 1]
    assert (log["told"], [kept["state"] for kept in log["kept"]]) == ([], ["a"])


def test_a_state_that_can_t_be_kept_is_told_and_used_all_the_same(play):
    log = play([answer("a"), answer("b", "x")], [300], breaks=True)
    assert [asked["state"] for asked in log["asked"]] == [None, "a"]
    assert log["told"] == ["x"]
    assert "no room" in log["warnings"][0]


def test_an_interval_that_says_nothing_of_use_is_left_to_the_answers(node):
    forms = [
        ("5", "min"),
        ("2", "h"),
        ("0.5", "s"),
        ("", "pace"),
        ("", "s"),
        ("soon", "min"),
        ("-1", "h"),
        ("1e999", "s"),
    ]
    asked = json.dumps([{"every": every, "everyType": unit} for every, unit in forms])
    file = json.dumps(str(RUNTIME / "watch.js"))
    code = f"process.stdout.write(JSON.stringify({asked}.map(require({file}).readEvery)))"
    done = subprocess.run([node, "-e", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [300, 7200, 1, *[None] * 5]


STORES = """\
const { openState } = require(%(file)s);
const node = { id: "a/../b", z: "flow", context: () => ({ get: (key, name, done) => done(null, name || "usual") }) };
(async () => {
    const found = {};
    for (const [name, stores] of Object.entries(%(stores)s)) {
        const state = openState({ settings: { contextStorage: stores, userDir: %(folder)s } }, node, "kept");
        found[name] = await state.read();
        if (found[name] === undefined) {
            await state.write({ state: name });
            found[name] = [(await state.read()).state];
            await state.remove();
            found[name].push(await state.read() === undefined);
        }
    }
    process.stdout.write(JSON.stringify(found));
})();
"""


def test_it_is_kept_in_a_store_that_outlives_node_red_or_else_in_a_file(node, tmp_path):
    disk, memory = {"module": "localfilesystem"}, {"module": "memory"}
    stores = {
        "none": None,
        "only memory": {"default": memory},
        "only disk": {"default": disk},
        "an alias": {"default": "kept", "kept": disk},
        "the first": {"kept": disk, "fast": memory},
        "another": {"default": memory, "kept": disk},
        "of somebody else": {"default": memory, "kept": {"module": {"a": "module"}}},
    }
    code = STORES % {
        "file": json.dumps(str(RUNTIME / "kept_state.js")),
        "stores": json.dumps(stores),
        "folder": json.dumps(str(tmp_path)),
    }
    done = subprocess.run([node, "-"], input=code, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found == {
        "none": ["none", True],
        "only memory": ["only memory", True],
        "only disk": "default",
        "an alias": "kept",
        "the first": "kept",
        "another": "kept",
        "of somebody else": "kept",
    }
    assert list(tmp_path.rglob("*.json*")) == []


def test_a_palette_without_triggers_needs_none():
    data = {name: value for name, value in HARBOUR.data.items() if name not in ("triggers", "polling")}
    package = build_package(Manifest(data, HARBOUR.folder))
    assert json.loads(package["nodes/palette.json"])["triggers"] == []
    assert "## Triggers" not in package["README.md"].decode()
