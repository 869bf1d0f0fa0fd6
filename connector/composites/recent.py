"""What of a list came since a day, read from where the newest stands; pure but for the reading that it is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from connector.composites.entries import Entry

#: Entries from a place on, so many of them at most, and how many there are where that is told.
ReadPart = Callable[[int, int | None], tuple[list[Entry], int | None]]


def read_since(read: ReadPart, since: str, size: int) -> list[Entry]:
    """The entries that came on the day `since` or later (YYYY-MM-DD), in the order of the list. `size` are read at
    first, twice as many each time. Lists have the newest first or, as what tells one story does, the oldest."""
    entries, total = read(0, size)
    if len(entries) < size or total == len(entries):
        pass
    elif is_oldest_first(entries):
        entries = _read_end(read, since, size, total)
    else:
        most = size
        while is_since(entries[-1].added, since):
            most *= 2
            part, _ = read(len(entries), most)
            entries += part
            if len(part) < most:
                break
    return [entry for entry in entries if is_since(entry.added, since)]


def is_since(moment: str | None, since: str) -> bool:
    """Whether something came on that day or later. Of some only the month or the year is known: they count from the
    month, or the year, of that day on."""
    return bool(moment) and (moment or "")[:10] >= since[: len((moment or "")[:10])]


def is_oldest_first(entries: Sequence[Entry]) -> bool:
    """Whether what stands last came after what stands first."""
    days = [entry.added[:10] for entry in entries if entry.added]
    return bool(days) and days[0] < days[-1]


def _read_end(read: ReadPart, since: str, size: int, total: int | None) -> list[Entry]:
    if total is None:
        return read(size, None)[0]
    entries: list[Entry] = []
    end, most = total, size
    while end > 0 and (not entries or is_since(entries[0].added, since)):
        start = max(0, end - most)
        entries = read(start, end - start)[0] + entries
        end, most = start, most * 2
    return entries
