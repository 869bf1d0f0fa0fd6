"""What a block is, as documents: the marketplace's metadata, and one block's self-contained description."""

from __future__ import annotations

from typing import Any

from connector.manifest.blocks import Block, Field
from connector.manifest.closed_blocks import describe_quota
from connector.manifest.manifest import Manifest
from connector.manifest.routes import Route

_CALLBACKS = [{"name": "error", "info": "Error"}, {"name": "success", "info": "Success"}]


def build_metadata(manifest: Manifest) -> dict[str, Any]:
    """The document that a marketplace of blocks reads (specification, "The wire"): package, accounts, blocks."""
    package = manifest.package
    return {
        "package": package["name"],
        "tagline": package["tagline"],
        "description": package["description"],
        "image": package["image"],
        "repo": manifest.home,
        "keywords": list(package["keywords"]),
        "accounts": {"domain": package["domain"], "credentials": list(package["credentials"])},
        "blocks": [
            {
                "name": block.name,
                "description": block.description,
                "args": [_describe_arg(field) for field in block.fields.values()],
                "callbacks": _CALLBACKS,
            }
            for block in manifest
        ],
    }


def _describe_arg(field: Field) -> dict[str, Any]:
    arg = {
        "name": field.name,
        # The specification spells the type so in a block's fields, and otherwise in its table of types.
        "type": "DatePicker" if field.type == "Datepicker" else field.type,
        "info": field.description,
        "required": field.required,
    }
    return {**arg, "options": list(field.schema.get("enum", ()))} if field.type == "Select" else arg


def build_description(block: Block) -> dict[str, Any]:
    """All about one block in one document: schemas with references resolved, scopes, routes, quota, an example."""
    return {
        "name": block.name,
        "aliases": list(block.aliases),
        "title": block.title,
        "group": block.group,
        "description": block.description,
        "effect": block.effect,
        "idempotent": block.is_idempotent,
        "scopes": list(block.scopes),
        "scopes_needed": [need.to_dict() for need in block.scope_needs],
        "input": block.input_schema,
        "output": block.output_schema,
        "routes": [_describe_route(route) for route in block.routes],
        "made_of": list(block.procedure.parts) if block.procedure else [],
        "cannot_do_without": list(block.procedure.needed) if block.procedure else [],
        "quota": describe_quota(block),
        "instead": block.instead,
        "not_sent": dict(block.not_sent),
        "twins": list(block.twins),
        "example": block.example,
    }


def _describe_route(route: Route) -> dict[str, Any]:
    return {
        "request": route.name,
        "closed": dict(route.closed),
        "falls_back_on": sorted(route.falls_back_on),
        "paged": route.page.style if route.page else None,
        "batch": {route.batch.field: route.batch.size} if route.batch else None,
    }
