"""The trigger node of the n8n package: its form, and its polls in Node.js, with a runner that a test plays."""

import json
import subprocess
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest

from connector.export import load_exporter
from connector.export.n8n import build_package
from connector.export.n8n.choices import Choices
from connector.export.n8n.names import Names
from connector.export.n8n.trigger_forms import TriggerForms
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import iter_triggers

ROOT = Path(__file__).resolve().parents[2]
SPOTIFY = Manifest.load(ROOT / "manifest.yaml")
HARBOUR = Manifest.load(ROOT / "tests" / "harbour" / "manifest.yaml")
EACH_MANIFEST = pytest.mark.parametrize("manifest", [SPOTIFY, HARBOUR], ids=["spotify", "harbour"])
#: What n8n has the trigger begin with, and a minute later, in milliseconds.
NOW = 1_800_000_000_000
MINUTE = 60_000
EVENT = {"id": "e1", "type": "berthFreed", "time": None, "data": {"berth": "B7"}}

#: As much of n8n as a poll sees.
STAND_IN = """
class NodeError extends Error {
    constructor(node, told, options) {
        super(options?.message ?? told);
        Object.assign(this, { description: options?.description, httpCode: options?.httpCode, context: {} });
    }
}
module.exports = { NodeApiError: NodeError, NodeOperationError: NodeError, NodeConnectionTypes: { Main: 'main' } };
"""
#: Makes the nodes as n8n does when it starts.
NODES = """
const nodes = require('../../package.json').n8n.nodes.map((file) => {
    const node = new (Object.values(require(`../../${file}`))[0])();
    const { name, polling = false, inputs } = node.description;
    return { name, polling, inputs, lists: Object.keys(node.methods.listSearch) };
});
process.stdout.write(JSON.stringify(nodes));
"""
POLLS = """
const { pollTrigger } = require('./triggers.js');
const palette = require('./palette.json');
const story = JSON.parse(process.argv[1]);
const kept = story.kept ?? {};
const sent = [], warned = [], gave = [];
let now;
Date.now = () => now;
const build = ({ form, mode, credential, account, answers }) => ({
    getMode: () => mode ?? 'trigger',
    getCredentials: async () => ({ url: 'http://runner.test', connection: account ?? 'me' }),
    getNode: () => ({ id: 'node', credentials: { [palette.credential]: { id: credential ?? 'c1' } } }),
    getWorkflow: () => ({ id: 'workflow' }),
    getTimezone: () => 'Europe/Stockholm',
    getNodeParameter: (name, fallback) => ({ event: 'berthFreed', place: {}, ...form })[name] ?? fallback,
    getWorkflowStaticData: () => {
        if (mode === 'manual') throw new Error('read in the editor');
        return kept;
    },
    logger: { warn: (text) => warned.push(text) },
    helpers: {
        httpRequestWithAuthentication: async (type, request) => {
            const { args, state } = request.body;
            sent.push({ url: request.url, headers: request.headers, args, state });
            const answer = answers.shift();
            if (answer === 'silence') await new Promise(() => {});
            if (answer === 'refused') throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
            const { status = 200, ...body } = answer;
            return { statusCode: status, headers: { 'content-type': 'application/json' }, body };
        },
    },
});
(async () => {
    for (const poll of story.polls) {
        now = poll.at;
        const context = build(poll);
        if (poll.answers[0] === 'silence') { pollTrigger(context, palette); continue; }
        try {
            const found = await pollTrigger(context, palette);
            gave.push(found && found[0].map((item) => item.json));
        } catch (error) {
            gave.push({ message: error.message, description: error.description ?? null });
        }
    }
    process.stdout.write(JSON.stringify({ gave, sent, warned, kept }));
})();
"""


@pytest.fixture(scope="module")
def run_script(node, tmp_path_factory):
    """Runs JavaScript beside the runtime of a manifest's package."""

    @cache
    def write(manifest):
        folder = tmp_path_factory.mktemp("package")
        load_exporter("n8n")(manifest, folder)
        stand_in = folder / "node_modules" / "n8n-workflow" / "index.js"
        stand_in.parent.mkdir(parents=True)
        stand_in.write_text(STAND_IN, "utf-8")
        return folder / "dist/runtime"

    def run(manifest, script, *arguments):
        command = [node, "-e", script, *arguments]
        done = subprocess.run(command, cwd=write(manifest), capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return run


@pytest.fixture
def run(run_script):
    """Polls the harbour's package: what each poll gave, what was sent, what was logged, and what is kept afterwards."""

    def run(*polls, kept=None):
        return run_script(HARBOUR, POLLS, json.dumps({"polls": polls, "kept": kept}))

    return run


def poll(*answers, at=NOW, **more):
    """One poll at a moment (ms), the runner's answers in order; `more` is what else is so in it."""
    return {"answers": list(answers), "at": at, **more}


def seen(state, *events, more=False, next_s=60):
    return {"events": list(events), "state": {"v": state}, "more": more, "meta": {"requests": 1, "next_s": next_s}}


def refuse(status, kind, **more):
    return {"status": status, "kind": kind, "detail": f"berthFreed: {kind}.", **more}


REFUSED_STATE = refuse(422, "invalid_fields", fields=[{"name": "state", "problem": "belongs to another"}])


@EACH_MANIFEST
def test_the_trigger_is_a_node_of_its_own_beside_the_other(manifest):
    package, names = build_package(manifest), Names.from_manifest(manifest)
    assert json.loads(package["package.json"])["n8n"]["nodes"] == [names.node_file, names.trigger_file]
    # By these names n8n shows both as one in its list.
    assert names.trigger == f"{names.node}Trigger"
    script = package[names.trigger_file].decode()
    assert f'displayName: "{names.title} Trigger"' in script
    assert f'{{name: "{names.credential}"' in script.replace("\n", "").replace("\t", "")
    codex = json.loads(package[names.trigger_file.replace(".js", ".json")])
    assert codex["node"] == f"{names.package}.{names.trigger}"


@EACH_MANIFEST
def test_n8n_can_make_both_nodes(run_script, manifest):
    names = Names.from_manifest(manifest)
    node, trigger = run_script(manifest, NODES)
    assert (node["name"], node["polling"], node["inputs"]) == (names.node, False, ["main"])
    assert (trigger["name"], trigger["polling"], trigger["inputs"]) == (names.trigger, True, [])
    if manifest is SPOTIFY:
        assert "playlist_id" in set(node["lists"]) & set(trigger["lists"])


def test_a_manifest_without_triggers_has_no_trigger_node():
    data = {name: value for name, value in HARBOUR.data.items() if name != "triggers"}
    manifest = Manifest(data, HARBOUR.folder)
    package, names = build_package(manifest), Names.from_manifest(manifest)
    assert json.loads(package["package.json"])["n8n"]["nodes"] == [names.node_file]
    assert names.trigger_file not in package


@EACH_MANIFEST
def test_every_trigger_is_offered_by_group_and_has_its_fields_once(manifest):
    forms = TriggerForms(manifest, Choices())
    triggers = {trigger.name: trigger for trigger in iter_triggers(manifest)}
    assert {option["value"] for option in forms.events} == triggers.keys()
    groups = [triggers[option["value"]].form.group for option in forms.events]
    assert sorted(groups, key=list(manifest.groups).index) == groups
    for option in forms.events:
        assert option["name"].startswith(f"{triggers[option['value']].form.group}: ")
    for trigger in triggers.values():
        entry = forms.triggers[trigger.name]
        told = [field["name"] for part in ("fields", "more") for field in entry[part].values()]
        assert sorted(told) == sorted(trigger.form.fields.keys() - {"access_token", "captain_pass"})
        when = [(each.get("displayOptions", {}).get("show", {}).get("event", []), each) for each in forms.parameters]
        shown = [parameter for names, parameter in when if trigger.name in names]
        [notice] = [parameter["displayName"] for parameter in shown if parameter["name"] == "notice"]
        assert f"A look takes {trigger.cost.quiet}" in notice
        assert ("simplify" in {parameter["name"] for parameter in shown}) is bool(trigger.brief)


def test_a_trigger_that_is_closed_to_new_apps_is_marked_and_last_in_its_group_and_says_so():
    data = deepcopy(HARBOUR.data)
    data["blocks"]["listBerths"]["routes"][0]["quota"] = {"development": "closed 2026-03-09"}
    forms = TriggerForms(Manifest(data, HARBOUR.folder), Choices())
    assert [option["name"] for option in forms.events if option["name"].startswith("Berths: ")] == [
        "Berths: A Berth Is Booked",
        "Berths: A Tower Has Another Keeper",
        "Berths: A Berth Is Free (Closed to New Apps)",
    ]
    [notice] = [parameter for parameter in forms.parameters if "Closed to apps" in parameter["displayName"]]
    assert notice["displayOptions"]["show"]["event"] == ["berthFreed"]


def test_the_first_poll_sets_the_mark_and_later_ones_give_an_item_an_event(run):
    more = {**EVENT, "id": "e2", "brief": {"berth": "B7"}}
    done = run(
        poll(seen(1), form={"simplify": False}),
        poll(seen(2, EVENT, more), at=NOW + MINUTE, form={"simplify": False}),
        poll(seen(3), at=NOW + 2 * MINUTE, form={"simplify": False}),
    )
    assert done["gave"] == [None, [EVENT, {**EVENT, "id": "e2"}], None]
    assert [call["state"] for call in done["sent"]] == [None, {"v": 1}, {"v": 2}]
    assert done["sent"][0]["url"] == "http://runner.test/triggers/berthFreed"
    assert done["sent"][0]["headers"]["X-Connection"] == "me"
    assert json.loads(done["kept"]["state"]) == {"v": 3}


def test_what_waits_is_fetched_in_the_same_poll_and_bounded(run):
    numbered = [{**EVENT, "id": str(number)} for number in range(12)]
    answers = [seen(number, event, more=True, next_s=0) for number, event in enumerate(numbered)]
    done = run(poll(*answers[:2], seen(9)), poll(*answers, at=NOW + MINUTE))
    assert done["gave"] == [numbered[:2], numbered[:10]]
    # The others are fetched by the next poll, with no rest between.
    assert done["kept"]["notBefore"] <= NOW + MINUTE


def test_what_came_before_an_error_is_told_and_the_error_is_met_again(run):
    broken = refuse(502, "server_error")
    done = run(
        poll(seen(1, EVENT, more=True, next_s=0), broken),
        poll(broken, at=NOW + 20 * MINUTE),
    )
    assert done["gave"][0] == [EVENT]
    assert done["gave"][1]["message"] == "berthFreed: server_error."
    assert done["sent"][2]["state"] == {"v": 1}


def test_no_look_is_taken_before_it_is_worth_its_calls(run):
    # n8n is a little early here and there.
    times = [NOW + minute * MINUTE - minute * 200 for minute in range(6)]
    done = run(*(poll(seen(1, next_s=300), at=at) for at in times))
    assert len(done["sent"]) == 2
    done = run(*(poll(seen(1, next_s=300), at=at, form={"options": {"always": True}}) for at in times))
    assert len(done["sent"]) == 6


def test_a_clock_that_was_put_back_does_not_end_the_polls(run):
    done = run(poll(seen(1), at=NOW), poll(seen(2), at=NOW - 30 * 24 * 60 * MINUTE))
    assert len(done["sent"]) == 2


@pytest.mark.parametrize(("always", "minutes"), [(False, 60), (True, 30)], ids=["by its turn", "to its end"])
def test_a_lock_out_is_waited_for_and_fails_no_workflow(run, always, minutes):
    limited = refuse(429, "rate_limited", retry_after=1800, next_s=3600)
    form = {"options": {"always": always}}
    done = run(
        poll(limited, form=form),
        poll(at=NOW + (minutes - 1) * MINUTE, form=form),
        poll(seen(2, EVENT), at=NOW + (minutes + 1) * MINUTE, form=form),
        kept={"credential": "c1", "state": '{"v": 1}'},
    )
    assert done["gave"] == [None, None, [EVENT]]
    assert [call["state"] for call in done["sent"]] == [{"v": 1}, {"v": 1}]
    assert done["warned"] == ["berthFreed: rate_limited."]


@pytest.mark.parametrize(
    ("answer", "message", "pause"),
    [
        (refuse(403, "forbidden"), "berthFreed: forbidden.", 60),
        (refuse(401, "reauthorize"), "berthFreed: reauthorize.", 60),
        ("refused", "The runner at http://runner.test/ gave no answer: connect ECONNREFUSED", 0),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_error_is_told_in_the_runners_words_and_keeps_the_state(run, answer, message, pause):
    kept = {"credential": "c1", "state": '{"v": 1}'}
    done = run(poll(answer), poll(seen(2, EVENT), at=NOW + MINUTE), kept=kept)
    assert done["gave"][0]["message"] == message
    assert done["gave"][1] == [EVENT]
    assert done["sent"][1]["state"] == {"v": 1}
    again = run(poll(answer), poll(seen(2, EVENT), at=NOW + MINUTE // 6), kept=kept)
    assert (again["gave"][1] is None) is bool(pause)


def test_a_wrong_field_is_named_as_the_form_names_it(run):
    wrong = refuse(422, "invalid_fields", fields=[{"name": "day", "problem": "is no date", "fits": "a date"}])
    [told] = run(poll(wrong))["gave"]
    assert told["message"] == "A berth is free: check the field Day"
    assert told["description"] == "Day: is no date (fits: a date)."


def test_other_fields_are_asked_about_at_once_and_a_state_that_is_refused_begins_anew(run):
    moved = {"place": {"place": {"latitude": 59, "longitude": 18}}}
    done = run(
        poll(seen(1, next_s=3600)),
        poll(REFUSED_STATE, seen(7), at=NOW + MINUTE, form=moved),
        poll(seen(8, EVENT), at=NOW + 2 * MINUTE, form=moved),
    )
    assert done["gave"] == [None, None, [EVENT]]
    assert [call["state"] for call in done["sent"]] == [None, {"v": 1}, None, {"v": 7}]
    assert done["sent"][1]["args"]["place"] == "59, 18"
    assert done["warned"] == ["berthFreed: invalid_fields. It begins anew."]


def test_a_field_that_only_says_how_to_look_leaves_the_state(run):
    done = run(poll(seen(1, next_s=3600)), poll(seen(2), at=NOW + MINUTE, form={"more": {"max_events": 5}}))
    assert done["sent"][1]["state"] == {"v": 1}
    assert done["sent"][1]["args"]["max_events"] == 5


def test_a_secret_stays_out_of_what_is_kept(run):
    done = run(poll(seen(1), form={"more": {"api_key": "s3cret"}}))
    assert done["sent"][0]["args"]["api_key"] == "s3cret"
    assert "s3cret" not in json.dumps(done["kept"])


def test_another_credential_begins_anew_for_its_connection_may_have_the_same_name(run):
    done = run(poll(seen(1)), poll(seen(2), at=NOW + MINUTE, credential="c2"))
    assert [call["state"] for call in done["sent"]] == [None, None]


def test_one_look_a_day_is_thorough_unless_the_form_says_otherwise(run):
    hours = [NOW + hour * 60 * MINUTE for hour in (0, 1, 24, 25, 49)]
    done = run(*(poll(seen(1), at=at) for at in hours))
    assert [call["args"].get("thorough", False) for call in done["sent"]] == [False, False, True, False, True]
    for said in (False, True):
        done = run(*(poll(seen(1), at=at, form={"more": {"thorough": said}}) for at in hours))
        assert {call["args"]["thorough"] for call in done["sent"]} == {said}


def test_what_waits_after_a_thorough_look_is_fetched_by_cheap_ones(run):
    done = run(poll(seen(1)), poll(seen(2, EVENT, more=True), seen(3, EVENT), at=NOW + 24 * 60 * MINUTE))
    assert [call["args"].get("thorough", False) for call in done["sent"]] == [False, True, False]


def test_who_has_mended_an_error_waits_for_no_more_than_a_quarter_of_an_hour(run):
    broken = refuse(502, "server_error", next_s=86_400)
    done = run(poll(broken), poll(at=NOW + 14 * MINUTE), poll(seen(1, EVENT), at=NOW + 16 * MINUTE))
    assert done["gave"][1:] == [None, [EVENT]]


def test_a_poll_that_takes_longer_than_the_pause_is_not_taken_twice(run):
    done = run(poll("silence"), poll(seen(1, EVENT), at=NOW + MINUTE))
    assert done["gave"] == [None]
    assert len(done["sent"]) == 1


def test_the_editor_shows_the_newest_event_and_leaves_what_is_kept(run):
    done = run(poll(seen(5, {**EVENT, "id": "old"}, EVENT), mode="manual"), kept={"state": '{"v": 1}'})
    assert done["gave"] == [[EVENT]]
    assert (done["sent"][0]["args"]["also_last"], done["sent"][0]["state"]) == (1, None)
    assert done["kept"] == {"state": '{"v": 1}'}


def test_the_editor_says_so_where_there_is_nothing_to_show_and_why_the_runner_refuses(run):
    nothing, limited = run(
        poll(seen(1), mode="manual"), poll(refuse(429, "rate_limited", retry_after=90), mode="manual")
    )["gave"]
    assert nothing["message"] == "A berth is free: there is nothing yet that could be shown"
    assert limited == {"message": "berthFreed: rate_limited.", "description": "Try again in 90 s."}
