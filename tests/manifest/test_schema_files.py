"""Schema files are read once, and their references are followed into one self-contained schema."""

import json

import pytest

from connector.errors import ManifestError
from connector.manifest.schema_files import SchemaFiles


@pytest.fixture
def files(tmp_path):
    """`files({name: content})` writes them below one folder."""

    def write(contents):
        for name, content in contents.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return SchemaFiles(tmp_path)

    return write


def test_an_input_is_written_out(files):
    schemas = files(
        {
            "a/fields.json": {
                "$defs": {"Ids": {"type": "array", "items": {"$ref": "#/$defs/Id"}}, "Id": {"$ref": "../b.json"}}
            },
            "b.json": {"type": "string", "title": "B"},
        }
    )
    assert schemas.inline({"$ref": "a/fields.json#/$defs/Ids"}) == {
        "type": "array",
        "items": {"type": "string", "title": "B"},
    }


def test_what_stands_beside_a_reference_wins(files):
    schemas = files({"a.json": {"type": "string", "title": "far", "pattern": "x"}})
    assert schemas.inline({"$ref": "a.json", "title": "near"}) == {"type": "string", "title": "near", "pattern": "x"}


def test_a_schema_without_references_stays_as_it_is(files):
    schema = {"type": "object", "properties": {"a": {"enum": [1, None, [2]]}}}
    assert files({}).inline(schema) == schema
    assert files({}).bundle(schema) == schema


def test_one_definition_may_be_used_twice(files):
    schemas = files({"a.json": {"type": "string"}})
    assert schemas.inline({"anyOf": [{"$ref": "a.json"}, {"$ref": "a.json"}]}) == {
        "anyOf": [{"type": "string"}, {"type": "string"}]
    }


def test_an_input_that_leads_back_to_itself_is_refused(files):
    schemas = files({"a.json": {"items": {"$ref": "b.json"}}, "b.json": {"items": {"$ref": "a.json"}}})
    with pytest.raises(ManifestError, match=r"^b\.json leads back to itself; an input can't be recursive\.$"):
        schemas.inline({"$ref": "b.json"})


def test_an_output_is_bundled_even_where_it_is_recursive(files):
    schemas = files(
        {
            "tree.json": {
                "$defs": {
                    "Tree": {"properties": {"leaf": {"$ref": "leaf.json#/$defs/Leaf"}, "up": {"$ref": "#/$defs/Tree"}}}
                }
            },
            "leaf.json": {"$defs": {"Leaf": {"type": "string"}}},
        }
    )
    assert schemas.bundle({"$ref": "tree.json#/$defs/Tree", "title": "A tree"}) == {
        "$ref": "#/$defs/Tree",
        "title": "A tree",
        "$defs": {
            "Tree": {"properties": {"leaf": {"$ref": "#/$defs/Leaf"}, "up": {"$ref": "#/$defs/Tree"}}},
            "Leaf": {"type": "string"},
        },
    }


def test_two_definitions_of_one_name_are_kept_apart(files):
    schemas = files({"a.json": {"$defs": {"X": {"type": "string"}}}, "b.json": {"$defs": {"X": {"type": "number"}}}})
    bundled = schemas.bundle({"anyOf": [{"$ref": "a.json#/$defs/X"}, {"$ref": "b.json#/$defs/X"}]})
    assert bundled == {
        "anyOf": [{"$ref": "#/$defs/X"}, {"$ref": "#/$defs/X_"}],
        "$defs": {"X": {"type": "string"}, "X_": {"type": "number"}},
    }


def test_names_with_slashes_and_tildes_are_found(files):
    schemas = files({"a.json": {"a/b": {"m~n": {"type": "string"}}}})
    assert schemas.inline({"$ref": "a.json#/a~1b/m~0n"}) == {"type": "string"}


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("none.json", "The schema file none.json can't be read: No such file or directory."),
        ("broken.json", "The schema file broken.json is no JSON: Expecting value: line 1 column 1 (char 0)."),
        ("deep.json", "The schema file deep.json is no JSON: it is nested too deeply."),
        ("twice.json", "The schema file twice.json is no JSON: type stands twice in one object."),
        ("a.json#/$defs/None", "a.json#/$defs/None leads nowhere: a.json has no /$defs/None."),
        ("a.json#/type/deeper", "a.json#/type/deeper leads nowhere: a.json has no /type/deeper."),
    ],
)
@pytest.mark.parametrize("how", ["inline", "bundle"])
def test_a_reference_that_leads_nowhere_is_a_manifest_error(files, how, ref, message):
    twice = '{"type": "string", "type": "number"}'
    contents = {"broken.json": "nonsense", "deep.json": "[" * 100_000, "twice.json": twice}
    schemas = files({**contents, "a.json": {"type": "string"}})
    with pytest.raises(ManifestError) as caught:
        getattr(schemas, how)({"$ref": ref})
    assert str(caught.value) == message


def test_every_block_has_self_contained_schemas(each_block):
    def iter_references(node):
        if isinstance(node, dict):
            if "$ref" in node:
                yield node["$ref"]
            node = list(node.values())
        for entry in node if isinstance(node, list) else ():
            yield from iter_references(entry)

    assert list(iter_references(each_block.input_schema)) == []
    named = {f"#/$defs/{name}" for name in each_block.output_schema.get("$defs", {})}
    assert set(iter_references(each_block.output_schema)) == named
