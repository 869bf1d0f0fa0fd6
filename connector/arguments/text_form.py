"""A text field's value → its normal form: the id that a link leads to, a choice in its own spelling, or the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import unquote

from connector.arguments.typed_text import iter_spellings, trim
from connector.arguments.wording import Unfit
from connector.manifest.references import References
from connector.manifest.schema_files import Schema

#: The largest whole number of which every JSON reader, also one that knows floats alone, reads the same digits.
_LARGEST_EXACT: Final = 2**53 - 1
#: Letters of a text whose form is judged, unless its schema allows more: patterns are not run over what is longer.
_LONGEST: Final = 10_000


def read_text(schema: Schema, value: Any, references: References) -> Any:
    """`value`, trimmed, in the first of its possible spellings that fits `schema`; as it is where it is no text.

    Raises `Unfit` for a link to another kind of thing than `x-reference` says, and for what can't be sent.
    """
    text = _to_text(schema, value)
    if not isinstance(text, str):
        return value
    if not is_sendable(text):
        raise Unfit("holds half a character, which can't be sent")
    wanted = find_kinds(schema)
    if not (wanted or "pattern" in schema or "enum" in schema):
        return text
    if len(text) > schema.get("maxLength", _LONGEST):
        raise Unfit("is too long")
    if schema.get("writeOnly"):
        return text
    first = None
    for form in _iter_forms(schema, text, wanted, references):
        if _has_form(schema, form):
            return form
        first = form if first is None else first
    return first


def is_sendable(text: str) -> bool:
    """Whether UTF-8 can carry `text`: half a character it can't."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _to_text(schema: Schema, value: Any) -> Any:
    """A number or a truth as the text that it is written as, where there is but one way; anything else as it is."""
    if isinstance(value, bool):
        word = "true" if value else "false"
        return word if word in schema.get("enum", ()) else value
    if isinstance(value, int) and abs(value) <= _LARGEST_EXACT and not schema.get("writeOnly"):
        return str(int(value))
    return value


def find_kinds(schema: Schema) -> tuple[str, ...]:
    """The kinds of things that a text may refer to; an id alone is of the first one."""
    kinds = schema.get("x-reference", ())
    return (kinds,) if isinstance(kinds, str) else tuple(kinds)


def _iter_forms(schema: Schema, text: str, wanted: Sequence[str], references: References) -> Iterator[str]:
    """What `text` may mean: ids, or whole URIs where the service takes those (`x-as: uri`)."""
    is_uri = schema.get("x-as") == "uri"
    for kind, id_ in _iter_referred(text, wanted, references) if wanted else ():
        yield references.write(kind, id_) if is_uri else id_
    for bare in _iter_bare(schema, text):
        yield references.write(wanted[0], bare) if is_uri else bare


def _iter_referred(text: str, wanted: Sequence[str], references: References) -> Iterator[tuple[str, str]]:
    """The things, each as kind and id, that links or addresses in `text` lead to. Raises `Unfit` for a kind that is
    not `wanted`."""
    for spelling in iter_spellings(text):
        match = references.match(spelling)
        if match is None:
            continue
        if not match.groupdict():
            raise Unfit("is a short link: open it in a browser and give the address that it leads to")
        kind = match["kind"].lower()
        if kind not in wanted:
            raise Unfit(f"leads to the wrong kind of thing: {kind} instead of {' or '.join(wanted)}")
        try:
            yield kind, trim(unquote(match["id"], errors="strict"))
        except UnicodeDecodeError:
            raise Unfit("has a percent-encoded id that is no text") from None


def _iter_bare(schema: Schema, text: str) -> Iterator[str]:
    for spelling in iter_spellings(text):
        yield spelling.upper() if schema.get("x-case") == "upper" and spelling.isascii() else spelling


def _has_form(schema: Schema, text: str) -> bool:
    return text in schema["enum"] if "enum" in schema else re.search(schema.get("pattern", ""), text) is not None
