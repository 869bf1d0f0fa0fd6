"""Writes what was played into a CSV file, each play once.

python log_plays.py plays.csv

Spotify tells the last 50 plays, some of them late: so all are read, in one call, and those that the file has are left
out. Fifty plays last some two hours and a half.
"""

import csv
import sys
from pathlib import Path

from connector import Connector, InvocationFailed

HEADINGS = ["played_at", "track", "artists", "uri"]


def main(file: str = "plays.csv") -> None:
    path = Path(file)
    is_new = not path.exists()
    with path.open("a+", newline="", encoding="utf-8") as table:
        table.seek(0)
        logged = {(row["played_at"], row["uri"]) for row in csv.DictReader(table)}
        with Connector.load(connection="default") as spotify:
            plays = spotify.invoke("getRecentlyPlayed", {}).unwrap()["items"]
        writer = csv.writer(table)
        if is_new:
            writer.writerow(HEADINGS)
        new = [play for play in reversed(plays) if (play["played_at"], play["track"]["uri"]) not in logged]
        for play in new:
            artists = ", ".join(artist["name"] for artist in play["track"]["artists"])
            writer.writerow([play["played_at"], play["track"]["name"], artists, play["track"]["uri"]])
    print(f"{len(new)} plays are new in {path}.")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except InvocationFailed as failure:
        sys.exit(str(failure))
