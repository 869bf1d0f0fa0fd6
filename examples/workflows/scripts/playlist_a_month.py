"""Puts the songs that were liked this month on a playlist named after it, such as 2026-11, in the order of liking.

python playlist_a_month.py [2026-10]

Months are those of UTC, as Spotify tells when a song was liked.
"""

import sys
from datetime import UTC, datetime

from connector import Connector, InvocationFailed


def main(month: str = "") -> None:
    month = month or f"{datetime.now(UTC):%Y-%m}"
    with Connector.load(connection="default") as spotify:
        liked = []
        for entry in spotify.stream("getUserSavedTracks", {}):
            if entry["added_at"][:7] < month:
                # The newest come first.
                break
            if entry["added_at"][:7] == month:
                liked.insert(0, entry["track"]["uri"])
        new = []
        if liked:
            playlist = spotify.invoke("createPlaylist", {"name": month, "if_exists": "reuse"}).unwrap()["id"]
            listed = spotify.stream("getPlaylistItems", {"playlist_id": playlist})
            there = {entry["item"]["uri"] for entry in listed if entry["item"]}
            new = [uri for uri in liked if uri not in there]
        if new:
            spotify.invoke("addItemsToPlaylist", {"playlist_id": playlist, "uris": new}).unwrap()
    print(f"{len(new)} of {len(liked)} songs that were liked in {month} are new on its playlist.")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except InvocationFailed as failure:
        sys.exit(str(failure))
