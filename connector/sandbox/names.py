"""Invented names for the sandbox's catalogue.

Every function draws from the `random.Random` it is given and from the word lists below, so that a thing's name depends
on nothing but its seed. No artist, record or person is meant.
"""

from random import Random
from typing import Final

GENRES: Final = (
    "acoustic", "afrobeat", "ambient", "blues", "chill", "classical", "country", "dance", "disco", "electronic",
    "folk", "funk", "gospel", "hip-hop", "house", "indie", "jazz", "latin", "metal", "opera", "piano", "pop", "punk",
    "reggae", "rock", "romance", "salsa", "singer-songwriter", "soul", "techno",
)  # fmt: skip
"""Genre seeds that the sandbox's recommendations know."""

MARKETS: Final = ("BR", "CA", "DE", "ES", "FR", "GB", "JP", "NL", "SE", "US")
"""Markets where the sandbox's records are on sale."""

_ADJECTIVES: Final = (
    "Amber", "Borrowed", "Bright", "Careful", "Distant", "Early", "Electric", "Faded", "Gentle", "Golden", "Hidden",
    "Hollow", "Humble", "Idle", "Kindred", "Late", "Little", "Lonely", "Lucid", "Northern", "Open", "Paper", "Patient",
    "Quiet", "Restless", "Rolling", "Silver", "Slow", "Spare", "Sudden", "Tender", "Velvet", "Wandering", "Wild",
)  # fmt: skip
_NOUNS: Final = (
    "Almanac", "Anchor", "Arcade", "Beacon", "Bicycle", "Carousel", "Cinder", "Compass", "Corridor", "Ember", "Ferry",
    "Garden", "Harbour", "Horizon", "Kite", "Lantern", "Letter", "Lighthouse", "Marble", "Meadow", "Meridian", "Mirror",
    "Orchard", "Parade", "Postcard", "River", "Satellite", "Signal", "Sparrow", "Station", "Summer", "Thicket", "Tide",
    "Umbrella", "Valley", "Window", "Winter",
)  # fmt: skip
_FIRST_NAMES: Final = (
    "Aldo", "Anouk", "Beira", "Caio", "Dagny", "Eskil", "Farah", "Gwenna", "Hollis", "Ilse", "Jonah", "Kaveh", "Linnea",
    "Mireille", "Nadir", "Odalys", "Pia", "Quillon", "Rasmus", "Solveig", "Teodor", "Uma", "Viggo", "Wren", "Ysolde",
)  # fmt: skip
_LAST_NAMES: Final = (
    "Abernost", "Bellweather", "Calloway-Finch", "Dunmarrow", "Elderkvist", "Fairbrook", "Grennhald", "Hartolo",
    "Ingleby-Moss", "Juniperi", "Kestrano", "Lindovar", "Marrowby", "Nightingarth", "Ostrander", "Pellichar", "Quist",
    "Rosenhain", "Silvergate", "Thornaby", "Undermere", "Valloire", "Wintersea",
)  # fmt: skip
_PLACES: Final = ("the Station", "Home", "Low Tide", "the Orchard", "Nowhere", "the Long Road", "Noon", "the Attic")
_MOODS: Final = (
    "Morning", "Rainy Day", "Road Trip", "Late Night", "Kitchen", "Focus", "Sunday", "Workout", "Fireside", "Commute",
    "Garden Party", "Deep Sleep", "Golden Hour", "Study Hall", "Dinner", "Dance Floor",
)  # fmt: skip
_PROGRAMMES: Final = ("Hour", "Podcast", "Files", "Report", "Conversations", "Dispatch", "Stories", "Weekly")
_FORMS: Final = ("Mix", "Sessions", "Favourites", "Radio", "Essentials", "Diary", "Tapes", "Companion")


def artist_name(rng: Random) -> str:
    """A band's or a musician's name."""
    pattern = rng.randrange(4)
    if pattern == 0:
        return f"The {rng.choice(_ADJECTIVES)} {rng.choice(_NOUNS)}s"
    if pattern == 1:
        return f"{rng.choice(_ADJECTIVES)} {rng.choice(_NOUNS)}"
    if pattern == 2:
        return f"{rng.choice(_NOUNS)} & {rng.choice(_NOUNS)}"
    return person_name(rng)


def person_name(rng: Random) -> str:
    """A first name and a surname."""
    return f"{rng.choice(_FIRST_NAMES)} {rng.choice(_LAST_NAMES)}"


def title(rng: Random) -> str:
    """A song's or an album's title."""
    pattern = rng.randrange(5)
    if pattern == 0:
        return f"{rng.choice(_NOUNS)} for {rng.choice(_FIRST_NAMES)}"
    if pattern == 1:
        return f"{rng.choice(_NOUNS)} at {rng.choice(_PLACES)}"
    if pattern == 2:
        return f"{rng.choice(_ADJECTIVES)} {rng.choice(_NOUNS)}"
    if pattern == 3:
        return f"Every {rng.choice(_NOUNS)}"
    return f"{rng.choice(_NOUNS)}, {rng.choice(_NOUNS)}"


def show_name(rng: Random) -> str:
    """A podcast's name."""
    return f"The {rng.choice(_NOUNS)} {rng.choice(_PROGRAMMES)}"


def playlist_name(rng: Random) -> str:
    """A playlist's name."""
    return f"{rng.choice(_MOODS)} {rng.choice(_FORMS)}"


def category_name(rng: Random) -> str:
    """A browse category's name."""
    return f"{rng.choice(_ADJECTIVES)} {rng.choice(_MOODS)}"
