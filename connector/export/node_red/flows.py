"""Example flows for Node-RED: one for each group of blocks, and one for the triggers, ready to import."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from connector.export.node_red.palette import Palette
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import find_trigger

#: The name of the flow that has the triggers.
EVENTS: Final = "When something happens"
_TOP: Final = 140
_STEP: Final = 60
_COLUMNS: Final = (160, 400, 640)

Flow = list[dict[str, Any]]


def build_examples(manifest: Manifest, palette: Palette) -> dict[str, Flow]:
    """A flow for each group, by the group's name: every block with example values between an inject and a debug node,
    and a Catch node for what fails; and one with every trigger before a debug node, disabled, since it would look as
    soon as it is deployed."""
    flows = {}
    for group in manifest.groups:
        entries = [entry for entry in palette["blocks"] if entry["group"] == group]
        forms = [manifest.block(entry["name"]) for entry in entries]
        note = "Open one node's runner, set its URL and connection, deploy, then press a button."
        flows[group] = _build_flow(palette, group, note, list(zip(entries, forms, strict=True)))
    if palette["triggers"]:
        triggers = [(entry, find_trigger(manifest, entry["name"]).form) for entry in palette["triggers"]]
        note = "Set a runner's URL and connection, keep what you need, double-click the tab to enable the flow, deploy."
        flows[EVENTS] = _build_flow(palette, EVENTS, note, triggers, is_disabled=True)
    return flows


def _build_flow(
    palette: Palette, name: str, note: str, entries: list[tuple[dict[str, Any], Block]], *, is_disabled: bool = False
) -> Flow:
    service = palette["title"]
    tab = _build_id(service, name)
    runner = _build_id(service, "runner")
    flow: Flow = [
        {"id": tab, "type": "tab", "label": f"{service}: {name}", "disabled": is_disabled, "info": ""},
        {
            "id": _build_id(tab, "comment"),
            "type": "comment",
            "z": tab,
            "name": note,
            "info": "",
            "x": 360,
            "y": 60,
            "wires": [],
        },
        build_runner(palette, runner),
    ]
    for position, (entry, form) in enumerate(entries):
        flow += _build_line(tab, runner, entry, form.example, _TOP + position * _STEP)
    bottom = _TOP + len(entries) * _STEP + 40
    shown = _build_debug(_build_id(tab, "failed"), tab, "what failed", _COLUMNS[1], bottom, complete="true")
    flow.append(
        {
            "id": _build_id(tab, "catch"),
            "type": "catch",
            "z": tab,
            "name": "",
            "scope": None,
            "uncaught": False,
            "x": _COLUMNS[0],
            "y": bottom,
            "wires": [[shown["id"]]],
        }
    )
    return [*flow, shown]


def build_runner(palette: Palette, node_id: str) -> dict[str, Any]:
    """A config node with the settings that a new one has."""
    return {
        "id": node_id,
        "type": palette["runner"]["type"],
        "name": "",
        "url": palette["runner"]["url"],
        "connection": "",
        "connectionType": "str",
        "zone": "",
        "timeout": str(palette["runner"]["timeout"]),
    }


def build_node(entry: dict[str, Any], args: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The node of a block or a trigger whose form holds `args` (normal form, by field), with `more` properties. Without
    the property `detail` it gives all that the service says."""
    node: dict[str, Any] = {"type": entry["type"], "name": ""}
    if "watches" in entry:
        node |= {"every": "", "everyType": "pace"}
    if "entries" in entry:
        node["result"] = "array"
    for field in entry["fields"]:
        name = field["name"]
        is_given = name in args and field["widget"] != "secret"
        node[f"arg_{name}"] = _to_text(field, args[name]) if is_given else ""
        node[f"argtype_{name}"] = _find_type(field)
    return {**node, **more}


def _build_line(tab: str, runner: str, entry: dict[str, Any], example: dict[str, Any], y: int) -> Flow:
    shown = _build_debug(_build_id(tab, entry["name"], "debug"), tab, f"{entry['title']}: output", _COLUMNS[2], y)
    node_id = _build_id(tab, entry["name"])
    place = {"id": node_id, "z": tab, "x": _COLUMNS[1], "y": y, "wires": [[shown["id"]]]}
    chosen = {"detail": "brief"} if entry.get("hasBrief") else {}
    node = build_node(entry, example, runner=runner, **chosen, **place)
    if "watches" in entry:
        return [node, shown]
    button = {
        "id": _build_id(tab, entry["name"], "inject"),
        "type": "inject",
        "z": tab,
        "name": "run",
        "props": [{"p": "payload"}],
        "repeat": "",
        "crontab": "",
        "once": False,
        "onceDelay": 0.1,
        "topic": "",
        "payload": "",
        "payloadType": "date",
        "x": _COLUMNS[0],
        "y": y,
        "wires": [[node_id]],
    }
    return [button, node, shown]


def _build_debug(node_id: str, tab: str, name: str, x: int, y: int, complete: str = "payload") -> dict[str, Any]:
    return {
        "id": node_id,
        "type": "debug",
        "z": tab,
        "name": name,
        "active": True,
        "tosidebar": True,
        "console": False,
        "tostatus": False,
        "complete": complete,
        "targetType": "full" if complete == "true" else "msg",
        "statusVal": "",
        "statusType": "auto",
        "x": x,
        "y": y,
        "wires": [],
    }


def _find_type(field: dict[str, Any]) -> str:
    """The type that a new form starts with; the same as the first one of the editor's widgets."""
    if field.get("auth"):
        return "connection"
    widget: str = field["widget"]
    return {"text": "str", "search": "str", "number": "num"}.get(widget, widget)


def _to_text(field: dict[str, Any], value: Any) -> str:
    if field["widget"] == "when":
        # The browser's picker knows one form only.
        day, _, clock = str(value).replace(" ", "T").partition("T")
        return f"{day}T{clock or '00:00'}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _build_id(*parts: str) -> str:
    """An id that is the same each time, in the form of Node-RED's own."""
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:16]
