"""Answers of the sandbox against the service's own OpenAPI description, and against the shapes of real answers.

With the awkward entries switched off an answer must fit. With them on, it may differ in the listed ways only, all of
them seen in live answers.
"""

import copy
import re
from base64 import b64encode
from collections import Counter
from urllib.parse import parse_qsl

import digest
import pytest
from openapi_schema_validator import OAS30Validator

from connector.sandbox.api import OPERATIONS

#: Two ids of every kind, and what there is to read about one by its id.
KINDS = {
    "albums": ("382ObEPsp2rxGrnsizN5TX", "1A2GTWGtFfWp7KSQTwWOyo", "tracks"),
    "artists": (
        "0TnOYISbd1XYRBk9myaseg",
        "2CIMQHirSU0MQqyYHq0eOx",
        "albums",
        "top-tracks",
        "related-artists",
    ),
    "audiobooks": ("7iHfbu1YPACw6oZPAFJtqe", "18yVqkdbdRvS24c0Ilj2ci", "chapters"),
    "chapters": ("0D5wENdkdwbqlrHoaJ9g29", "0IsXVP0JmcB2adSE338GkK"),
    "episodes": ("512ojhOuo1ktJprKbVcKyQ", "77o6BIVlYM3msb4MMIL1jH"),
    "shows": ("38bS44xjbVVZ3No3ByF1dJ", "5CfCWKI5pZ28U0uOzXkDHe", "episodes"),
    "tracks": ("4iV5W9uYEdYUVa79Axb7Rh", "1301WleyT98MSxVHPZCA6M"),
}
SAVED = ("albums", "audiobooks", "episodes", "shows", "tracks")
PATHS = {
    **{f"/{kind}": f"/{kind}?ids={one},{other}" for kind, (one, other, *_) in KINDS.items()},
    **{f"/{kind}/{{id}}": f"/{kind}/{ids[0]}" for kind, ids in KINDS.items()},
    **{f"/{kind}/{{id}}/{more}": f"/{kind}/{one}/{more}" for kind, (one, _, *mores) in KINDS.items() for more in mores},
    **{f"/me/{kind}": f"/me/{kind}?limit=50" for kind in SAVED},
    **{f"/me/{kind}/contains": f"/me/{kind}/contains?ids={KINDS[kind][0]}" for kind in SAVED},
    "/audio-analysis/{id}": "/audio-analysis/4iV5W9uYEdYUVa79Axb7Rh",
    "/audio-features": "/audio-features?ids=4iV5W9uYEdYUVa79Axb7Rh,1301WleyT98MSxVHPZCA6M",
    "/audio-features/{id}": "/audio-features/1301WleyT98MSxVHPZCA6M",
    "/browse/categories": "/browse/categories?limit=50",
    "/browse/categories/{category_id}": "/browse/categories/party",
    "/browse/categories/{category_id}/playlists": "/browse/categories/party/playlists?limit=50",
    "/browse/featured-playlists": "/browse/featured-playlists?limit=50",
    "/browse/new-releases": "/browse/new-releases?limit=50",
    "/me": "/me",
    "/me/following": "/me/following?type=artist",
    "/me/following/contains": "/me/following/contains?type=user&ids=smedjan",
    "/me/library/contains": "/me/library/contains?uris=spotify:track:4iV5W9uYEdYUVa79Axb7Rh",
    "/me/player": "/me/player",
    "/me/player/currently-playing": "/me/player/currently-playing",
    "/me/player/devices": "/me/player/devices",
    "/me/player/queue": "/me/player/queue",
    "/me/player/recently-played": "/me/player/recently-played?limit=4",
    "/me/playlists": "/me/playlists",
    "/me/top/{type}": "/me/top/tracks?limit=50",
    "/markets": "/markets",
    "/playlists/{playlist_id}": "/playlists/3cEYpjA9oz9GiPac4AsH4n",
    "/playlists/{playlist_id}/followers/contains": "/playlists/37i9dQZF1DXcBWIGoYBM5M/followers/contains",
    "/playlists/{playlist_id}/images": "/playlists/3cEYpjA9oz9GiPac4AsH4n/images",
    "/playlists/{playlist_id}/items": "/playlists/3cEYpjA9oz9GiPac4AsH4n/items",
    "/playlists/{playlist_id}/tracks": "/playlists/3cEYpjA9oz9GiPac4AsH4n/tracks?limit=100",
    "/recommendations": "/recommendations?seed_tracks=4iV5W9uYEdYUVa79Axb7Rh&limit=100",
    "/recommendations/available-genre-seeds": "/recommendations/available-genre-seeds",
    "/search": "/search?q=a&type=track,album,artist,playlist,show,episode,audiobook&limit=10",
    "/users/{user_id}": "/users/smedjan",
    "/users/{user_id}/playlists": "/users/sandbox-listener/playlists",
}
WRITE_ADDRESSES = [
    ("/me/library", "/me/library?uris=spotify:track:4iV5W9uYEdYUVa79Axb7Rh"),
    ("/me/player/next", "/me/player/next"),
    ("/me/player/pause", "/me/player/pause"),
    ("/me/player/play", "/me/player/play"),
    ("/me/player/previous", "/me/player/previous"),
    ("/me/player/repeat", "/me/player/repeat?state=context"),
    ("/me/player/seek", "/me/player/seek?position_ms=25000"),
    ("/me/player/shuffle", "/me/player/shuffle?state=true"),
    ("/me/player/volume", "/me/player/volume?volume_percent=50"),
    ("/playlists/{playlist_id}/followers", "/playlists/3cEYpjA9oz9GiPac4AsH4n/followers"),
]
MORE_ADDRESSES = [
    ("/me/top/{type}", "/me/top/artists"),
    ("/audio-features/{id}", "/audio-features/4iV5W9uYEdYUVa79Axb7Rh"),
    ("/shows/{id}/episodes", "/shows/5CfCWKI5pZ28U0uOzXkDHe/episodes"),
    ("/browse/categories/{category_id}", "/browse/categories/dinner"),
    ("/me/playlists", "/me/playlists?limit=5&offset=5"),
]

TRACK = "spotify:track:4iV5W9uYEdYUVa79Axb7Rh"
#: What operations that write are sent besides their addresses.
WRITTEN = {
    "PUT /me/following": {"params": {"type": "user", "ids": "smedjan"}},
    "DELETE /me/following": {"params": {"type": "user", "ids": "smedjan"}},
    "PUT /me/player": {"json": {"device_ids": ["74ASZWbe4lXaubB36ztrGX"]}},
    "POST /me/player/queue": {"params": {"uri": TRACK}},
    "POST /me/playlists": {"json": {"name": "Kitchen"}},
    "POST /users/{id}/playlists": {"json": {"name": "Kitchen"}},
    **{f"POST /playlists/{{id}}/{name}": {"json": {"uris": [TRACK]}} for name in ("items", "tracks")},
    **{f"PUT /playlists/{{id}}/{name}": {"json": {"uris": [TRACK]}} for name in ("items", "tracks")},
    **{f"DELETE /playlists/{{id}}/{name}": {"json": {name: [{"uri": TRACK}]}} for name in ("items", "tracks")},
    "PUT /playlists/{id}/images": {"data": b64encode(b"\xff\xd8\xff"), "headers": {"Content-Type": "image/jpeg"}},
}

SHAPES = digest.load("answers.json")
OBJECTS = digest.load("objects.json")

#: An address for every operation of the sandbox, by its path there.
ADDRESSES = {
    operation.path: next(
        address
        for template, address in [*PATHS.items(), *WRITE_ADDRESSES]
        if re.sub(r"\{\w+\}", "{}", template) == re.sub(r"\{\w+\}", "{}", operation.path)
    )
    for operation in OPERATIONS
}

AWKWARD = {
    "images is null",
    "public is null",
    "added_at is null",
    "items is null",
    "height is a required property",
    "width is a required property",
    "album_type 'ALBUM' is not one of ['album', 'single', 'compilation']",
    "key is a whole number written as a float",
    "duration_ms is a whole number written as a float",
    # Null tracks and local files among a playlist's items: neither a TrackObject nor an EpisodeObject.
    "item fits none of the schemas",
    "track fits none of the schemas",
    # A saved episode that is no more has nothing but nulls, and no markets; some episodes lack a description in HTML.
    *(
        f"{name} is null"
        for name in (
            *("copyrights", "description", "duration_ms", "html_description", "id", "is_externally_hosted", "language"),
            *("languages", "media_type", "name", "publisher", "resume_position_ms", "total_episodes", "uri"),
        )
    ),
    *(f"{name} is a required property" for name in ("available_markets", "html_description", "is_playable")),
    # A top track of a shouted album: neither a TrackObject nor an ArtistObject.
    "items fits none of the schemas",
}
"""What awkward entries do against the description."""

ALWAYS = {
    # The last page of a cursor: recorded answers have null, the description says string.
    "next is null",
    # What was played by itself.
    "context is null",
    "after is null",
    # A genre has no address.
    "href is null",
    # With a market, live answers have `is_playable` instead.
    "available_markets is a required property",
}


@pytest.fixture(scope="module")
def description():
    described = digest.load("description.json")
    # It calls chapters episodes; real answers say what they are.
    described["components"]["schemas"]["ChapterBase"]["properties"]["type"]["enum"] = ["chapter"]
    return described


def deviations(description, template, answer, method="get", status=200):
    assert answer.status_code == status, answer.text
    response = description["paths"][template][method]["responses"][str(status)]
    if "$ref" in response:
        response = description["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    if "content" not in response:
        return {"a body"} if answer.content else set()
    schema = {
        "allOf": [response["content"]["application/json"]["schema"]],
        "components": description["components"],
    }
    return {describe(error) for error in OAS30Validator(schema).iter_errors(answer.json())}


def describe(error):
    if error.validator == "required":
        return error.message.replace("'", "")
    if error.validator == "oneOf":
        problem = "fits none of the schemas"
    elif error.instance is None:
        problem = "is null"
    elif isinstance(error.instance, float) and error.instance.is_integer():
        problem = "is a whole number written as a float"
    else:
        problem = error.message
    field = [step for step in error.absolute_path if isinstance(step, str)][-1:]
    return " ".join([*field, problem])


@pytest.mark.each(("template", "address"), [*PATHS.items(), *MORE_ADDRESSES])
def test_plain_answers_fit(client, control, description, template, address):
    control.seed(awkward=False)
    assert deviations(description, template, client.get(address)) == set()


@pytest.mark.each(("template", "address"), [*PATHS.items(), *MORE_ADDRESSES])
def test_awkward_answers_differ_in_known_ways(client, description, template, address):
    assert deviations(description, template, client.get(address)) <= AWKWARD


def test_development_mode_leaves_out_only_what_the_description_says_will_go(client, control, description):
    control.seed(awkward=False, app={"quota_mode": "development"})
    description = copy.deepcopy(description)
    for schema in iter_schemas(description["components"]["schemas"]):
        parts = [schema, *schema.get("allOf", ())]
        properties = [entry for part in parts for entry in part.get("properties", {}).items()]
        going = {name for name, value in properties if value.get("deprecated")}
        schema["required"] = [name for name in schema.get("required", ()) if name not in going]
    found = {}
    for template, address in [*PATHS.items(), *MORE_ADDRESSES]:
        answer = client.get(address)
        if answer.status_code == 200:
            found[template] = deviations(description, template, answer)
    # Lists that the service makes itself are null where they are searched for.
    assert found.pop("/search") == {"items is null"}
    assert len(found) > 20
    assert {template: ways for template, ways in found.items() if ways} == {}


def iter_schemas(node):
    """Every object of a description that could be a schema."""
    if isinstance(node, dict):
        yield node
    for entry in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from iter_schemas(entry)


def test_every_known_way_occurs(client, description):
    found = set().union(*(deviations(description, *place) for place in _asked(client, PATHS.items())))
    assert found == AWKWARD


def test_the_deviations_that_never_go_away(client, control, description):
    control.seed(awkward=False)
    places = [
        ("/me/following", "/me/following?type=artist&limit=50&after=zzz"),
        ("/me/player/recently-played", "/me/player/recently-played?limit=50"),
        ("/recommendations", "/recommendations?seed_genres=pop"),
        ("/me/tracks", "/me/tracks?market=SE"),
    ]
    assert set().union(*(deviations(description, *place) for place in _asked(client, places))) == ALWAYS


def test_episodes_fit_where_tracks_stand(client, control, description):
    control.seed(awkward=False, playing="spotify:show:38bS44xjbVVZ3No3ByF1dJ")
    playlist = "/playlists/3cEYpjA9oz9GiPac4AsH4n"
    client.call("POST", f"{playlist}/items", json={"uris": ["spotify:episode:512ojhOuo1ktJprKbVcKyQ"], "position": 0})
    types = "?additional_types=track,episode"
    places = [
        ("/me/player", f"/me/player{types}"),
        ("/me/player/queue", "/me/player/queue"),
        ("/playlists/{playlist_id}", f"{playlist}{types}"),
        ("/playlists/{playlist_id}/items", f"{playlist}/items{types}"),
    ]
    for template, answer in _asked(client, places):
        assert '"type":"episode"' in answer.text
        assert deviations(description, template, answer) == set()


def test_the_validator_bites(client, control, description):
    control.seed(awkward=False)
    control.fault("custom", status=200, body={"categories": {"items": [{"id": 1}]}})
    assert deviations(description, "/browse/categories", client.get("/browse/categories"))


def _asked(client, places):
    return [(template, client.get(address)) for template, address in places]


#: What the sandbox sends though no answer in the digest had it, and how it is known.
NOT_SEEN = {
    r"GET /browse/categories/\{category_id\}/playlists 200: message string": "described",
    r"GET /browse/.*/?playlists 200: playlists.items\[\] null": "seen elsewhere: blanks in lists",
    r"GET /me/(albums|playlists) 200: (next|previous) string": "only the first or the last page was kept",
    r"GET /audio-analysis/\{id\} 200: .*confidence number": "described: more than the whole numbers that were seen",
    r"GET /audio-analysis/\{id\} 200: .*start integral": "the first one begins at 0.0",
    r"GET /search 200: (albums|artists|audiobooks|episodes)\b": "described: one page for each type asked for",
    r"GET /shows/\{id\}/episodes 200: next null": "only the first pages were kept",
    r"TRACK: ": "described: a seed like the others",
    r"audiobook: chapters\b": "described: the first page of them",
    r"audio_features: (duration_ms|key) integral": "seen in early 2024: whole numbers written as floats",
    r"playlist: items\b": "said in 2026: `tracks` became `items`, and some answers carry both",
    r"(playlist|GET /playlists/.*/tracks 200): (tracks.)?items\[\].item null\|object": "the same for each item",
    r"(playlist|GET /playlists/.*/tracks 200): (tracks.)?items\[\].track null": "told by many: a track that is gone",
    r"(playlist|GET /playlists/.*/tracks 200): (tracks.)?items\[\].added_at null": "described: of very old playlists",
    r"user: account_id string": "said in May 2026",
}


def find_unseen(operation, answer):
    """What an answer holds that no real answer had: paths, or types at a path, of it and of the objects in it."""
    rest, objects = digest.take_apart(answer)
    if operation in SHAPES:
        yield from find_new(operation, rest, SHAPES[operation]["shape"])
    for entry in objects:
        yield from find_new(entry["type"], entry, OBJECTS.get(entry["type"], {}))


def find_new(name, value, seen):
    for path, types in digest.take_shape([value]).items():
        known = set(seen.get(path, "").removesuffix("?").split("|"))
        if new := set(types.removesuffix("?").split("|")) - known:
            yield f"{name}: {path} {'|'.join(sorted(new))}"


def test_an_answer_holds_nothing_that_no_real_answer_had(client):
    found = set()
    for template, address in [*PATHS.items(), *MORE_ADDRESSES]:
        operation = f"GET {template} 200".replace("/me/top/{type}", address.partition("?")[0])
        found |= set(find_unseen(operation, client.get(address).json()))
    assert sorted(line for line in found if not any(re.match(known, line) for known in NOT_SEEN)) == []
    assert [known for known in NOT_SEEN if not any(re.match(known, line) for line in found)] == []


def test_every_write_is_answered_as_described(client, control, description):
    control.seed(awkward=False)
    templates = {re.sub(r"\{\w+\}", "{}", path): path for path in description["paths"]}
    for operation in OPERATIONS:
        if operation.method == "GET":
            continue
        template = templates[re.sub(r"\{\w+\}", "{}", operation.path)]
        path, query = ADDRESSES[operation.path].partition("?")[::2]
        kind = path.removeprefix("/me/")
        given = {"params": dict(parse_qsl(query)), **WRITTEN.get(operation.request, {})}
        if kind in SAVED:
            given = {"params": {"ids": KINDS[kind][0]}}
        answer = client.call(operation.method, path, **given)
        described = description["paths"][template][operation.method.lower()]["responses"]
        [status] = [int(status) for status in described if status.startswith("2")]
        assert deviations(description, template, answer, operation.method.lower(), status) == set(), operation.request


# What the sandbox says that it leaves out


def iter_links(value, base):
    """Every address of the sandbox in a JSON value."""
    if isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from iter_links(entry, base)
    elif isinstance(value, str) and value.startswith(base):
        yield value


def test_every_link_in_an_answer_answers_or_is_said_to_lead_nowhere(client):
    ahead = [f"{client.url}/v1{address}" for address in [*PATHS.values(), *(address for _, address in MORE_ADDRESSES)]]
    followed, broken = Counter(), set()
    for address in ahead:
        # Links of one form lead to things of one kind; a few of each are followed.
        form = re.sub(r"[0-9A-Za-z]{22}|=[^&]*|sandbox-[a-z]+-[0-9]+", "", address)
        followed[form] += 1
        if followed[form] > 2:
            continue
        answer = client.get(address)
        if answer.status_code != 200:
            broken.add(form)
        elif answer.headers["Content-Type"].startswith("application/json"):
            ahead += iter_links(answer.json(), client.url)
    assert len(followed) > 50
    assert broken == {f"{client.url}/v1/episodes/null", f"{client.url}/v1/shows/null"}
    assert "lead to nothing" in " ".join(client.session.get(f"{client.url}/sandbox").json()["does_not"])


def test_every_described_operation_is_served_and_told(client, description):
    described = [
        f"{method.upper()} /v1{path}"
        for path, item in description["paths"].items()
        for method in item.keys() - {"parameters"}
    ]
    told = client.session.get(f"{client.url}/sandbox").json()["api"]
    plain = [sorted(re.sub(r"\{\w+\}", "{}", line) for line in lines) for lines in (told, described)]
    assert plain[0] == plain[1]
    assert len(told) == 96


#: A value of each described parameter that an operation which reads it must answer otherwise than with the parameter
#: left out.
TELLING = {"after": "zzz", "offset": "-1", "q": "zzzzzz", "time_range": "ages"}


def test_every_described_parameter_is_read_or_said_to_be_ignored(client, description):
    does_not = " ".join(client.session.get(f"{client.url}/sandbox").json()["does_not"])
    described = {re.sub(r"\{\w+\}", "{}", path): item for path, item in description["paths"].items()}
    unread = set()
    for operation in OPERATIONS:
        item = described[re.sub(r"\{\w+\}", "{}", operation.path)]
        path, query = ADDRESSES[operation.path].partition("?")[::2]
        given = {name: "1" if name == "limit" else value for name, value in parse_qsl(query)}
        usual = client.call(operation.method, path, params=given)
        for parameter in [*item[operation.method.lower()].get("parameters", ()), *item.get("parameters", ())]:
            if "$ref" in parameter:
                parameter = description["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[1]]
            if parameter["in"] == "query":
                name = parameter["name"]
                odd = client.call(operation.method, path, params={**given, name: TELLING.get(name, "(")})
                # Links repeat whatever was asked.
                told = re.sub(rf"&{name}=[^\"&]*|{name}=[^\"&]*&", "", odd.text)
                if (odd.status_code, told) == (usual.status_code, usual.text):
                    unread.add(name)
    assert unread == {"locale", "include_external"}
    assert [name for name in unread if f"`{name}`" not in does_not] == []
