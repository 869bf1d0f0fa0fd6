"""Findings that need the manifest as a whole: what is said once, what names what, and what nothing uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from connector.errors import ManifestError
from connector.lint.blocks import check_block
from connector.lint.fields import FieldJudge
from connector.lint.patterns import SLOW, is_slow
from connector.lint.procedures import check_lists
from connector.lint.scopes import check_scopes, iter_scopes
from connector.lint.triggers import check_triggers
from connector.lint.verify import check_verify
from connector.manifest.block_entries import PAGING_FIELDS
from connector.manifest.manifest import Manifest
from connector.manifest.route_entries import BATCH_WORDS
from connector.manifest.yaml_lines import Path as Place

_AUTH_OPTIONS = ("token", "username", "password", "value")
Found = Iterator[tuple[Place, str]]


def check_meaning(manifest: Manifest, *, is_whole: bool) -> Found:
    """What is wrong with a manifest of the right shape.

    Unless it `is_whole`, since malformed blocks were left out, nothing is said of what no block uses.
    """
    broken = list(_check_references(manifest))
    judge = FieldJudge(manifest.schema_files, None if broken else manifest.references)
    shared = [*broken, *_check_shared(manifest), *_check_shared_fields(manifest, judge)]
    yield from shared
    yield from _check_names(manifest)
    lists = list(check_lists(manifest)) if is_whole else []
    yield from lists
    is_sound = not shared
    for name, entry in manifest.data["blocks"].items():
        where = ("blocks", name)
        parts = list(_check_parts(manifest, entry, where))
        for field, schema in entry.get("input", {}).get("properties", {}).items():
            parts += judge.check(field, schema, (*where, "input", "properties", field))
        if not parts:
            parts += check_scopes(manifest, entry, judge, where)
        yield from parts
        is_sound = is_sound and not parts
        try:
            yield from check_block(manifest, manifest.block(name), judge, where)
        except ManifestError as problem:
            # Where a part of it is wrong, that was said already.
            is_told = parts or shared or lists
            # What it is made of may have been left out.
            if not is_told and (is_whole or "procedure" not in entry):
                yield where, str(problem)
    if is_whole:
        yield from check_triggers(manifest, judge)
        yield from _check_unused(manifest)
        for position, name in enumerate(manifest.package.get("essentials", ())):
            if name not in manifest.data["blocks"]:
                yield ("package", "essentials", position), f"there is no block {name}"
        if is_sound:
            yield from check_verify(manifest, has_references=judge.has_references)
        if manifest.data.get("references") and not judge.has_references:
            yield ("references",), "no field has an x-reference"


def _check_references(manifest: Manifest) -> Found:
    for position, pattern in enumerate(manifest.data.get("references", ())):
        try:
            groups = re.compile(pattern).groupindex.keys()
        except re.error as problem:
            yield ("references", position), f"is no regular expression: {problem}"
            continue
        if groups and not {"kind", "id"} <= groups:
            yield ("references", position), "has no groups called kind and id"
        if is_slow(pattern, re.IGNORECASE):
            yield ("references", position), SLOW


def _check_names(manifest: Manifest) -> Found:
    entries = manifest.data["blocks"]
    answers: list[tuple[str, str, Place]] = [(name, name, ("blocks", name)) for name in entries]
    for name, entry in entries.items():
        aliases = enumerate(entry.get("aliases", ()))
        answers += [(alias, name, ("blocks", name, "aliases", position)) for position, alias in aliases]
    owners: dict[str, str] = {}
    for answer, name, where in answers:
        if answer.lower() in owners:
            yield where, f"{answer} is also what {owners[answer.lower()]} answers to"
        owners.setdefault(answer.lower(), name)


def _check_shared(manifest: Manifest) -> Found:
    """What errors mean, servers, authentications and credentials."""
    data = manifest.data
    schemes = data.get("auth", {})
    errors = data.get("errors", {})
    called = {
        route["request"].partition("?")[0] for entry in data["blocks"].values() for route in entry.get("routes", ())
    }
    for position, rule in enumerate(errors.get("rules", ())):
        if "code" in rule and "code" not in errors:
            yield ("errors", "rules", position, "code"), "is looked for nowhere: errors.code lists no place for it"
        for place, name in enumerate(rule.get("requests", ())):
            if name not in called:
                yield ("errors", "rules", position, "requests", place), f"no route is called {name}"
    for name, server in data["servers"].items():
        if "auth" in server and server["auth"] not in schemes:
            yield ("servers", name, "auth"), f"there is no authentication {server['auth']}"
    for name, scheme in schemes.items():
        options = {key: scheme[key] for key in _AUTH_OPTIONS if key in scheme}
        for key, field in options.items():
            if field not in scheme["fields"]:
                yield ("auth", name, key), f"{field} is used and not declared"
        for field in scheme["fields"]:
            if field not in options.values():
                yield ("auth", name, "fields", field), f"{field} is declared and sent nowhere"
        yield from _check_sign_in(data, scheme.get("sign_in", {}), ("auth", name, "sign_in"))
    secrets = {field for scheme in schemes.values() for field in scheme["fields"]}
    for position, field in enumerate(data["package"]["credentials"]):
        if field not in secrets:
            yield ("package", "credentials", position), f"{field} is no field of an authentication"


def _check_sign_in(data: Mapping[str, Any], sign_in: Mapping[str, Any], where: Place) -> Found:
    """Whether the servers, fields and blocks that a sign-in names are there."""
    for word in ("authorize", "token"):
        server = sign_in.get(word, "").partition(":")[0]
        if server and server not in data["servers"]:
            yield (*where, word), f"there is no server {server}"
    declared = {field for scheme in data["auth"].values() for field in scheme["fields"]}
    for word, field in sign_in.get("client", {}).items():
        if field not in declared:
            yield (*where, "client", word), f"{field} is no field of an authentication"
    user = sign_in.get("user", {}).get("block")
    if user is not None and user not in data["blocks"]:
        yield (*where, "user", "block"), f"there is no block {user}"
    routes = [route["request"] for block in data["blocks"].values() for route in block.get("routes", ())]
    paths = {request.partition(" ")[2].partition("?")[0].rpartition(":")[2] for request in routes}
    for position, own in enumerate(sign_in.get("app", {}).get("user_paths", ())):
        if not any(f"{path}/".startswith(f"{own}/") for path in paths):
            yield (*where, "app", "user_paths", position), f"no route leads to {own}"


def _check_shared_fields(manifest: Manifest, judge: FieldJudge) -> Found:
    for name, scheme in manifest.data.get("auth", {}).items():
        for field, schema in scheme["fields"].items():
            yield from judge.check(field, schema, ("auth", name, "fields", field))
    if paging := manifest.data.get("paging"):
        for name in PAGING_FIELDS:
            yield from judge.check(name, paging[name], ("paging", name))


def _check_parts(manifest: Manifest, entry: Mapping[str, Any], where: Place) -> Found:
    """What a block names elsewhere in the manifest: its group, servers, batch sizes and ways of paging."""
    data = manifest.data
    if data.get("groups") and entry["group"] not in data["groups"]:
        yield (*where, "group"), f"there is no group {entry['group']}"
    for position, route in enumerate(entry.get("routes", ())):
        if (consent := route.get("consent")) and consent not in data.get("substitutes", {}):
            yield (*where, "routes", position, "consent"), f"there is no substitute {consent}"
        spot = (*where, "routes", position)
        if (server := _find_server(manifest, route)) not in data["servers"]:
            yield (*spot, "request"), f"there is no server {server}"
        for field, size in route.get("batch", {}).items():
            if field not in BATCH_WORDS and isinstance(size, str) and size not in data.get("batch_sizes", {}):
                yield (*spot, "batch", field), f"there is no batch size {size}"
        if "page" in route and route["page"]["style"] not in data.get("paging", {}):
            yield (*spot, "page", "style"), f"paging has no names for the style {route['page']['style']}"


def _check_unused(manifest: Manifest) -> Found:
    data = manifest.data
    entries = data["blocks"].values()
    routes = [route for entry in entries for route in entry.get("routes", ())]
    used: dict[str, tuple[set[Any], str]] = {
        "servers": ({_find_server(manifest, route) for route in routes}, "no block uses the server"),
        "auth": ({server.get("auth") for server in data["servers"].values()}, "no server uses the authentication"),
        "scopes": ({scope for entry in entries for scope in iter_scopes(entry)}, "no block needs the scope"),
        "batch_sizes": (
            {size for route in routes for name, size in route.get("batch", {}).items() if name not in BATCH_WORDS},
            "no route uses the batch size",
        ),
        "groups": ({entry["group"] for entry in entries}, "no block is in the group"),
        "substitutes": ({route.get("consent") for route in routes}, "no route takes the substitute"),
    }
    for key, (names, words) in used.items():
        yield from (((key, name), f"{words} {name}") for name in data.get(key, {}) if name not in names)


def _find_server(manifest: Manifest, route: Mapping[str, Any]) -> str:
    target: str = route["request"].partition(" ")[2]
    return next(iter(manifest.data["servers"])) if target.startswith("/") else target.partition(":")[0]
