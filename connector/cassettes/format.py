"""The form of a cassette: a header for people and tests, then what vcrpy records, without a secret in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from connector.manifest.manifest import Manifest

_KEPT_HEADERS: Final = frozenset({"content-type", "retry-after", "www-authenticate"})


class CassetteFormat:
    """vcrpy's serializer: YAML with `header` before the interactions. Register it as a serializer."""

    def __init__(self, header: Mapping[str, Any] | None = None) -> None:
        self._header = header

    def serialize(self, cassette: dict[str, Any]) -> str:
        import yaml

        return yaml.safe_dump({"header": self._header, **cassette}, allow_unicode=True, sort_keys=False, width=120)

    def deserialize(self, text: str) -> dict[str, Any]:
        cassette = _parse(text)
        cassette.pop("header", None)
        return cassette


def read_header(path: Path) -> dict[str, Any]:
    """The header of the cassette at `path`: `block`, `case`, `args`, `expect`, `recorded_against`, `recorded_at`."""
    header: dict[str, Any] = _parse(path.read_text("utf-8"))["header"]
    return header


def _parse(text: str) -> dict[str, Any]:
    import yaml

    parsed: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe ones
    return parsed


class Scrubber:
    """Replaces secrets by fakes, and the addresses that were really called by those of the manifest.

    What is secret follows from the manifest: the fields that it marks, wherever their names occur in a form or in a
    JSON answer. `called` says where each server really was.
    """

    def __init__(self, manifest: Manifest, called: Mapping[str, str]) -> None:
        self._names = frozenset(name for block in manifest for name, field in block.fields.items() if field.secret)
        self._addresses = [(called[name], url) for name, url in manifest.servers.items() if called[name] != url]

    def mask(self, value: Any) -> Any:
        """A JSON value with a fake under every secret's name."""
        if isinstance(value, Mapping):
            return {
                key: self._fake(key) if self._is_secret(key, entry) else self.mask(entry)
                for key, entry in value.items()
            }
        return [self.mask(entry) for entry in value] if isinstance(value, list) else value

    def scrub_request(self, request: Any) -> Any:
        """vcrpy's hook: a request as it is written down."""
        request.uri = self._move(request.uri)
        kind = request.headers.get("Content-Type", "")
        if request.body and "form" in kind:
            pairs = parse_qsl(request.body.decode())
            request.body = urlencode([(key, self._fake(key) if key in self._names else text) for key, text in pairs])
        request.headers = {"Content-Type": kind} if kind else {}
        return request

    def scrub_response(self, response: dict[str, Any]) -> dict[str, Any]:
        """vcrpy's hook: an answer as it is written down."""
        headers = response["headers"]
        text = self._move(response["body"]["string"].decode("utf-8", "replace"))
        # What is no JSON is kept as it came.
        with suppress(ValueError, RecursionError):
            text = json.dumps(self.mask(json.loads(text)), ensure_ascii=False)
        kept = {name: values for name, values in headers.items() if name.lower() in _KEPT_HEADERS}
        return {"status": response["status"], "headers": kept, "body": {"string": text.encode()}}

    def _is_secret(self, key: str, entry: Any) -> bool:
        return key in self._names and isinstance(entry, str)

    def _fake(self, name: str) -> str:
        return f"fake-{name.replace('_', '-')}"

    def _move(self, text: str) -> str:
        for called, meant in self._addresses:
            text = text.replace(called, meant)
        return text
