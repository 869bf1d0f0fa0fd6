"""Validated arguments become a request that says everything which goes over the wire, and nothing twice."""

import json
from base64 import b64decode
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from connector.errors import InvocationFailed
from connector.manifest.blocks import Auth
from connector.manifest.manifest import Manifest
from connector.manifest.routes import Content, Param, Route
from connector.wire.request import Request, build_auth_headers, build_request, to_text

HOSTILE = ["a/b", "../me", "..", "a?b=c", "a#b", "a&b=c", "a%2Fb", "a b", "a+b", "smørbrød", "{id}", "a;b", "a\r\nb"]


def make_route(path="/things", method="GET", *, query=(), form=(), body=(), **more):
    return Route(method, "api", path, query, form, body, None, None, {}, {}, **more)


@pytest.mark.each("value", [value for value in HOSTILE if value != ".."])
def test_no_value_leaves_its_segment_of_the_path(value):
    request = build_request(make_route("/things/{id}/parts"), {"id": value})
    before, segment, after = request.path[1:].split("/")
    assert (before, unquote(segment), after) == ("things", value, "parts")
    assert not set(segment) & set("/?#&{} \r\n")


@pytest.mark.each("value", [".", ".."])
def test_dots_alone_are_no_segment_of_a_path(value):
    with pytest.raises(InvocationFailed) as caught:
        build_request(make_route("/things/{id}/parts"), {"id": value})
    assert (caught.value.error.kind, [problem.name for problem in caught.value.error.fields]) == (
        "invalid_fields",
        ["id"],
    )


@pytest.mark.each("value", HOSTILE)
def test_no_value_leaves_its_pair_of_the_query(value):
    route = make_route(query=(Param("first", "id"), Param("second", value="2")))
    target = build_request(route, {"id": value}).target
    assert parse_qsl(urlsplit(f"http://host{target}").query) == [("first", value), ("second", "2")]
    assert target.isascii()


@pytest.mark.each("value", HOSTILE)
def test_no_value_leaves_its_pair_of_a_form(value):
    route = make_route(method="POST", form=(Param("first", "id"), Param("second", value="2")))
    request = build_request(route, {"id": value})
    assert parse_qsl(request.content.decode("ascii")) == [("first", value), ("second", "2")]
    assert dict(request.headers)["Content-Type"] == "application/x-www-form-urlencoded"


@pytest.mark.each("value", [*HOSTILE, True, 0.5, ["a", "b"], {"a": [1]}, "\ud800"])
def test_a_json_body_keeps_values_as_they_are(value):
    request = build_request(make_route(method="PUT", body=(Param("ids", "id"),)), {"id": value})
    assert json.loads(request.content) == {"ids": value}
    assert dict(request.headers)["Content-Type"] == "application/json"


def test_one_placeholder_is_not_filled_with_the_name_of_another():
    request = build_request(make_route("/{a}/{b}"), {"a": "{b}", "b": "x"})
    assert request.path == "/%7Bb%7D/x"


def test_a_body_without_values_is_an_empty_object():
    assert build_request(make_route(method="PUT", body=(Param("public", "public"),)), {}).content == b"{}"


def test_a_request_without_body_has_no_content():
    request = build_request(make_route(), {})
    assert request == Request("GET", "api", "/things", (), (("Accept", "application/json"),), None)


@pytest.mark.each(
    ("value", "text"),
    [
        (["a", "b"], "x:a,x:b"),
        ("a", "x:a"),
        (7, "x:7"),
        ([], ""),
    ],
)
def test_a_prefix_stands_before_each_entry(value, text):
    request = build_request(make_route(query=(Param("uris", "id", prefix="x:"),)), {"id": value})
    assert request.query == (("uris", text),)


def test_a_prefix_stands_before_each_entry_of_a_json_list_too():
    request = build_request(make_route(method="PUT", body=(Param("uris", "id", prefix="x:"),)), {"id": ["a"]})
    assert json.loads(request.content) == {"uris": ["x:a"]}


@pytest.mark.parametrize(
    ("param", "value", "text"),
    [
        pytest.param(Param("ids", "id"), ["a,b", "c"], "a%2Cb,c", id="a list"),
        pytest.param(Param("ids", "id", as_list=True), "a,b", "a%2Cb", id="one value where a list is read"),
        pytest.param(Param("uris", "id", prefix="x:"), ["a,b", "c#"], "x:a%2Cb,x:c%23", id="a list of URIs"),
        pytest.param(Param("name", "id"), "a,b", "a,b", id="a text"),
    ],
)
def test_a_comma_makes_no_two_values_of_one(param, value, text):
    assert build_request(make_route(query=(param,)), {"id": value}).query == ((param.wire, text),)


@pytest.mark.each(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (10**20, "100000000000000000000"),
        (0.5, "0.5"),
        (1.0, "1.0"),
        (-8.5, "-8.5"),
        (1e-7, "0.0000001"),
        (5e-324, f"{5e-324:.324f}"),
        (1e22, "10000000000000000000000"),
        ("text", "text"),
        ("", ""),
        ([], ""),
        (["a", 1, True, 0.5], "a,1,true,0.5"),
        ([{"a": "é"}], '[{"a":"\\u00e9"}]'),
        ({"a": [1, 2]}, '{"a":[1,2]}'),
        ([[1], [2]], "[[1],[2]]"),
    ],
)
def test_values_are_written_without_exponents_and_capitals(value, text):
    assert to_text(value) == text
    assert build_request(make_route(query=(Param("wire", "id"),)), {"id": value}).query == (("wire", text),)


def test_a_bearer_token_stands_in_its_header():
    auth = Auth("bearer", {"token": "access_token"}, ("access_token",))
    assert build_auth_headers(auth, {"access_token": "s3cret"}) == [("Authorization", "Bearer s3cret")]


def test_basic_credentials_are_encoded():
    auth = Auth("basic", {"username": "id", "password": "key"}, ("id", "key"))
    [(name, value)] = build_auth_headers(auth, {"id": "an:id", "key": "s3cret=="})
    scheme, encoded = value.split(" ")
    assert (name, scheme, b64decode(encoded)) == ("Authorization", "Basic", b"an:id:s3cret==")


def test_a_key_stands_in_the_header_that_the_manifest_names():
    auth = Auth("header", {"name": "X-Key", "value": "key"}, ("key",))
    assert build_auth_headers(auth, {"key": "s3cret"}) == [("X-Key", "s3cret")]


def test_the_repr_of_a_request_holds_no_argument():
    route = make_route(form=(Param("code", "code"),), query=(Param("q", "q"),), method="POST")
    request = build_request(route, {"code": "s3cret", "q": "s3cret"})
    assert f"{request!r} {request} {[request]}".count("<Request POST api:/things>") == 3
    assert "s3cret" not in f"{request!r} {request} {[request]}"


def test_query_pairs_are_set_and_replaced():
    request = Request("GET", "api", "/things", (("a", "1"), ("limit", "20")))
    assert request.with_query(limit="50", offset="0").query == (("a", "1"), ("limit", "50"), ("offset", "0"))
    assert request.query == (("a", "1"), ("limit", "20"))


def test_a_second_manifest_binds_by_the_same_rules(tmp_path):
    field = {"type": "string", "x-field": "String", "title": "", "description": ""}
    data = {
        "servers": {"main": {"url": "https://host/base/"}},
        "blocks": {
            "getThing": {
                "title": "",
                "group": "",
                "description": "",
                "effect": "read",
                "output": {},
                "input": {"required": ["id"], "properties": {"id": field, "note": field}},
                "routes": [{"request": "GET /things/{id}?kind=a", "query": [{"remark": "note"}, {"v": {"value": 2}}]}],
            }
        },
    }
    block = Manifest(data, tmp_path).block("getThing")
    request = build_request(block.routes[0], {"id": "1/2", "note": "n"})
    assert request.target == "/things/1%2F2?kind=a&remark=n&v=2"


@pytest.mark.parametrize(
    ("param", "value", "body"),
    [
        pytest.param(Param("items", "v", each="uri"), ["a", "b"], {"items": [{"uri": "a"}, {"uri": "b"}]}, id="each"),
        pytest.param(
            Param("items", "v", prefix="x:", each="uri"), ["a"], {"items": [{"uri": "x:a"}]}, id="each with a prefix"
        ),
        pytest.param(Param("ids", "v", as_list=True), "a", {"ids": ["a"]}, id="as a list"),
        pytest.param(Param("offset.at.place", "v"), 3, {"offset": {"at": {"place": 3}}}, id="objects within objects"),
    ],
)
def test_a_body_s_values_take_the_shape_that_the_manifest_says(param, value, body):
    assert json.loads(build_request(make_route(method="PUT", body=(param,)), {"v": value}).content) == body


def test_dotted_names_with_the_same_first_steps_share_an_object():
    route = make_route(method="PUT", body=(Param("offset.position", "p"), Param("offset.uri", "u"), Param("x", "x")))
    request = build_request(route, {"p": 3, "u": "a", "x": 1})
    assert json.loads(request.content) == {"offset": {"position": 3, "uri": "a"}, "x": 1}
    assert json.loads(build_request(route, {"x": 1}).content) == {"x": 1}


def test_content_is_the_field_as_it_is():
    request = build_request(make_route(method="PUT", content=Content("image", "image/jpeg")), {"image": "aGVq"})
    assert (request.content, dict(request.headers)["Content-Type"]) == (b"aGVq", "image/jpeg")


@pytest.mark.parametrize(
    ("args", "sent"),
    [
        ({"q": "love song"}, "love song"),
        ({"q": "love", "artist": "Ada"}, "love artist:Ada"),
        ({"artist": "River & Satellite"}, 'artist:"River & Satellite"'),
        ({"artist": 'a" tag:new "b', "year": "1990-1999"}, 'artist:"a  tag:new  b" year:1990-1999'),
        ({"q": "love", "new": True}, "love tag:new"),
        ({"q": "love", "new": False, "artist": '""'}, "love"),
        ({"artist": "Sigur Rós"}, 'artist:"Sigur Rós"'),
        ({"artist": "Björk"}, "artist:Björk"),
    ],
)
def test_a_query_is_narrowed_down_by_terms_that_can_not_leave_their_quotes(args, sent):
    terms = (("artist", "artist"), ("year", "year"), ("tag:new", "new"))
    request = build_request(make_route(query=(Param("q", "q", terms=terms),)), args)
    assert request.query == (("q", sent),)


def test_a_query_of_quotes_alone_looks_for_nothing():
    route = make_route(query=(Param("q", "q", terms=(("artist", "artist"),)),))
    with pytest.raises(InvocationFailed, match="artist holds nothing to look for") as caught:
        build_request(route, {"artist": '""'})
    assert (caught.value.error.kind, caught.value.is_unsent) == ("invalid_fields", True)


def test_terms_that_say_nothing_are_not_sent():
    route = make_route(query=(Param("q", "q", terms=(("tag:new", "new"),)),))
    assert build_request(route, {"new": False}).query == ()
