"""The package's icons: the service's own, and one for each group, which a node on the canvas takes by its resource.

Rows in the list of actions all have the service's: n8n asks there for no resource.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from connector.export.file_names import to_slug
from connector.export.n8n.names import Names
from connector.export.package import build_icon, draw_icon
from connector.manifest.groups import Group
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import iter_triggers

_COLOUR: Final = re.compile(rb"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})\b")


def build_icons(manifest: Manifest, names: Names) -> dict[str, bytes]:
    """The icons' files by path."""
    icon = build_icon(manifest)
    files = {}
    for folder in (names.node_folder, names.credential_folder):
        files[f"{folder}/{names.icon}"] = icon
        files[f"{folder}/{names.dark_icon}"] = _lighten(icon)
    drawn = {group.name: draw_icon(group, group.colour) for group in manifest.groups.values()}
    return files | {f"{names.node_folder}/{_name(group)}": drawing for group, drawing in drawn.items() if drawing}


def tell_icon(names: Names) -> dict[str, str]:
    """The service's icon in n8n's words, for either theme."""
    return {"light": f"file:{names.icon}", "dark": f"file:{names.dark_icon}"}


def tell_node_icon(manifest: Manifest, names: Names) -> dict[str, str]:
    """The node's icon in n8n's words: that of the chosen resource's group, the service's where there is none."""
    return _tell_by(names, "resource", {group.name: group for group in manifest.groups.values()})


def tell_trigger_icon(manifest: Manifest, names: Names) -> dict[str, str]:
    """The trigger node's icon in n8n's words: that of the chosen trigger's group, the service's where there is none."""
    groups = ((trigger.name, manifest.groups.get(trigger.form.group)) for trigger in iter_triggers(manifest))
    return _tell_by(names, "event", {name: group for name, group in groups if group})


def _tell_by(names: Names, parameter: str, groups: Mapping[str, Group]) -> dict[str, str]:
    own = {value: _name(group.name) for value, group in groups.items() if group.icon}
    found = f"({json.dumps(own, ensure_ascii=False)})[$parameter.{parameter}]"
    return {
        theme: f"=file:{{{{ {found} || {json.dumps(icon.removeprefix('file:'))} }}}}" if own else icon
        for theme, icon in tell_icon(names).items()
    }


def _name(group: str) -> str:
    return f"icons/{to_slug(group)}.svg"


def _lighten(icon: bytes) -> bytes:
    """An SVG's colours, half way to white, for dark backgrounds."""

    def lighten(match: re.Match[bytes]) -> bytes:
        return b"#" + b"".join(b"%02x" % ((int(channel, 16) + 255) // 2) for channel in match.groups())

    return _COLOUR.sub(lighten, icon)
