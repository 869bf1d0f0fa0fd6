"""The palette's categories, one for each group of blocks, as Node-RED shows them: their names, colours and icons."""

from __future__ import annotations

import re
from typing import Final

from connector.export.file_names import to_slug
from connector.export.package import build_icon, draw_icon
from connector.manifest.blocks import Block
from connector.manifest.groups import Group
from connector.manifest.manifest import Manifest

_COLOUR: Final = re.compile(r"(?<=fill=['\"])#([0-9a-fA-F]{6})(?=['\"])")
_PLAIN_COLOUR: Final = "#5b7083"
_WHITE: Final = "#ffffff"
#: Node-RED takes what stands behind a plain hyphen for a part of a category.
_HYPHEN: Final = "\u2011"


def build_categories(manifest: Manifest, service: str) -> dict[str, dict[str, str]]:
    """The look of each group's nodes, by its name: `category`, `color` and `icon`, those of the service where the
    manifest gives the group none."""
    return {
        group.name: {
            "category": f"{manifest.package['title']} {group.name}".replace("-", _HYPHEN),
            "color": group.colour or _lighten(_find_colour(manifest)),
            "icon": _name_icon(service, group),
        }
        for group in manifest.groups.values()
    }


def build_icons(manifest: Manifest, service: str) -> dict[str, bytes]:
    """The icons by file name, white as Node-RED wants them on a coloured node."""
    own = _COLOUR.sub(_WHITE, build_icon(manifest).decode()).encode()
    drawn = {_name_icon(service, group): draw_icon(group, _WHITE) for group in manifest.groups.values() if group.icon}
    return {f"{service}.svg": own, **drawn}


def order_blocks(manifest: Manifest) -> list[Block]:
    """The blocks as the palette has them: group by group, and last in each those that are closed to new apps."""
    places = {name: place for place, name in enumerate(manifest.groups)}
    return sorted(manifest, key=lambda block: (places[block.group], is_closed(block)))


def is_closed(block: Block) -> bool:
    """Whether an app that is new can't call the block."""
    return block.closed_since("development") is not None


def _name_icon(service: str, group: Group) -> str:
    return f"{service}-{to_slug(group.name)}.svg" if group.icon else f"{service}.svg"


def _find_colour(manifest: Manifest) -> str:
    match = _COLOUR.search(build_icon(manifest).decode())
    return match[0] if match else _PLAIN_COLOUR


def _lighten(colour: str) -> str:
    """`colour` mixed with white, so that Node-RED's dark labels can be read on it."""
    channels = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(channel * 0.5 + 255 * 0.5):02x}" for channel in channels)
