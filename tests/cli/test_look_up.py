"""`blocks` and `describe` for every block, as a person and as a program reads them."""

import json

import jsonschema
import pytest

from connector.manifest.field_rules import tell_rules
from connector.manifest.output_texts import tell_output


def words_of(text):
    """`text` without the line breaks that a terminal's width puts into it."""
    return " ".join(text.split())


def test_describe_shows_the_form(cli, each_block):
    done = cli("describe", each_block.name, COLUMNS="250")
    assert (done.exit_code, done.stderr) == (0, "")
    shown = words_of(done.stdout)
    assert each_block.description in shown
    for field in each_block.fields.values():
        assert f"{field.name} {field.type} {'required ' * field.required}{field.description}" in shown
        assert (f"Or set CONNECTOR_{field.name.upper()}." in shown) or not field.secret
        assert not field.choices or f"{field.choices.block} lists them." in shown
    for route in each_block.routes:
        assert route.name in shown
        for mode, since in route.closed.items():
            assert f"closed to apps in {mode} mode since {since}" in shown
        assert f"once for each of {route.each}" in shown or not route.each
        if route.consent:
            assert f"where the substitute {route.consent.name} is turned on" in shown
        else:
            assert [name for name in route.cannot if f"not for {name}=" not in shown] == []
    assert [scope for scope in each_block.scopes if scope not in shown] == []
    assert [alias for alias in each_block.aliases if alias not in shown] == []
    assert ("Closed to apps in development mode" in shown) == (each_block.closed_since("development") is not None)
    assert [reason for reason in each_block.not_sent.values() if f"Not sent: {reason}" not in shown] == []
    assert (each_block.instead or "") in shown
    assert [rule for rule in tell_rules(each_block) if rule not in shown] == []
    assert "Without it: False" not in shown
    assert ("read to the end" in shown) == (each_block.page is not None)
    assert f"gives {tell_output(each_block)}" in shown


def test_what_describe_shows_can_be_typed(cli, each_block):
    """The example line, typed as it stands, gets past the form."""
    import shlex

    example = cli("describe", each_block.name, COLUMNS="40").stdout.splitlines()[-1]
    program, *words = shlex.split(example)
    assert (program, words[:2]) == ("blocks-tool", ["run", each_block.name])
    assert words[2:] or all(field.secret or not field.documented for field in each_block.fields.values())
    secrets = [f"{name}=abc" for name, field in each_block.fields.items() if field.secret]
    nowhere = [word for name in ("api", "accounts") for word in ("--server", f"{name}=http://127.0.0.1:1")]
    done = cli(*words, *secrets, *nowhere)
    assert done.exit_code == 1
    assert "no connection" in words_of(done.stderr)


def test_describe_as_json(cli, each_block):
    document = json.loads(cli("describe", each_block.name, "--json").stdout)
    assert document["name"] == each_block.name
    assert [route["request"] for route in document["routes"]] == [route.name for route in each_block.routes]
    for part in ("input", "output"):
        jsonschema.Draft202012Validator.check_schema(document[part])
    jsonschema.validate(document["example"], document["input"])


@pytest.mark.parametrize("width", ["40", "80", "100"])
def test_nothing_sticks_out_of_a_terminal(cli, manifest, width):
    for words in (["blocks"], ["describe", manifest.names[0]], ["describe", manifest.names[-1]]):
        shown = cli(*words, COLUMNS=width).stdout.splitlines()
        # The example line is left whole, so that it can be copied.
        assert [line for line in shown[:-1] if len(line) > int(width)] == []


def test_what_a_block_does_gives_way_to_nothing(cli, manifest):
    shown = words_of(cli("blocks", COLUMNS="40").stdout)
    assert [block.name for block in manifest if f"{block.name} {block.title}" not in shown] == []


def test_what_a_block_gives(manifest):
    shapes = {
        "getUserTopArtists": "a list in items, of each entry: name, genres, followers.total, popularity",
        "getTracks": "a list in tracks, of each entry: name, artists[].name",
        "getAlbum": "name, artists[].name, release_date",
        "checkSavedTrack": "a list, of each entry: true or false",
        "getMarkets": "a list in markets, of each entry: text",
        "getClientAccessToken": "access_token, token_type, expires_in",
        "saveTrack": "nothing but that it is done",
        "pausePlayback": "nothing but that it is done",
    }
    given = {name: tell_output(manifest.block(name)) for name in shapes}
    assert {name: given[name][: len(told)] for name, told in shapes.items()} == shapes


def test_a_pipe_gets_wider_lines_than_a_terminal_of_unknown_width(cli, manifest):
    lines = cli("describe", manifest.names[-1], COLUMNS=None).stdout.splitlines()
    assert 100 < max(map(len, lines)) <= 120


def test_blocks_of_each_group(cli, manifest):
    for group in manifest.groups:
        expected = [block.name for block in manifest if block.group == group]
        shown = cli("blocks", "--group", group.upper(), COLUMNS="120").stdout.splitlines()[1:]
        assert [line.split()[0] for line in shown] == expected
        document = json.loads(cli("blocks", "--group", group, "--json").stdout)
        assert [block["name"] for block in document["blocks"]] == expected


@pytest.mark.parametrize("form", [[], ["--json"]], ids=str)
def test_a_group_that_is_none(cli, form):
    done = cli("blocks", "--group", "[Nothing]", *form)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "There is no group [Nothing]; there are Ready-made, Search" in words_of(done.stderr)


@pytest.mark.parametrize(
    "command", [[], ["blocks"], ["describe"], ["run"], ["sandbox"], ["check"], ["record"]], ids=str
)
def test_help(cli, command):
    done = cli(*command, "--help")
    assert done.exit_code == 0
    assert "Usage: blocks-tool" in done.stdout


def test_help_for_run_says_where_secrets_come_from(cli):
    shown = words_of(cli("run", "-h").stdout)
    assert "CONNECTOR_ACCESS_TOKEN" in shown
    assert "0 for a result, 1 for an error result, 2 for wrong usage" in shown
