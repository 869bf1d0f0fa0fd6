"""A picture, in whichever form it was given → the text that the service takes: base64 of the media type that the field
names, fitted to its limit where the package Pillow is installed."""

from __future__ import annotations

import base64
import binascii
import re
import threading
from collections.abc import Callable
from importlib.util import find_spec
from io import BytesIO
from typing import Any, Final

from connector.arguments.opened_files import read_opened
from connector.arguments.wording import Unfit
from connector.forks import renew_in_child
from connector.manifest.schema_files import Schema

#: Raises what ends the call whose time is up, or that was cancelled.
CheckTime = Callable[[], None]

#: The most of a picture that is looked at, in bytes, and the most that it may take unpacked: what cameras make stays
#: below both.
LARGEST: Final = 32 * 1024 * 1024
_MOST_UNPACKED: Final = 80_000_000
#: What is unpacked. Pillow knows more, and runs other programs for some.
_KINDS: Final = frozenset(
    {"JPEG", "MPO", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF", "JPEG2000", "ICO", "PPM"}
)
_HEAVY_KINDS: Final = frozenset({"WEBP", "AVIF", "HEIF", "JPEG2000"})
#: The longest side, in points, that a picture is made smaller to at once; where smoothing would take a copy of all of
#: it, that is done later.
_FIRST_SIDE: Final = 1200
_FIRST_SIDE_UNSMOOTHED: Final = 1600
_FEW_COLOURS: Final = frozenset({"1", "P"})
_SMOOTHED_LATER: Final = _FEW_COLOURS | {"LA", "PA", "RGBA"}
#: Tried one after the other until the picture fits: the longest side in points, and the quality.
_SIZES: Final = ((1200, 90), (800, 90), (640, 85), (640, 70), (500, 60), (300, 60), (160, 50))
#: How long someone waits for their turn between two looks at the time, in seconds.
_GLANCE_S: Final = 0.05
_FIRST_BYTES: Final = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG"}
_DATA_URL: Final = re.compile(r"data:(?:image/[\w.+-]+)?(?:;[\w=-]+)*;base64,", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"https?://", re.IGNORECASE)


def is_address(value: Any) -> bool:
    """Whether `value` is no picture, but says where one is to be had."""
    return isinstance(value, str) and _ADDRESS.match(value) is not None


def read_picture(schema: Schema, value: Any, check_time: CheckTime = lambda: None) -> Any:
    """The text that the service takes for the picture `value`: bytes, a `Path`, an open file, base64 text or a data
    URL; an https address stays one, to be fetched; as it is where it is none of these.

    Raises `Unfit` for what is no picture, for one that is too large, and for a file that can't be read; and what
    `check_time` raises, see `fit`.
    """
    if is_address(value):
        if not value.lower().startswith("https:"):
            raise Unfit("is an address without https")
        return value
    value = read_opened(value, LARGEST)
    if isinstance(value, str):
        value = _decode(value)
    return fit(schema, bytes(value), check_time) if isinstance(value, bytes | bytearray | memoryview) else value


def fit(schema: Schema, content: bytes, check_time: CheckTime = lambda: None) -> str:
    """The picture `content` as base64 text of the field's media type, no longer than its limit.

    Raises `Unfit`, and what `check_time` raises, which is called while others are unpacking theirs, and in between.
    """
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
    return _shrink(content, rule, check_time)


def _decode(text: str) -> bytes:
    if match := _DATA_URL.match(text):
        text = text[match.end() :]
    packed = "".join(text.split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise Unfit("is no picture: neither base64 nor an address that begins with https") from None


class _Turn:
    """Held by whoever unpacks a picture: small files may take much memory, so it is one at a time."""

    def __init__(self) -> None:
        self._begin_anew()
        renew_in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        self.lock = threading.Lock()


_TURN: Final = _Turn()


def _shrink(content: bytes, rule: Schema, check_time: CheckTime) -> str:
    """The largest form of the picture that fits, tried from the largest on."""
    while not _TURN.lock.acquire(timeout=_GLANCE_S):
        check_time()
    try:
        plain = _open(content)
    finally:
        _TURN.lock.release()
    for side, quality in _SIZES:
        check_time()
        smaller = plain.copy()
        smaller.thumbnail((side, side))
        packed = BytesIO()
        smaller.save(packed, rule["type"].rpartition("/")[2].upper(), quality=quality)
        text = base64.b64encode(packed.getvalue()).decode()
        if len(text) <= rule["most"]:
            return text
    raise Unfit("can't be made small enough")


def _weigh(picture: Any) -> int:
    """Bytes that a point takes while the picture is unpacked; of most JPEGs no more is unpacked than is needed."""
    if picture.format in _HEAVY_KINDS:
        return 10
    is_light = picture.format in ("JPEG", "MPO") and not picture.info.get("progressive")
    return 1 if is_light or picture.mode in ("L", *_FEW_COLOURS) else 4


def _open(content: bytes) -> Any:
    """The picture, no larger than is needed, upright and on white where nothing is drawn."""
    from PIL import Image, ImageOps

    try:
        picture: Any = Image.open(BytesIO(content))
        most = _MOST_UNPACKED // _weigh(picture)
        is_huge = picture.width * picture.height > most
        if not is_huge and picture.format in _KINDS:
            if picture.mode in _SMOOTHED_LATER:
                picture.thumbnail((_FIRST_SIDE_UNSMOOTHED, _FIRST_SIDE_UNSMOOTHED), Image.Resampling.NEAREST)
            else:
                picture.thumbnail((_FIRST_SIDE, _FIRST_SIDE))
            clear = ImageOps.exif_transpose(picture).convert("RGBA")
            plain = Image.new("RGB", clear.size, "white")
            plain.paste(clear, mask=clear.getchannel("A"))
            return plain
    except Image.DecompressionBombError:
        most, is_huge = _MOST_UNPACKED, True
    except Exception:
        raise Unfit("is no picture that can be read") from None
    raise Unfit(
        f"is a picture of more than {most // 1_000_000} million points" if is_huge else "is no picture that can be read"
    )
