"""Puts the songs that were liked on a playlist a month, such as 2026-11, in the order of liking.

python playlist_a_month.py [Europe/Berlin]

This month and the last one are looked at, so that nothing is missed that was liked after the month's last run.
"""

import sys
from datetime import UTC, datetime, timedelta

from connector import Connector, InvocationFailed


def main(time_zone: str = "UTC") -> None:
    this_month = datetime.now(UTC).date().replace(day=1)
    since = (this_month - timedelta(days=1)).replace(day=1)
    with Connector.load(connection="default") as spotify:
        # Without `since` all months that there are get their playlists.
        wanted = {"every": "month", "time_zone": time_zone, "since": since.isoformat()}
        collected = spotify.invoke("collectByPeriod", wanted).unwrap()
    for month in collected["periods"]:
        print(f"{len(month['added'])} songs are new on {month['target']['name']}.")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except InvocationFailed as failure:
        sys.exit(str(failure))
