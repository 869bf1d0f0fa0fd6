"""Puts the songs of a spreadsheet on a playlist; what is not found is written to a file, to be corrected.

python spreadsheet_to_playlist.py songs.csv "From the spreadsheet"

The spreadsheet is saved as CSV, with columns such as Artist and Title, in whatever encoding. The corrected file is
given in the place of the first one; a song's link in a column Link is taken as it is.
"""

import sys
from pathlib import Path

from connector import Connector, InvocationFailed


def main(file: str, name: str) -> None:
    with Connector.load(connection="default") as spotify:
        told = spotify.invoke("importPlaylist", {"file": Path(file), "target": name}).unwrap()
    print(f"{len(told['added'])} of {len(told['rows'])} songs are new on {name}.")
    if left := told["not_imported"]:
        Path(left["name"]).write_text(left["text"], "utf-8", newline="")
        print(f"What was not found is in {left['name']}: correct it, and give it in the place of {file}.")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except TypeError:
        sys.exit("Which file, which playlist? python spreadsheet_to_playlist.py songs.csv NAME")
    except InvocationFailed as failure:
        sys.exit(str(failure))
