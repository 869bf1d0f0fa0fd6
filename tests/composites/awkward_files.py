"""Files as programs save them, all of which name the same three songs."""

import json

from connector.manifest.manifest import Manifest

COLUMNS = Manifest.load().block("importPlaylist").procedure.lists["target"].columns
SONGS = [
    {"artist": "Björk", "title": "Jóga", "id": "6b2oQwSGFkzsMtQruIWm2p"},
    {"artist": 'The "Who", Twice', "title": "Line one\nline two", "id": "4uLU6hMCjMI75M1A2tKUQC"},
    {"artist": "Café; Tacvba", "title": "=1+1", "id": "7ouMYWpwJ422jRcDASZB7P"},
]
URI = "spotify:track:{}"
LINK = "https://open.spotify.com/intl-de/track/{}?si=0"


def write(names, delimiter=",", end="\r\n", form=URI):
    """A table with these headings over title, address and artist."""
    rows = [[quote(song["title"]), form.format(song["id"]), quote(song["artist"])] for song in SONGS]
    return "".join(delimiter.join(row) + end for row in [names, *rows])


def quote(cell):
    return '"' + cell.replace('"', '""') + '"'


EXPORTIFY = write(["Track Name", "Track URI", "Artist Name(s)"], end="\n")
GERMAN = write(["Titel", "Link", "Interpret"], ";")
TRACKS = [
    {"uri": URI.format(song["id"]), "name": song["title"], "artists": [{"name": song["artist"]}]} for song in SONGS
]

#: What programs save, by what is awkward about it.
FILES = {
    "UTF-8": EXPORTIFY.encode(),
    "a byte order mark": EXPORTIFY.encode("utf-8-sig"),
    "UTF-16": GERMAN.encode("utf-16"),
    "UTF-16, the higher byte first": b"\xfe\xff" + GERMAN.encode("utf-16-be"),
    "UTF-16 without a mark": GERMAN.encode("utf-16-le"),
    "UTF-16 without a mark, the higher byte first": GERMAN.encode("utf-16-be"),
    "UTF-32": EXPORTIFY.encode("utf-32"),
    "Windows-1252": GERMAN.encode("windows-1252"),
    "the delimiter in a line of its own": b"sep=;\r\n" + GERMAN.encode("windows-1252"),
    "links": write(["Song", "URL", "ARTIST"], form=LINK).encode(),
    "ids, tabs and bare returns": write(["name", "Spotify - ID", "artists"], "\t", "\r", "{}").encode(),
    "empty lines and columns": b"\r\n\r\n" + write(["Title ", " URI", "Artist", "", ""], end=",,\r\n\r\n").encode(),
    "a quote in the midst": EXPORTIFY.replace('"Jóga"', '"Jóga" ').encode(),
    "JSON": json.dumps([dict(zip(("Artist", "Title", "URL"), each.values(), strict=True)) for each in SONGS]).encode(),
    "JSON of tracks": json.dumps(TRACKS).encode("utf-8-sig"),
    "JSON of pages": json.dumps({"href": "", "tracks": {"items": [{"track": each} for each in TRACKS]}}).encode(),
}
#: Those that can't hold a line's end in a title.
FLAT_FILES = {
    "M3U8": "#EXTM3U\n" + "".join(f"#EXTINF:12,{s['artist']} - {s['title']!r}\n{URI.format(s['id'])}\n" for s in SONGS),
    "links in lines": "\n".join(f"{n}. {LINK.format(s['id'])}" for n, s in enumerate(SONGS, 1)),
    "URIs, each with words": "\n".join(f"{URI.format(s['id'])}\t{s['artist']}" for s in SONGS),
    "JSON of URIs": json.dumps([URI.format(s["id"]) for s in SONGS]),
    "a column of links": "Link\n" + "".join(f"{LINK.format(s['id'])}\n" for s in SONGS),
}
