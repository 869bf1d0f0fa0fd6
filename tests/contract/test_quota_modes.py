"""Each block, in either quota mode, for each way of signing in: it works, or says exactly why not and what to use.

The sandbox is told in which mode its app is; the connector is not, unless the test says so.
"""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest
import requests
from second_account import keep_second

from connector import Connector
from connector.auth import Connection, SignIn
from connector.auth.stores.memory_store import MemoryStore
from connector.cassettes.cases import shape_of
from connector.manifest.manifest import Manifest
from connector.sandbox import Sandbox
from connector.wire.deadline import Deadline

MANIFEST = Manifest.load()
SIGN_IN = SignIn.from_manifest(MANIFEST)
MODES = ("development", "extended")
#: One block for each thing that the engine does for one account.
SHAPES = list({shape_of(MANIFEST, block): block for block in MANIFEST if not block.connection_fields}.values())
REDIRECT = "http://127.0.0.1:8888/callback"
FORBIDDEN = {"error": {"status": 403, "message": "Forbidden"}}

#: Every text of a refusal that is known and does not mean a closed endpoint, and what it means.
OTHER_REFUSALS = [
    pytest.param("insufficient_scope", "login --for", id="scope"),
    pytest.param("not_registered", "User Management", id="user"),
    pytest.param("premium_required", "Premium", id="owner"),
]


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(quota_mode="extended") as running:
        yield running


@pytest.fixture(autouse=True)
def _fresh(sandbox):
    sandbox.control.reset()


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def connector(sandbox, store):
    with Connector(MANIFEST, servers=sandbox.servers, store=store) as loaded:
        yield loaded


@pytest.fixture
def sign_in(sandbox, connector):
    """Signs in as a person does, by the sandbox's page, and gives the connection."""

    def run(way="secret", scopes=tuple(MANIFEST.data["scopes"])):
        demo = sandbox.demo_args
        attempt = SIGN_IN.begin(
            sandbox.servers,
            client_id=demo["client_id"],
            client_secret=demo["client_key"] if way == "secret" else None,
            scopes=scopes,
            redirect_uri=REDIRECT,
        )
        fields = {name: values[0] for name, values in parse_qs(urlsplit(attempt.url).query).items()}
        page = attempt.url.partition("?")[0]
        answer = requests.post(page, {**fields, "decision": "agree"}, allow_redirects=False, timeout=60)
        code = attempt.parse_callback(answer.headers["Location"])
        return SIGN_IN.finish(attempt, code, connector.transport.send, Deadline(10), name="alice")

    return run


@pytest.fixture
def connection(sign_in, way):
    """One for all the blocks of a test; None where a token is given."""
    return None if way == "given token" else sign_in(way)


def args_for(sandbox, block, way):
    """What is given: the example's values, and secrets only where no connection can stand in for them."""
    auth = MANIFEST.auth[block.server]
    bound = auth.fields if auth.can_sign_in and way != "given token" else ()
    known = {name: value for name, value in sandbox.demo_args.items() if name in block.fields}
    return {name: value for name, value in {**block.example, **known}.items() if name not in bound}


def assert_it_works_or_says_why(result, block, mode):
    since = block.closed_since(mode)
    if since is None:
        assert result.error is None
        jsonschema.validate(result.output, block.output_schema, jsonschema.Draft202012Validator)
        return
    assert result.error.kind == "unavailable"
    for words in (block.name, since, "development mode", "extended mode", block.instead):
        assert words in result.error.message


@pytest.mark.parametrize("way", ["secret", "given token"])
@pytest.mark.parametrize("mode", MODES)
def test_a_block_works_in_a_mode_or_says_why_not(sandbox, connector, connection, store, each_block, mode, way):
    sandbox.control.seed(app={"quota_mode": mode})
    block = each_block
    keep_second(sandbox, store, block)
    result = connector.invoke(block.name, args_for(sandbox, block, way), connection=connection)
    assert_it_works_or_says_why(result, block, mode)


@pytest.mark.parametrize("way", ["pkce"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.each("block", SHAPES)
def test_it_is_the_same_without_an_app_s_secret(sandbox, connector, connection, block, mode, way):
    sandbox.control.seed(app={"quota_mode": mode})
    result = connector.invoke(block.name, args_for(sandbox, block, way), connection=connection)
    assert_it_works_or_says_why(result, block, mode)


def test_a_mode_that_is_told_sends_nothing_that_is_closed(sandbox, store, each_block):
    block = each_block
    sandbox.control.reset()
    sandbox.control.seed(app={"quota_mode": "development"})
    keep_second(sandbox, store, block)
    with Connector(MANIFEST, servers=sandbox.servers, quota_mode="development", store=store) as told:
        result = told.invoke(block.name, args_for(sandbox, block, "given token"))
    assert_it_works_or_says_why(result, block, "development")
    assert result.meta.requests == (0 if block.closed_since("development") else len(sandbox.control.calls()))


def test_a_connection_s_own_mode_goes_before_the_connector_s(sandbox, sign_in, each_closed_block):
    connection = replace(sign_in(), quota_mode="development")
    with Connector(MANIFEST, servers=sandbox.servers, quota_mode="extended") as told:
        result = told.invoke(
            each_closed_block.name, args_for(sandbox, each_closed_block, "secret"), connection=connection
        )
    assert (result.error.kind, result.meta.requests) == ("unavailable", 0)


def test_the_table_of_blocks_says_beforehand_what_is_closed():
    assert sorted(block.name for block in MANIFEST if block.closed_since("development")) == [
        "getCategories",
        "getCategory",
        "getFeaturedPlaylists",
        "getMarkets",
        "getPlaylistsOfUser",
        "getRecommendationGenres",
        "getRecommendations",
        "getRelatedArtists",
        "getTrackAudioAnalysis",
        "getTrackAudioFeatures",
        "getTracksAudioFeatures",
        "getUserProfile",
    ]


# A refusal that means something else


@pytest.mark.parametrize(("fault", "advice"), OTHER_REFUSALS)
def test_a_refusal_for_another_reason_is_not_taken_for_a_closed_endpoint(
    sandbox, connector, each_closed_block, fault, advice
):
    if fault == "insufficient_scope" and not each_closed_block.scopes:
        advice = "sign in again"
    sandbox.control.fault(fault)
    error = connector.invoke(each_closed_block.name, args_for(sandbox, each_closed_block, "given token")).error
    assert error.kind == "forbidden"
    assert advice in error.message
    assert "closed" not in error.message


@pytest.mark.parametrize(("fault", "advice"), OTHER_REFUSALS)
def test_a_refusal_for_another_reason_leads_to_no_other_route(sandbox, connector, fault, advice):
    sandbox.control.fault(fault)
    result = connector.invoke("saveTrack", args_for(sandbox, MANIFEST.block("saveTrack"), "given token"))
    assert (result.error.kind, result.meta.requests) == ("forbidden", 1)
    assert advice in result.error.message


@pytest.mark.parametrize("body", [FORBIDDEN, {"error": {"status": 403}}, ""], ids=["Forbidden", "no message", "empty"])
def test_a_refusal_that_says_no_more_means_a_closed_endpoint(sandbox, connector, each_closed_block, body):
    sandbox.control.fault("custom", status=403, body=body)
    error = connector.invoke(each_closed_block.name, args_for(sandbox, each_closed_block, "given token")).error
    assert error.kind == "unavailable"


def test_an_unknown_reason_is_shown_in_the_service_s_words(sandbox, connector, each_closed_block):
    sandbox.control.fault("custom", status=403, body={"error": {"status": 403, "message": "Not on a Tuesday"}})
    error = connector.invoke(each_closed_block.name, args_for(sandbox, each_closed_block, "given token")).error
    assert error.kind == "forbidden"
    assert "Not on a Tuesday" in error.message


@pytest.mark.parametrize("status", [404, 410])
def test_an_endpoint_that_is_gone_is_closed(sandbox, connector, status):
    sandbox.control.fault("custom", status=status, body={"error": {"status": status, "message": "Gone"}})
    assert connector.invoke("getCategories", {"access_token": sandbox.demo_args["access_token"]}).error.kind == (
        "unavailable"
    )


def test_an_id_that_is_unknown_is_not_a_closed_endpoint(sandbox, connector):
    args = {"access_token": sandbox.demo_args["access_token"], "id": "no-such-category"}
    assert connector.invoke("getCategory", args).error.kind == "not_found"


# From one route to the next

FOLLOWING = ["followArtist", "unfollowArtist"]


@pytest.mark.parametrize("name", FOLLOWING)
def test_what_the_library_does_not_take_goes_the_old_way_and_that_is_remembered(sandbox, connector, sign_in, name):
    sandbox.control.seed(library_takes_artists=False)
    connection = sign_in()
    args = {"id": "0TnOYISbd1XYRBk9myaseg"}
    first, second = (connector.invoke(name, args, connection=connection) for _ in range(2))
    assert (first.ok, second.ok) == (True, True)
    assert (first.meta.requests, second.meta.requests) == (2, 1)
    assert second.meta.route.endswith("/me/following")


def test_what_worked_is_remembered_for_its_own_app_only(sandbox, connector, sign_in):
    sandbox.control.seed(library_takes_artists=False)
    connection = sign_in()
    connector.invoke("followArtist", {"id": "0TnOYISbd1XYRBk9myaseg"}, connection=connection)
    args = {"id": "0TnOYISbd1XYRBk9myaseg", "access_token": sandbox.demo_args["access_token"]}
    assert connector.invoke("followArtist", args).meta.requests == 2


@pytest.mark.parametrize("name", FOLLOWING)
def test_where_neither_way_is_open_the_service_s_word_on_the_first_is_shown(sandbox, connector, name):
    sandbox.control.seed(app={"quota_mode": "development"}, library_takes_artists=False)
    args = {"id": "0TnOYISbd1XYRBk9myaseg", "access_token": sandbox.demo_args["access_token"]}
    error = connector.invoke(name, args).error
    assert error.kind == "bad_request"
    assert "Invalid uri" in error.message
    assert "/me/following, is closed to apps in development mode since 2026-03-09" in error.message


def test_a_wrong_id_stays_a_wrong_id(sandbox, connector):
    args = {"id": "0000000000000000000000", "access_token": sandbox.demo_args["access_token"]}
    assert connector.invoke("followArtist", args).error.kind in ("not_found", "bad_request")


@pytest.mark.parametrize(("public", "route"), [(None, "/me/library"), (True, "/me/library"), (False, "/followers")])
def test_a_playlist_is_followed_privately_by_the_old_endpoint(sandbox, connector, public, route):
    args = args_for(sandbox, MANIFEST.block("followPlaylist"), "given token")
    result = connector.invoke("followPlaylist", {**args, "public": public})
    assert result.ok
    assert result.meta.route.endswith(route)
    assert sandbox.control.calls()[-1]["path"].endswith(route)


@pytest.mark.parametrize("mode", ["auto", "development"])
def test_it_is_told_when_no_way_can_follow_privately(sandbox, mode):
    sandbox.control.seed(app={"quota_mode": "development"})
    args = args_for(sandbox, MANIFEST.block("followPlaylist"), "given token")
    with Connector(MANIFEST, servers=sandbox.servers, quota_mode=mode) as connector:
        error = connector.invoke("followPlaylist", {**args, "public": "false"}).error
    assert error.kind == "unavailable"
    assert "2026-03-09" in error.message
    assert "without public" in error.message


# What an answer is called


@pytest.mark.parametrize("sent", ["first", "second", "both"])
def test_both_names_of_a_renamed_part_can_be_read(connect, server, each_paged_block, sent):
    if not each_paged_block.twins:
        return
    first, second = each_paged_block.twins
    entry = {
        name: {"total": 7} for name, is_there in ((first, sent != "second"), (second, sent != "first")) if is_there
    }
    page = {each_paged_block.page.names["items"]: [entry, None], each_paged_block.page.names["next"]: None}
    for step in reversed(each_paged_block.page.at):
        page = {step: page}
    server.queue += [(200, {}, page)] * 2
    result = connect().invoke(each_paged_block.name, each_paged_block.example)
    assert result.entries == [{first: {"total": 7}, second: {"total": 7}}]
    assert list(connect().stream(each_paged_block.name, each_paged_block.example)) == result.entries
    # The output holds nothing twice that came once.
    assert result.output == page


def test_a_connection_is_no_use_where_a_service_has_no_sign_in(tmp_path):
    auth = {"type": "header", "name": "X-Key", "value": "key", "fields": {}}
    data = {**MANIFEST.data, "auth": {**MANIFEST.data["auth"], "listener": {**auth}}}
    assert SignIn.from_manifest(Manifest(data, MANIFEST.folder)) is None


def test_a_value_that_holds_a_connection_shows_nothing_secret(sign_in):
    connection = sign_in()
    assert isinstance(connection, Connection)
    assert not any(secret in repr(connection) for secret in connection.secrets)
