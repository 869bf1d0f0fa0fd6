"""Every block's output as a table, at the widths that terminals have: ids whole, names and artists there."""

import io
import re

import pytest
from rich.console import Console

from connector import Connector
from connector.cli.columns import name_of
from connector.cli.rows import show_output
from connector.sandbox import Sandbox

#: The widest id in the sandbox is a device's; with a name beside it, it fills 60 columns, and 40 by itself with a gap.
WIDTHS = (40, 60, 80, 120)


@pytest.fixture(scope="module")
def results():
    """What each block that reads gives in the sandbox, by its name."""
    with Sandbox(quota_mode="extended") as sandbox, Connector.load(servers=sandbox.servers) as connector:
        found = {}
        for block in connector.manifest:
            known = {name: value for name, value in sandbox.demo_args.items() if name in block.fields}
            limit = {"max_items": 12} if block.page else {}
            if block.effect == "read":
                found[block.name] = connector.invoke(block.name, {**block.example, **known, **limit})
                assert found[block.name].ok, found[block.name].error
        yield found


def draw(result, block, width):
    file = io.StringIO()
    console = Console(file=file, width=width, markup=False, emoji=False, highlight=False, color_system=None)
    brief = result.brief() if block.brief else None
    show_output(console, result.output, block.page, None, brief if result.is_list or not brief else brief[0])
    return file.getvalue()


def split(text):
    return set(re.split(r"[\s,]+", text)) - {""}


def find_things(entry):
    """The named thing that an entry is, or that it wraps."""
    if isinstance(entry, dict):
        inner = [part for part in entry.values() if isinstance(part, dict) and "name" in part and "id" in part]
        yield entry if "name" in entry or not inner else inner[0]


@pytest.mark.parametrize("width", WIDTHS)
def test_no_id_is_cut_and_names_and_artists_are_there(results, each_block, width):
    block = each_block
    result = results.get(block.name)
    if result is None or block.listing is None:
        return
    drawn = draw(result, block, width)
    assert max(map(len, drawn.splitlines())) <= width
    words = split(drawn)
    for thing in (thing for entry in result.brief() for thing in find_things(entry)):
        if isinstance(thing.get("id"), str):
            assert thing["id"] in words
        artists = [artist["name"] if isinstance(artist, dict) else artist for artist in thing.get("artists", ())]
        for name in [thing.get("name"), *artists]:
            assert split(name or "") <= words, name


def iter_plain(thing, path=""):
    """The paths and plain values of a thing, without links and what is in lists."""
    for name, value in thing.items():
        if isinstance(value, dict) and not name_of(value) and not path:
            yield from iter_plain(value, f"{name}.")
        elif isinstance(value, str | int | float) and not isinstance(value, bool) and "://" not in str(value):
            yield [f"{path}{name}", str(value).split()[0]]


def test_the_one_output_of_a_block_is_told_by_names_and_values(results, each_block):
    result = results.get(each_block.name)
    # A block made of others is told in words of its own.
    is_told = each_block.procedure is not None or each_block.name == "search"
    if result is None or result.is_list or not each_block.brief or is_told:
        return
    lines = [line.split()[:2] for line in draw(result, each_block, 120).splitlines()]
    assert [pair for pair in iter_plain(result.brief()[0]) if pair not in lines] == []


def test_one_of_each_of_several_kinds_is_a_table_each(results, manifest):
    drawn = draw(results["search"], manifest.block("search"), 80)
    assert [line for line in drawn.splitlines() if line.isalpha()][:2] == ["tracks", "albums"]


def test_an_entry_is_told_line_by_line_where_it_is_narrow(results, manifest):
    lines = draw(results["getUserSavedTracks"], manifest.block("getUserSavedTracks"), 40).splitlines()
    assert lines[0].rstrip() == "#1"
    assert [line.split()[0] for line in lines[1:4]] == ["name", "artists", "id"]
