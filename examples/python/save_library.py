"""Writes the listener's whole library to a CSV file, page by page, in the memory of a few pages.

    python examples/python/save_library.py library.csv

Without CONNECTOR_ACCESS_TOKEN a sandbox answers, so it runs without an account; with one, the real service does.
A reading that breaks off is gone on with once, from the entry at which it stopped.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from connector import Connector, InvocationFailed
from connector.sandbox import Sandbox

HEADINGS = ["saved at", "track", "artists", "album", "link"]


def iter_rows(connector: Connector, token: str) -> Iterator[list[str]]:
    for entry in iter_entries(connector, {"access_token": token}):
        track = entry["track"]
        yield [
            entry["added_at"],
            track["name"],
            ", ".join(artist["name"] for artist in track["artists"]),
            track["album"]["name"],
            # A file of the listener's own has no page to lead to.
            track["external_urls"].get("spotify", ""),
        ]


def iter_entries(connector: Connector, args: dict[str, Any]) -> Iterator[Any]:
    try:
        yield from connector.stream("getUserSavedTracks", args)
    except InvocationFailed as failure:
        if failure.error.resume is None:
            raise
        print(f"{failure.error.message} Going on.", file=sys.stderr)
        yield from connector.stream("getUserSavedTracks", {**args, "resume": failure.error.resume})


def main(path: Path) -> None:
    with ExitStack() as stack:
        token, servers = os.environ.get("CONNECTOR_ACCESS_TOKEN"), None
        if token is None:
            sandbox = stack.enter_context(Sandbox())
            token, servers = sandbox.demo_args["access_token"], sandbox.servers
        connector = stack.enter_context(Connector.load(servers=servers))
        file = stack.enter_context(path.open("w", newline="", encoding="utf-8"))
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        count = 0
        try:
            for row in iter_rows(connector, token):
                writer.writerow(row)
                count += 1
        except InvocationFailed as failure:
            sys.exit(f"{count} tracks were written. {failure.error.message}")
    print(f"{count} tracks were written to {path}.")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Name the file to write: save_library.py library.csv")
    main(Path(sys.argv[1]))
