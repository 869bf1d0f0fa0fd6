"""Values as people type them, beside what they mean: through every door the service must get the same."""

from typing import Any, NamedTuple

from moving import without_what_moves

TRACK, EPISODE = "11dFghVXANMlKmJXsNCbNl", "512ojhOuo1ktJprKbVcKyQ"
PLAYLIST, ALBUM = "3cEYpjA9oz9GiPac4AsH4n", "4aawyAB9vmqN3uQ7FjRGTy"
KITCHEN, LAPTOP = "74ASZWbe4lXaubB36ztrGX", "0d1841b0976bae2a3a310dd74c0f3df354899bc8"
#: Both, as the sandbox has them at its start.
DEVICES = [
    {"id": KITCHEN, "name": "Kitchen", "is_active": True, "volume_percent": 40},
    {"id": LAPTOP, "name": "Laptop", "type": "Computer"},
]
#: A JPEG that nobody could look at, as base64.
PICTURE = "/9j/2Q=="
#: The same as bytes, for doors that carry some.
PICTURE_BYTES = b"\xff\xd8\xff\xd9"


class Typed(NamedTuple):
    """Arguments of a block as they were `typed`, and as the service's documentation would have them."""

    about: str
    block: str
    typed: dict[str, Any]
    meant: dict[str, Any]

    def __repr__(self) -> str:
        return self.about


TYPED = [
    Typed("minutes and seconds", "seekToPosition", {"position_ms": "1:05"}, {"position_ms": 65_000}),
    Typed("hours too", "seekToPosition", {"position_ms": " 1:00:05.5"}, {"position_ms": 3_605_500}),
    Typed("louder, where it plays", "setVolume", {"volume_percent": "+10"}, {"volume_percent": "50"}),
    Typed(
        "softer, on a device by name",
        "setVolume",
        {"volume_percent": "-10", "device_id": "laptop"},
        {"volume_percent": "50", "device_id": LAPTOP},
    ),
    Typed("a device in other capitals", "pausePlayback", {"device_id": "kitchen"}, {"device_id": KITCHEN}),
    Typed(
        "what to play, from where, and on what",
        "startPlayback",
        {
            "uris": f"https://open.spotify.com/track/{TRACK}?si=a1b2, spotify:episode:{EPISODE}\n{TRACK}",
            "position_ms": "0:30",
            "device_id": "LAPTOP",
        },
        {
            "uris": [f"spotify:track:{TRACK}", f"spotify:episode:{EPISODE}", f"spotify:track:{TRACK}"],
            "position_ms": 30_000,
            "device_id": LAPTOP,
        },
    ),
    Typed(
        "links, URIs and ids in a list",
        "addItemsToPlaylist",
        {
            "playlist_id": f"https://open.spotify.com/playlist/{PLAYLIST}",
            "uris": [f"<https://open.spotify.com/episode/{EPISODE}>", f"spotify:track:{TRACK}", TRACK],
            "position": "2",
        },
        {
            "playlist_id": PLAYLIST,
            "uris": [f"spotify:episode:{EPISODE}", f"spotify:track:{TRACK}", f"spotify:track:{TRACK}"],
            "position": 2,
        },
    ),
    Typed(
        "things of several kinds",
        "saveToLibrary",
        {"uris": f"https://open.spotify.com/intl-de/album/{ALBUM}, {TRACK}"},
        {"uris": [f"spotify:album:{ALBUM}", f"spotify:track:{TRACK}"]},
    ),
    Typed(
        "a picture as base64 with line ends",
        "uploadPlaylistCover",
        {"playlist_id": PLAYLIST, "image": "/9j/\n2Q==\n"},
        {"playlist_id": PLAYLIST, "image": PICTURE},
    ),
    Typed(
        "a picture as a data URL",
        "uploadPlaylistCover",
        {"playlist_id": f"spotify:playlist:{PLAYLIST}", "image": f"data:image/jpeg;base64,{PICTURE}"},
        {"playlist_id": PLAYLIST, "image": PICTURE},
    ),
    Typed(
        "a search with quotes, umlauts and a span of years",
        "searchTracks",
        {"q": 'smörgås "blå"', "artist": 'Ängel & "Sons"', "year": "1990\u20131999", "market": "se", "max_items": "3"},
        {"q": 'smörgås "blå"', "artist": 'Ängel & "Sons"', "year": "1990-1999", "market": "SE", "max_items": 3},
    ),
    Typed(
        "a playlist that is there",
        "createPlaylist",
        {"name": " Dinner Favourites ", "if_exists": "reuse"},
        {"name": "Dinner Favourites", "if_exists": "reuse"},
    ),
    Typed("a truth as a word", "setShuffle", {"state": "TRUE"}, {"state": True}),
]


def find_sent(sandbox: Any) -> list[Any]:
    """What of the last request tells what the service understood."""
    last = [call for call in sandbox.control.calls() if call["path"].startswith("/v1/")][-1]
    return [last["method"], last["path"], last["query"], last["body"]]


def tell(sandbox: Any, output: Any) -> list[Any]:
    """What is compared: the last request, and the output without what moves."""
    return [*find_sent(sandbox), without_what_moves(output)]
