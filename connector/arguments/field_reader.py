"""One field: what it was given → its normal form, judged by its schema, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from connector.arguments.normal_form import has_type, is_blank, read_list, to_normal_form
from connector.arguments.wording import NOUNS, Unfit, describe_error, describe_fit
from connector.manifest.references import References
from connector.manifest.schema_files import Schema

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

#: Entries of a list that are judged between two looks at the time.
_STRETCH: Final = 500


def _ignore_time() -> None:
    return None


class FieldReader:
    """Reads the values of a field with this `schema`. Its judge, the library `jsonschema`, takes long to load and is
    built when it is first needed; safe to share between threads.

    `keeps_places`: a list's places mean something, so that no blank in it can be left out.
    """

    def __init__(self, schema: Schema, references: References, *, keeps_places: bool = False) -> None:
        self._schema = schema
        self._references = references
        self._keeps_places = keeps_places

    def read(self, value: Any, check_time: Callable[[], None] = _ignore_time) -> Any:
        """The normal form of `value`; `None` where that is blank. Raises `Unfit`, and what `check_time` raises, which
        is called now and then."""
        if is_blank(value):
            return None
        if not self._has_entries:
            form = to_normal_form(self._schema, value, self._references, check_time)
            _judge(self._whole, form)
            return form

        def look(place: int, entry: Any) -> None:
            if place % _STRETCH == 0:
                check_time()
            _judge(self._entry, entry)

        form = read_list(self._schema, value, self._references, keeps_places=self._keeps_places, look=look)
        if is_blank(form):
            return None
        _judge(self._whole, form)
        return form

    @property
    def _has_entries(self) -> bool:
        return bool(self._schema["type"] == "array" and self._schema["x-field"] != "Array")

    @cached_property
    def _whole(self) -> Validator:
        # A list's entries are judged one by one, as they are read.
        left_out = {"items"} if self._has_entries else set()
        return _build_validator({key: value for key, value in self._schema.items() if key not in left_out})

    @cached_property
    def _entry(self) -> Validator:
        return _build_validator(self._schema["items"])


def _build_validator(schema: Schema) -> Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema)


def _judge(validator: Validator, form: Any) -> None:
    schema: Any = validator.schema
    # The library writes the whole value into its message, which takes what is nested too deeply or too long to write.
    if not has_type(form, schema["type"]):
        raise Unfit(f"is not {NOUNS[schema['type']]}", describe_fit(schema))
    error = next(validator.iter_errors(form), None)
    if error is None:
        return
    why = describe_error(error)
    if error.path and isinstance(error.path[0], int):
        why = f"has an entry, number {error.path[0] + 1}, that {why}"
    raise Unfit(why, describe_fit(error.schema) if isinstance(error.schema, dict) else None)
