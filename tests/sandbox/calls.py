"""Ids to call operations with, and which operations were called."""

import re
from base64 import b64encode
from collections.abc import Iterable
from typing import Any

from connector.sandbox.api import OPERATIONS

TRACK, OTHER_TRACK = "4iV5W9uYEdYUVa79Axb7Rh", "1301WleyT98MSxVHPZCA6M"
ALBUM, OTHER_ALBUM = "382ObEPsp2rxGrnsizN5TX", "1A2GTWGtFfWp7KSQTwWOyo"
ARTIST, OTHER_ARTIST = "0TnOYISbd1XYRBk9myaseg", "2CIMQHirSU0MQqyYHq0eOx"
SHOW, OTHER_SHOW = "38bS44xjbVVZ3No3ByF1dJ", "5CfCWKI5pZ28U0uOzXkDHe"
EPISODE, OTHER_EPISODE = "512ojhOuo1ktJprKbVcKyQ", "77o6BIVlYM3msb4MMIL1jH"
BOOK, OTHER_BOOK = "7iHfbu1YPACw6oZPAFJtqe", "18yVqkdbdRvS24c0Ilj2ci"
CHAPTER, OTHER_CHAPTER = "0D5wENdkdwbqlrHoaJ9g29", "0IsXVP0JmcB2adSE338GkK"

LISTENER = "sandbox-listener"
PLAYLIST = "3cEYpjA9oz9GiPac4AsH4n"
"""The listener's own."""
KITCHEN = "74ASZWbe4lXaubB36ztrGX"
"""A device of the listener's."""
COVER = b64encode(b"\xff\xd8\xff\xe0" + bytes(64)).decode()
"""As much of a JPEG as the sandbox looks at."""


def find_uncalled(calls: Iterable[dict[str, Any]]) -> set[str]:
    """The operations of the sandbox that none of its recorded `calls` was for."""
    # A path without placeholders goes before one with them: `/me/top/{type}`, `/recommendations/available-genre-seeds`.
    patterns = [
        (operation.request, re.compile(re.sub(r"\{\w+\}", "[^/]+", f"{operation.method} /v1{operation.path}")))
        for operation in sorted(OPERATIONS, key=lambda operation: "{" in operation.path)
    ]
    called = set()
    for call in calls:
        said = f"{call['method']} {call['path'].rstrip('/')}"
        called |= set(next(([request] for request, pattern in patterns if pattern.fullmatch(said)), []))
    return {operation.request for operation in OPERATIONS} - called
