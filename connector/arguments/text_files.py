"""A text file, in whichever form it was given → its text."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from connector.arguments.encodings import decode_text, has_mark
from connector.arguments.opened_files import read_opened
from connector.arguments.text_form import is_sendable
from connector.arguments.wording import Unfit
from connector.manifest.schema_files import Schema

_MARK: Final = "\ufeff"
_DATA_URL: Final = re.compile(r"\s*data:(?:[\w.+-]+/[\w.+-]+)?(?:;[\w=.-]+)*;base64,", re.IGNORECASE)
#: The same percent-encoded, which has to name a media type, for plain lines may have commas.
_PERCENT_URL: Final = re.compile(r"\s*data:[\w.+-]+/[\w.+-]+(?:;[\w=.-]+)*,", re.IGNORECASE)
_NO_TEXT: Final = "is no text: save it as CSV, JSON, M3U8 or plain text"


def read_text_file(schema: Schema, value: Any) -> Any:
    """The text of the file `value`: bytes, a `Path`, an open file, a data URL, or the text itself; as it is
    where it is none of these.

    Raises `Unfit` for a file that can't be read, for one of more bytes than the field says, and for what is no text.
    """
    most: int = schema["x-file"]["most"]
    value = read_opened(value, most)
    if isinstance(value, str) and (match := _DATA_URL.match(value)):
        value = _decode_base64(value[match.end() :])
    elif isinstance(value, str) and (match := _PERCENT_URL.match(value)):
        value = unquote_to_bytes(value[match.end() :])
    if isinstance(value, bytes | bytearray | memoryview):
        value = _decode(bytes(value), most)
    if not isinstance(value, str):
        return value
    if len(value) > most:
        raise Unfit(f"is a file of more than {_tell(most)}")
    if not is_sendable(value):
        raise Unfit("holds half a character, which can't be sent")
    return value.removeprefix(_MARK)


def _decode(raw: bytes, most: int) -> str:
    if len(raw) > most:
        raise Unfit(f"is a file of more than {_tell(most)}")
    try:
        text = decode_text(raw)
    except UnicodeDecodeError as problem:
        if not has_mark(raw):
            # Tables that programs keep for themselves, and pictures.
            raise Unfit(_NO_TEXT) from None
        raise Unfit(f"is no {problem.encoding.upper()} text, though it begins as one") from None
    if "\0" in text:
        raise Unfit(_NO_TEXT)
    return text


def _decode_base64(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Unfit("is a data URL that holds no base64") from None


def _tell(size: int) -> str:
    return f"{size // 2**20} MB" if size >= 2**20 else f"{size} bytes"
