"""JSON Schema's verdict on arguments in normal form: valid, or every error.

The library `jsonschema` is the judge and words all errors. Where `jsonschema-rs` is installed it is asked first, of the
fields and values on which the two can't differ, and only its "valid" counts; of anything else the judge decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from connector.manifest.schema_files import Schema

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

#: Keywords that say the same to both libraries, of values that JSON and Python write alike.
_COMMON: Final = frozenset(
    {"type", "enum", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
    | {"minLength", "maxLength", "minItems", "maxItems", "items"}
)
_ANNOTATIONS: Final = frozenset({"title", "description", "examples", "default", "deprecated", "readOnly", "writeOnly"})
#: Patterns that every dialect of regular expressions reads alike: characters, plain classes, groups, counts, anchors.
_COMMON_PATTERN: Final = re.compile(
    r"(?:[\^$)|A-Za-z0-9_:, /-]|\((?!\?)|(?:[?*+]|\{\d+(?:,\d*)?\})(?![?*+{])"
    r"|\[\^?(?:[A-Za-z0-9_.:,;/?#+*%@=() ]|-(?=[^-])|\\x[0-9A-Fa-f]{2})+\])*",
    re.ASCII,
)
#: Types whose values JSON and Python write alike; objects, and classes derived from these, may differ.
_PLAIN: Final = frozenset({str, int, float, bool})
_PLAIN_OR_LIST: Final = _PLAIN | {list}


class Judge:
    """Judges values of the fields that `schema`, an object's, declares. Built in parts, when they are first used; safe
    to share between threads."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._validators: dict[str, Validator] = {}
        fields = schema["properties"]
        self._common = frozenset(name for name, field in fields.items() if _is_common(field))
        self._is_all_common = self._common == fields.keys()
        self._lists = [name for name in self._common if fields[name]["type"] == "array"]
        self._is_surely_valid = _build_quick_judge({name: fields[name] for name in self._common})

    def find_errors(self, args: Mapping[str, Any]) -> Iterable[ValidationError]:
        """Every error in `args`, which hold no other fields than the schema's; the first step of an error's path is
        its field."""
        doubtful = self._find_doubtful(args)
        if doubtful and any(not self._validator(name).is_valid(args[name]) for name in doubtful):
            return self._whole.iter_errors(args)
        return ()

    @cached_property
    def _whole(self) -> Validator:
        from jsonschema import Draft202012Validator

        return Draft202012Validator({"properties": self._schema["properties"]})

    def _find_doubtful(self, args: Mapping[str, Any]) -> Collection[str]:
        """The fields of which the quick judge has not said, or must not say, that they are valid."""
        if self._is_surely_valid is None or not self._is_surely_valid(args):
            return args
        if self._is_all_common and _PLAIN_OR_LIST.issuperset(map(type, args.values())):
            return [name for name in self._lists if not _PLAIN.issuperset(map(type, args.get(name, ())))]
        return [name for name, value in args.items() if name not in self._common or type(value) not in _PLAIN]

    def _validator(self, name: str) -> Validator:
        # One for each field: a validator of the whole would work out anew for each field what it is to look at.
        if name not in self._validators:
            from jsonschema import Draft202012Validator

            known = Draft202012Validator.VALIDATORS
            field = self._schema["properties"][name]
            self._validators[name] = Draft202012Validator(
                {key: value for key, value in field.items() if key in known or key.startswith("$")}
            )
        return self._validators[name]


def _build_quick_judge(fields: Mapping[str, Schema]) -> Callable[[Any], bool] | None:
    try:
        import jsonschema_rs
    except ImportError:
        return None
    validator = jsonschema_rs.Draft202012Validator({"properties": fields})

    def is_surely_valid(args: Any) -> bool:
        try:
            return validator.is_valid(args)
        except ValueError:
            # A value that JSON has no way to write: of that the judge decides.
            return False

    return is_surely_valid


def _is_common(field: Any) -> bool:
    """Whether a field's schema holds nothing that the two libraries may read differently."""
    if not isinstance(field, dict) or not isinstance(field.get("type"), str):
        return False
    return all(
        key in _ANNOTATIONS
        or key.startswith("x-")
        or (
            key in _COMMON
            and (key != "enum" or all(isinstance(choice, str) for choice in value))
            and (key != "pattern" or _COMMON_PATTERN.fullmatch(value) is not None)
            and (key != "items" or _is_common(value))
        )
        for key, value in field.items()
    )
