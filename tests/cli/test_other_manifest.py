"""A manifest of another service, written here: the command line takes all it says from it."""

import json

import pytest

TEXT = {"type": "string", "x-field": "String", "title": "Text", "description": "Some text.", "examples": ["oak"]}
SECRET = {**TEXT, "title": "Key", "description": "Your key.", "writeOnly": True}
COUNT = {**TEXT, "type": "integer", "title": "Limit", "description": "Stop early.", "minimum": 1, "examples": [5]}
PLACE = {**TEXT, "title": "Go on at", "description": "Go on.", "examples": ["2"]}
TREES = {**TEXT, "type": "array", "x-field": "List", "items": {"type": "string"}, "examples": [["oak", "elm"]]}
MANIFEST = {
    "package": {
        "name": "Woods", "title": "Woods", "tagline": "Trees", "description": "Trees of a wood.", "image": "",
        "repo": "", "keywords": ["trees"], "domain": "woods.example", "credentials": ["forest_key"],
    },
    "servers": {"wood": {"url": "https://woods.invalid/v1", "auth": "key"}},
    "auth": {"key": {"type": "header", "name": "X-Key", "value": "forest_key", "fields": {"forest_key": SECRET}}},
    "paging": {
        "max_items": COUNT,
        "resume": PLACE,
        "offset": {"size": "n", "offset": "from", "items": "trees", "next": "more"},
    },
    "batch_sizes": {},
    "blocks": {
        "listTrees": {
            "title": "List trees", "group": "Trees", "description": "List all trees.", "effect": "read",
            "output": {"type": "object"},
            "routes": [{"request": "GET /trees", "page": {"style": "offset", "size": 2}}],
        },
        "plantTree": {
            "title": "Plant a tree", "group": "Trees", "description": "Plant one tree.", "effect": "write",
            "idempotent": False, "output": {"type": "object"},
            "input": {"required": ["kind"], "properties": {"kind": {**TEXT, "default": "oak", "enum": ["oak", "elm"]}}},
            "routes": [{"request": "POST /trees", "body": ["kind"]}],
        },
        "checkTrees": {
            "title": "Check trees", "group": "Checks", "description": "Tell whether trees are near.", "effect": "read",
            "output": {"type": "array"}, "input": {"required": ["trees"], "properties": {"near": TEXT, "trees": TREES}},
            "routes": [{"request": "GET /near", "query": ["near", "trees"]}],
        },
    },
}  # fmt: skip


@pytest.fixture
def woods(cli, tmp_path, server):
    """The command line with this manifest, whose server is `server`."""
    path = tmp_path / "manifest.yaml"
    path.write_text(json.dumps(MANIFEST), "utf-8")

    def invoke(*words, **more):
        return cli("--manifest", str(path), *words, CONNECTOR_SERVER_WOOD=server.url, **more)

    return invoke


def test_it_is_listed_and_no_empty_column_is_shown(woods):
    assert [line.rstrip() for line in woods("blocks", "--group", "trees").stdout.splitlines()] == [
        "Trees",
        "  listTrees  List trees",
        "  plantTree  Plant a tree",
    ]
    assert json.loads(woods("blocks", "--json", "--group", "trees").stdout) == {
        "package": "Woods",
        "tagline": "Trees",
        "description": "Trees of a wood.",
        "image": "",
        "repo": "https://woods.example",
        "keywords": ["trees"],
        "accounts": {"domain": "woods.example", "credentials": ["forest_key"]},
        "blocks": [
            {
                "name": "listTrees",
                "description": "List all trees.",
                "args": [
                    {"name": "forest_key", "type": "String", "info": "Your key.", "required": True},
                    {"name": "max_items", "type": "String", "info": "Stop early.", "required": False},
                    {"name": "resume", "type": "String", "info": "Go on.", "required": False},
                ],
                "callbacks": [{"name": "error", "info": "Error"}, {"name": "success", "info": "Success"}],
            },
            {
                "name": "plantTree",
                "description": "Plant one tree.",
                "args": [
                    {"name": "forest_key", "type": "String", "info": "Your key.", "required": True},
                    {"name": "kind", "type": "String", "info": "Some text.", "required": True},
                ],
                "callbacks": [{"name": "error", "info": "Error"}, {"name": "success", "info": "Success"}],
            },
        ],
    }


def test_its_form_is_shown(woods):
    assert [line.rstrip() for line in woods("describe", "plantTree").stdout.splitlines()] == [
        "plantTree  Plant a tree  Trees",
        "Plant one tree.",
        "",
        "field       type              what it is",
        "forest_key  String  required  Your key. Or set CONNECTOR_FOREST_KEY.",
        "kind        String  required  Some text. Fits: oak, elm. Without it: oak.",
        "",
        "gives   nothing but that it is done",
        "effect  write; repeating it is not harmless",
        "route   POST /trees",
        "",
        "  blocks-tool run plantTree kind=oak",
    ]
    assert "2 entries a request; max_items stops earlier" in woods("describe", "listTrees").stdout


def test_its_blocks_run(woods, server):
    server.queue += [
        (200, {}, {"trees": [{"name": "Oak", "age": 3}, {"name": "Elm", "age": 40}], "more": "yes"}),
        (200, {}, {"trees": [{"name": "Ash", "age": 7}], "more": None}),
        (200, {}, {"planted": True}),
    ]
    listed = woods("run", "listTrees", "--table", CONNECTOR_FOREST_KEY="k")
    assert [line.rstrip() for line in listed.stdout.splitlines()] == [
        "#  name  age",
        "1  Oak     3",
        "2  Elm    40",
        "3  Ash     7",
    ]
    assert json.loads(woods("run", "plantTree", "kind=elm", "forest_key=k").stdout) == {"planted": True}
    assert [seen.headers["X-Key"] for seen in server.requests] == ["k", "k", "k"]


def test_answers_to_no_list_are_counted(woods, server):
    server.queue.append((200, {}, [True, False]))
    shown = woods("run", "plantTree", "kind=elm", "forest_key=k", "--table").stdout.splitlines()
    assert [line.rstrip() for line in shown] == ["#  answer", "1  yes", "2  no"]


@pytest.mark.parametrize(
    ("words", "answers", "lines"),
    [
        (["plantTree", "kind=elm"], [True], ["kind  answer", "elm   yes"]),
        (["checkTrees", "trees=oak", "near=elm"], [False], ["trees  answer", "oak    no"]),
        (["checkTrees", "trees=oak,elm", "near=elm"], [False, True], ["trees  answer", "oak    no", "elm    yes"]),
    ],
    ids=str,
)
def test_answers_stand_beside_what_was_asked_and_never_beside_a_secret(woods, server, words, answers, lines):
    server.queue.append((200, {}, answers))
    shown = woods("run", *words, "--table", CONNECTOR_FOREST_KEY="k").stdout.splitlines()
    assert [line.rstrip() for line in shown] == lines


def test_no_sandbox_is_offered_or_started_for_it(woods):
    refused = woods("run", "listTrees", "--sandbox")
    assert (refused.exit_code, "another service" in refused.stderr) == (2, True)
    missing = woods("run", "listTrees")
    assert "Set CONNECTOR_FOREST_KEY.\n" in missing.stderr


def test_the_environment_names_a_manifest_too(cli, tmp_path):
    path = tmp_path / "woods.yaml"
    path.write_text(json.dumps(MANIFEST), "utf-8")
    assert "plantTree" in cli("blocks", CONNECTOR_MANIFEST=str(path)).stdout


@pytest.mark.parametrize("text", ["blocks: [", "[]", "package: {}", "blocks: {a: {}}"])
def test_a_manifest_that_cant_be_used_is_told_in_words(cli, tmp_path, text):
    path = tmp_path / "broken.yaml"
    path.write_text(text, "utf-8")
    for words in (["blocks"], ["describe", "a"], ["run", "a"]):
        done = cli("--manifest", str(path), *words)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.strip()
