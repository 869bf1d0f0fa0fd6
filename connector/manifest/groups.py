"""What the groups of blocks are called and how palettes show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Group:
    """A group of blocks: its `name`, and its look where the manifest gives it one. `icon` is the path data of an SVG of
    24 by 24 whose lines are 2 wide, round and not filled; `colour` is written `#rrggbb`; `description` says in a
    sentence what its blocks are for. They are empty otherwise."""

    name: str
    icon: str = ""
    colour: str = ""
    description: str = ""


def build_groups(data: Mapping[str, Any]) -> dict[str, Group]:
    """The groups that the blocks of a manifest's `data` are in, by name, in the order of the blocks."""
    looks = data.get("groups", {})
    names = dict.fromkeys(entry["group"] for entry in data["blocks"].values())
    return {name: Group(name, **looks.get(name, {})) for name in names}
