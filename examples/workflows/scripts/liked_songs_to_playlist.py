"""Keeps a playlist of the liked songs, the newest on top: the first run takes them all, each later one what is new.

python liked_songs_to_playlist.py "Liked songs"
"""

import sys

from connector import Connector, InvocationFailed

#: So many in a row that are there already, a page, and nothing older is read.
ENOUGH = 50


def main(name: str = "Liked songs") -> None:
    with Connector.load(connection="default") as spotify:
        playlist = spotify.invoke("createPlaylist", {"name": name, "if_exists": "reuse"}).unwrap()
        listed = spotify.stream("getPlaylistItems", {"playlist_id": playlist["id"]})
        there = {entry["item"]["uri"] for entry in listed if entry["item"]}
        new, known = [], 0
        for entry in spotify.stream("getUserSavedTracks", {}):
            uri = entry["track"]["uri"]
            known = known + 1 if uri in there else 0
            if known == ENOUGH:
                break
            if uri not in there:
                new.append(uri)
        if new:
            to_the_top = {"playlist_id": playlist["id"], "uris": new, "position": 0}
            spotify.invoke("addItemsToPlaylist", to_the_top).unwrap()
    print(f"{len(new)} liked songs are new on {name}.")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except InvocationFailed as failure:
        sys.exit(str(failure))
