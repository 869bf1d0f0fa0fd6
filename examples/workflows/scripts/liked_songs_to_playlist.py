"""Keeps a public playlist as the liked songs are, the newest on top, and says what has changed.

python liked_songs_to_playlist.py "Liked songs"
"""

import sys

from connector import Connector, InvocationFailed


def main(name: str = "Liked songs") -> None:
    with Connector.load(connection="default") as spotify:
        # A playlist that mirrorSavedTracks makes is private.
        playlist = spotify.invoke("createPlaylist", {"name": name, "public": True, "if_exists": "reuse"}).unwrap()
        changed = spotify.invoke("mirrorSavedTracks", {"target": playlist["id"]}).unwrap()
    print(f"{len(changed['added'])} liked songs are new on {name}, {len(changed['removed'])} are gone.")
    for sign, songs in (("+", changed["added"]), ("-", changed["removed"])):
        for song in songs:
            print(sign, song["name"])


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except InvocationFailed as failure:
        sys.exit(str(failure))
