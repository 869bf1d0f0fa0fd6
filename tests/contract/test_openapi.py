"""Every request that a block can send, held against the service's own description of itself.

It is made stricter than it is (unknown parameters and lists that are too long are failures) and mended where it is
known to be wrong.
"""

import copy
import json
import re
from base64 import b64decode
from itertools import cycle, islice
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

import digest
import pytest
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from connector import Connector
from connector.manifest.routes import GIVEN

#: Fields that are documented and that the description no longer lists; the service ignores what it does not know.
UNLISTED = {
    "/browse/featured-playlists": {"country", "timestamp"},
    "/browse/new-releases": {"country"},
    "/browse/categories": {"country"},
    "/browse/categories/{category_id}": {"country"},
    "/browse/categories/{category_id}/playlists": {"country"},
}
#: How many ids a request may carry; the description says so in prose only.
LONGEST = {
    "/me/library": 40,
    "/me/library/contains": 40,
    "/me/albums": 20,
    "/me/albums/contains": 20,
    "/albums": 20,
    "/audio-features": 100,
}
LONGEST_ELSEWHERE = 50
#: What a URI in the library may lead to: the description's kinds, and artists, which it lists for checking only.
LIBRARY_KINDS = {"track", "album", "episode", "show", "audiobook", "user", "playlist", "artist"}
PLACEHOLDER = re.compile(r"\{\w+\}")
#: Other services that can stand in, and how one of them may be told how tracks should sound.
SUBSTITUTES = ("reccobeats",)
WISHES = {
    *("acousticness", "danceability", "energy", "instrumentalness", "key", "liveness", "loudness", "mode"),
    *("popularity", "speechiness", "tempo", "valence"),
}
SEEDS = ("seed_artists", "seed_genres", "seed_tracks")


@pytest.fixture(scope="module")
def description():
    found = digest.load("description.json")
    # The body's property is `ids`; `required: [uris]` names one that it doesn't have.
    body = found["paths"]["/me/tracks"]["put"]["requestBody"]["content"]["application/json"]["schema"]
    assert (body["required"], "ids" in body["properties"]) == (["uris"], True)
    body["required"] = ["ids"]
    # The picture's schema says `required: true`, which is a list or nothing in OpenAPI 3.0.
    picture = found["paths"]["/playlists/{playlist_id}/images"]["put"]["requestBody"]["content"]["image/jpeg"]["schema"]
    assert picture.pop("required") is True
    # All three seeds are said to be required; the service needs one of them, which `check_seeds` looks after.
    for parameter in found["paths"]["/recommendations"]["get"]["parameters"]:
        if parameter.get("name") in SEEDS:
            assert parameter["required"] is True
            parameter["required"] = False
    # The checker knows no OAuth; what goes over the wire is a bearer token.
    assert found["components"]["securitySchemes"]["oauth_2_0"]["type"] == "oauth2"
    found["components"]["securitySchemes"]["oauth_2_0"] = {"type": "http", "scheme": "bearer"}
    for item in found["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and "security" in operation:
                operation["scopes"] = [scheme["oauth_2_0"] for scheme in operation["security"]]
                operation["security"] = [{"oauth_2_0": []}]
    return found


@pytest.fixture(scope="module")
def api(description):
    bare = copy.deepcopy(description)
    for item in bare["paths"].values():
        for operation in item.values():
            operation.pop("scopes", None) if isinstance(operation, dict) else None
    return OpenAPI.from_dict(bare)


@pytest.fixture(scope="module")
def servers(description):
    return [server["url"] for server in description["servers"]]


class Described:
    """A request as the checker of the description wants it."""

    def __init__(self, request, base):
        parts = urlsplit(base + request.target)
        headers = dict(request.headers)
        self.host_url = f"{parts.scheme}://{parts.netloc}"
        self.path = parts.path
        self.method = request.method.lower()
        self.content_type = headers.get("Content-Type", "")
        # A picture's base64 is text to the description.
        self.body = request.content.decode() if self.content_type.startswith("image/") else request.content
        query = ImmutableMultiDict(parse_qsl(parts.query, keep_blank_values=True))
        self.parameters = RequestParameters(query=query, header=Headers(headers))


def find_operation(description, method, path):
    """The description's path and operation for a request; literal paths before those with placeholders."""
    wanted = path.split("/")
    found = [
        template
        for template in description["paths"]
        if len(template.split("/")) == len(wanted)
        and all(part.startswith("{") or part == given for part, given in zip(template.split("/"), wanted, strict=True))
        and method.lower() in description["paths"][template]
    ]
    [best] = sorted(found, key=lambda template: template.count("{"))[:1] or [None]
    assert best, f"the description has no {method} {path}"
    return best, description["paths"][best][method.lower()]


def named_parameters(description, template, operation):
    """Names of all query parameters of an operation."""
    for parameter in [*operation.get("parameters", ()), *description["paths"][template].get("parameters", ())]:
        if "$ref" in parameter:
            parameter = description["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[-1]]
        if parameter["in"] == "query":
            yield parameter["name"]


def check(description, api, request, base):
    api.validate_request(Described(request, base))
    template, operation = find_operation(description, request.method, request.path)
    query = dict(request.query)
    assert len(query) == len(request.query), "a parameter is sent twice"
    unknown = query.keys() - set(named_parameters(description, template, operation)) - UNLISTED.get(template, set())
    assert unknown == set()
    if request.content is not None:
        assert "requestBody" in operation, "a body that nobody reads"
    check_lists(template, request, query)
    if template == "/recommendations":
        check_seeds(query)


def check_lists(template, request, query):
    lists = [query[name].split(",") for name in ("ids", "uris") if name in query]
    if template == "/me/tracks" and request.content is not None:
        lists.append(json.loads(request.content)["ids"])
    for entries in lists:
        assert 1 <= len(entries) <= LONGEST.get(template, LONGEST_ELSEWHERE)
        assert all(entries)
    if template.startswith("/me/library"):
        [uris] = lists
        assert {tuple(uri.split(":")[:-1]) for uri in uris} <= {("spotify", kind) for kind in LIBRARY_KINDS}


def check_seeds(query):
    seeds = [entry for name in SEEDS for entry in query.get(name, "").split(",") if entry]
    assert 1 <= len(seeds) <= 5


def iter_args(block, route, every_arg):
    """Arguments that together make a block send everything that it can."""
    full = every_arg(block)
    if route.consent:
        yield {name: value for name, value in full.items() if name not in route.cannot}
        return
    for args in (block.example, full):
        yield {name: value for name, value in args.items() if route.cannot.get(name) not in (GIVEN, value)}
    for name, field in block.fields.items():
        if not field.required and name != "max_items":
            chosen = [group for group in block.one_of if name in group]
            others = {other for group in block.one_of if chosen and group not in chosen for other in group}
            example = {other: value for other, value in block.example.items() if other not in others}
            yield {**example, name: field.schema["examples"][0]}
    if "public" in block.fields:
        yield {**full, "public": False}
    if route.batch:
        many = list(islice(cycle(block.example[route.batch.field]), 2 * route.batch.size + 1))
        yield {**block.example, route.batch.field: many}


@pytest.fixture
def sent(seam, send_back, only_by, every_arg):
    """Every request that a block can send by one route."""

    def collect(block, route):
        requests = []
        for args in iter_args(block, route, every_arg):
            if any(name in args and value in (GIVEN, args[name]) for name, value in route.cannot.items()):
                continue
            with seam(send_back(block)) as wire, Connector(only_by(block, route), substitutes=SUBSTITUTES) as connector:
                result = connector.invoke(block.name, args)
            assert result.ok, result.error
            requests += wire.requests
        return requests

    return collect


def test_every_request_is_one_that_the_service_describes(each_route, sent, description, api, servers, manifest):
    block, route = each_route
    requests = sent(block, route)
    assert requests
    for request in requests:
        if request.server == "accounts":
            check_token_request(request)
        elif request.server in SUBSTITUTES:
            check_substitute_request(request)
        else:
            assert manifest.servers[request.server] in servers
            check(description, api, request, manifest.servers[request.server])


def test_a_second_page_and_a_second_batch_are_among_the_requests(each_route, sent):
    block, route = each_route
    requests = sent(block, route)
    queries = [dict(request.query) for request in requests]
    # A list that is never longer than a page has no second one.
    is_long = route.page is not None and not route.page.is_all
    assert any({"offset", "after"} & query.keys() for query in queries[:2]) is is_long
    if route.batch and not route.consent:
        assert len(requests) > len(list(block.fields))


def test_every_operation_is_sent_by_some_block(description, manifest):
    sent = {PLACEHOLDER.sub("{}", route.name) for block in manifest for route in block.routes}
    described = {
        PLACEHOLDER.sub("{}", f"{method.upper()} {path}")
        for path, item in description["paths"].items()
        for method in item.keys() - {"parameters"}
    }
    split = {"GET /me/top/{}": ("GET /me/top/artists", "GET /me/top/tracks")}
    missing = {operation for operation in described if not sent.issuperset(split.get(operation, (operation,)))}
    assert missing == set()


def test_a_block_asks_for_no_scope_that_its_operations_do_without(each_block, description, manifest):
    # What is looked for before a new one is made, is read by another block; and a block may be made of others.
    parts = (
        each_block.procedure.parts if each_block.procedure else (each_block.reuse.block,) if each_block.reuse else ()
    )
    named = {scope for part in parts for scope in manifest.block(part).scopes}
    for route in each_block.routes:
        if route.server == "api":
            _, operation = find_operation(description, route.method, PLACEHOLDER.sub("x", route.path))
            named |= {scope for scheme in operation["scopes"] for scope in scheme}
    # A private playlist is read by those who may, though the description says nothing of it.
    assert set(each_block.scopes) - named <= ({"playlist-read-private"} if each_block.name == "getPlaylist" else set())


def check_token_request(request):
    """The token endpoint is not in the description: RFC 6749, 4.1.3, 4.4.2 and 6, with the client in the header."""
    form = parse_qsl(request.content.decode("ascii"), strict_parsing=True)
    names = {
        "authorization_code": {"grant_type", "code", "redirect_uri"},
        "refresh_token": {"grant_type", "refresh_token"},
        "client_credentials": {"grant_type"},
    }[dict(form)["grant_type"]]
    assert (request.method, request.path, request.query) == ("POST", "/api/token", ())
    assert sorted(name for name, _ in form) == sorted(names)
    headers = dict(request.headers)
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    scheme, _, encoded = headers["Authorization"].partition(" ")
    assert (scheme, b64decode(encoded, validate=True)) == ("Basic", b"a-secret-kept-elsewhere:a-secret-kept-elsewhere")


def check_substitute_request(request):
    """ReccoBeats' documentation: 40 ids at most, up to five seeds, a size from 1 to 100; and nobody's token."""
    query = dict(request.query)
    assert len(query) == len(request.query)
    assert "Authorization" not in dict(request.headers)
    if request.path == "/audio-features":
        assert query.keys() == {"ids"}
        assert 1 <= len(query["ids"].split(",")) <= 40
        return
    assert (request.method, request.path) == ("GET", "/track/recommendation")
    assert query.keys() <= {"seeds", "size"} | WISHES
    assert 1 <= len(query["seeds"].split(",")) <= 5
    assert 1 <= int(query["size"]) <= 100


@pytest.mark.parametrize(
    ("method", "path", "query", "content"),
    [
        ("GET", "/me/nothing", (), None),
        ("POST", "/me", (), None),
        ("GET", "/me", (("market", "ES"),), None),
        ("GET", "/me/albums", (("limit", "51"),), None),
        ("GET", "/me/albums", (("limit", "many"),), None),
        ("GET", "/me/albums", (("limit", "50"), ("limit", "50")), None),
        ("GET", "/me/following", (("type", "user"),), None),
        ("PUT", "/me/library", (), None),
        ("PUT", "/me/library", (("uris", ",".join(["spotify:track:a"] * 41)),), None),
        ("PUT", "/me/library", (("uris", "spotify:genre:a"),), None),
        ("PUT", "/me/library", (("uris", "spotify:track:a"),), b"{}"),
        ("PUT", "/me/albums", (("ids", ",".join(["a"] * 21)),), None),
        ("PUT", "/me/tracks", (), b'{"uris":["a"]}'),
        ("PUT", "/me/tracks", (), b'{"ids":"a"}'),
        ("PUT", "/playlists/a/followers", (), b'{"public":"false"}'),
        ("GET", "/recommendations", (("limit", "10"),), None),
        ("GET", "/recommendations", (("seed_genres", "a,b,c,d,e,f"),), None),
        ("GET", "/recommendations", (("seed_genres", "a"), ("min_energy", "2")), None),
        ("GET", "/recommendations", (("seed_genres", "a"), ("energy_min", "1")), None),
    ],
)
def test_the_checks_turn_away(description, api, servers, method, path, query, content):
    target = path + ("?" + "&".join(f"{name}={value}" for name, value in query) if query else "")
    headers = [("Authorization", "Bearer t")] + ([("Content-Type", "application/json")] if content else [])
    request = SimpleNamespace(
        method=method, path=path, query=query, headers=headers, content=content, target=target, server="api"
    )
    with pytest.raises((OpenAPIError, AssertionError)):
        check(description, api, request, servers[0])
