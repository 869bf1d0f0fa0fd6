"""JSON Schema's verdict on a field's normal form: nothing, or what is wrong with it. The library is `jsonschema`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from connector.manifest.schema_files import Schema

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator


class Judge:
    """Judges values of the fields in `schemas`. A field's part is built when it is first used, for the library takes
    long to load; safe to share between threads."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self._schemas = schemas
        self._validators: dict[str, Validator] = {}

    def find_error(self, name: str, value: Any) -> ValidationError | None:
        """The first thing that is wrong with `value` for the field `name`; its path begins at the value."""
        return next(self._validator(name).iter_errors(value), None)

    def _validator(self, name: str) -> Validator:
        if name not in self._validators:
            from jsonschema import Draft202012Validator

            self._validators[name] = Draft202012Validator(self._schemas[name])
        return self._validators[name]
