"""What a user typed → a block's arguments: FIELD=VALUE pairs, JSON from a word, a file or standard input, secrets.

Messages never repeat a word that was typed, which might be a secret in the wrong place.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from connector.arguments.normal_form import is_blank
from connector.auth.environment_secrets import find_secrets
from connector.manifest.blocks import Block


class WrongUsage(Exception):
    """The command line can't be understood; the text says what to type instead."""


_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def parse_pairs(words: Sequence[str], what: str = "FIELD=VALUE") -> dict[str, str]:
    """`["country=SE"]` → `{"country": "SE"}`.

    Raises `WrongUsage` for a word without a name and `=`, and for a name that is given twice.
    """
    pairs: dict[str, str] = {}
    for position, word in enumerate(words, start=1):
        name, equals, value = _decode_word(word).partition("=")
        if not equals or not name:
            raise WrongUsage(
                f"Word {position} is not {what}: it has no name and '='. A value with spaces goes in quotes."
            )
        if name in pairs:
            raise WrongUsage(f"{name} is given twice; a list is written with commas, {name}=a,b.")
        pairs[name] = value
    return pairs


def _decode_word(word: str) -> str:
    """`word` as UTF-8, where the locale is one that can't tell what its bytes mean."""
    try:
        return word if word.isprintable() else os.fsencode(word).decode()
    except UnicodeError:
        return word


def read_json_args(source: str | None) -> dict[str, Any]:
    """The object in `source`: JSON itself, `@FILE`, or `-` for standard input; raises `WrongUsage` else.

    Files and standard input are Unicode, UTF-8 but for a byte order mark that says otherwise, whatever the locale is.
    """
    if source is None:
        return {}
    try:
        if source == "-":
            text = _decode(sys.stdin.buffer.read(), "standard input")
        elif source.startswith("@"):
            text = _decode(Path(source[1:]).read_bytes(), source[1:])
        else:
            text = source
        args = json.loads(text)
    except OSError as problem:
        raise WrongUsage(f"--args: {source[1:]} can't be read: {problem.strerror}.") from None
    except (ValueError, RecursionError):
        raise WrongUsage("--args takes a JSON object, @FILE, or - for standard input; this is no JSON.") from None
    if not isinstance(args, dict):
        raise WrongUsage('--args takes a JSON object, such as {"field": "value"}.')
    return args


def _decode(raw: bytes, where: str) -> str:
    encoding = json.detect_encoding(raw)
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as problem:
        name = encoding.removesuffix("-sig").upper()
        raise WrongUsage(
            f"--args: {where} is no {name} text: byte {problem.start + 1} doesn't belong there. Save it as UTF-8."
        ) from None


def check_seconds(value: float | None) -> float | None:
    """`value`, which an option was given; raises `BadParameter` where it is no time that ends."""
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter("a finite number of seconds is needed.")
    return value


def parse_time(text: str) -> float:
    """Seconds in `text`: a number of them, or of minutes, hours or days with `m`, `h` or `d` behind it. Raises
    `WrongUsage` for what is no time above 0."""
    amount, unit = (text[:-1], text[-1]) if text[-1:] in _UNITS else (text, "s")
    try:
        seconds: float = float(amount) * _UNITS[unit]
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise WrongUsage(f"{text} is no time; such as 300, 5m or 1h fit.")
    return seconds


def read_files(block: Block, args: Mapping[str, Any]) -> dict[str, Any]:
    """`args`, with the file in place of each that is given as `@FILE`, which who types at this computer may. Raises
    `WrongUsage` for a file's name alone, which would be taken for what is in it."""
    for name in sorted(block.file_fields & args.keys()):
        # A `Path` fails for what no file can be called.
        if isinstance(args[name], str) and os.path.isfile(args[name]):  # noqa: PTH113
            raise WrongUsage(f"{name} is the name of a file; {name}=@FILE takes what is in it.")
    return {
        name: Path(value[1:]) if isinstance(value, str) and value[:1] == "@" and name in block.file_fields else value
        for name, value in args.items()
    }


def fill_from_environment(block: Block, args: Mapping[str, Any]) -> dict[str, Any]:
    """`args`, and from the environment each secret of `block` that they leave out or empty."""
    return _fill(args, find_secrets(block))


def fill_from_sandbox(block: Block, args: Mapping[str, Any], demo_args: Mapping[str, Any]) -> dict[str, Any]:
    """`args`, and from `demo_args` each secret or required field of `block` that they leave out or empty.

    The environment is not asked: what it holds belongs to the real service.
    """
    wanted = {name for name, field in block.fields.items() if field.secret or field.required}
    return _fill(args, {name: value for name, value in demo_args.items() if name in wanted})


def _fill(args: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    filled = {name: value for name, value in found.items() if value and is_blank(args.get(name))}
    return {**args, **filled}
