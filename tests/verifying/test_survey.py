"""All reading blocks on the sandbox, as `verify` runs them on the real service, and the report of it."""

import copy
import json

import pytest

from connector import Connector, ConnectorError
from connector.manifest.manifest import Manifest
from connector.sandbox import Sandbox
from connector.verifying.report import write_report
from connector.verifying.survey import Plan, Survey, make_plan


@pytest.fixture(scope="module")
def _running():
    with Sandbox() as running:
        yield running


@pytest.fixture
def sandbox(_running):
    _running.control.reset()
    return _running


@pytest.fixture
def survey(sandbox):
    """`survey(plan, manifest, hear)` gives the survey that has run, and all answers that there were."""

    def run(plan=None, manifest=None, hear=lambda _: None):
        manifest = manifest or Manifest.load()
        answers = []
        with Connector(manifest, servers=sandbox.servers, max_wait=0) as connector:
            invoke = connector.invoke
            connector.invoke = lambda *words, **options: answers.append(invoke(*words, **options)) or answers[-1]
            survey = Survey(connector, sandbox.demo_args, hear)
            survey.run(plan or make_plan(manifest))
        return survey, [answer.output for answer in answers]

    return run


def plan_writes(manifest):
    """What is written, after some of what is read."""
    whole = make_plan(manifest, writes=True)
    return Plan(whole.reading[:8], whole.story)


def report(survey, manifest):
    return write_report(manifest, survey, quota_mode="auto", scopes=["pry"], is_sandbox=True, day="2026-11-27")


def iter_texts(node):
    """All texts that are values of an answer."""
    if isinstance(node, str):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from iter_texts(part)


def test_every_reading_block_is_run_within_the_calls_that_were_told(survey, sandbox, manifest):
    plan = make_plan(manifest)
    done, answers = survey(plan)
    reading = {block.name for block in manifest if block.effect == "read"}
    assert {finding.block for finding in done.findings} == reading
    assert [finding for finding in done.findings if not finding.is_good] == []
    calls = sandbox.control.calls()
    assert {call["method"] for call in calls} == {"GET"}
    assert sum(finding.calls for finding in done.findings) == len(calls) <= plan.most_calls
    # Nearly all are asked about what other answers told.
    sources = [finding.is_found for finding in done.findings]
    assert sources.count(True) > 3 * sources.count(False)

    told = report(done, manifest)
    assert f"{len(reading)} run, {len(reading)} as declared" in told
    # Words that the manifest and the report have themselves tell nothing of anybody.
    own = json.dumps(manifest.data) + " a sandbox, not the live service integer string"
    values = {text for text in iter_texts(answers) if len(text) > 3 and text not in own}
    assert len(values) > 500
    assert [text for text in values if text in told] == []


def test_an_answer_of_another_form_is_told_by_path_and_type(survey, manifest, monkeypatch):
    block = manifest.block("getTrack")
    changed = copy.deepcopy(block.output_schema)
    changed["$defs"]["Track"]["properties"]["name"] = {"type": "integer"}
    monkeypatch.setitem(block.__dict__, "output_schema", changed)
    done, _ = survey(Plan((block,)), manifest)
    [finding] = [finding for finding in done.findings if not finding.is_good]
    assert (finding.block, finding.kind) == ("getTrack", None)
    assert "- getTrack: `name` is string, not integer" in report(done, manifest)


def test_what_is_written_to_is_made_and_removed(survey, sandbox, manifest):
    before = find_playlists(sandbox)
    done, _ = survey(plan_writes(manifest))
    assert [finding for finding in done.findings if not finding.is_good] == []
    assert not done.is_left
    assert find_playlists(sandbox) == before
    writes = [call for call in sandbox.control.calls() if call["method"] != "GET"]
    assert writes[0]["path"] == "/v1/me/playlists"
    assert len(writes) > 5
    # Nothing else of the account's is written to.
    [playlist] = {call["path"].split("/")[3] for call in writes if call["path"].startswith("/v1/playlists/")}
    [removed] = [call["query"]["uris"] for call in writes if call["path"] == "/v1/me/library"]
    assert removed.endswith(playlist)


def test_nothing_else_of_the_account_s_is_ever_written_to(survey, sandbox, manifest, monkeypatch):
    monkeypatch.setattr("connector.verifying.finds.Finds.put_first", lambda *_: None)
    with pytest.raises(ConnectorError, match="would not write to what was made for it"):
        survey(plan_writes(manifest))
    assert [call["path"] for call in sandbox.control.calls() if call["method"] != "GET"] == ["/v1/me/playlists"]


def find_playlists(sandbox):
    with Connector.load(servers=sandbox.servers) as connector:
        own = {"access_token": sandbox.demo_args["access_token"]}
        return {entry["id"] for entry in connector.invoke("getUserPlaylists", own).entries}


def test_it_is_removed_though_a_block_between_fails(survey, sandbox, manifest):
    before = find_playlists(sandbox)

    def break_down(finding):
        if finding.block == "updatePlaylist":
            sandbox.control.fault("not_registered", match="POST /playlists")

    done, _ = survey(plan_writes(manifest), hear=break_down)
    assert next(finding.block for finding in done.findings if not finding.is_good) == "addItemsToPlaylist"
    assert find_playlists(sandbox) == before
    assert "remove it by hand" not in report(done, manifest)


def test_what_could_not_be_removed_is_told(survey, sandbox, manifest):
    def break_down(finding):
        if finding.block == "clearPlaylist":
            sandbox.control.fault("not_registered", times=None)

    done, _ = survey(plan_writes(manifest), hear=break_down)
    assert done.is_left
    assert "remove it by hand" in report(done, manifest)


def test_an_error_that_all_would_meet_ends_it(survey, sandbox, manifest):
    sandbox.control.fault("quota_exceeded", after=20, times=None)
    done, _ = survey()
    *before, last = [finding.kind for finding in done.findings]
    assert before
    assert (set(before), last) == ({None}, "rate_limited")
    assert done.findings[-1].reason == "quota_exceeded"
    assert "It ended early: every further call would have met `rate_limited`." in report(done, manifest)
