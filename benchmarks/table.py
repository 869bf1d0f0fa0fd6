"""The table that a benchmark prints: what was measured, the figure, what it should be, and whether it is."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

#: By contender, a figure for each round, in which all took turns.
Times = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Line:
    """One line of the table: what was measured, the figure, and what it should be (`None` where it only informs)."""

    what: str
    figure: str
    goal: str = ""
    is_met: bool | None = None


def medians(times: Times, unit_s: float, unit: str) -> Iterator[Line]:
    for name, measured in times.items():
        yield Line(f"  {name}", f"{statistics.median(measured) / unit_s:.0f} {unit}")


def median_ratio(times: Times, one: str, other: str) -> float:
    """The median of the rounds' ratios."""
    return statistics.median(a / b for a, b in zip(times[one], times[other], strict=True))


def at_most(what: str, ratio: float, goal: float) -> Line:
    return Line(what, f"{ratio:.2f}", f"≤ {goal:.2f}", ratio <= goal)


def at_least(what: str, ratio: float, goal: float) -> Line:
    return Line(what, f"{ratio:.1f} x", f"≥ {goal:.1f} x", ratio >= goal)


def print_line(line: Line) -> None:
    verdict = "" if line.is_met is None else "met" if line.is_met else "missed"
    print(f"{line.what:<52}{line.figure:>12}  {line.goal:<9} {verdict}".rstrip(), flush=True)
