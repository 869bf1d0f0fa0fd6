"""What the benchmark's server answers: bodies of the size and shape of live ones, built once."""

from __future__ import annotations

import json
from hashlib import sha256
from string import ascii_letters, digits
from typing import Any

PAGE = 50
#: Distinct pages; a longer list has them again and again, with its own offset and links.
PAGES = 200
_LETTERS = digits + ascii_letters
_MARKETS = [first + second for first in "ABCDEFGHI" for second in "ACEGILMNRSTZ"][:60]


def build_profile(base: str) -> bytes:
    profile = {
        "account_id": "a0b1c2d3e4f5a6b7",
        "country": "SE",
        "display_name": "Listener",
        "email": "listener@example.com",
        "explicit_content": {"filter_enabled": False, "filter_locked": False},
        "external_urls": {"spotify": "https://open.spotify.com/user/listener"},
        "followers": {"href": None, "total": 42},
        "href": f"{base}/users/listener",
        "id": "listener",
        "images": [
            {"height": side, "url": f"https://i.scdn.co/image/{side:040x}", "width": side} for side in (300, 64)
        ],
        "product": "premium",
        "type": "user",
        "uri": "spotify:user:listener",
    }
    return json.dumps(profile).encode()


def build_items(page: int) -> bytes:
    """The entries of one page as they stand between the brackets, about 2 KB each."""
    entries = [_build_entry(page * PAGE + number) for number in range(PAGE)]
    return ",".join(json.dumps(entry) for entry in entries).encode()


def build_page(base: str, items: bytes, offset: int, total: int) -> bytes:
    """A page of `total` saved tracks around its entries."""
    link = f"{base}/me/tracks?offset={{}}&limit={PAGE}"
    head = {
        "href": link.format(offset),
        "limit": PAGE,
        "next": link.format(offset + PAGE) if offset + PAGE < total else None,
        "offset": offset,
        "previous": link.format(offset - PAGE) if offset else None,
        "total": total,
    }
    return json.dumps(head).encode()[:-1] + b', "items": [' + items + b"]}"


def id_of(number: int) -> str:
    """An id as the service's are: 22 letters and digits."""
    left = int.from_bytes(sha256(str(number).encode()).digest()[:16])
    letters = []
    for _ in range(22):
        left, place = divmod(left, 62)
        letters.append(_LETTERS[place])
    return "".join(letters)


def picture_of(number: int) -> str:
    return f"ab67616d0000{sha256(str(number).encode()).hexdigest()[:28]}"


def _build_entry(number: int) -> dict[str, Any]:
    artists = [_link("artist", number * 3 + which, f"Artist {number % 977 + which}") for which in range(1 + number % 2)]
    album = {
        **_link("album", number * 7, f"Album {number % 1789}"),
        "album_type": "album",
        "artists": artists,
        "available_markets": _MARKETS,
        "images": [
            {"height": side, "url": f"https://i.scdn.co/image/{picture_of(number)}", "width": side}
            for side in (640, 64)
        ],
        "release_date": "2011-03-04",
        "release_date_precision": "day",
        "total_tracks": 12,
    }
    track = {
        **_link("track", number, f"Track {number}"),
        "album": album,
        "artists": artists,
        "available_markets": _MARKETS,
        "disc_number": 1,
        "duration_ms": 180_000 + number % 60_000,
        "explicit": False,
        "external_ids": {"isrc": f"SE{number:010d}"},
        "is_local": False,
        "popularity": number % 100,
        "preview_url": None,
        "track_number": number % 12 + 1,
    }
    return {"added_at": "2024-05-06T07:08:09Z", "track": track}


def _link(kind: str, number: int, name: str) -> dict[str, Any]:
    return {
        "external_urls": {"spotify": f"https://open.spotify.com/{kind}/{id_of(number)}"},
        "href": f"https://api.spotify.com/v1/{kind}s/{id_of(number)}",
        "id": id_of(number),
        "name": name,
        "type": kind,
        "uri": f"spotify:{kind}:{id_of(number)}",
    }
