"""Spotify ids of things that exist only here.

An id is 22 base-62 characters, like Spotify's. It is computed from a kind and a position (0, 1, 2 …) by a reversible
scramble, so that the sandbox can hold any number of tracks without storing one: an id tells which thing it names.
The ids that the documentation's examples use stand at the first positions of their kind.

This module knows ids and URIs. What a thing looks like is `catalogue` and `playlists`.
"""

import re
from typing import Final
from urllib.parse import unquote

_ALPHABET: Final = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUES: Final = {character: value for value, character in enumerate(_ALPHABET)}
_LENGTH: Final = 22
_MODULUS: Final = 1 << 128
_FACTORS: Final = (0x9E3779B97F4A7C15F39CC0605CEDC835, 0xC2B2AE3D27D4EB4F165667B19E3779F9)
_INVERSES: Final = tuple(pow(factor, -1, _MODULUS) for factor in _FACTORS)
_MARK: Final = 0x5A4D_B0C5
_MAX_POSITION: Final = 1 << 48

_KINDS: Final = ("artist", "album", "track", "playlist", "category", "show", "episode", "audiobook", "chapter")
_KIND_NUMBERS: Final = {kind: number for number, kind in enumerate(_KINDS, start=1)}

EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "track": (
        "4iV5W9uYEdYUVa79Axb7Rh",
        "1301WleyT98MSxVHPZCA6M",
        "11dFghVXANMlKmJXsNCbNl",
        "7ouMYWpwJ422jRcDASZB7P",
    ),
    "album": (
        "382ObEPsp2rxGrnsizN5TX",
        "1A2GTWGtFfWp7KSQTwWOyo",
        "2noRn2Aes5aoNVsU6iWThc",
        "4aawyAB9vmqN3uQ7FjRGTy",
    ),
    "artist": (
        "0TnOYISbd1XYRBk9myaseg",
        "2CIMQHirSU0MQqyYHq0eOx",
        "57dN52uHvrHOxijzpIgu3E",
        "1vCWHaC5f2uS3yhpwWbIA6",
        "74ASZWbe4lXaubB36ztrGX",
        "08td7MxkoHQkXnWAYD8d6Q",
    ),
    "playlist": ("37i9dQZF1DXcBWIGoYBM5M", "3cEYpjA9oz9GiPac4AsH4n"),
    "category": ("dinner", "party"),
    "show": ("38bS44xjbVVZ3No3ByF1dJ", "5CfCWKI5pZ28U0uOzXkDHe", "5as3aKmN2k11yfDDDSrvaZ"),
    "episode": ("512ojhOuo1ktJprKbVcKyQ", "77o6BIVlYM3msb4MMIL1jH", "0Q86acNRm6V9GYx55SXKwf"),
    "audiobook": ("7iHfbu1YPACw6oZPAFJtqe", "18yVqkdbdRvS24c0Ilj2ci", "1HGw3J3NxZO1TP1BTtVhpZ"),
    "chapter": ("0D5wENdkdwbqlrHoaJ9g29", "0IsXVP0JmcB2adSE338GkK", "3ZXb8FKZGU0EHALYX6uCzU"),
}
"""Ids of the Web API's published examples, by kind; the names they carry here are invented."""

_EXAMPLE_POSITIONS: Final = {
    kind: {example: position for position, example in enumerate(examples)} for kind, examples in EXAMPLES.items()
}
_ID: Final = re.compile(rf"[0-9A-Za-z]{{{_LENGTH}}}")
_URI: Final = re.compile(r"spotify:([a-z]+):([^:]+)")


def is_id(text: str) -> bool:
    """Whether `text` has the form of a Spotify id: 22 base-62 characters."""
    return _ID.fullmatch(text) is not None


def make_id(kind: str, position: int) -> str:
    """The id of the thing of `kind` at `position` (from 0).

    Args:
        kind: one of `EXAMPLES`.
        position: below 2**48.

    Returns:
        An example's id for the first positions, 22 base-62 characters for all others.
    """
    examples = EXAMPLES[kind]
    if position < len(examples):
        return examples[position]
    number = _MARK << 64 | _KIND_NUMBERS[kind] << 56 | position
    number = number * _FACTORS[0] % _MODULUS
    number ^= number >> 67
    number = number * _FACTORS[1] % _MODULUS
    characters = []
    for _ in range(_LENGTH):
        number, value = divmod(number, 62)
        characters.append(_ALPHABET[value])
    return "".join(reversed(characters))


def position_of(kind: str, identifier: str) -> int | None:
    """The position that `identifier` names among the things of `kind`, or None where it names none.

    The reverse of `make_id`: `position_of(kind, make_id(kind, n)) == n`.
    """
    position = _EXAMPLE_POSITIONS[kind].get(identifier)
    if position is not None:
        return position
    if not is_id(identifier):
        return None
    number = 0
    for character in identifier:
        number = number * 62 + _VALUES[character]
    if number >= _MODULUS:
        return None
    number = number * _INVERSES[1] % _MODULUS
    # The shift is more than half of the 128 bits, so that doing it again undoes it.
    number ^= number >> 67
    number = number * _INVERSES[0] % _MODULUS
    if number >> 56 != _MARK << 8 | _KIND_NUMBERS[kind]:
        return None
    position = number & ((1 << 56) - 1)
    return position if len(EXAMPLES[kind]) <= position < _MAX_POSITION else None


def parse_uri(uri: str) -> tuple[str, str] | None:
    """Split `spotify:track:4iV5…` into ("track", "4iV5…"), decoded; None where it is no such URI."""
    match = _URI.fullmatch(uri)
    return (match[1], unquote(match[2])) if match else None
