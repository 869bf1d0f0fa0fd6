"""JSON Schema files beside a manifest: read once, references followed.

Takes a schema as the manifest writes it (`$ref` relative to the manifest's folder) and gives it back without outside
references: `inline` for inputs, which are small and never recursive, `bundle` for outputs. Judges nothing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from connector.errors import ManifestError

Schema = dict[str, Any]


class SchemaFiles:
    """The schema files below one folder.

    Raises `ManifestError` for a file that is missing or no JSON, for a name that stands twice in one object (of which
    JSON readers keep only the last), and for a reference that leads nowhere.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Any] = {}

    def inline(self, schema: Schema, base: str = "") -> Schema:
        """`schema` with every `$ref` replaced by what it names; keywords beside a `$ref` win over the named ones."""
        inlined: Schema = self._inline(schema, base, ())
        return inlined

    def bundle(self, schema: Schema) -> Schema:
        """`schema` as one self-contained document: whatever it reaches stands under `$defs`."""
        defs: dict[str, Any] = {}
        names: dict[tuple[str, str], str] = {}
        root = self._bundle(schema, "", defs, names)
        return {**root, "$defs": defs} if defs else root

    def look_up(self, ref: str, base: str) -> tuple[str, str, Any]:
        """Where `ref`, written in the file `base` ("" is the manifest), leads: file, JSON pointer, what is there."""
        file_part, _, pointer = ref.partition("#")
        file = _join(base, file_part) if file_part else base
        node = self._read(file)
        for step in pointer.strip("/").split("/") if pointer.strip("/") else ():
            key = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(node, dict) or key not in node:
                raise ManifestError(f"{ref} leads nowhere: {file} has no {pointer}.")
            node = node[key]
        return file, pointer, node

    def _inline(self, node: Any, base: str, seen: tuple[str, ...]) -> Any:
        if isinstance(node, list):
            return [self._inline(entry, base, seen) for entry in node]
        if not isinstance(node, dict):
            return node
        beside = {key: self._inline(value, base, seen) for key, value in node.items() if key != "$ref"}
        if "$ref" not in node:
            return beside
        file, pointer, target = self.look_up(node["$ref"], base)
        place = f"{file}#{pointer}"
        if place in seen:
            raise ManifestError(f"{node['$ref']} leads back to itself; an input can't be recursive.")
        return {**self._inline(target, file, (*seen, place)), **beside}

    def _bundle(self, node: Any, base: str, defs: dict[str, Any], names: dict[tuple[str, str], str]) -> Any:
        if isinstance(node, list):
            return [self._bundle(entry, base, defs, names) for entry in node]
        if not isinstance(node, dict):
            return node
        copy = {key: self._bundle(value, base, defs, names) for key, value in node.items() if key != "$ref"}
        if "$ref" not in node:
            return copy
        file, pointer, target = self.look_up(node["$ref"], base)
        place = (file, pointer)
        if place not in names:
            name = pointer.rsplit("/", 1)[-1]
            while name in defs:
                name += "_"
            names[place] = name
            defs[name] = None
            defs[name] = self._bundle(target, file, defs, names)
        return {"$ref": f"#/$defs/{names[place]}", **copy}

    def _read(self, file: str) -> Any:
        if file not in self._files:
            try:
                text = (self._folder / file).read_text("utf-8")
                self._files[file] = json.loads(text, object_pairs_hook=_build_object)
            except OSError as problem:
                raise ManifestError(f"The schema file {file} can't be read: {problem.strerror}.") from problem
            except RecursionError:
                raise ManifestError(f"The schema file {file} is no JSON: it is nested too deeply.") from None
            except ValueError as problem:
                raise ManifestError(f"The schema file {file} is no JSON: {problem}.") from problem
        return self._files[file]


def _build_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these names and values. Raises `ValueError` for a name that stands twice."""
    built = dict(pairs)
    if len(built) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)} stands twice in one object")
    return built


def name_target(schema: Schema) -> str | None:
    """The name under `$defs` that a part of a bundled schema refers to; `None` where it is no reference."""
    return str(schema["$ref"]).rpartition("/")[2] if "$ref" in schema else None


def follow(schema: Schema, root: Schema) -> Schema:
    """`schema`, a part of the bundled schema `root`, with the reference at its top followed to the end; keywords beside
    a `$ref` win. Raises `ManifestError` where it leads back to itself."""
    seen: set[str] = set()
    while name := name_target(schema):
        if name in seen:
            raise ManifestError(f"The schema {name} leads back to itself.")
        seen.add(name)
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**root["$defs"][name], **beside}
    return schema


def _join(base: str, relative: str) -> str:
    """`relative` as seen from the file `base`; paths stay relative to the manifest's folder."""
    parts = base.split("/")[:-1]
    for part in relative.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in (".", ""):
            parts.append(part)
    return "/".join(parts)
