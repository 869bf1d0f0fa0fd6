"""A picture, in whichever form it was given → the text that the service takes: base64 of the media type that the field
names, fitted to its limit where the package Pillow is installed."""

from __future__ import annotations

import base64
import binascii
import re
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from connector.arguments.wording import Unfit
from connector.manifest.schema_files import Schema

#: The most of a picture that is looked at, in bytes, and its most points: what cameras make stays below both, and so
#: does what Pillow warns of.
LARGEST: Final = 32 * 1024 * 1024
_MOST_POINTS: Final = 80_000_000
#: Tried one after the other until the picture fits: the longest side in points, and the quality.
_SIZES: Final = ((1200, 90), (800, 90), (640, 85), (640, 70), (500, 60), (300, 60), (160, 50))
_FIRST_BYTES: Final = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG"}
_DATA_URL: Final = re.compile(r"data:(?:image/[\w.+-]+)?(?:;[\w=-]+)*;base64,", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"https?://", re.IGNORECASE)


def is_address(value: Any) -> bool:
    """Whether `value` is no picture, but says where one is to be had."""
    return isinstance(value, str) and _ADDRESS.match(value) is not None


def read_picture(schema: Schema, value: Any) -> Any:
    """The text that the service takes for the picture `value`: bytes, a `Path`, an open file, base64 text or a data
    URL; an https address stays one, to be fetched; as it is where it is none of these.

    Raises `Unfit` for what is no picture, for one that is too large, and for a file that can't be read.
    """
    if is_address(value):
        if not value.lower().startswith("https:"):
            raise Unfit("is an address without https")
        return value
    if isinstance(value, str):
        value = _decode(value)
    elif isinstance(value, Path):
        try:
            value = value.read_bytes()
        except OSError as problem:
            raise Unfit(f"is a file that can't be read: {problem.strerror}") from None
    elif callable(read := getattr(value, "read", None)):
        value = read(LARGEST + 1)
    return fit(schema, bytes(value)) if isinstance(value, bytes | bytearray | memoryview) else value


def fit(schema: Schema, content: bytes) -> str:
    """The picture `content` as base64 text of the field's media type, no longer than its limit. Raises `Unfit`."""
    rule = schema["x-image"]
    if len(content) > LARGEST:
        raise Unfit(f"is a picture of more than {LARGEST // 2**20} MB")
    text = base64.b64encode(content).decode()
    is_of_type = content.startswith(_FIRST_BYTES[rule["type"]])
    if is_of_type and len(text) <= rule["most"]:
        return text
    if find_spec("PIL") is None:
        kind = rule["type"].rpartition("/")[2].upper()
        size = f"takes {len(text) // 1024} KB as base64, of {rule['most'] // 1024} KB that are taken"
        why = size if is_of_type else f"is no {kind}"
        raise Unfit(f"{why}; with the extra `images` (Pillow) it would be made to fit")
    return _shrink(content, rule)


def _decode(text: str) -> bytes:
    if match := _DATA_URL.match(text):
        text = text[match.end() :]
    packed = "".join(text.split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise Unfit("is no picture: neither base64 nor an address that begins with https") from None


def _shrink(content: bytes, rule: Schema) -> str:
    """The largest form of the picture that fits, tried from the largest on."""
    plain = _open(content)
    for side, quality in _SIZES:
        smaller = plain.copy()
        smaller.thumbnail((side, side))
        packed = BytesIO()
        smaller.save(packed, rule["type"].rpartition("/")[2].upper(), quality=quality)
        text = base64.b64encode(packed.getvalue()).decode()
        if len(text) <= rule["most"]:
            return text
    raise Unfit("can't be made small enough")


def _open(content: bytes) -> Any:
    """The picture, upright and on white where nothing is drawn."""
    from PIL import Image, ImageOps

    try:
        picture: Any = Image.open(BytesIO(content))
        is_huge = picture.width * picture.height > _MOST_POINTS
        if not is_huge:
            clear = ImageOps.exif_transpose(picture).convert("RGBA")
            plain = Image.new("RGB", clear.size, "white")
            plain.paste(clear, mask=clear.getchannel("A"))
            return plain
    except Exception:
        raise Unfit("is no picture that can be read") from None
    raise Unfit(f"is a picture of more than {_MOST_POINTS // 1_000_000} million points")
