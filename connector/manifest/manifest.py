"""`manifest.yaml` → `Manifest`, whose blocks are built when they are first asked for, so that loading stays cheap."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from connector.errors import ConnectorError, ManifestError, UnknownBlock, UnknownServer
from connector.manifest.blocks import Auth, Block, Field, Reuse, Together
from connector.manifest.closed_blocks import SUBSTITUTES
from connector.manifest.groups import Group, build_groups
from connector.manifest.references import References
from connector.manifest.route_entries import build_first, build_route
from connector.manifest.routes import GIVEN, Route
from connector.manifest.schema_files import Schema, SchemaFiles
from connector.manifest.scope_needs import build_need
from connector.manifest.server_addresses import read_server_address
from connector.manifest.yaml_file import load_source, locate_manifest

#: Fields of every paged block that are the engine's own: where to stop, and where to go on.
PAGING_FIELDS: Final = ("max_items", "resume")


class Manifest:
    """A whole manifest. `data` is what the file says; blocks are built from it when they are asked for."""

    def __init__(self, data: Mapping[str, Any], folder: Path) -> None:
        self.data = data
        self.schema_files = SchemaFiles(folder)
        self.folder = folder
        self._blocks: dict[str, Block] = {}
        try:
            self._declared: Mapping[str, Any] = data["blocks"]
            self._aliases = {
                alias: name for name, entry in self._declared.items() for alias in entry.get("aliases", ())
            }
        except (KeyError, TypeError, AttributeError) as problem:
            raise ManifestError("A manifest declares its blocks under `blocks`, each as a mapping.") from problem

    @classmethod
    def load(cls, path: str | os.PathLike[str] | None = None) -> Manifest:
        """The manifest at `path` (see `locate_manifest` for none). Raises `ManifestError` where it can't be used."""
        file = locate_manifest(path)
        return cls(load_source(file), file.parent)

    def __iter__(self) -> Iterator[Block]:
        return (self.block(name) for name in self._declared)

    def __len__(self) -> int:
        return len(self._declared)

    @property
    def package(self) -> Mapping[str, Any]:
        return self.data.get("package", {})  # type: ignore[no-any-return]

    @property
    def command(self) -> str:
        """What people call the program that runs these blocks; messages name it so."""
        return str(self.package.get("command", "connector"))

    @property
    def home(self) -> str:
        """Where people read more: the repository, or the service's own pages where there is none yet."""
        return str(self.package.get("repo") or f"https://{self.package['domain']}")

    @property
    def names(self) -> tuple[str, ...]:
        """Canonical names of all blocks, in the manifest's order."""
        return tuple(self._declared)

    @cached_property
    def groups(self) -> Mapping[str, Group]:
        """The groups of blocks by name, in the manifest's order."""
        return build_groups(self.data)

    @cached_property
    def servers(self) -> Mapping[str, str]:
        """Where each server is, by name."""
        return {name: server["url"].rstrip("/") for name, server in self.data["servers"].items()}

    def locate_servers(self, given: Mapping[str, str]) -> dict[str, str]:
        """Where each server is, by name: as `given`, else as the environment says (`CONNECTOR_SERVER_API` and so on),
        else as the manifest does. Raises `UnknownServer` for a name that the manifest doesn't have, `ConnectorError`
        for an address that can't be called."""
        if unknown := given.keys() - self.servers.keys():
            raise UnknownServer(unknown, self.servers)
        found: dict[str, str] = {}
        for name, url in self.servers.items():
            variable = f"CONNECTOR_SERVER_{name.upper()}"
            places = (
                (given.get(name), f"What was given for the server {name}"),
                (os.environ.get(variable, "").strip(), f"The value of {variable}"),
                (url, f"What the manifest says of the server {name}"),
            )
            text, where = next((text, where) for text, where in places if text)
            found[name] = read_server_address(text, where)
        return found

    def title_of(self, server: str) -> str:
        """What messages call a server: by its own title, else by the service's."""
        return str(self.data["servers"][server].get("title") or self.package.get("title", "The service"))

    def choose_substitutes(self, given: Collection[str] | None) -> frozenset[str]:
        """The substitutes that are turned on: those `given`, by default those that the environment names, with commas
        (`CONNECTOR_SUBSTITUTES`). Raises `ConnectorError` for one that the manifest doesn't have."""
        given = os.environ.get(SUBSTITUTES, "") if given is None else given
        names = (given if isinstance(given, str) else ",".join(given)).split(",")
        chosen = frozenset(name.strip() for name in names if name.strip())
        known = self.data.get("substitutes", {})
        if unknown := chosen - known.keys():
            raise ConnectorError(
                f"There is no substitute {', '.join(sorted(unknown))}; there is {', '.join(known) or 'none'}."
            )
        return chosen

    @cached_property
    def auth(self) -> Mapping[str, Auth | None]:
        """How each server is told who calls, by the server's name."""
        schemes = self.data.get("auth", {})
        found: dict[str, Auth | None] = {}
        for name, server in self.data["servers"].items():
            scheme = schemes.get(server.get("auth"))
            found[name] = scheme and Auth(
                type=scheme["type"],
                options={key: value for key, value in scheme.items() if key not in ("type", "fields", "sign_in")},
                fields=tuple(scheme["fields"]),
                can_sign_in="sign_in" in scheme,
            )
        return found

    @cached_property
    def counted_servers(self) -> frozenset[str]:
        """The servers whose calls count for the day's budget: those that are told who calls, but for those that only
        give out tokens."""
        schemes = self.data.get("auth", {}).values()
        tokens = {scheme["sign_in"]["token"].partition(":")[0] for scheme in schemes if "sign_in" in scheme}
        return frozenset(name for name, auth in self.auth.items() if auth) - tokens

    def needs_user(self, block: Block) -> bool:
        """Whether `block` acts for a user: it needs a scope, or all its routes lead to what is a user's own."""
        if not all(need.is_optional for need in block.scope_needs):
            return True
        schemes = self.data.get("auth", {}).values()
        apps = [scheme["sign_in"].get("app", {}) for scheme in schemes if "sign_in" in scheme]
        paths = tuple(f"{path}/" for app in apps for path in app.get("user_paths", ()))
        return all(f"{route.path}/".startswith(paths) for route in block.routes)

    @cached_property
    def references(self) -> References:
        """Ways to write an id that also say its kind. Phones begin a line with a capital, so capitals don't matter."""
        patterns = (re.compile(pattern, re.IGNORECASE) for pattern in self.data.get("references", ()))
        return References(tuple(patterns), self.data.get("uri"))

    def block(self, name: str) -> Block:
        """The block called `name`, or that answers to it; raises `UnknownBlock` with near names."""
        canonical = self._aliases.get(name, name)
        if canonical not in self._blocks:
            if canonical not in self._declared:
                every = [*self._declared, *self._aliases]
                near = {every_name.lower(): every_name for every_name in every}
                raise UnknownBlock(name, [near[low] for low in difflib.get_close_matches(name.lower(), near, 3)])
            try:
                self._blocks[canonical] = self._build(canonical, self._declared[canonical])
            except (KeyError, TypeError, AttributeError, ValueError) as problem:
                raise ManifestError(
                    f"The block {canonical} can't be built ({problem!r}); `check` tells where it is wrong."
                ) from problem
        return self._blocks[canonical]

    def _build(self, name: str, entry: Mapping[str, Any]) -> Block:
        own = entry.get("input", {}).get("properties", ())
        routes = tuple(_bind_substitute(build_route(route, self.data), own) for route in entry["routes"])
        effect = entry["effect"]
        return Block(
            name=name,
            aliases=tuple(entry.get("aliases", ())),
            title=entry["title"],
            group=entry["group"],
            description=entry["description"],
            scope_needs=tuple(build_need(need, self.data.get("uri")) for need in entry.get("scopes", ())),
            effect=effect,
            is_idempotent=entry.get("idempotent", effect == "read"),
            done=entry.get("done"),
            fields=self._build_fields(entry, routes),
            together=_build_together(entry.get("together")),
            one_of=tuple(tuple(group) for group in entry.get("one_of", ())),
            reuse=_build_reuse(entry.get("reuse")),
            not_sent=entry.get("not_sent", {}),
            instead=entry.get("instead"),
            twins=tuple(entry.get("twins", ())),
            list_at=tuple(entry["list"].split(".")) if "list" in entry else (),
            reads_answer=entry.get("answer") != "none",
            output=entry["output"],
            routes=routes,
            schema_files=self.schema_files,
        )

    def _build_fields(self, entry: Mapping[str, Any], routes: tuple[Route, ...]) -> dict[str, Field]:
        fields: dict[str, Field] = {}
        auth = self.data["servers"][routes[0].server].get("auth")
        if auth:
            for name, schema in self.data["auth"][auth]["fields"].items():
                fields[name] = self._build_field(name, schema, required=True)
        declared = entry.get("input", {})
        for name, schema in declared.get("properties", {}).items():
            fields[name] = self._build_field(name, schema, required=name in declared.get("required", ()))
        if routes[0].page:
            for name in PAGING_FIELDS:
                schema = self.data["paging"][name]
                fields[name] = self._build_field(name, schema, required=False, documented=False)
        return fields

    def _build_field(self, name: str, schema: Schema, *, required: bool, documented: bool = True) -> Field:
        full = self.schema_files.inline(schema)
        return Field(
            name=name,
            type=full["x-field"],
            title=full["title"],
            description=full["description"],
            required=required,
            secret=full.get("writeOnly", False),
            documented=documented,
            schema=full,
            declared=schema,
        )


def _build_reuse(entry: Mapping[str, Any] | None) -> Reuse | None:
    if entry is None:
        return None
    firsts = tuple(build_first(name, first) for name, first in entry.get("first", {}).items())
    return Reuse(entry["when"], entry["block"], firsts, entry["match"], entry.get("done"))


def _bind_substitute(route: Route, fields: Iterable[str]) -> Route:
    """`route`; by a substitute it can carry no field that it doesn't send, for what was asked for is not left out."""
    if route.consent is None:
        return route
    unsent = (name for name in fields if name not in route.fields)
    return replace(route, cannot={**dict.fromkeys(unsent, GIVEN), **route.cannot})


def _build_together(entry: Mapping[str, Any] | None) -> Together | None:
    return Together(tuple(entry["fields"]), entry.get("at_least", 0), entry["at_most"]) if entry else None
