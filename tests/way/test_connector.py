"""The way of an invocation, over a real socket: what is sent, in which order, and what comes out of the answers."""

import threading
import time
from base64 import b64encode

import pytest

from connector import Connector, InvocationFailed, Meta, UnknownBlock
from connector.errors import ManifestError
from connector.manifest.manifest import Manifest
from connector.wire.deadline import Deadline

TOKEN = {"access_token": "s3cret"}
FORBIDDEN = (403, {}, {"error": {"status": 403, "message": "Forbidden"}})


def page_of(items, following, **more):
    return {"href": "h", "items": items, "limit": 50, "next": following, "total": 120, **more}


def pages_of_120(seen):
    """120 numbers in pages, as the service gives them; some entries are null."""
    start = int(seen.query.get("offset", 0))
    items = [None if number % 50 == 7 else number for number in range(start, min(start + 50, 120))]
    return 200, {}, page_of(items, f"{seen.path}?more" if start + 50 < 120 else None, offset=start)


NUMBERS = [None if number % 50 == 7 else number for number in range(120)]
FILLED = [number for number in NUMBERS if number is not None]


@pytest.fixture
def two_doors(tmp_path):
    """A manifest of another service: one block with two routes, of which the first may be closed."""
    field = {"type": "array", "items": {"type": "string"}, "x-field": "List", "title": "", "description": ""}
    text = {"type": "string", "x-field": "String", "title": "", "description": ""}
    new = {"request": "PUT /new", "query": ["ids"], "batch": {"ids": 2}, "quota": {"development": "closed 2026-01-01"}}
    old = {"request": "PUT /old", "query": ["ids"], "batch": {"ids": 3}, "quota": {"development": "closed 2026-02-02"}}
    data = {
        "package": {"title": "Somewhere"},
        "servers": {"main": {"url": "https://somewhere.invalid", "auth": "key"}},
        "auth": {
            "key": {"type": "header", "name": "X-Key", "value": "key", "fields": {"key": {**text, "writeOnly": True}}}
        },
        "errors": {"message": ["error.message"]},
        "blocks": {
            "putThings": {
                "title": "",
                "group": "",
                "description": "",
                "effect": "write",
                "output": {},
                "input": {"required": ["ids"], "properties": {"ids": field}},
                "routes": [new, old],
            }
        },
    }
    return Manifest(data, tmp_path)


# One request


def place(block, entries):
    """An answer that holds `entries` where the block's output has its list."""
    for step in reversed(block.listing.at if block.listing else ()):
        entries = {step: entries}
    return entries


def test_the_example_of_a_block_is_sent_by_its_first_route(each_block, connect, server, manifest):
    if each_block.procedure:
        return
    server.answer = lambda _seen: (200, {}, page)
    page = {"items": [], "next": None}
    for step in reversed(each_block.page.at if each_block.page else ()):
        page = {step: page}
    for field in each_block.placed_fields:
        page = place(each_block, [None] * len(each_block.example[field]))
    route, earlier = each_block.routes[0], len(server.requests)

    result = connect().invoke(each_block.name, each_block.example)

    output = page if each_block.reads_answer else {}
    assert (result.ok, result.block, result.output, result.error) == (True, each_block.name, output, None)
    requests = server.requests[earlier:]
    assert {(seen.method, seen.path.count("/")) for seen in requests} == {(route.method, route.path.count("/"))}
    basic = b64encode(b"a-secret-kept-elsewhere:a-secret-kept-elsewhere").decode()
    expected = {"bearer": "Bearer an-access-token", "basic": f"Basic {basic}"}[manifest.auth[route.server].type]
    assert {seen.headers["Authorization"] for seen in requests} == {expected}
    assert result.meta.route == route.name


def test_the_account_of_one_request(connect, server):
    server.queue.append((200, {}, {"id": "smedjan"}))
    result = connect().invoke("getCurrentUserProfile", TOKEN)
    duration = result.meta.duration
    assert result.meta == Meta(requests=1, pages=0, retries=0, waited=0.0, route="GET /me", duration=duration)
    assert duration > 0


def test_an_alias_invokes_the_block_that_it_stands_for(each_aliased_block, connect, server):
    for alias in each_aliased_block.aliases:
        server.queue.append((200, {}, {}))
        assert connect().invoke(alias, each_aliased_block.example).block == each_aliased_block.name


@pytest.mark.parametrize("how", ["invoke", "stream"])
def test_an_unknown_block_is_a_programmer_s_mistake(connect, server, how):
    with pytest.raises(UnknownBlock) as caught:
        getattr(connect(), how)("getFeaturedPlaylist", TOKEN)
    assert caught.value.near[0] == "getFeaturedPlaylists"


@pytest.mark.each(
    ("name", "value"),
    [*(("concurrency", value) for value in (0, -3, 1.5, "2", True)), ("quota_mode", "developement")],
)
def test_a_setting_that_is_none_is_a_programmer_s_mistake(connect, name, value):
    with pytest.raises(ValueError, match=f"{name} is "):
        connect(**{name: value})


@pytest.mark.parametrize("args", [None, {}, {"access_token": ""}, "text", [], {7: 7}])
def test_wrong_arguments_are_a_result_and_nothing_is_sent(connect, server, args):
    result = connect().invoke("getCurrentUserProfile", args)
    assert result.error.kind in ("missing_fields", "invalid_fields")
    assert (result.output, result.meta.requests, server.requests) == (None, 0, [])


def test_a_secret_that_the_server_echoes_is_not_in_the_result(connect, server):
    server.queue.append((401, {}, {"error": {"status": 401, "message": "Bad token s3cret"}}))
    result = connect().invoke("getCurrentUserProfile", TOKEN)
    assert result.error.body == {"error": {"status": 401, "message": "Bad token ***"}}
    assert "s3cret" not in f"{result!r} {result.envelope()}"


@pytest.mark.parametrize("echo", ["form", "authorization"])
def test_no_form_of_the_app_s_credentials_is_in_a_result(connect, server, echo):
    def answer(seen):
        text = seen.body.decode() if echo == "form" else seen.headers["Authorization"]
        return 400, {}, {"error": "invalid_request", "error_description": text}

    server.answer = answer
    args = {"client_id": "app-id", "client_key": "app-key", "refresh_token": "r3fresh"}
    shown = repr(connect().invoke("refreshToken", args))
    assert not any(secret in shown for secret in ("app-key", "r3fresh", b64encode(b"app-id:app-key").decode()))


def test_a_token_goes_to_no_other_server(connect, server, make_server):
    other = make_server()
    server.queue.append((307, {"Location": f"{other.url}/me"}, b""))
    result = connect().invoke("getCurrentUserProfile", TOKEN)
    assert (result.error.kind, other.requests) == ("bad_answer", [])


@pytest.mark.parametrize("content", [b"", b"  "])
def test_an_empty_answer_is_an_empty_object(connect, server, content):
    server.queue.append((200, {}, content))
    assert connect().invoke("followArtist", {**TOKEN, "id": "0TnOYISbd1XYRBk9myaseg"}).output == {}


# Pages


def test_offset_pages_are_merged_into_the_first_one_s_shape(connect, server):
    server.answer = pages_of_120
    result = connect().invoke("getUserSavedTracks", {**TOKEN, "market": "ES"})
    assert result.output == page_of(NUMBERS, None, offset=0)
    assert sorted((seen.query for seen in server.requests), key=lambda query: int(query.get("offset", 0))) == [
        {"market": "ES", "limit": "50"},
        {"market": "ES", "limit": "50", "offset": "50"},
        {"market": "ES", "limit": "50", "offset": "100"},
    ]
    assert (result.meta.requests, result.meta.pages) == (3, 3)


@pytest.mark.parametrize(("max_items", "requests"), [(1, 1), (50, 1), (51, 2), (100, 2), (101, 3), (1000, 3)])
def test_max_items_stops_the_reading(connect, server, max_items, requests):
    server.answer = pages_of_120
    result = connect().invoke("getUserSavedTracks", {**TOKEN, "max_items": str(max_items)})
    assert result.output == page_of(NUMBERS[:max_items], None, offset=0)
    assert len(server.requests) == requests
    assert {seen.query["limit"] for seen in server.requests} == {str(min(50, max_items))}
    assert not any("max_items" in seen.query for seen in server.requests)


@pytest.mark.parametrize(("status", "is_progress"), [(200, True), (404, False), (503, False)])
def test_the_stall_limit_starts_anew_with_an_answer_that_serves(connect, server, monkeypatch, status, is_progress):
    renewals = []
    monkeypatch.setattr("connector.sending.retry.BACKOFF_S", 0)
    monkeypatch.setattr(Deadline, "renew", lambda own: renewals.append(own))
    server.answer = lambda _: (status, {}, {"id": "u"})
    connect(max_wait=0).invoke("getCurrentUserProfile", TOKEN)
    assert bool(renewals) is is_progress


def test_cursor_pages_are_read_to_the_last(connect, server):
    def answer(seen):
        after = {None: "c1", "c1": "c2", "c2": None}[seen.query.get("after")]
        body = {"artists": {"items": [after], "cursors": {"after": after}, "next": after and "more", "total": 3}}
        return 200, {}, body

    server.answer = answer
    result = connect().invoke("getFollowedArtists", TOKEN)
    assert result.output == {
        "artists": {"items": ["c1", "c2", None], "cursors": {"after": None}, "next": None, "total": 3}
    }
    assert [seen.query for seen in server.requests] == [
        {"type": "artist", "limit": "50"},
        {"type": "artist", "limit": "50", "after": "c1"},
        {"type": "artist", "limit": "50", "after": "c2"},
    ]


def test_the_pages_of_a_block_are_the_largest_and_read_to_the_last(each_paged_block, seam, send_back, manifest):
    block = each_paged_block
    with seam(send_back(block)) as wire, Connector(manifest) as connector:
        output = connector.invoke(block.name, block.example).output
    for step in block.page.at:
        output = output[step]
    size, names = block.page.size, block.page.names
    pages = 2 if block.page.reach is None or block.page.reach > size else 1
    assert (output[names["items"]], output[names["next"]]) == ([None] * pages * size, None)
    assert [dict(request.query)[names["size"]] for request in wire.requests] == [str(size)] * pages


def test_a_later_page_that_fails_makes_the_whole_an_error(connect, server):
    first = page_of([1] * 50, "more", total=100)
    server.queue += [(200, {}, first), (429, {"Retry-After": "7"}, b"Too many requests")]
    result = connect(max_wait=1).invoke("getUserSavedTracks", TOKEN)
    assert (result.output, result.error.kind, result.error.retry_after) == (None, "rate_limited", 7.0)
    assert (result.error.came, result.error.resume, result.error.partial) == (50, "50", {**first, "next": None})
    assert (result.meta.requests, result.meta.pages) == (2, 1)


@pytest.mark.parametrize("body", [b"", {}, {"items": None}, []])
def test_an_answer_without_a_page_is_a_bad_answer(connect, server, body):
    server.queue.append((200, {}, body))
    error = connect().invoke("getUserSavedTracks", TOKEN).error
    assert (error.kind, error.message) == ("bad_answer", "getUserSavedTracks: The answer holds no list at items.")


def test_a_next_link_to_another_server_is_not_followed(connect, server, make_server):
    other = make_server()
    first = page_of([1], f"{other.url}/me/tracks?offset=50", total=51)
    server.queue += [(200, {}, first), (200, {}, page_of([2], None))]
    assert connect().invoke("getUserSavedTracks", TOKEN).output["items"] == [1, 2]
    assert (len(server.requests), other.requests) == (2, [])


def test_progress_is_told_after_each_page(connect, server):
    server.answer = pages_of_120
    told = []
    connect().invoke("getUserSavedTracks", TOKEN, on_progress=lambda meta: told.append((meta.requests, meta.pages)))
    # The second and the third page are asked for side by side.
    assert told in ([(1, 1), (2, 2), (3, 3)], [(1, 1), (3, 2), (3, 3)])


def test_a_schema_that_cannot_be_read_is_told_before_anything_is_sent(two_doors, server):
    two_doors.data["blocks"]["putThings"]["output"] = {"$ref": "missing.json#/$defs/Thing"}
    with (
        Connector(two_doors, servers={"main": server.url}) as connector,
        pytest.raises(ManifestError, match=r"missing\.json can't be read"),
    ):
        connector.invoke("putThings", {"key": "k", "ids": ["a"]})
    assert server.requests == []


# Streams


def test_a_stream_gives_the_entries_in_order_without_nulls(connect, server):
    server.answer = pages_of_120
    meta = Meta()
    assert list(connect().stream("getUserSavedTracks", TOKEN, meta=meta)) == FILLED
    assert meta.warnings == ["The service gave null in place of 3 of 120 entries."]


def test_the_output_keeps_nulls_and_its_entries_leave_them_out_and_count_them(connect, server):
    server.answer = pages_of_120
    result = connect().invoke("getUserSavedTracks", {**TOKEN, "max_items": 57})
    assert (result.output["items"], result.entries) == (NUMBERS[:57], FILLED[:56])
    assert result.meta.warnings == ["The service gave null in place of 1 of 57 entries."]


def test_a_stream_asks_for_a_page_when_its_entries_are_wanted(connect, server):
    server.answer = pages_of_120
    stream = connect().stream("getUserSavedTracks", TOKEN)
    assert server.requests == []
    for _ in FILLED[:49]:
        next(stream)
    assert len(server.requests) == 1
    next(stream)
    assert len(server.requests) in (2, 3)
    stream.close()


def test_the_time_that_a_reader_takes_is_not_the_service_s(connect, server, monkeypatch):
    server.answer = pages_of_120
    stream = connect(timeout=20).stream("getUserSavedTracks", TOKEN)
    read = [next(stream)]
    later, now = [0.0], time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: now() + later[0])
    for entry in stream:
        read.append(entry)
        later[0] += 1
    assert read == FILLED


@pytest.mark.parametrize(("max_items", "requests"), [(1, 1), (50, 1), (51, 2), (1000, 3)])
def test_a_stream_ends_at_max_items(connect, server, max_items, requests):
    server.answer = pages_of_120
    assert list(connect().stream("getUserSavedTracks", {**TOKEN, "max_items": max_items})) == [
        number for number in NUMBERS[:max_items] if number is not None
    ]
    assert len(server.requests) == requests


def test_a_stream_without_pages_gives_the_one_output(connect, server):
    server.queue.append((200, {}, {"id": "smedjan"}))
    assert list(connect().stream("getCurrentUserProfile", TOKEN)) == [{"id": "smedjan"}]


def test_a_stream_of_a_list_gives_its_entries(connect, server):
    server.queue.append((200, {}, [True, False]))
    tracks = ["7ouMYWpwJ422jRcDASZB7P", "4iV5W9uYEdYUVa79Axb7Rh"]
    assert list(connect().stream("checkSavedTrack", {**TOKEN, "id": tracks})) == [True, False]


def test_a_stream_raises_where_invoke_would_give_an_error(connect, server):
    expired = {"error": {"message": "The access token expired"}}
    server.queue += [(200, {}, page_of([1], "more", total=51)), (401, {}, expired)]
    stream = connect().stream("getUserSavedTracks", TOKEN)
    assert next(stream) == 1
    with pytest.raises(InvocationFailed) as caught:
        next(stream)
    assert caught.value.error.kind == "unauthorized"


def test_a_stream_with_wrong_arguments_raises_before_anything_is_sent(connect, server):
    with pytest.raises(InvocationFailed) as caught:
        next(connect().stream("getUserSavedTracks", {}))
    assert (caught.value.error.kind, server.requests) == ("missing_fields", [])


# Batches

TRACKS = [f"{number:022d}" for number in range(100)]


def uris(ids):
    return ",".join(f"spotify:track:{track}" for track in ids)


def test_a_long_list_is_sent_in_order(connect, server):
    server.answer = lambda _seen: (200, {}, b"")
    result = connect().invoke("saveTrack", {**TOKEN, "id": ",".join(TRACKS)})
    assert [seen.query["uris"] for seen in server.requests] == [
        uris(TRACKS[:40]),
        uris(TRACKS[40:80]),
        uris(TRACKS[80:]),
    ]
    assert (result.output, result.meta.requests) == ({}, 3)


@pytest.mark.each(
    ("block", "field", "answer"),
    [
        *(("checkSavedTrack", "id", answer) for answer in (b"", {}, {"a": 1}, "text", 7, True, [True], [True] * 3)),
        *(("getTracks", "ids", answer) for answer in (b"", [None] * 2)),
        *(("getTracks", "ids", {"tracks": found}) for found in (None, {}, [], [None], [None] * 3)),
    ],
)
def test_what_is_no_answer_for_each_value_is_a_bad_one(connect, server, block, field, answer):
    for count in (2, 100):
        server.answer = lambda _seen: (200, {}, answer)
        error = connect(quota_mode="extended").invoke(block, {**TOKEN, field: TRACKS[:count]}).error
        assert (error.kind, "does not hold one entry for each of the" in error.message) == ("bad_answer", True)


def test_what_all_parts_of_a_list_say_is_said_once(connect, server):
    server.answer = lambda _seen: (200, {"Content-Type": "text/plain"}, b"OK")
    result = connect().invoke("saveTrack", {**TOKEN, "id": TRACKS})
    assert (result.output, result.meta.requests, len(result.meta.warnings)) == ({}, 3, 1)
    assert "(200, text/plain) is no JSON" in result.meta.warnings[0]


def test_the_answers_of_a_long_list_are_joined_in_order(connect, server):
    server.answer = lambda seen: (200, {}, [int(uri[-1]) % 2 == 0 for uri in seen.query["uris"].split(",")])
    result = connect().invoke("checkSavedTrack", {**TOKEN, "id": TRACKS})
    assert result.output == [int(track) % 2 == 0 for track in TRACKS]


def test_a_later_batch_that_is_refused_says_what_was_done(connect, server):
    server.queue += [(200, {}, b""), (400, {}, {"error": {"status": 400, "message": "Invalid track uri"}})]
    error = connect().invoke("removeSavedTrack", {**TOKEN, "id": TRACKS}).error
    assert (error.kind, error.done, error.not_done, error.uncertain) == (
        "bad_request",
        tuple(TRACKS[:40]),
        tuple(TRACKS[40:]),
        (),
    )
    assert error.message.endswith("Of 100 values 40 were done and 60 were not.")
    assert len(server.requests) == 2


def test_a_later_batch_whose_answer_is_lost_is_uncertain(connect, server):
    server.queue += [(200, {}, b""), *[(200, {"Content-Type": "text/html"}, b"<html>Proxy</html>")] * 4]
    error = connect().invoke("saveTrack", {**TOKEN, "id": TRACKS}).error
    assert (error.kind, error.done, error.not_done, error.uncertain) == (
        "bad_answer",
        tuple(TRACKS[:40]),
        tuple(TRACKS[80:]),
        tuple(TRACKS[40:80]),
    )


def test_a_check_that_fails_has_done_nothing(connect, server):
    server.queue += [(200, {}, [True] * 40), (400, {}, {"error": {"status": 400, "message": "Invalid"}})]
    error = connect().invoke("checkSavedTrack", {**TOKEN, "id": TRACKS[:80]}).error
    assert (error.kind, error.done, error.uncertain) == ("bad_request", (), ())
    assert (error.came, error.not_done, error.partial) == (40, tuple(TRACKS[40:80]), [True] * 40)


def test_a_batch_never_holds_more_than_its_route_takes(each_batched_route, seam, only_by):
    block, route = each_batched_route
    many = [block.example[route.batch.field][0]] * (2 * route.batch.size + 1)

    def count(request):
        return (repr(request.query) + (request.content or b"").decode()).count(many[0])

    with (
        seam(lambda request: (200, place(block, [None] * count(request)))) as wire,
        Connector(only_by(block, route)) as connector,
    ):
        connector.invoke(block.name, {**block.example, route.batch.field: many})
    assert sorted(map(count, wire.requests)) == [1, route.batch.size, route.batch.size]


# Routes


def test_the_second_route_is_taken_where_the_first_is_closed(connect, server, two_doors):
    server.queue += [FORBIDDEN, (200, {}, b""), (200, {}, b"")]
    result = connect(two_doors).invoke("putThings", {"key": "s3cret", "ids": "a,b,c,d"})
    assert [(seen.path, seen.query["ids"]) for seen in server.requests] == [
        ("/new", "a,b"),
        ("/old", "a,b,c"),
        ("/old", "d"),
    ]
    assert (result.ok, result.meta.route, result.meta.requests) == (True, "PUT /old", 3)


def test_a_write_that_was_partly_done_is_not_begun_again_by_another_route(connect, server, two_doors):
    server.queue += [(200, {}, b""), FORBIDDEN]
    error = connect(two_doors).invoke("putThings", {"key": "s3cret", "ids": "a,b,c,d"}).error
    assert (error.kind, error.done, error.not_done) == ("unavailable", ("a", "b"), ("c", "d"))


def test_where_every_route_is_closed_the_last_word_is_since_when(connect, server, two_doors):
    server.queue += [FORBIDDEN, FORBIDDEN]
    error = connect(two_doors).invoke("putThings", {"key": "s3cret", "ids": "a"}).error
    assert error.kind == "unavailable"
    assert "Closed to apps in development mode since 2026-02-02." in error.message


@pytest.mark.parametrize("answer", [(400, {}, b""), (401, {}, b""), (429, {"Retry-After": "100"}, b"")])
def test_another_error_than_a_closed_route_is_the_end(connect, server, two_doors, answer):
    server.queue.append(answer)
    assert not connect(two_doors).invoke("putThings", {"key": "s3cret", "ids": "a"}).ok
    assert [seen.path for seen in server.requests] == ["/new"]


def test_a_block_that_is_closed_to_development_mode_is_unavailable_without_a_request(
    each_closed_block, connect, server
):
    block, since = each_closed_block, each_closed_block.closed_since("development")
    error = connect(quota_mode="development").invoke(block.name, block.example).error
    assert (error.kind, error.code, error.status) == ("unavailable", "API_ERROR", None)
    assert error.message == (
        f"{block.name}: Closed to apps in development mode since {since}. It works in extended mode. "
        f"Instead: {block.instead}"
        + "".join(
            f" With CONNECTOR_SUBSTITUTES={name} another service does it: {text}" for name, text in block.consents
        )
    )
    assert server.requests == []


PLAYLIST = {**TOKEN, "owner_id": "smedjan", "playlist_id": "3cEYpjA9oz9GiPac4AsH4n"}


@pytest.mark.parametrize("public", [{}, {"public": "true"}, {"public": ""}])
def test_a_playlist_that_may_be_public_is_followed_by_the_library(connect, server, public):
    server.queue.append((200, {}, b""))
    assert connect().invoke("followPlaylist", {**PLAYLIST, **public}).ok
    [seen] = server.requests
    assert (seen.method, seen.path, seen.query, seen.body) == (
        "PUT",
        "/me/library",
        {"uris": "spotify:playlist:3cEYpjA9oz9GiPac4AsH4n"},
        b"",
    )


@pytest.mark.parametrize("public", ["false", False, " FALSE "])
def test_a_playlist_that_stays_private_takes_the_old_route(connect, server, public):
    server.queue.append((200, {}, b""))
    assert connect().invoke("followPlaylist", {**PLAYLIST, "public": public}).ok
    [seen] = server.requests
    assert (seen.method, seen.path, seen.body) == (
        "PUT",
        "/playlists/3cEYpjA9oz9GiPac4AsH4n/followers",
        b'{"public":false}',
    )


def test_a_private_playlist_in_development_mode_is_told_what_to_leave_out(connect, server):
    error = connect(quota_mode="development").invoke("followPlaylist", {**PLAYLIST, "public": False}).error
    assert error.kind == "unavailable"
    assert "since 2026-03-09" in error.message
    assert error.message.endswith("It can be done without public.")
    assert server.requests == []


# Time


def hang(server):
    def answer(handler):
        server.stopping.wait()
        handler.close_connection = True

    return answer


def test_a_server_that_does_not_answer_ends_in_a_timeout(connect, server):
    server.queue.append(hang(server))
    error = connect(timeout=0.1).invoke("getCurrentUserProfile", TOKEN).error
    assert (error.kind, error.code) == ("timeout", "INTERNAL_PACKAGE_ERROR")


def test_a_deadline_ends_an_invocation_whose_pages_keep_coming(connect, server):
    server.answer = lambda seen: (200, {}, page_of([seen.query.get("offset")] * 50, "more", total=10**12))
    error = connect(timeout=10, deadline=0.5).invoke("getUserSavedTracks", TOKEN).error
    assert error.kind == "timeout"
    assert len(server.requests) > 1


def test_a_later_page_that_hangs_ends_in_a_timeout(connect, server):
    server.queue += [(200, {}, page_of([1], "more", total=51)), hang(server)]
    result = connect(timeout=0.5).invoke("getUserSavedTracks", TOKEN)
    assert (result.error.kind, result.meta.pages) == ("timeout", 1)


# The connector


def test_servers_are_chosen_by_argument_then_environment_then_manifest(manifest, monkeypatch):
    assert Connector(manifest).servers == manifest.servers
    monkeypatch.setenv("CONNECTOR_SERVER_API", "http://127.0.0.1:1/v1/\n")
    monkeypatch.setenv("CONNECTOR_SERVER_ACCOUNTS", "http://127.0.0.1:2")
    assert Connector(manifest, servers={"accounts": "http://127.0.0.1:3/"}).servers == {
        "api": "http://127.0.0.1:1/v1",
        "accounts": "http://127.0.0.1:3",
        "reccobeats": manifest.servers["reccobeats"],
    }


def test_a_server_that_the_manifest_does_not_have_is_a_mistake(manifest):
    with pytest.raises(ValueError, match=r"^There is no server web; there are api, accounts, reccobeats\.$"):
        Connector(manifest, servers={"web": "http://127.0.0.1:1"})


def test_a_connector_may_be_used_again_after_it_was_closed(connect, server):
    server.answer = lambda _seen: (200, {}, {})
    connector = connect()
    with connector:
        assert connector.invoke("getCurrentUserProfile", TOKEN).ok
    assert connector.invoke("getCurrentUserProfile", TOKEN).ok


def test_threads_share_a_connector(connect, server):
    server.answer = lambda seen: (200, {}, {"token": seen.headers["Authorization"]})
    connector = connect()
    outputs = {}

    def run(token):
        outputs[token] = connector.invoke("getCurrentUserProfile", {"access_token": token}).output

    threads = [threading.Thread(target=run, args=(f"t{number}",)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outputs == {f"t{number}": {"token": f"Bearer t{number}"} for number in range(16)}


def test_a_connector_shows_its_package(manifest):
    name = manifest.package["name"]
    assert repr(Connector(manifest)) == f"<Connector {name} with {len(manifest)} blocks>"


def test_the_service_sees_no_more_requests_at_once_than_were_asked_for(connect, server):
    under_way, most = set(), []
    lock = threading.Lock()

    def answer(seen):
        with lock:
            under_way.add(seen.target)
            most.append(len(under_way))
        time.sleep(0.02)
        with lock:
            under_way.discard(seen.target)
        start = int(seen.query.get("offset", 0))
        return 200, {}, {"items": [start] * 50, "next": "more" if start < 950 else None, "limit": 50, "total": 1000}

    server.answer = answer
    assert len(connect(concurrency=3).invoke("getUserSavedTracks", TOKEN).output["items"]) == 1000
    assert max(most) == 3
