"""Puts what the followed artists brought out since the last run on a playlist; the first run looks back a week.

python new_releases.py "New releases" new_releases.json

The file keeps what was seen, so that nothing comes twice: not even what was taken off the playlist meanwhile.
"""

import sys
from pathlib import Path

from connector import Connector, InvocationFailed


def main(name: str = "New releases", file: str = "new_releases.json") -> None:
    seen = Path(file)
    last = {"state": seen.read_text("utf-8")} if seen.exists() else {}
    with Connector.load(connection="default") as spotify:
        new = spotify.invoke("newReleasesToPlaylist", {"target": name, **last}).unwrap()
    # After the songs are there: what fails before is made good by the next run.
    seen.write_text(new["state"], "utf-8")
    print(f"{len(new['found'])} releases are new, with {len(new['added'])} songs.")
    for release in new["found"]:
        print(release["name"])


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except InvocationFailed as failure:
        sys.exit(str(failure))
