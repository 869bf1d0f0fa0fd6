"""Values that the node's script takes from the package's other files, so that they stand once and in one place."""

from __future__ import annotations

import json
import re
from typing import Final

_MARK: Final = "\ue000"
_TAKEN: Final = re.compile(f'"{_MARK}((?:[^"\\\\]|\\\\.)*){_MARK}"')


def take(*path: str) -> str:
    """A text that stands for the value at `path` until `write_taken` makes JavaScript of it."""
    head, *steps = path
    return f"{_MARK}{head}{''.join(f'.{s}' if s.isidentifier() else f'[{json.dumps(s)}]' for s in steps)}{_MARK}"


def write_taken(script: str) -> str:
    """`script` with each text of `take`, which is a JSON text in it, replaced by the value's place."""
    return _TAKEN.sub(lambda found: str(json.loads(f'"{found[1]}"')), script)
