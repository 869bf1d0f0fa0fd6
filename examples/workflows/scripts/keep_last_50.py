"""Takes off a playlist what is older than its newest 50 items.

python keep_last_50.py https://open.spotify.com/playlist/…

Taking off means every copy of a song, so one that is also among the newest 50 stays; files of one's own stay too.
"""

import sys

from connector import Connector, InvocationFailed

KEPT = 50


def main(playlist: str) -> None:
    with Connector.load(connection="default") as spotify:
        entries = spotify.invoke("getPlaylistItems", {"playlist_id": playlist}).unwrap()["items"]
        # Items from before dates were kept have none. Of equal dates the later on the playlist is the newer.
        by_age = sorted((entry for entry in entries if entry["item"]), key=lambda entry: entry["added_at"] or "")
        kept = {entry["item"]["uri"] for entry in by_age[-KEPT:]}
        old = {entry["item"]["uri"] for entry in by_age[:-KEPT] if not entry["is_local"]} - kept
        if old:
            spotify.invoke("removeItemsFromPlaylist", {"playlist_id": playlist, "uris": sorted(old)}).unwrap()
    print(f"{len(old)} songs were taken off.")


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except IndexError:
        sys.exit("Which playlist? python keep_last_50.py LINK")
    except InvocationFailed as failure:
        sys.exit(str(failure))
