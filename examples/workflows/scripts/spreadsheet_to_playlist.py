"""Puts the songs of a spreadsheet on a playlist, and says which were not found.

python spreadsheet_to_playlist.py songs.csv "From the spreadsheet"

The spreadsheet is saved as CSV and has the columns Artist and Title. Songs that are on the playlist by that artist and
title are not looked for again.
"""

import csv
import sys
from pathlib import Path

from connector import Connector, InvocationFailed


def main(file: str, name: str) -> None:
    # Spreadsheet programs begin such files with a mark, which utf-8-sig takes away.
    with Path(file).open(newline="", encoding="utf-8-sig") as rows:
        wanted = [(row["Artist"].strip(), row["Title"].strip()) for row in csv.DictReader(rows)]
    new, missing = [], []
    with Connector.load(connection="default") as spotify:
        playlist = spotify.invoke("createPlaylist", {"name": name, "if_exists": "reuse"}).unwrap()["id"]
        uris, known = set(), set()
        for entry in spotify.stream("getPlaylistItems", {"playlist_id": playlist}):
            if track := entry["item"]:
                uris.add(track["uri"])
                known |= {(artist["name"].casefold(), track["name"].casefold()) for artist in track.get("artists", ())}
        for artist, title in wanted:
            if (artist.casefold(), title.casefold()) in known:
                continue
            search = {"artist": artist, "track": title, "max_items": 1}
            found = spotify.invoke("searchTracks", search).unwrap()["tracks"]["items"]
            if not found:
                missing.append(f"{artist}, {title}")
            elif found[0]["uri"] not in uris:
                new.append(found[0]["uri"])
                uris.add(found[0]["uri"])
        if new:
            spotify.invoke("addItemsToPlaylist", {"playlist_id": playlist, "uris": new}).unwrap()
    print(f"{len(new)} of {len(wanted)} songs are new on {name}.")
    for song in missing:
        print(f"Not found: {song}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except TypeError:
        sys.exit("Which file, which playlist? python spreadsheet_to_playlist.py songs.csv NAME")
    except InvocationFailed as failure:
        sys.exit(str(failure))
