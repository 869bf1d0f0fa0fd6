"""The schemas that are published take whatever the fields' descriptions invite, and so do the blocks."""

import json

import jsonschema
import pytest

from connector.arguments.normal_form import to_normal_form
from connector.arguments.text_form import find_kinds
from connector.export.openapi import build_openapi
from connector.manifest.documents import build_description
from connector.manifest.manifest import Manifest
from connector.runners.mcp_server.tools import build_input_schema
from tests.test_second_manifest import PATH

MANIFEST = Manifest.load()
HARBOUR = Manifest.load(PATH)
FILES = ("/home/me/cover.jpg", "https://pictures.example/cover.jpg", "data:image/jpeg;base64,/9j/2Q==", "/9j/2Q==")


def iter_forms(field):
    """What a field's description invites, in every form of it."""
    schema = field.schema
    yield from schema["examples"]
    yield from schema.get("enum", ())
    if "default" in schema:
        yield schema["default"]
    if schema.get("x-unit") == "ms":
        yield from (90_000, "1:30", "1:02:03.5")
    if "x-relative" in schema:
        yield from ("50", 50, "+10", "-10")
    if "known" in (schema.get("x-choices") or ()):
        yield "Kitchen speaker"
    if "x-image" in schema:
        yield from FILES
    each = schema["items"] if field.is_list else schema
    forms = list(iter_references(each))
    yield from forms if not field.is_list else [forms, ", ".join(forms)] if forms else ()
    if "x-separator" in schema and not forms:
        yield ", ".join(schema["examples"][0])


def iter_references(schema):
    for kind in find_kinds(schema):
        id_ = "party" if kind == "genre" else "someone" if kind == "user" else "4iV5W9uYEdYUVa79Axb7Rh"
        yield f"spotify:{kind}:{id_}"
        yield f"https://open.spotify.com/{kind}/{id_}?si=0123456789abcdef"
    if find_kinds(schema):
        yield schema["examples"][0]


@pytest.fixture(scope="module")
def openapi():
    return build_openapi(MANIFEST)


@pytest.fixture(scope="module")
def tried():
    """The schemas of fields, as text, that were tried: the same one stands in many blocks."""
    return set()


def test_what_is_invited_is_accepted(each_block, openapi, tried):
    [body] = [
        path["post"]["requestBody"]["content"]["application/json"]["schema"]
        for path in openapi["paths"].values()
        if path.get("post", {}).get("operationId") == each_block.name
    ]
    published = [
        build_input_schema(each_block),
        build_description(each_block)["input"],
        {**body, "components": openapi["components"]},
    ]
    judges = [jsonschema.Draft202012Validator(schema) for schema in published]
    for name, field in each_block.fields.items():
        text = json.dumps([name, field.schema])
        forms = [] if text in tried else iter_forms(field)
        tried.add(text)
        for form in forms:
            given = {**each_block.example, name: form}
            assert [error.message for judge in judges for error in judge.iter_errors(given)] == [], (name, form)
            if "x-image" not in field.schema:
                read = to_normal_form(field.schema, form, MANIFEST.references)
                jsonschema.validate(read, field.schema)


def test_what_is_not_invited_is_refused_still(each_block):
    judge = jsonschema.Draft202012Validator(build_input_schema(each_block))
    for name, field in each_block.fields.items():
        assert not judge.is_valid({**each_block.example, name: {"no": "field"}})
        if field.schema.get("type") in ("integer", "number") and "x-unit" not in field.schema:
            assert not judge.is_valid({**each_block.example, name: "many"})


def test_rows_may_be_given_as_text():
    schema = build_input_schema(HARBOUR.block("bookBerth"))
    for crew in ([{"name": "Ada"}], '[{"name": "Ada"}]'):
        jsonschema.validate({"api_key": "k", "berth": "A/7", "crew": crew}, schema)
