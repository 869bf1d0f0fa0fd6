"""The manifest's linter: what a schema can see and what it can't, each finding with file, line and block.

Judges declarations only. It never raises for a bad manifest: whatever is wrong is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connector.blocks import Block, Field, Page, Route
from connector.errors import ManifestError
from connector.fieldtypes import Unfit, to_normal_form
from connector.manifest import Manifest
from connector.positions import Positions, find_positions

_FIELD_TYPES = frozenset({"String", "Datepicker", "Map", "List", "Select", "Array", "credentials"})
Found = Iterator[tuple[tuple[str | int, ...], str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where it stands, in which block, and what to do about it."""

    file: str
    line: int
    block: str | None
    message: str

    def __str__(self) -> str:
        block = f" {self.block}:" if self.block else ""
        return f"{self.file}:{self.line}:{block} {self.message}"


def check_manifest(path: Path) -> list[Finding]:
    """All findings for the manifest at `path`, in the file's order; none means that it is sound."""
    import yaml

    try:
        text = path.read_text("utf-8")
        positions = find_positions(text)
        data = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as problem:
        return [Finding(str(path), 1, None, f"can't be read: {problem}")]
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        return [
            Finding(
                str(path), mark.line + 1 if mark else 1, None, f"is no YAML: {getattr(problem, 'problem', problem)}"
            )
        ]
    found = [(where, message) for where, _, message in positions.traps]
    shape = list(_check_shape(data))
    found += shape
    if not shape:
        found += _check_meaning(Manifest(data, path.parent))
    return sorted(
        {_to_finding(path, positions, where, message) for where, message in found}, key=lambda finding: finding.line
    )


def _to_finding(path: Path, positions: Positions, where: tuple[str | int, ...], message: str) -> Finding:
    block = str(where[1]) if where[:1] == ("blocks",) and len(where) > 1 else None
    return Finding(str(path), positions.line_of(where), block, message)


def _check_shape(data: Any) -> Found:
    """What the manifest's own schema says."""
    import json

    from jsonschema import Draft202012Validator

    # It stands beside the packaged manifest, whichever manifest is checked.
    schema = json.loads((_own_folder() / "schemas" / "manifest.schema.json").read_text("utf-8"))
    for error in Draft202012Validator(schema).iter_errors(data):
        detail = error
        while detail.context:
            detail = max(detail.context, key=lambda inner: len(inner.absolute_path))
        yield (
            tuple(detail.absolute_path),
            f"{'.'.join(map(str, detail.absolute_path)) or 'the manifest'}: {detail.message}",
        )


def _own_folder() -> Path:
    packaged = Path(__file__).parent / "_data"
    return packaged if packaged.exists() else Path(__file__).parent.parent


def _check_meaning(manifest: Manifest) -> Found:
    yield from _check_names(manifest)
    if broken := list(_check_patterns(manifest)):
        # Nothing that takes ids can be judged without them.
        yield from broken
        return
    used_servers: set[str] = set()
    used_scopes: set[str] = set()
    for name, entry in manifest.data["blocks"].items():
        where = ("blocks", name)
        used_scopes |= set(entry.get("scopes", ()))
        try:
            block = manifest.block(name)
        except ManifestError as problem:
            yield where, _reason(problem)
            continue
        used_servers |= {route.server for route in block.routes}
        yield from _check_block(manifest, block, where)
    yield from _check_unused(manifest, used_servers, used_scopes)


def _reason(problem: ManifestError) -> str:
    return f"can't be built: {problem.__cause__}" if problem.__cause__ else str(problem)


def _check_names(manifest: Manifest) -> Found:
    owners: dict[str, str] = {}
    for name, entry in manifest.data["blocks"].items():
        for position, answer in enumerate((name, *entry.get("aliases", ()))):
            owner = owners.setdefault(answer.lower(), name)
            if owner != name or (position and answer.lower() == name.lower()):
                yield ("blocks", name, "aliases"), f"{answer} is also what {owner} answers to"


def _check_patterns(manifest: Manifest) -> Found:
    for position, pattern in enumerate(manifest.data.get("references", ())):
        try:
            groups = re.compile(pattern).groupindex.keys()
        except re.error as problem:
            yield ("references", position), f"is no pattern: {problem}"
            continue
        if not {"kind", "id"} <= groups:
            yield ("references", position), "has no groups called kind and id"


def _check_unused(manifest: Manifest, servers: set[str], scopes: set[str]) -> Found:
    data = manifest.data
    yield from (
        (("servers", name), f"no block uses the server {name}") for name in data["servers"] if name not in servers
    )
    wanted = {server.get("auth") for server in data["servers"].values()}
    for name in data.get("auth", {}):
        if name not in wanted:
            yield ("auth", name), f"no server uses the authentication {name}"
    for name, server in data["servers"].items():
        if "auth" in server and server["auth"] not in data.get("auth", {}):
            yield ("servers", name, "auth"), f"there is no authentication {server['auth']}"
    for name in data.get("scopes", {}):
        if name not in scopes:
            yield ("scopes", name), f"no block needs the scope {name}"
    sizes = {
        size
        for entry in data["blocks"].values()
        for route in entry["routes"]
        for size in route.get("batch", {}).values()
    }
    for name in data.get("batch_sizes", {}):
        if name not in sizes:
            yield ("batch_sizes", name), f"no route uses the batch size {name}"


def _check_block(manifest: Manifest, block: Block, where: tuple[str, str]) -> Found:
    for scope in block.scopes:
        if scope not in manifest.data.get("scopes", {}):
            yield (*where, "scopes"), f"the scope {scope} is not described under scopes"
    yield from _check_use(manifest, block, where)
    for field in block.fields.values():
        yield from _check_field(manifest, field, (*where, "input", "properties", field.name))
    try:
        output = block.output_schema
    except ManifestError as problem:
        yield (*where, "output"), str(problem)
        output = None
    if len({bool(route.page) for route in block.routes}) > 1:
        yield (*where, "routes"), "some routes are paged and some are not"
    for position, route in enumerate(block.routes):
        spot = (*where, "routes", position)
        yield from _check_route(block, route, spot)
        if route.page and output is not None:
            yield from _check_page(route.page, output, (*spot, "page"))
    is_closed = block.closed_since("development") is not None
    if is_closed and not block.instead:
        yield where, "is closed to development mode and doesn't say what to use instead"
    if block.instead and not is_closed:
        yield (*where, "instead"), "is given, but the block is open to development mode"


def _check_use(manifest: Manifest, block: Block, where: tuple[str, str]) -> Found:
    own = manifest.data["blocks"][block.name].get("input", {})
    declared = set(own.get("properties", ()))
    sent = {name for route in block.routes for name in route.fields}
    for name in own.get("required", ()):
        if name not in declared:
            yield (*where, "input", "required"), f"{name} is required and not declared"
    for name in declared - sent - block.not_sent.keys():
        yield (*where, "input", "properties", name), f"{name} is declared and sent by no route"
    for name in block.not_sent:
        if name not in declared:
            yield (*where, "not_sent", name), f"{name} is not declared"
        elif name in sent:
            yield (*where, "not_sent", name), f"{name} is sent all the same"
    for name in block.together.fields if block.together else ():
        if name not in declared:
            yield (*where, "together"), f"{name} is not declared"


def _check_field(manifest: Manifest, field: Field, where: tuple[str | int, ...]) -> Found:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    if field.type not in _FIELD_TYPES:
        yield where, f"x-field {field.type} is none of {', '.join(sorted(_FIELD_TYPES))}"
    if not field.schema.get("examples"):
        yield where, f"{field.name} has no example"
    try:
        Draft202012Validator.check_schema(field.schema)
        judge = Draft202012Validator(field.schema)
        values = [*field.schema.get("examples", ()), *([field.schema["default"]] if "default" in field.schema else [])]
        for value in values:
            if not judge.is_valid(to_normal_form(field.schema, value, manifest.references)):
                yield where, f"an example or the default of {field.name} does not fit its own schema"
    except SchemaError as problem:
        yield where, f"{field.name} has no valid schema: {problem.message}"
    except Unfit as problem:
        yield where, f"an example of {field.name} {problem}"


def _check_route(block: Block, route: Route, where: tuple[str | int, ...]) -> Found:
    for name in sorted(route.fields | route.cannot.keys()):
        if name not in block.fields:
            yield where, f"{name} is used and not declared"
    for name in route.path_fields:
        if name in block.fields and not block.fields[name].required:
            yield where, f"{name} stands in the path and must be required"
    if route.batch_field:
        field = block.fields.get(route.batch_field)
        if route.batch_field not in route.fields:
            yield (*where, "batch"), f"{route.batch_field} is split and not sent"
        elif field and not field.is_list:
            yield (*where, "batch"), f"{route.batch_field} is split and is no list"


def _check_page(page: Page, output: Mapping[str, Any], where: tuple[str | int, ...]) -> Found:
    place = _descend(output, output, page.at)
    if place is None:
        yield where, f"the output schema has nothing at {'.'.join(page.at)}"
        return
    for role in ("items", "total", "next", "cursor"):
        if role in page.names and _descend(output, place, page.names[role].split(".")) is None:
            yield where, f"the output schema has no {'.'.join((*page.at, page.names[role]))}"


def _descend(root: Mapping[str, Any], schema: Any, steps: Any) -> Any:
    """The schema at the property path `steps`; `None` where the schema doesn't know one of them."""
    for step in steps:
        schema = next(
            (inner["properties"][step] for inner in _unfold(root, schema) if step in inner.get("properties", ())), None
        )
        if schema is None:
            return None
    return schema


def _unfold(root: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A schema and all that it may stand for: what it refers to, and its alternatives."""
    yield schema
    if "$ref" in schema:
        yield from _unfold(root, root["$defs"][schema["$ref"].rsplit("/", 1)[-1]])
    for inner in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _unfold(root, inner)
