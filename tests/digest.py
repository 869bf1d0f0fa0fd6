"""The facts that tests hold the project against, digested from sources that are no part of it: `tests/facts/*.json`.

Names, types, limits and scopes are carried over; no answer's values and no source's words. Written anew by

    python tests/digest.py FOLDER

where FOLDER holds the specification of the blocks, the service's description of itself, and real answers of it.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

FACTS = Path(__file__).with_name("facts")
#: Where the sources lie beside a checkout, if they do.
SOURCES = Path(__file__).resolve().parents[2] / "shared"

_TYPES = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}

# Real answers


def take_shape(values: Iterable[Any]) -> dict[str, str]:
    """What JSON values look like together: path → the types seen there, with `?` where it was absent.

    `{"items": [{"id": "a"}, {"id": None, "n": 1}, None]}` gives `"items": "array"`, `"items[]": "null|object"`,
    `"items[].id": "null|string"` and `"items[].n": "integer?"`.
    """
    types: defaultdict[str, set[str]] = defaultdict(set)
    objects: Counter[str] = Counter()
    present: Counter[str] = Counter()

    def walk(value: Any, path: str) -> None:
        types[path].add(name_type(value))
        if isinstance(value, dict):
            objects[path] += 1
            for key, entry in value.items():
                inner = f"{path}.{key}" if path else key
                present[inner] += 1
                walk(entry, inner)
        elif isinstance(value, list):
            for entry in value:
                walk(entry, f"{path}[]")

    for value in values:
        walk(value, "")
    return {
        path: "|".join(sorted(seen)) + "?" * (path in present and present[path] < objects[path.rpartition(".")[0]])
        for path, seen in sorted(types.items())
    }


def name_type(value: Any) -> str:
    """The JSON type of a value; a whole number that is written as a float is `integral`."""
    if isinstance(value, float):
        return "integral" if value.is_integer() else "number"
    return {type(None): "null", bool: "boolean", int: "integer", str: "string", list: "array", dict: "object"}[
        type(value)
    ]


def take_apart(answer: Any) -> tuple[Any, list[dict[str, Any]]]:
    """An answer with `{}` for every object that says its `type`, and those objects, taken apart in the same way."""
    objects: list[dict[str, Any]] = []

    def cut(value: Any) -> Any:
        if isinstance(value, list):
            return [cut(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        rest = {key: cut(entry) for key, entry in value.items()}
        if not isinstance(value.get("type"), str):
            return rest
        objects.append(rest)
        return {}

    return cut(answer), objects


def iter_recorded(folder: Path) -> Iterator[tuple[str, str, Any]]:
    """Every real answer that is JSON: the operation with its status, the file's name, the content."""
    for line in (folder / "index.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        if not entry["file"]:
            continue
        with suppress(ValueError):  # some say it in HTML
            content = json.loads((folder / entry["file"]).read_text("utf-8"))
            path = entry["endpoint"]
            if path == "/me/top/{type}":
                path = f"/me/top/{content['items'][0]['type']}s"
            yield f"{entry['method']} {path} {entry['status']}", entry["file"], content


def digest_answers(folder: Path) -> dict[str, Any]:
    """The shape of the real answers of every operation and status, and how many of them were seen."""
    contents: defaultdict[str, list[Any]] = defaultdict(list)
    for operation, _, content in iter_recorded(folder):
        contents[operation].append(content)
    return {
        operation: {"answers": len(values), "shape": take_shape(values)}
        for operation, values in sorted(contents.items())
    }


def digest_objects(folder: Path) -> dict[str, Any]:
    """The shape of every kind of object, wherever in real answers it stands; `{}` stands for those within it."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for _, _, content in iter_recorded(folder):
        for entry in take_apart(content)[1]:
            found[entry["type"]].append(entry)
    return {kind: take_shape(entries) for kind, entries in sorted(found.items())}


# The specification


def digest_specification(folder: Path) -> list[dict[str, Any]]:
    """The documented blocks in order: names, scopes, and of each field name, type, optionality, choices and limits."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")][1:]
        for line in (folder / "BLOCKS.md").read_text("utf-8").splitlines()
        if re.match(r"\| \d+ \|", line)
    ]
    blocks: list[dict[str, Any]] = []
    for row, table in zip(rows, read_field_tables(folder), strict=True):
        scopes = blocks[-1]["scopes"] if row[-1] == "same" else list(filter(None, row[-1].split(", ")))
        fields = [digest_field(*field) for field in table]
        blocks.append(
            {"name": row[0], "aliases": list(filter(None, row[1].split(", "))), "scopes": scopes, "fields": fields}
        )
    return blocks


def read_field_tables(folder: Path) -> list[list[tuple[str, str, str]]]:
    """The specification's field tables in the order of the blocks: name, type and description a row."""
    [text] = [path.read_text("utf-8") for path in folder.glob("*.txt")]
    tables: list[list[tuple[str, str, str]]] = []
    for line in text.splitlines():
        if line.startswith("Field | Type"):
            tables.append([])
        elif tables and (match := re.match(r"^(\w+) \| (\w+) \| (.+) \|$", line)):
            tables[-1].append((match[1], match[2], match[3]))
    return tables


def digest_field(name: str, kind: str, description: str) -> dict[str, Any]:
    """A documented field without its words."""
    field: dict[str, Any] = {"name": name, "type": kind.lower(), "optional": description.startswith("Optional:")}
    if kind == "Select":
        field["choices"] = sorted(re.findall(r"\w+(?= \()", description.partition("Valid values:")[2]))
    for word in ("default", "minimum", "maximum"):
        if match := re.search(rf"{word.title()}: (\w+)", description):
            field[word] = match[1]
    return field


# The service's description of itself

#: What a description says for people, or of a value.
_WORDS = re.compile(
    r"x-|description$|summary$|title$|examples?$|externalDocs$|tags$|info$|default$|operationId$|discriminator$"
)


def digest_description(path: Path) -> dict[str, Any]:
    """The OpenAPI description without words and examples: still one, of names, types, limits and scopes."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    bare: dict[str, Any] = _strip(yaml.load(path.read_bytes(), loader), is_named=False)  # noqa: S506 - both are safe
    bare["info"] = {"title": "digest", "version": "0"}
    return bare


def _strip(node: Any, is_named: bool) -> Any:
    """`node` without words; the keys of a map of names, such as `properties`, are kept whatever they are."""
    if isinstance(node, list):
        return [_strip(entry, is_named=False) for entry in node]
    if not isinstance(node, dict):
        return node
    maps = ("properties", "schemas", "parameters", "responses", "paths", "scopes", "securitySchemes")
    kept = {key: value for key, value in node.items() if is_named or not _WORDS.match(str(key))}
    bare = {key: _strip(value, is_named=not is_named and key in maps) for key, value in kept.items()}
    if is_named and all(isinstance(value, str) for value in bare.values()):
        return dict.fromkeys(bare, "")  # scopes and what they allow
    for response in bare.get("responses", {}).values():
        if "$ref" not in response:
            response["description"] = ""  # OpenAPI demands one
    return bare


def digest(folder: Path) -> dict[str, Any]:
    """File name → facts, from the folder of the sources."""
    return {
        "answers.json": digest_answers(folder / "spotify" / "recorded"),
        "objects.json": digest_objects(folder / "spotify" / "recorded"),
        "specification.json": digest_specification(folder / "spec"),
        "description.json": digest_description(folder / "spotify" / "web-api.openapi.yml"),
    }


def load(name: str) -> Any:
    """The facts of one file."""
    return json.loads((FACTS / name).read_text("utf-8"))


if __name__ == "__main__":
    for name, facts in digest(Path(sys.argv[1])).items():
        text = json.dumps(facts, indent=1, ensure_ascii=False) + "\n"
        (FACTS / name).write_text(text, "utf-8")
        print(f"{name}: {len(text)} characters")
