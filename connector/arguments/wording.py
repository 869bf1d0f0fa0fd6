"""The words for what fits a field and for what doesn't; never the value itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from connector.manifest.schema_files import Schema

if TYPE_CHECKING:
    from jsonschema import ValidationError

_BY_KEYWORD: Final[Mapping[str, str]] = {
    "pattern": "does not have the right form",
    "enum": "is not one of the choices",
    "minItems": "holds too few entries",
    "maxItems": "holds too many entries",
    "uniqueItems": "holds the same entry twice",
    "minLength": "is too short",
    "maxLength": "is too long",
}
#: What a value of each JSON type is called.
NOUNS: Final[Mapping[str, str]] = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
}


class Unfit(ValueError):
    """A value has no normal form, or one that doesn't fit; the text says why and never holds the value. `fits` says
    what would fit, where that is said of a part of the value."""

    def __init__(self, why: str, fits: str | None = None) -> None:
        self.fits = fits
        super().__init__(why)


def describe_error(error: ValidationError) -> str:
    """What JSON Schema finds wrong with a value."""
    keyword, limit = str(error.validator), error.validator_value
    if keyword == "type":
        return f"is not {NOUNS.get(str(limit), 'of the right type')}"
    if keyword in ("minimum", "exclusiveMinimum"):
        return f"is below {limit}"
    if keyword in ("maximum", "exclusiveMaximum"):
        return f"is above {limit}"
    return _BY_KEYWORD.get(keyword, "does not fit")


def describe_fit(schema: Schema) -> str | None:
    """What fits a field, in words; `None` where the schema says no more than its description does."""
    if "x-fits" in schema:
        return str(schema["x-fits"])
    if "enum" in schema:
        return ", ".join(str(choice) for choice in schema["enum"])
    noun = {"integer": "a whole number", "number": "a number"}.get(schema.get("type", ""))
    if noun is None:
        return None
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{noun} from {low} to {high}"
    if low is not None:
        return f"{noun} from {low} up"
    return noun
