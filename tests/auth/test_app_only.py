"""A connection of an app without a user: its token comes of the app's secret alone, again and again."""

import copy
from dataclasses import replace

import pytest

from connector import Connector
from connector.auth import Connection, SignIn
from connector.auth.stores.memory_store import MemoryStore
from connector.auth.stores.store import StoreReadOnly
from connector.errors import InvocationFailed
from connector.manifest.manifest import Manifest
from connector.wire.deadline import Deadline
from connector.wire.transport import Response

HOUR_S = 3600
DAY_S = 86_400
APP = Connection("catalogue", "sandbox-client", "sandbox-secret-not-real", scopes=(), is_app=True, signed_in_at=1.0)


@pytest.fixture
def connector(manifest, sandbox, store):
    with Connector(manifest, servers=sandbox.servers, store=store, timeout=20) as connector:
        yield connector


def get(keeper, which="catalogue"):
    return keeper.get(which, Deadline(20))


def test_a_token_is_asked_for_when_there_is_none_and_kept(store, keeper, count_token_calls):
    store.save(APP)
    first = get(keeper)
    assert first.access_token
    assert (first.refresh_token, first.scopes, first.is_app) == (None, (), True)
    assert (get(keeper), store.load("catalogue")) == (first, first)
    assert count_token_calls() == 1


@pytest.mark.parametrize("seconds", [HOUR_S - 200, HOUR_S + 5, 400 * DAY_S], ids=["before", "after", "a year after"])
def test_it_renews_itself_before_and_after_its_token_s_end_for_ever(store, keeper, control, seconds):
    store.save(APP)
    first = get(keeper)
    control.clock(seconds)
    second = get(keeper)
    assert second.access_token not in (None, first.access_token)
    assert store.load("catalogue") == second
    assert (keeper.warnings("catalogue"), keeper.days_left("catalogue")) == ([], None)


def test_who_comes_second_takes_the_token_that_another_process_got(store, make_keeper, count_token_calls, control):
    store.save(APP)
    one, other = make_keeper(), make_keeper()
    assert get(one) == get(other)
    control.clock(HOUR_S + 5)
    assert get(other) == get(one)
    assert count_token_calls() == 2


def test_a_token_that_is_refused_is_replaced(connector, store):
    store.save(replace(APP, access_token="dead-token-not-real"))
    found = connector.invoke("searchTracks", {"q": "a", "max_items": 1}, connection="catalogue")
    assert found.ok, found.error
    assert store.load("catalogue").access_token != "dead-token-not-real"


def test_where_nothing_can_be_stored_the_token_lives_in_this_process(make_keeper, count_token_calls):
    class Sealed(MemoryStore):
        def lock(self, *_):
            raise StoreReadOnly("sealed")

        def replace(self, *_):
            raise StoreReadOnly("sealed")

    keeper = make_keeper(Sealed([APP]))
    slot = keeper._slots.find("catalogue", 10)
    first = get(keeper)
    slot.seen = (None, None)  # as if what was read were no longer trusted
    assert get(keeper) == first
    assert count_token_calls() == 1
    assert any("can't be stored" in text for text in keeper.warnings("catalogue"))


def test_a_wrong_secret_is_told_as_what_it_is(store, keeper):
    store.save(replace(APP, client_secret="another-secret-not-real"))
    with pytest.raises(InvocationFailed) as caught:
        get(keeper)
    assert caught.value.error.kind == "unauthorized"
    assert "client secret" in caught.value.error.message


def test_it_reads_the_catalogue_and_says_of_what_is_a_user_s_that_it_needs_one(connector, store, control):
    store.save(APP)
    found = connector.invoke("searchTracks", {"q": "a", "max_items": 1}, connection="catalogue")
    assert found.ok, found.error
    before = len(control.calls())
    for block in ("getUserTopTracks", "getCurrentUserProfile", "followPlaylist"):
        args = {**connector.manifest.block(block).example}
        args.pop("access_token")
        error = connector.invoke(block, args, connection="catalogue").error
        assert error.kind == "forbidden"
        assert "an app's own" in error.message
        assert f"login --name NAME --for {block}" in error.message
    assert len(control.calls()) == before


def test_what_an_app_finds_in_a_market_only_is_told_so(connector, store):
    store.save(APP)
    for block in ("getShow", "getEpisode", "getAudiobookChapters", "getChapter"):
        given = {"id": connector.manifest.block(block).example["id"]}
        error = connector.invoke(block, given, connection="catalogue").error
        assert (error.kind, "give a market" in error.message) == ("not_found", True)
        assert connector.invoke(block, {**given, "market": "ES"}, connection="catalogue").ok


def test_public_playlists_need_no_user(manifest):
    assert not manifest.needs_user(manifest.block("getPlaylist"))
    assert manifest.needs_user(manifest.block("getCurrentUserProfile"))


def test_how_an_app_gets_its_token_and_what_is_a_user_s_stands_in_the_manifest(manifest):
    data = copy.deepcopy(dict(manifest.data))
    data["auth"]["listener"]["sign_in"]["app"] = {"grant_type": "guild", "user_paths": ["/tracks"]}
    other = Manifest(data, manifest.folder)
    sent = []

    def send(request, _deadline):
        sent.append(request)
        return Response(200, {}, b'{"access_token": "guild-token-not-real"}')

    sign_in = SignIn.from_manifest(other)
    assert sign_in.open_app(APP, send, Deadline(10), 0.0).access_token == "guild-token-not-real"
    assert [request.content for request in sent] == [b"grant_type=guild"]
    assert [other.needs_user(other.block(name)) for name in ("getTrack", "getAlbum")] == [True, False]
    del data["auth"]["listener"]["sign_in"]["app"]
    assert SignIn.from_manifest(Manifest(data, manifest.folder)).app_grant is None


@pytest.mark.parametrize("values", [{"client_id": "app", "is_app": True}, {"client_id": "app", "is_app": "yes"}])
def test_an_app_s_connection_has_a_secret(values):
    with pytest.raises(ValueError, match=r"client_secret is missing|is_app has the wrong type"):
        Connection.from_dict(values)


def test_what_is_kept_of_it_reads_back():
    assert Connection.from_dict(APP.to_dict()) == APP
    assert "is_app" not in Connection("alice", "app").to_dict()
    assert repr(APP) == "<Connection catalogue: app without a user>"
