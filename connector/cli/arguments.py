"""What a user typed → a block's arguments: FIELD=VALUE pairs, JSON from a word, a file or standard input, secrets."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from connector.blocks import Block


class WrongUsage(Exception):
    """The command line can't be understood; the text says what to type instead."""


def parse_pairs(words: Sequence[str], what: str = "FIELD=VALUE") -> dict[str, str]:
    """`["country=SE"]` → `{"country": "SE"}`. Raises `WrongUsage` for a word without `=`."""
    pairs: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise WrongUsage(f"Arguments are written {what}; one of the words here has no name and '='.")
        pairs[name] = value
    return pairs


def read_json_args(source: str | None) -> dict[str, Any]:
    """The object in `source`: JSON itself, `@FILE`, or `-` for standard input; raises `WrongUsage` else."""
    if source is None:
        return {}
    try:
        text = sys.stdin.read() if source == "-" else source
        if source.startswith("@"):
            text = Path(source[1:]).read_text("utf-8")
        args = json.loads(text)
    except OSError as problem:
        raise WrongUsage(f"--args: {source[1:]} can't be read: {problem.strerror}.") from None
    except (ValueError, RecursionError):
        raise WrongUsage("--args takes a JSON object, @FILE, or - for standard input; this is no JSON.") from None
    if not isinstance(args, dict):
        raise WrongUsage('--args takes a JSON object, such as {"country": "SE"}.')
    return args


def variable_for(field: str) -> str:
    """The environment variable that a secret field may be given by."""
    return f"CONNECTOR_{field.upper()}"


def add_secrets(block: Block, args: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """`args` with the secrets that were not given, from `known` (a sandbox's) or else from the environment."""
    found = {name: value for name, value in known.items() if name in block.fields}
    for name, field in block.fields.items():
        if field.secret and name not in found and (value := os.environ.get(variable_for(name))):
            found[name] = value
    return {**found, **{name: value for name, value in args.items() if value not in (None, "")}}
