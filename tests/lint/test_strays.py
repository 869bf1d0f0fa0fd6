"""Whatever stands in a manifest by mistake, wherever it stands: the linter tells of it, and never stumbles."""

import copy
import itertools
import json
from typing import Any

import pytest
import yaml

from connector.lint import check_manifest


def iter_places(value: Any, place: tuple[Any, ...] = ()):
    """Every place in a JSON value."""
    yield place
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield from iter_places(inner, (*place, key))


def replace_at(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    if not place:
        return new
    changed = copy.deepcopy(value)
    holder = changed
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = new
    return changed


#: What may stand anywhere by mistake. `{"$ref": …}` leads somewhere unexpected.
STRAYS = [None, True, 7, "", "x", "{x}", [], [None], {}, {"x": None}, {"$ref": 7}, {"$ref": "#/$defs/YesNo"}]
#: One pair of a place and a stray in so many is tried, so that the test takes seconds. A prime: every stray has its
#: turns. Set it to 1 after work on the linter.
STRIDE = 199


@pytest.mark.parametrize("file", ["manifest.yaml", "schemas/fields.json", "schemas/objects.json"])
def test_nothing_that_stands_in_a_wrong_place_raises(harbour, file):
    target = harbour / file
    data = yaml.safe_load(target.read_text("utf-8"))
    for place, stray in itertools.islice(itertools.product(iter_places(data), STRAYS), 0, None, STRIDE):
        target.write_text(json.dumps(replace_at(data, place, stray)), "utf-8")
        for finding in check_manifest(harbour / "manifest.yaml"):
            assert finding.line >= 1
            assert finding.message


def test_a_line_left_out_raises_nothing(harbour):
    path = harbour / "manifest.yaml"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    for position in range(0, len(lines), 11):
        path.write_text("".join(lines[:position] + lines[position + 1 :]), "utf-8")
        assert isinstance(check_manifest(path), list)
