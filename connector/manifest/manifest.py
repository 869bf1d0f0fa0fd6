"""`manifest.yaml` → `Manifest`, whose blocks are built when they are first asked for, so that loading stays cheap."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from connector.errors import ConnectorError, ManifestError, UnknownBlock, UnknownServer
from connector.manifest.block_entries import build_block
from connector.manifest.blocks import Auth, Block
from connector.manifest.closed_blocks import SUBSTITUTES
from connector.manifest.groups import Group, build_groups
from connector.manifest.references import References
from connector.manifest.schema_files import SchemaFiles
from connector.manifest.server_addresses import read_server_address
from connector.manifest.yaml_file import load_source, locate_manifest


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
        if block.procedure:
            return any(self.needs_user(self.block(part)) for part in block.procedure.parts)
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
                self._blocks[canonical] = build_block(canonical, self.data, self.schema_files, self.block)
            except (KeyError, TypeError, AttributeError, ValueError, UnknownBlock) as problem:
                raise ManifestError(
                    f"The block {canonical} can't be built ({problem!r}); `check` tells where it is wrong."
                ) from problem
        return self._blocks[canonical]
