"""Each block asks for the scopes that it needs and for no others: what is known to be missing is named before anything
is sent, with the command that asks for it, and what the service refuses is put down to the same.

The sandbox is the judge: which scope it wants is its own affair.
"""

import pytest
from second_account import keep_second

from connector import Connector
from connector.auth import Connection
from connector.auth.scopes import choose_scopes
from connector.auth.stores.memory_store import MemoryStore
from connector.manifest.manifest import Manifest
from connector.sandbox import Sandbox
from connector.sandbox.ids import make_id

MANIFEST = Manifest.load()
PUBLIC, PRIVATE = "playlist-modify-public", "playlist-modify-private"
#: A public playlist of the sandbox's user.
OWN = "3cEYpjA9oz9GiPac4AsH4n"
ARTIST, TRACK = f"spotify:artist:{make_id('artist', 1)}", f"spotify:track:{make_id('track', 1)}"
LIST = f"spotify:playlist:{make_id('playlist', 1)}"
COVER = {"playlist_id": OWN, "image": "/9j/2Q=="}


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
def invoke(sandbox, connector, store):
    """Invokes a block for a user who granted certain scopes; `is_known`: the connection knows which."""

    def run(name, args, scopes, *, is_known=True):
        demo = sandbox.demo_args
        keep_second(sandbox, store, MANIFEST.block(name))
        sandbox.control.seed(token_scopes=list(scopes))
        known = tuple(scopes) if is_known else None
        given = {field: demo.get(field, value) for field, value in args.items() if field != "access_token"}
        connection = Connection(
            "alice", demo["client_id"], demo["client_key"], known, access_token=demo["access_token"]
        )
        return connector.invoke(name, given, connection=connection)

    return run


def test_what_a_block_asks_for_is_enough_and_nothing_of_it_can_be_left_out(sandbox, invoke, each_block):
    needs = [need for need in each_block.find_needs(each_block.example) if not need.is_optional]
    enough = [need.any_of[0] for need in needs]
    result = invoke(each_block.name, each_block.example, enough)
    assert result.ok, result.error
    before = len(sandbox.control.calls())
    for need in needs:
        others = [scope for scope in MANIFEST.data["scopes"] if scope not in need.any_of]
        error = invoke(each_block.name, each_block.example, others).error
        assert (error.kind, len(sandbox.control.calls())) == ("forbidden", before)
        assert f"It needs the scope {need.any_of[0]}" in error.message
        assert all(scope in error.message for scope in need.any_of)
        assert f"`spotify-blocks login --name alice --for {each_block.name}" in error.message


def test_what_the_service_refuses_is_put_down_to_the_same_scopes(invoke, each_block):
    needs = [need for need in each_block.find_needs(each_block.example) if not need.is_optional]
    if not needs:
        return
    result = invoke(each_block.name, each_block.example, [], is_known=False)
    if each_block.procedure and result.ok:
        # Whoever finds nothing to do on a public list writes nothing, so nothing is refused.
        assert each_block.effect == "read" or result.output["calls"]["write"] == 0
        return
    error = result.error
    assert error.kind == "forbidden"
    assert all(scope in error.message for need in needs for scope in need.any_of)
    assert f"spotify-blocks login --for {each_block.name}" in error.message


@pytest.mark.parametrize(
    ("block", "args", "granted", "missing"),
    [
        ("createPlaylist", {"name": "Mine"}, [PRIVATE], []),
        ("createPlaylist", {"name": "Mine", "public": "false"}, [PUBLIC], [PRIVATE]),
        ("createPlaylist", {"name": "Mine", "public": "true"}, [PUBLIC], []),
        ("createPlaylist", {"name": "Mine", "public": True}, [PRIVATE], [PUBLIC]),
        ("createPlaylist", {"name": "Mine", "collaborative": True}, [PRIVATE, PUBLIC], []),
        ("createPlaylist", {"name": "Mine", "collaborative": True}, [PRIVATE], [PUBLIC]),
        ("uploadPlaylistCover", COVER, ["ugc-image-upload", PUBLIC], []),
        ("uploadPlaylistCover", COVER, ["ugc-image-upload"], [PUBLIC, PRIVATE]),
        ("uploadPlaylistCover", COVER, [PUBLIC], ["ugc-image-upload"]),
        ("followPlaylist", {"owner_id": "anyone", "playlist_id": LIST}, [PUBLIC], []),
        ("followPlaylist", {"owner_id": "anyone", "playlist_id": LIST, "public": False}, [PRIVATE], []),
        ("followPlaylist", {"owner_id": "anyone", "playlist_id": LIST, "public": False}, [PUBLIC], [PRIVATE]),
        ("addItemsToPlaylist", {"playlist_id": OWN, "uris": TRACK}, [PUBLIC], []),
        ("addItemsToPlaylist", {"playlist_id": OWN, "uris": TRACK}, [], [PUBLIC, PRIVATE]),
        ("saveToLibrary", {"uris": [TRACK]}, ["user-library-modify"], []),
        ("saveToLibrary", {"uris": f"{TRACK}, {ARTIST}"}, ["user-library-modify"], ["user-follow-modify"]),
        ("removeFromLibrary", {"uris": [ARTIST, LIST]}, ["user-follow-modify", PUBLIC], []),
        ("removeFromLibrary", {"uris": [ARTIST, LIST]}, ["user-follow-modify"], [PUBLIC]),
        ("checkLibrary", {"uris": [LIST]}, ["playlist-read-private"], []),
        ("checkLibrary", {"uris": [LIST, ARTIST]}, ["playlist-read-private"], ["user-follow-read"]),
    ],
)
def test_scopes_follow_from_the_arguments(invoke, block, args, granted, missing):
    error = invoke(block, args, granted).error
    named = [scope for scope in MANIFEST.data["scopes"] if error and scope in error.message]
    assert (named, error) == (sorted(missing, key=list(MANIFEST.data["scopes"]).index), error if missing else None)


def test_the_command_that_an_error_names_asks_for_what_is_missing(invoke):
    error = invoke("createPlaylist", {"name": "Mine", "public": True}, [PRIVATE]).error
    assert f"`spotify-blocks login --name alice --for createPlaylist --scope {PUBLIC}` asks the user" in error.message
    assert choose_scopes(MANIFEST, ["createPlaylist"]) == (PRIVATE,)
    assert choose_scopes(MANIFEST, ["followPlaylist"]) == (PUBLIC,)
    assert choose_scopes(MANIFEST, ["uploadPlaylistCover"]) == (PUBLIC, PRIVATE, "ugc-image-upload")
    assert choose_scopes(MANIFEST, ["saveToLibrary"]) == ("user-follow-modify", PUBLIC, "user-library-modify")


def test_of_several_scopes_that_do_each_is_told_with_what_it_is_for(invoke):
    error = invoke("clearPlaylist", {"playlist_id": OWN}, []).error
    assert (
        f"It needs the scope {PUBLIC} (Change, follow and unfollow public playlists) "
        f"or {PRIVATE} (Change, follow and unfollow private playlists): "
    ) in error.message
