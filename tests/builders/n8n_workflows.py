"""Workflows of the exported node, as n8n stores them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from connector.export.n8n.choices import Choices
from connector.export.n8n.forms import Forms
from connector.export.n8n.names import Names
from connector.export.n8n.trigger_forms import TriggerForms
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest

TRIGGER = {
    "name": "Start",
    "type": "n8n-nodes-base.manualTrigger",
    "typeVersion": 1,
    "position": [0, 0],
    "parameters": {},
    "id": "start",
}


#: n8n polls no oftener than each minute by one poll time; by this many of them each five seconds.
POLL_TIMES = {"item": [{"mode": "custom", "cronExpression": f"{second} * * * * *"} for second in range(0, 60, 5)]}


class Workbench:
    """Makes nodes and workflows of a manifest's package, with one credential."""

    def __init__(self, manifest: Manifest, credential: Mapping[str, str]) -> None:
        self.names = Names.from_manifest(manifest)
        self._blocks = Forms(manifest).blocks
        self._triggers = TriggerForms(manifest, Choices()).triggers
        self._credential = {"id": credential["id"], "name": credential["name"]}

    def build_node(self, block: Block, args: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """The node that runs `block` with `args` in its form; all is returned unless `more` says otherwise."""
        parameters: dict[str, Any] = {"resource": block.group, "operation": block.name, "simplify": False, "more": {}}
        told = self._blocks[block.name]
        for name, field in told["fields"].items():
            if field["name"] in args:
                parameters[name] = to_held(field, args[field["name"]])
        for name, field in told["more"].items():
            if field["name"] in args:
                parameters["more"][name] = to_held(field, args[field["name"]])
        if "limit" in told:
            parameters["returnAll"] = "max_items" not in args
            parameters["limit"] = args.get("max_items", 50)
        return {
            "name": block.name,
            "id": block.name,
            "type": f"{self.names.package}.{self.names.node}",
            "typeVersion": 1,
            "position": [300, 0],
            "parameters": parameters,
            "credentials": {self.names.credential: self._credential},
            **more,
        }

    def build_trigger(
        self, trigger: str, args: Mapping[str, Any], times: Mapping[str, Any] = POLL_TIMES, **options: Any
    ) -> dict[str, Any]:
        """The node that polls `trigger` at these `times`, each five seconds unless told otherwise, with `args` in its
        form; `options` are those of its form."""
        told = self._triggers[trigger]
        held = {
            part: {
                name: to_held(field, args[field["name"]]) for name, field in told[part].items() if field["name"] in args
            }
            for part in ("fields", "more")
        }
        return {
            "name": trigger,
            "id": trigger,
            "type": f"{self.names.package}.{self.names.trigger}",
            "typeVersion": 1,
            "position": [0, 0],
            "parameters": {
                "pollTimes": dict(times),
                "event": trigger,
                **held["fields"],
                "more": held["more"],
                "options": options,
            },
            "credentials": {self.names.credential: self._credential},
        }


def build_triggered(name: str, trigger: Mapping[str, Any]) -> dict[str, Any]:
    """A workflow that `trigger` starts, and that only hands on what it gives."""
    after = {
        "name": "Handed on",
        "id": "after",
        "type": "n8n-nodes-base.noOp",
        "typeVersion": 1,
        "position": [220, 0],
        "parameters": {},
    }
    return _build(name, [trigger, after], {trigger["name"]: _link([after])})


def build_chain(name: str, nodes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A workflow whose nodes run one after the other, each with what the one before gave."""
    chain = [TRIGGER, *({**node, "position": [220 * place, 0]} for place, node in enumerate(nodes, start=1))]
    links = {one["name"]: _link([other]) for one, other in pairwise(chain)}
    return _build(name, chain, links)


def build_fan(name: str, nodes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A workflow whose nodes all run with what the trigger gave, from top to bottom."""
    fan = [{**node, "position": [300, 160 * place]} for place, node in enumerate(nodes)]
    return _build(name, [TRIGGER, *fan], {TRIGGER["name"]: _link(fan)})


def to_held(field: Mapping[str, Any], value: Any) -> Any:
    """What a form holds where a maker typed `value` into a field."""
    kind = field["kind"]
    if field.get("list"):
        return {"__rl": True, "mode": "url" if value.startswith("https://") else "id", "value": value}
    if kind == "place":
        latitude, longitude = (float(part) for part in value.split(","))
        return {"place": {"latitude": latitude, "longitude": longitude}}
    if kind == "rows":
        rows = [[{"key": key, "value": held} for key, held in row.items()] for row in value]
        return {"row": [{"cells": {"cell": cells}} for cells in rows]}
    return value


def _link(nodes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"main": [[{"node": node["name"], "type": "main", "index": 0} for node in nodes]]}


def _build(name: str, nodes: Sequence[Mapping[str, Any]], connections: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "nodes": list(nodes),
        "connections": dict(connections),
        "settings": {"executionOrder": "v1", "timezone": "Europe/Stockholm"},
        "active": False,
    }
