"""What `doctor` has found: one thing that was looked at, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mark = Literal["ok", "note", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: whether it is as it should be, what was looked at, what was found, and what to do where that helps."""

    mark: Mark
    what: str
    found: str
    advice: str = ""
