"""What the runtimes of all palettes share: one file, which export puts into each of them."""

import pytest

from connector.export import list_packages, load_package_builder
from connector.export.handwritten import read_file
from connector.manifest.manifest import Manifest


@pytest.mark.parametrize("name", list_packages())
def test_each_package_has_it_beside_what_needs_it(manifest: Manifest, name):
    package = load_package_builder(name)(manifest)
    [place] = [path for path in package if path.endswith("/form_values.js")]
    assert package[place].decode() == read_file("runtime/form_values.js")
    assert f"{place.rpartition('/')[0]}/values.js" in package


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("'2026-05-28T09:30:00'", "2026-05-28 09:30:00"),
        ("' 2026-05-28T09:30 '", "2026-05-28 09:30:00"),
        ("'2026-05-28T09:30:00.000'", "2026-05-28 09:30:00"),
        ("'2026-05-28T09:30:00Z'", "2026-05-28 11:30:00"),
        ("'2026-05-28T09:30:00.5-0100'", "2026-05-28 12:30:00"),
        ("'2026-05-28 09:30 +02:00'", "2026-05-28 09:30:00"),
        ("0", "1970-01-01 01:00:00"),
        ("new Date(0)", "1970-01-01 01:00:00"),
        # A Function node's Date, which is no Date of the palette's, and what n8n's expressions give.
        ("require('vm').runInNewContext('new Date(0)')", "1970-01-01 01:00:00"),
        ("{ valueOf: () => 0 }", "1970-01-01 01:00:00"),
        # What is no moment goes on as it is, for the runner to name the field.
        ("'2026-05-28'", "2026-05-28"),
        ("'2026-02-30T10:00:00Z'", "2026-02-30T10:00:00Z"),
        ("'2026-13-01T10:00:00Z'", "2026-13-01T10:00:00Z"),
        ("'2026-05-28T10:00:00+99:00'", "2026-05-28T10:00:00+99:00"),
        ("new Date('soon')", "Invalid Date"),
        ("'soon'", "soon"),
        ("true", True),
        ("null", None),
    ],
)
def test_a_moment_is_told_by_the_clock_on_the_wall(evaluate, given, told):
    assert evaluate("form_values.js", f"toWallClock({given}, 'Europe/Stockholm')") == told


def test_values_are_told_from_what_was_left_empty(evaluate):
    assert evaluate("form_values.js", "[undefined, null, '', ' \\n', []].map(isBlank)") == [True] * 5
    assert evaluate("form_values.js", "[0, false, '0', 'false', [''], {}].map(isBlank)") == [False] * 6
