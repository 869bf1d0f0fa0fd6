"""The connection itself as something that triggers watch, in the form of a block: who reads it sends nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.manifest.schema_files import Schema

#: What a trigger `watches` in place of a block.
CONNECTION: Final = "connection"
OUTPUT: Final[Schema] = {
    "type": "object",
    "title": "Connection",
    "description": "How a connection stands; null for what nobody knows.",
    "properties": {
        "name": {"type": ["string", "null"]},
        "days_left": {"type": ["integer", "null"], "description": "Days until its user must sign in again."},
        "calls_left": {"type": ["integer", "null"], "description": "Of the day's budget."},
        "percent_left": {"type": ["integer", "null"]},
        "closed_for_s": {"type": "number", "description": "How long the service takes no more calls."},
    },
    "required": ["name", "days_left", "calls_left", "percent_left", "closed_for_s"],
    "additionalProperties": False,
}


def build_connection_block(manifest: Manifest) -> Block:
    """The block, with the fields that a connection stands in for. Raises `ValueError` where nothing can sign in."""
    for block in (manifest.block(name) for name, entry in manifest.data["blocks"].items() if "routes" in entry):
        auth = manifest.auth[block.server]
        if auth and auth.can_sign_in and all(name in block.fields for name in auth.fields):
            return replace(block, **_describe(block, auth.fields))
    raise ValueError("nothing in it signs in, so there is no connection to watch")


def _describe(block: Block, fields: tuple[str, ...]) -> dict[str, Any]:
    route = replace(block.routes[0], page=None, batch=None, each=None, collect=None, closed={}, consent=None)
    return {
        "name": CONNECTION,
        "aliases": (),
        "title": "Connection",
        "description": OUTPUT["description"],
        "scope_needs": (),
        "effect": "read",
        "fields": {name: block.fields[name] for name in fields},
        "together": None,
        "one_of": (),
        "reuse": None,
        "not_sent": {},
        "instead": None,
        "twins": (),
        "list_at": (),
        "output": OUTPUT,
        "routes": (route,),
    }
