"""What Python shows of results and connectors: one line, and a table in a notebook."""

import pytest

from connector import Connector, ErrorDetail, Meta, Result
from connector.result import Listing

TRACKS = [
    {"track": {"name": f"<b>{number}</b>", "artists": [{"name": "A & B"}, {"name": "C"}]}} for number in range(25)
]
LISTED = Result(
    "listTracks", {"items": TRACKS}, None, Meta(requests=1), Listing(("items",)), ("track.name", "track.artists[].name")
)
FAILED = Result("listTracks", None, ErrorDetail("not_found", "No <list>."), Meta(requests=2))


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        (LISTED, "<Result listTracks: 25 entries, 1 request>"),
        (
            Result("listTracks", {"items": TRACKS[:1]}, listing=LISTED.listing),
            "<Result listTracks: 1 entry, 0 requests>",
        ),
        (FAILED, "<Result listTracks: not_found, 2 requests>"),
        (Result("getToken", {"access_token": "s3cret"}), "<Result getToken: ok, 0 requests>"),
    ],
    ids=["many", "one", "error", "object"],
)
def test_a_result_is_one_line(result, shown):
    assert repr(result) == shown


def test_a_notebook_shows_a_table_of_what_a_person_wants():
    shown = LISTED._repr_html_()
    assert "<th>track.name</th><th>track.artists[].name</th>" in shown
    assert "<td>&lt;b&gt;0&lt;/b&gt;</td><td>A &amp; B, C</td>" in shown
    assert shown.count("<tr>") == 21
    assert "and 5 more in <code>entries</code>" in shown


def test_a_notebook_shows_an_error_and_no_secret():
    assert FAILED._repr_html_() == (
        "<p><code>&lt;Result listTracks: not_found, 2 requests&gt; No &lt;list&gt;.</code></p>"
    )
    assert "s3cret" not in Result("getToken", {"access_token": "s3cret"})._repr_html_()


def test_a_connector_tells_of_its_blocks(manifest):
    connector = Connector.load()
    assert [block.name for block in connector.blocks()] == list(manifest.names)
    group = next(iter(manifest.groups))
    assert {block.group for block in connector.blocks(group.upper())} == {group}
    assert connector.blocks("nothing") == []
    told = connector.describe(manifest.names[0])
    assert told["name"] == manifest.names[0]
    assert {"input", "output", "scopes_needed", "example"} <= told.keys()


def test_a_connector_tells_of_its_triggers(manifest):
    connector = Connector.load()
    assert [trigger.name for trigger in connector.triggers()] == list(manifest.data["triggers"])
    assert {trigger.form.group for trigger in connector.triggers("library")} == {"Library"}
    assert connector.triggers("nothing") == []
    told = connector.describe("newSavedTrack")
    assert (told["name"], told["cost"]["quiet"]) == ("newSavedTrack", "1 call")


def test_help_shows_an_example():
    assert 'Connector.load(connection="alice")' in Connector.__doc__
