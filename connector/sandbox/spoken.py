"""Shows, episodes, audiobooks and chapters of the sandbox, computed like the rest of the catalogue.

Every fifth show is serial: its episodes are listed oldest first, those of all others newest first. Live answers give
audiobooks the URIs of shows and chapters those of episodes; so do these.
"""

from datetime import date, timedelta
from typing import Final

from connector.sandbox import names
from connector.sandbox.catalogue import Catalogue, Json
from connector.sandbox.ids import make_id
from connector.sandbox.traits import AUDIOBOOKS, SHOWS, seeded

_FIRST_EPISODE: Final = date(2024, 1, 1)
_WEEK: Final = timedelta(days=7)
_UNDESCRIBED_EPISODE: Final = 7


def is_serial(position: int) -> bool:
    """Whether the show at `position` is to be heard from its first episode on."""
    return position % 5 == 1


def show(catalogue: Catalogue, position: int, _: str | None = None) -> Json:
    """A SimplifiedShowObject."""
    rng = seeded("show", position)
    return {
        **_work(catalogue, "show", position, names.show_name(rng)),
        "is_externally_hosted": False,
        "publisher": f"{names.person_name(rng).split()[-1]} Audio",
        "total_episodes": len(catalogue.feeds.get(position, range(SHOWS.size(position)))),
    }


def simple_episode(catalogue: Catalogue, position: int, _: str | None = None) -> Json:
    """A SimplifiedEpisodeObject."""
    show_position, place = SHOWS.place(position)
    week = place // catalogue.episodes_a_day
    rng = seeded("episode", position)
    episode = {
        **_part(catalogue, "episode", position, f"{place + 1}. {names.title(rng)}"),
        "is_externally_hosted": False,
        "language": "en",
        "release_date": str(_FIRST_EPISODE + week * _WEEK + timedelta(days=show_position % 7)),
    }
    if catalogue.is_awkward and position % 25 == _UNDESCRIBED_EPISODE:
        del episode["html_description"]
    return episode


def episode(catalogue: Catalogue, position: int, market: str | None = None) -> Json:
    """An EpisodeObject."""
    show_position, _ = SHOWS.place(position)
    return {**simple_episode(catalogue, position, market), "show": show(catalogue, show_position)}


def ghost_episode(catalogue: Catalogue) -> Json:
    """What a saved episode looks like that is no more, as recorded answers have it."""
    ghost: Json = dict.fromkeys((*simple_episode(catalogue, 0), "show"))
    ghost |= _ghostly(catalogue, "episode")
    ghost["resume_point"] = {"fully_played": False, "resume_position_ms": None}
    ghost |= {"release_date": "0000", "release_date_precision": "year"}
    del ghost["is_playable"]
    ghost["show"] = {**dict.fromkeys(show(catalogue, 0)), **_ghostly(catalogue, "show")}
    del ghost["show"]["available_markets"]
    return ghost


def audiobook(catalogue: Catalogue, position: int, _: str | None = None) -> Json:
    """A SimplifiedAudiobookObject."""
    rng = seeded("audiobook", position)
    return {
        **_work(catalogue, "audiobook", position, names.title(rng)),
        "authors": [{"name": names.person_name(rng)}],
        "edition": "Unabridged",
        "narrators": [{"name": names.person_name(rng)} for _ in range(1 + position % 3)],
        "publisher": f"{names.person_name(rng).split()[-1]} Press",
        "total_chapters": AUDIOBOOKS.size(position),
    }


def simple_chapter(catalogue: Catalogue, position: int, _: str | None = None) -> Json:
    """A SimplifiedChapterObject."""
    book, place = AUDIOBOOKS.place(position)
    return {
        **_part(catalogue, "chapter", position, f"Chapter {place + 1}"),
        "available_markets": list(names.MARKETS),
        "chapter_number": place,
        "release_date": str(_FIRST_EPISODE + book * _WEEK),
    }


def chapter(catalogue: Catalogue, position: int, market: str | None = None) -> Json:
    """A ChapterObject."""
    book, _ = AUDIOBOOKS.place(position)
    return {**simple_chapter(catalogue, position, market), "audiobook": audiobook(catalogue, book)}


def _identity(catalogue: Catalogue, kind: str, position: int) -> Json:
    identifier = make_id(kind, position)
    shown = {"audiobook": "show", "chapter": "episode"}.get(kind, kind)
    return {
        **catalogue.identity(kind, identifier),
        "external_urls": {"spotify": f"https://open.spotify.com/{shown}/{identifier}"},
        "uri": f"spotify:{shown}:{identifier}",
    }


def _work(catalogue: Catalogue, kind: str, position: int, name: str) -> Json:
    """What shows and audiobooks have in common."""
    identity = _identity(catalogue, kind, position)
    return {
        **identity,
        **_words(name),
        "available_markets": list(names.MARKETS),
        "copyrights": [],
        "explicit": False,
        "images": catalogue.images(identity["id"]),
        "languages": ["en"],
        "media_type": "audio",
    }


def _part(catalogue: Catalogue, kind: str, position: int, name: str) -> Json:
    """What episodes and chapters have in common."""
    rng = seeded(f"{kind}-audio", position)
    duration_ms = rng.randrange(600_000, 5_400_000)
    is_played = position % 4 == 0
    identity = _identity(catalogue, kind, position)
    return {
        **identity,
        **_words(name),
        "audio_preview_url": None,
        "duration_ms": duration_ms,
        "explicit": False,
        "images": catalogue.images(identity["id"]),
        "is_playable": True,
        "languages": ["en"],
        "release_date_precision": "day",
        "resume_point": {
            "fully_played": is_played,
            "resume_position_ms": 0 if is_played or position % 4 == 1 else rng.randrange(duration_ms),
        },
    }


def _words(name: str) -> Json:
    text = f"{name}, told for the sandbox."
    return {"description": text, "html_description": f"<p>{text}</p>", "name": name}


def _ghostly(catalogue: Catalogue, kind: str) -> Json:
    identity = {**catalogue.identity(kind, "null"), "id": None, "uri": None}
    return {**identity, "explicit": False, "images": [], "languages": [None]}
