"""The output schemas: well formed, true to real answers, and strict enough to catch a wrong shape.

They are held against the shapes of real answers and the names of the service's own description (`tests/facts`), and
against hand-made answers. Where the real answers themselves lie beside the checkout, those are held against them too.
"""

import copy
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import digest
import pytest
import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from connector.manifest.manifest import Manifest
from connector.manifest.schema_parts import find_part, iter_forms

ROOT = Path(__file__).resolve().parents[2]
OBJECTS = ROOT / "schemas" / "objects"

FILES = sorted(OBJECTS.glob("*.json"))
SCHEMAS = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in FILES}
DEFS = [f"{name}#/$defs/{key}" for name, schema in SCHEMAS.items() for key in schema["$defs"]]
REGISTRY: Registry[Any] = Registry().with_resources(
    (path.as_uri(), Resource(SCHEMAS[path.name], DRAFT202012)) for path in FILES
)

PLACEHOLDER = re.compile(r"\{\w+\}")

# What the blocks promise by name: manifests and builders rely on these addresses.
PROMISED = [
    "album.json#/$defs/Album",
    "album.json#/$defs/Albums",
    "album.json#/$defs/NewReleases",
    "album.json#/$defs/SavedAlbums",
    "album.json#/$defs/SimplifiedAlbum",
    "artist.json#/$defs/Artist",
    "artist.json#/$defs/Artists",
    "artist.json#/$defs/FollowedArtists",
    "artist.json#/$defs/SimplifiedArtist",
    "artist.json#/$defs/TopArtists",
    "audio_analysis.json#/$defs/AudioAnalysis",
    "audio_features.json#/$defs/AudioFeatures",
    "audio_features.json#/$defs/ManyAudioFeatures",
    "audiobook.json#/$defs/Audiobook",
    "audiobook.json#/$defs/Audiobooks",
    "audiobook.json#/$defs/FoundAudiobooks",
    "audiobook.json#/$defs/SavedAudiobooks",
    "category.json#/$defs/Categories",
    "category.json#/$defs/Category",
    "chapter.json#/$defs/Chapter",
    "chapter.json#/$defs/ChapterPage",
    "chapter.json#/$defs/Chapters",
    "common.json#/$defs/AvailableMarkets",
    "common.json#/$defs/Booleans",
    "common.json#/$defs/Empty",
    "common.json#/$defs/Genres",
    "common.json#/$defs/Images",
    "episode.json#/$defs/Episode",
    "episode.json#/$defs/EpisodePage",
    "episode.json#/$defs/Episodes",
    "episode.json#/$defs/FoundEpisodes",
    "episode.json#/$defs/SavedEpisodes",
    "player.json#/$defs/CurrentlyPlaying",
    "player.json#/$defs/Devices",
    "player.json#/$defs/PlaybackState",
    "player.json#/$defs/Queue",
    "player.json#/$defs/RecentlyPlayed",
    "playlist.json#/$defs/CategoryPlaylists",
    "playlist.json#/$defs/FeaturedPlaylists",
    "playlist.json#/$defs/Playlist",
    "playlist.json#/$defs/PlaylistItems",
    "playlist.json#/$defs/PlaylistPage",
    "playlist.json#/$defs/Snapshot",
    "recommendations.json#/$defs/Recommendations",
    "search.json#/$defs/Found",
    "show.json#/$defs/FoundShows",
    "show.json#/$defs/SavedShows",
    "show.json#/$defs/Show",
    "show.json#/$defs/Shows",
    "token.json#/$defs/AppToken",
    "token.json#/$defs/Refreshed",
    "token.json#/$defs/SignIn",
    "track.json#/$defs/SavedTracks",
    "track.json#/$defs/SimplifiedTrack",
    "track.json#/$defs/TopTracks",
    "track.json#/$defs/Track",
    "track.json#/$defs/Tracks",
    "user.json#/$defs/Profile",
    "user.json#/$defs/PublicUser",
]

# Def -> (the path from an answer to its page, the field that says where the page goes on).
PAGED = {
    "album.json#/$defs/NewReleases": ("albums", "offset"),
    "album.json#/$defs/SavedAlbums": ("", "offset"),
    "artist.json#/$defs/FollowedArtists": ("artists", "cursors"),
    "artist.json#/$defs/TopArtists": ("", "offset"),
    "category.json#/$defs/Categories": ("categories", "offset"),
    "audiobook.json#/$defs/FoundAudiobooks": ("audiobooks", "offset"),
    "audiobook.json#/$defs/SavedAudiobooks": ("", "offset"),
    "chapter.json#/$defs/ChapterPage": ("", "offset"),
    "episode.json#/$defs/EpisodePage": ("", "offset"),
    "episode.json#/$defs/FoundEpisodes": ("episodes", "offset"),
    "episode.json#/$defs/SavedEpisodes": ("", "offset"),
    "player.json#/$defs/RecentlyPlayed": ("", "cursors"),
    "playlist.json#/$defs/CategoryPlaylists": ("playlists", "offset"),
    "playlist.json#/$defs/FeaturedPlaylists": ("playlists", "offset"),
    "show.json#/$defs/FoundShows": ("shows", "offset"),
    "show.json#/$defs/SavedShows": ("", "offset"),
    "track.json#/$defs/SavedTracks": ("", "offset"),
    "track.json#/$defs/TopTracks": ("", "offset"),
}

# Operation -> def of its answer, by the block that sends it; where several blocks send one, the def of the widest.
ANSWERS = {
    PLACEHOLDER.sub("{}", route.name): block.output["$ref"].removeprefix("schemas/objects/")
    for block in Manifest.load()
    for route in block.routes
    if not route.each
} | {"GET /search": "search.json#/$defs/Found", "POST /api/token": "token.json#/$defs/Refreshed"}

# Name in the service's description -> def that speaks of the same thing.
OFFICIAL = {
    "AlbumObject": "album.json#/$defs/Album",
    "ArtistDiscographyAlbumObject": "album.json#/$defs/SimplifiedAlbum",
    "ArtistObject": "artist.json#/$defs/Artist",
    "AudioAnalysisObject": "audio_analysis.json#/$defs/AudioAnalysis",
    "AudioFeaturesObject": "audio_features.json#/$defs/AudioFeatures",
    "AudiobookObject": "audiobook.json#/$defs/Audiobook",
    "AuthorObject": "audiobook.json#/$defs/Person",
    "CategoryObject": "category.json#/$defs/Category",
    "ChapterObject": "chapter.json#/$defs/Chapter",
    "ContextObject": "player.json#/$defs/Context",
    "CopyrightObject": "common.json#/$defs/Copyright",
    "CurrentlyPlayingContextObject": "player.json#/$defs/Playback",
    "CursorObject": "paging.json#/$defs/Cursors",
    "CursorPagingPlayHistoryObject": "player.json#/$defs/RecentlyPlayed",
    "CursorPagingSimplifiedArtistObject": "artist.json#/$defs/FollowedArtistsPage",
    "DeviceObject": "player.json#/$defs/Device",
    "DisallowsObject": "player.json#/$defs/Disallows",
    "EpisodeObject": "episode.json#/$defs/Episode",
    "ExplicitContentSettingsObject": "user.json#/$defs/ExplicitContent",
    "ExternalIdObject": "common.json#/$defs/ExternalIds",
    "ExternalUrlObject": "common.json#/$defs/ExternalUrls",
    "FollowersObject": "common.json#/$defs/Followers",
    "ImageObject": "common.json#/$defs/Image",
    "LinkedTrackObject": "track.json#/$defs/LinkedTrack",
    "PagingArtistDiscographyAlbumObject": "album.json#/$defs/AlbumPage",
    "PagingFeaturedPlaylistObject": "playlist.json#/$defs/FeaturedPlaylists",
    "PagingPlaylistObject": "playlist.json#/$defs/PlaylistPage",
    "PagingSavedAlbumObject": "album.json#/$defs/SavedAlbums",
    "PagingSavedEpisodeObject": "episode.json#/$defs/SavedEpisodes",
    "PagingSavedShowObject": "show.json#/$defs/SavedShows",
    "PagingSavedTrackObject": "track.json#/$defs/SavedTracks",
    "PagingSimplifiedAlbumObject": "album.json#/$defs/AlbumPage",
    "PagingSimplifiedAudiobookObject": "audiobook.json#/$defs/AudiobookPage",
    "PagingSimplifiedChapterObject": "chapter.json#/$defs/ChapterPage",
    "PagingSimplifiedEpisodeObject": "episode.json#/$defs/EpisodePage",
    "PagingSimplifiedShowObject": "show.json#/$defs/ShowPage",
    "PlayHistoryObject": "player.json#/$defs/Play",
    "PlaylistObject": "playlist.json#/$defs/Playlist",
    "PlaylistOwnerObject": "user.json#/$defs/Owner",
    "PlaylistTrackObject": "playlist.json#/$defs/PlaylistItem",
    "PrivateUserObject": "user.json#/$defs/Profile",
    "PublicUserObject": "user.json#/$defs/PublicUser",
    "QueueObject": "player.json#/$defs/Queue",
    "RecommendationSeedObject": "recommendations.json#/$defs/RecommendationSeed",
    "RecommendationsObject": "recommendations.json#/$defs/Recommendations",
    "ResumePointObject": "episode.json#/$defs/ResumePoint",
    "SavedAlbumObject": "album.json#/$defs/SavedAlbum",
    "SavedEpisodeObject": "episode.json#/$defs/SavedEpisode",
    "SavedShowObject": "show.json#/$defs/SavedShow",
    "SavedTrackObject": "track.json#/$defs/SavedTrack",
    "SectionObject": "audio_analysis.json#/$defs/Section",
    "SegmentObject": "audio_analysis.json#/$defs/Segment",
    "ShowObject": "show.json#/$defs/Show",
    "SimplifiedAlbumObject": "album.json#/$defs/SimplifiedAlbum",
    "SimplifiedArtistObject": "artist.json#/$defs/SimplifiedArtist",
    "SimplifiedAudiobookObject": "audiobook.json#/$defs/SimplifiedAudiobook",
    "SimplifiedChapterObject": "chapter.json#/$defs/SimplifiedChapter",
    "SimplifiedEpisodeObject": "episode.json#/$defs/SimplifiedEpisode",
    "SimplifiedPlaylistObject": "playlist.json#/$defs/SimplifiedPlaylist",
    "SimplifiedShowObject": "show.json#/$defs/SimplifiedShow",
    "SimplifiedTrackObject": "track.json#/$defs/SimplifiedTrack",
    "TimeIntervalObject": "audio_analysis.json#/$defs/TimeInterval",
    "TrackObject": "track.json#/$defs/Track",
    "TrackRestrictionObject": "common.json#/$defs/Restrictions",
}


def build_validator(ref: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"{OBJECTS.as_uri()}/{ref}"}, registry=REGISTRY)


def check_answer(ref: str, answer: object) -> str | None:
    """The first thing wrong with an answer, or None."""
    error = best_match(build_validator(ref).iter_errors(answer))
    return error and f"{error.json_path}: {error.message}"


def resolve(ref: str, file: str) -> tuple[dict[str, Any], str]:
    """The schema that a `$ref` in `file` points to, and the file it stands in."""
    resolved = REGISTRY.resolver(base_uri=(OBJECTS / file).as_uri()).lookup(ref)
    name = ref.partition("#")[0] or file
    return resolved.contents, name


def iter_schemas(schema: Any, path: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every subschema below (and with) this one, with its pointer."""
    yield path, schema
    for word in ("properties", "$defs"):
        for key, child in schema.get(word, {}).items():
            yield from iter_schemas(child, f"{path}/{word}/{key}")
    for number, child in enumerate(schema.get("anyOf", ())):
        yield from iter_schemas(child, f"{path}/anyOf/{number}")
    if "items" in schema:
        yield from iter_schemas(schema["items"], f"{path}/items")


def iter_refs(ref: str) -> Iterator[str]:
    """The defs that a def refers to directly."""
    file = ref.partition("#")[0]
    schema, _ = resolve(ref, file)
    for _, child in iter_schemas(schema):
        if "$ref" in child:
            name, _, pointer = child["$ref"].partition("#")
            yield f"{name or file}#{pointer}"


# ---- well formed -------------------------------------------------------------------------------------------


@pytest.mark.each("path", FILES)
def test_file_is_a_schema_in_the_house_layout(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    assert list(schema) == ["$schema", "title", "description", "$defs"]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert text == json.dumps(schema, indent=2, ensure_ascii=False) + "\n", "indent by two spaces"


@pytest.mark.each("ref", PROMISED)
def test_promised_def_exists(ref: str) -> None:
    assert ref in DEFS


@pytest.mark.each("ref", DEFS)
def test_def_is_described_typed_and_resolves(ref: str) -> None:
    file = ref.partition("#")[0]
    top, _ = resolve(ref, file)
    assert top.get("title"), ref
    assert top.get("description"), ref
    assert "type" in top, ref
    for path, schema in iter_schemas(top):
        known = {"$ref", "anyOf", "const", "description", "enum", "examples", "format", "items", "maximum"}
        known |= {"maxProperties", "minimum", "properties", "required", "title", "type", "x-brief", "x-file"}
        assert not set(schema) - known, f"{ref}{path[1:]}: a word that the tools here do not read"
        assert set(schema) & {"type", "$ref", "anyOf"}, f"{ref}{path[1:]} accepts anything"
        assert set(schema.get("required", ())) <= set(schema.get("properties", ())), f"{ref}{path[1:]}"
        for key, prop in schema.get("properties", {}).items():
            target = resolve(prop["$ref"], file)[0] if "$ref" in prop else {}
            text = prop.get("description") or target.get("description")
            assert text, f"{ref}{path[1:]}/properties/{key} has no description"
            assert text.endswith("."), f"{ref}{path[1:]}/properties/{key}: {text!r} is no sentence"
        if "$ref" in schema:
            assert resolve(schema["$ref"], file)[0], f"{ref}{path[1:]}"


@pytest.mark.each("ref", DEFS)
def test_what_a_person_wants_of_an_entry_is_described(ref: str) -> None:
    brief = resolve(ref, ref.partition("#")[0])[0].get("x-brief", ())
    # What holds several lists names a few for each.
    assert all(count <= 12 for count in Counter(pointer.rpartition("[]")[0] for pointer in brief).values())
    for pointer in brief:
        assert follow(pointer, ref), pointer
        assert "object" not in {kind for schema, file in follow(pointer, ref) for kind in iter_types(schema, file)}, (
            pointer
        )


@pytest.mark.each("ref", PAGED)
def test_an_entry_of_a_page_says_what_a_person_wants_of_it(ref: str) -> None:
    at, _ = PAGED[ref]
    entries = follow(f"{at}.items[]", ref)
    assert all("x-brief" in schema for schema, _ in entries if "properties" in schema)


@pytest.mark.each("ref", DEFS)
def test_def_never_contains_itself(ref: str) -> None:
    """Field mappers and documentation write the shapes out in full, which must come to an end."""
    seen: set[str] = set()
    ahead = list(iter_refs(ref))
    while ahead:
        current = ahead.pop()
        if current not in seen:
            seen.add(current)
            ahead.extend(iter_refs(current))
    assert ref not in seen


@pytest.mark.each("ref", PAGED)
def test_page_is_readable_property_by_property(ref: str) -> None:
    at, style = PAGED[ref]
    schema, file = resolve(ref, ref.partition("#")[0])
    if at:
        schema, file = resolve(schema["properties"][at]["$ref"], file)
    assert {"href", "items", "limit", "next", "total", style} <= set(schema["properties"])
    assert schema["properties"]["items"]["type"] == "array"
    assert "items" in schema["required"]
    entry, nothing = schema["properties"]["items"]["items"]["anyOf"]
    assert nothing == {"type": "null"}
    assert resolve(entry["$ref"], file)[0]["properties"]
    assert ("previous" in schema["properties"]) == (style == "offset")


# ---- true to real answers ----------------------------------------------------------------------------------


#: Fields of real answers that no schema describes, and so nobody is offered: the service describes none of them either.
UNDESCRIBED = {
    "birthdate",  # of a profile, until 2018
    "primary_color",  # of a playlist's item, always null
    "video_thumbnail",  # of a playlist's item
    "track.episode",  # whether a playlist's item is one, which its type says
    "track.track",  # the same the other way round
    "album.is_playable",  # of an album within a track that was asked for with a market
    "restriction",  # of an episode, another spelling of restrictions
    "restriction.reason",
}


def find_def(operation: str) -> str | None:
    """The def that the answers of an operation, of status 200 or 201, are held against."""
    endpoint, _, status = operation.rpartition(" ")
    return ANSWERS.get(PLACEHOLDER.sub("{}", endpoint)) if status in ("200", "201") else None


#: What no real answer was seen of.
UNSEEN = {
    "artist.json#/$defs/TopArtists",
    "audiobook.json#/$defs/Audiobook",
    "audiobook.json#/$defs/Audiobooks",
    "audiobook.json#/$defs/FoundAudiobooks",
    "chapter.json#/$defs/Chapters",
    "common.json#/$defs/AvailableMarkets",
    "common.json#/$defs/Empty",
    "common.json#/$defs/Genres",
    "episode.json#/$defs/FoundEpisodes",
    "playlist.json#/$defs/Snapshot",
    "show.json#/$defs/FoundShows",
    "token.json#/$defs/AppToken",
    "token.json#/$defs/SignIn",
}


def iter_leaves(schema: dict[str, Any], file: str) -> Iterator[tuple[dict[str, Any], str]]:
    """A schema's alternatives, with references followed."""
    if "$ref" in schema:
        yield from iter_leaves(*resolve(schema["$ref"], file))
    for part in schema.get("anyOf", ()):
        yield from iter_leaves(part, file)
    if "type" in schema:
        yield schema, file


def follow(path: str, ref: str) -> list[tuple[dict[str, Any], str]]:
    """The schemas that stand at a digest's `path` below a def; none where nothing is said of it."""
    places = list(iter_leaves({"$ref": ref}, ref.partition("#")[0]))
    for step in path.replace("[]", ".[]").strip(".").split("."):
        if step == "[]":
            inner = [(schema["items"], file) for schema, file in places if "items" in schema]
        elif step:
            found = [(schema.get("properties", {}), file) for schema, file in places]
            inner = [(properties[step], file) for properties, file in found if step in properties]
        else:
            continue
        places = [leaf for schema, file in inner for leaf in iter_leaves(schema, file)]
    return places


def find_problems(shape: dict[str, str], ref: str) -> Iterator[str]:
    """What a def does not allow of what was seen in real answers."""
    for path, seen in shape.items():
        places = follow(path, ref)
        if not places:
            parent = path.removesuffix("[]") if path.endswith("[]") else path.rpartition(".")[0]
            if follow(parent, ref) and not path.endswith(tuple(UNDESCRIBED)):
                yield f"{path} is not described"
            continue
        allowed = {kind for schema, file in places for kind in iter_types(schema, file)}
        allowed |= {"integer", "integral"} if "number" in allowed else {"integral"} if "integer" in allowed else set()
        if unmet := set(seen.removesuffix("?").split("|")) - allowed:
            yield f"{path} may not be {', '.join(sorted(unmet))}"
        if seen.endswith("?"):
            parent, _, key = path.rpartition(".")
            owners = [schema for schema, _ in follow(parent, ref) if "object" in schema["type"]]
            if all(key in schema.get("required", ()) for schema in owners):
                yield f"{path} may not be absent"


SHAPES = digest.load("answers.json")
CHECKED = [(operation, ref) for operation in SHAPES if (ref := find_def(operation))]


@pytest.mark.each(("operation", "ref"), CHECKED)
def test_a_schema_allows_what_was_seen_in_real_answers(operation: str, ref: str) -> None:
    assert set(find_problems(SHAPES[operation]["shape"], ref)) == set()


def test_every_answer_that_was_seen_is_one_of_a_block() -> None:
    assert {operation for operation in SHAPES if operation[-3:] in ("200", "201")} == {seen for seen, _ in CHECKED}


def test_shapes_of_every_kind_are_checked() -> None:
    inner = {f"{kind}.json#/$defs/Simplified{kind.title()}" for kind in ("album", "artist", "track")}
    assert set(PROMISED) - {ref for _, ref in CHECKED} - inner == UNSEEN


@pytest.mark.skipif(not digest.SOURCES.exists(), reason=f"no recorded answers at {digest.SOURCES}")
def test_real_answers_are_accepted(subtests: pytest.Subtests) -> None:
    for operation, name, answer in digest.iter_recorded(digest.SOURCES / "spotify" / "recorded"):
        if ref := find_def(operation):
            with subtests.test(name):
                assert check_answer(ref, answer) is None


@pytest.fixture(scope="module")
def official() -> dict[str, Any]:
    components: dict[str, Any] = digest.load("description.json")["components"]
    return components


def flatten(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """A described schema with its `$ref` followed and its `allOf` merged."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = components["schemas"][name] | {k: v for k, v in schema.items() if k != "$ref"}
    merged = {key: value for key, value in schema.items() if key != "allOf"}
    for part in schema.get("allOf", ()):
        part = flatten(part, components)
        merged["properties"] = part.get("properties", {}) | merged.get("properties", {})
        merged.setdefault("type", part.get("type"))
    return merged


def iter_types(schema: dict[str, Any], file: str) -> Iterator[str]:
    if "$ref" in schema:
        yield from iter_types(*resolve(schema["$ref"], file))
    for part in schema.get("anyOf", ()):
        yield from iter_types(part, file)
    kind = schema.get("type", ())
    yield from [kind] if isinstance(kind, str) else kind


@pytest.mark.each(("name", "ref"), OFFICIAL.items())
def test_every_described_field_is_here_with_its_type(name: str, ref: str, official: dict[str, Any]) -> None:
    described = flatten({"$ref": f"#/{name}"}, official)["properties"]
    schema, file = resolve(ref, ref.partition("#")[0])
    assert set(described) - set(schema["properties"]) == set()
    for key, value in described.items():
        theirs = flatten(value, official)
        ours = set(iter_types(schema["properties"][key], file))
        assert theirs.get("type", "object") in ours, key
        if theirs.get("nullable"):
            assert "null" in ours, key


@pytest.mark.skipif(not digest.SOURCES.exists(), reason=f"no description with examples at {digest.SOURCES}")
def test_described_examples_are_accepted(subtests: pytest.Subtests) -> None:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    source = yaml.load((digest.SOURCES / "spotify" / "web-api.openapi.yml").read_bytes(), loader)  # noqa: S506 - safe
    components = source["components"]
    for name, ref in OFFICIAL.items():
        for key, value in flatten({"$ref": f"#/{name}"}, components)["properties"].items():
            example = flatten(value, components).get("example")
            if example is not None:
                with subtests.test(f"{name}.{key}"):
                    assert check_answer(f"{ref}/properties/{key}", example) is None
    for name in ("ArrayOfBooleans", "SingletonArrayOfBoolean"):
        example = components["responses"][name]["content"]["application/json"]["schema"]["example"]
        assert check_answer("common.json#/$defs/Booleans", example) is None


# ---- hand-made answers: what reality does, and what it never does -------------------------------------------

API = "https://api.spotify.com/v1"


def build_head(kind: str, key: str = "7ouMYWpwJ422jRcDASZB7P") -> dict[str, Any]:
    head = {"id": key, "uri": f"spotify:{kind}:{key}", "href": f"{API}/{kind}s/{key}", "type": kind}
    return head | {"external_urls": {"spotify": f"https://open.spotify.com/{kind}/{key}"}}


def build_page(*items: object) -> dict[str, Any]:
    page = {"href": f"{API}/x", "items": list(items), "limit": 50, "next": None, "offset": 0}
    return page | {"previous": None, "total": len(items)}


# As small as an app in development mode may get them.
ARTIST = build_head("artist") | {"name": "Muse", "images": []}
ALBUM = build_head("album") | {
    "name": "Origin of Symmetry",
    "album_type": "album",
    "artists": [build_head("artist") | {"name": "Muse"}],
    "images": [{"url": "https://i.scdn.co/image/x", "height": None, "width": None}],
    "release_date": "2001-06-18",
    "release_date_precision": "day",
    "total_tracks": 12,
}
TRACK = build_head("track") | {
    "name": "Bliss",
    "album": ALBUM,
    "artists": [build_head("artist") | {"name": "Muse"}],
    "disc_number": 1,
    "duration_ms": 252000,
    "explicit": False,
    "is_local": False,
    "track_number": 2,
}
LOCAL = TRACK | {
    "id": None,
    "href": None,
    "uri": "spotify:local:Muse:Live:Bliss:252",
    "is_local": True,
    "external_urls": {},
    "external_ids": {},
    "popularity": 0,
    "album": dict.fromkeys(ALBUM) | {"name": "Live", "type": "album", "external_urls": {}, "images": [], "artists": []},
    "artists": [dict.fromkeys(ARTIST) | {"name": "Muse", "type": "artist", "external_urls": {}}],
}
GHOST = dict.fromkeys(("name", "id", "uri", "description", "duration_ms", "language", "resume_point")) | {
    "type": "episode",
    "href": f"{API}/episodes/x",
    "external_urls": {},
    "images": [],
    "languages": [None],
    "release_date": "0000",
    "release_date_precision": "year",
    "show": dict.fromkeys(("name", "id", "uri", "publisher", "copyrights")) | {"type": "show"},
}
PLACE = {"added_at": None, "added_by": None}
PLAYLIST = build_head("playlist") | {
    "name": "Morning",
    "collaborative": False,
    "images": None,
    "owner": build_head("user"),
    "public": None,
}
USER = build_head("user") | {"display_name": None, "images": []}
FEATURES = build_head("audio_features") | {"tempo": 120, "key": -1, "mode": 0, "instrumentalness": 0}
CATEGORY = {"id": "party", "name": "Party", "href": f"{API}/browse/categories/party", "icons": []}
TOKEN = {"access_token": "example", "token_type": "Bearer", "expires_in": 3600}
SAVED_TRACK = {"added_at": "2024-05-01T08:00:00Z", "track": TRACK}
SAVED_ALBUM = {"added_at": "2024-05-01T08:00:00Z", "album": ALBUM | {"tracks": build_page(TRACK, None)}}
SEED = {"id": "techno", "type": "GENRE", "href": None, "initialPoolSize": 250}
RECOMMENDED = {"tracks": [TRACK], "seeds": [SEED]}
FOLLOWED = {"artists": {"items": [ARTIST], "cursors": {"after": None}, "next": None, "limit": 50, "total": 1}}

EPISODE = build_head("episode") | {"name": "Low Tide", "duration_ms": 1800000, "explicit": False, "languages": ["en"]}
SHOW = build_head("show") | {"name": "Harbour Talk", "images": [], "total_episodes": 2}
BOOK = build_head("audiobook") | {
    "name": "The Long Pier",
    "authors": [{"name": "A. Quay"}],
    "narrators": [],
    "total_chapters": 1,
}
CHAPTER = build_head("chapter") | {"name": "One", "chapter_number": 0, "duration_ms": 600000}
DEVICE = {
    "id": None,
    "name": "Kitchen",
    "type": "Speaker",
    "is_active": False,
    "is_restricted": True,
    "volume_percent": None,
}
NOW = {"is_playing": True, "progress_ms": 5, "item": EPISODE, "currently_playing_type": "episode", "context": None}
PLAYBACK = NOW | {
    "device": DEVICE,
    "repeat_state": "off",
    "shuffle_state": False,
    "actions": {"disallows": {"resuming": True}},
}
PLAYS = {"items": [{"played_at": "2024-05-01T08:00:00.123Z", "track": TRACK, "context": None}, None]}
ANALYSIS = {"track": {"tempo": 120.5, "key": -1}, "segments": [{"start": 0, "duration": 0.2, "pitches": [0, 0.5]}]}

RIGHT = {
    "several albums": ("album.json#/$defs/Albums", {"albums": [ALBUM | {"tracks": build_page(TRACK)}, None]}),
    "several artists": ("artist.json#/$defs/Artists", {"artists": [ARTIST, None]}),
    "several tracks": ("track.json#/$defs/Tracks", {"tracks": [TRACK, None]}),
    "several features": ("audio_features.json#/$defs/ManyAudioFeatures", {"audio_features": [FEATURES, None]}),
    "analysis": (
        "audio_analysis.json#/$defs/AudioAnalysis",
        ANALYSIS | {key: [{"start": 0.1, "duration": 2, "confidence": 1}] for key in ("sections", "bars", "beats")},
    ),
    "audiobook": ("audiobook.json#/$defs/Audiobook", BOOK | {"chapters": build_page(CHAPTER, None)}),
    "several audiobooks": ("audiobook.json#/$defs/Audiobooks", {"audiobooks": [BOOK, None]}),
    "audiobooks found": ("audiobook.json#/$defs/FoundAudiobooks", {"audiobooks": build_page(BOOK, None)}),
    "saved audiobooks": ("audiobook.json#/$defs/SavedAudiobooks", build_page(BOOK, None)),
    "chapter": ("chapter.json#/$defs/Chapter", CHAPTER | {"audiobook": BOOK}),
    "chapters of a book": ("chapter.json#/$defs/ChapterPage", build_page(CHAPTER, None)),
    "several chapters": ("chapter.json#/$defs/Chapters", {"chapters": [CHAPTER, None]}),
    "markets": ("common.json#/$defs/AvailableMarkets", {"markets": ["SE"]}),
    "genres": ("common.json#/$defs/Genres", {"genres": ["techno"]}),
    "cover": ("common.json#/$defs/Images", [{"url": "https://i.scdn.co/image/x", "height": None}]),
    "no cover": ("common.json#/$defs/Images", []),
    "episode": ("episode.json#/$defs/Episode", EPISODE | {"show": SHOW}),
    "gone episode": ("episode.json#/$defs/Episode", GHOST),
    "episodes of a show": ("episode.json#/$defs/EpisodePage", build_page(EPISODE, None)),
    "several episodes": ("episode.json#/$defs/Episodes", {"episodes": [GHOST, None]}),
    "episodes found": ("episode.json#/$defs/FoundEpisodes", {"episodes": build_page(EPISODE, None)}),
    "saved episodes": (
        "episode.json#/$defs/SavedEpisodes",
        build_page({"added_at": "2024-05-01T08:00:00Z", "episode": EPISODE | {"show": SHOW}}, None),
    ),
    "show": ("show.json#/$defs/Show", SHOW | {"episodes": build_page(EPISODE, None)}),
    "several shows": ("show.json#/$defs/Shows", {"shows": [SHOW, None]}),
    "shows found": ("show.json#/$defs/FoundShows", {"shows": build_page(SHOW, None)}),
    "saved shows": (
        "show.json#/$defs/SavedShows",
        build_page({"added_at": "2024-05-01T08:00:00Z", "show": SHOW}, None),
    ),
    "playing": ("player.json#/$defs/CurrentlyPlaying", NOW),
    "an ad": ("player.json#/$defs/CurrentlyPlaying", NOW | {"item": None, "currently_playing_type": "ad"}),
    "nothing playing": ("player.json#/$defs/CurrentlyPlaying", {}),
    "playback": ("player.json#/$defs/PlaybackState", PLAYBACK),
    "devices": ("player.json#/$defs/Devices", {"devices": [DEVICE]}),
    "queue": ("player.json#/$defs/Queue", {"currently_playing": None, "queue": [TRACK, EPISODE]}),
    "recently played": ("player.json#/$defs/RecentlyPlayed", PLAYS | {"cursors": None, "next": None, "limit": 50}),
    "playlists": ("playlist.json#/$defs/PlaylistPage", build_page(PLAYLIST, None)),
    "playlist items": ("playlist.json#/$defs/PlaylistItems", build_page(PLACE | {"item": EPISODE}, None)),
    "snapshot": ("playlist.json#/$defs/Snapshot", {"snapshot_id": "MTA"}),
    "found": ("search.json#/$defs/Found", {"tracks": build_page(TRACK, None), "shows": build_page()}),
    "app token": ("token.json#/$defs/AppToken", TOKEN),
    "saved tracks": ("track.json#/$defs/SavedTracks", build_page(SAVED_TRACK)),
    "null among saved tracks": ("track.json#/$defs/SavedTracks", build_page(None, SAVED_TRACK)),
    "null track": ("track.json#/$defs/SavedTracks", build_page({"added_at": None, "track": None})),
    "empty page": ("track.json#/$defs/SavedTracks", build_page()),
    "unknown fields": ("track.json#/$defs/SavedTracks", build_page(SAVED_TRACK) | {"item": 1}),
    "top tracks": ("track.json#/$defs/TopTracks", build_page(TRACK, None)),
    "top artists": ("artist.json#/$defs/TopArtists", build_page(ARTIST, None)),
    "followed artists": ("artist.json#/$defs/FollowedArtists", FOLLOWED),
    "saved albums": ("album.json#/$defs/SavedAlbums", build_page(SAVED_ALBUM, None)),
    "new releases": ("album.json#/$defs/NewReleases", {"albums": build_page(ALBUM, None)}),
    "categories": ("category.json#/$defs/Categories", {"categories": build_page(CATEGORY)}),
    "local file": ("track.json#/$defs/Track", LOCAL),
    "integral floats": ("track.json#/$defs/Track", TRACK | {"duration_ms": 252000.0, "track_number": 2.0}),
    "capitals": ("track.json#/$defs/Track", TRACK | {"album": ALBUM | {"album_type": "ALBUM"}}),
    "release date unknown": ("album.json#/$defs/SimplifiedAlbum", ALBUM | {"release_date": "0000"}),
    "development-mode artist": ("artist.json#/$defs/Artist", ARTIST),
    "ghost episode": ("playlist.json#/$defs/PlaylistItem", PLACE | {"track": GHOST}),
    "gone track": ("playlist.json#/$defs/PlaylistItem", PLACE | {"track": None}),
    "old spelling": (
        "playlist.json#/$defs/Playlist",
        PLAYLIST | {"tracks": build_page(PLACE | {"track": LOCAL})},
    ),
    "new spelling": (
        "playlist.json#/$defs/Playlist",
        PLAYLIST | {"items": build_page(PLACE | {"item": TRACK})},
    ),
    "both spellings": (
        "playlist.json#/$defs/Playlist",
        PLAYLIST | {key: build_page(PLACE | {"item": TRACK, "track": TRACK}, None) for key in ("items", "tracks")},
    ),
    "featured playlists": (
        "playlist.json#/$defs/FeaturedPlaylists",
        {"message": "Hello", "playlists": build_page(PLAYLIST | {"items": {"href": "x", "total": 3}}, None)},
    ),
    "category playlists": (
        "playlist.json#/$defs/CategoryPlaylists",
        {"playlists": build_page(PLAYLIST | {"tracks": {"href": "x", "total": 3}})},
    ),
    "profile": ("user.json#/$defs/Profile", USER | {"account_id": "aB3", "followers": {"href": None}}),
    "development-mode profile": ("user.json#/$defs/Profile", USER),
    "other user": ("user.json#/$defs/PublicUser", USER),
    "audio features": ("audio_features.json#/$defs/AudioFeatures", FEATURES),
    "recommendations": ("recommendations.json#/$defs/Recommendations", RECOMMENDED),
    "sign-in": ("token.json#/$defs/SignIn", TOKEN | {"refresh_token": "example", "scope": ""}),
    "refreshed": ("token.json#/$defs/Refreshed", TOKEN),
    "refreshed and rotated": ("token.json#/$defs/Refreshed", TOKEN | {"refresh_token": "example"}),
    "booleans": ("common.json#/$defs/Booleans", [True, False]),
    "empty": ("common.json#/$defs/Empty", {}),
}

ERROR = {"error": {"status": 403, "message": "Forbidden"}}

# Name -> (the right answer it is made from, the path to what is changed, the value put there).
MUTATIONS: dict[str, tuple[str, tuple[Any, ...], Any]] = {
    "artist among tracks": ("several tracks", ("tracks", 0), ARTIST),
    "feature of another kind": ("several features", ("audio_features", 0), TRACK),
    "bar without a start": ("analysis", ("bars",), [{"duration": 2}]),
    "chapter among audiobooks": ("audiobooks found", ("audiobooks", "items", 0), CHAPTER),
    "author a string": ("audiobook", ("authors",), ["A. Quay"]),
    "chapter of no number": ("chapters of a book", ("items", 0, "chapter_number"), "one"),
    "market a number": ("markets", ("markets",), [46]),
    "cover without address": ("cover", (), [{"height": 64}]),
    "bare episode saved": ("saved episodes", ("items", 0), EPISODE),
    "track among episodes": ("several episodes", ("episodes", 0), TRACK),
    "episode among shows": ("shows found", ("shows", "items", 0), EPISODE),
    "playing a show": ("playing", ("item",), SHOW),
    "playback without device": ("playback", (), NOW | {"shuffle_state": False}),
    "device a string": ("playback", ("device",), "Kitchen"),
    "louder than loud": ("devices", ("devices", 0, "volume_percent"), 101),
    "queued artist": ("queue", ("queue", 0), ARTIST),
    "play without a time": ("recently played", ("items", 0), {"track": TRACK}),
    "snapshot null": ("snapshot", ("snapshot_id",), None),
    "found a list": ("found", ("tracks",), [TRACK]),
    "app token without expiry": ("app token", (), {"access_token": "example", "token_type": "Bearer"}),
    "items no array": ("saved tracks", ("items",), {"0": SAVED_TRACK}),
    "items null": ("top artists", ("items",), None),
    "inner items no array": ("new releases", ("albums", "items"), ALBUM),
    "entry is a string": ("top tracks", ("items", 0), "7ouMYWpwJ422jRcDASZB7P"),
    "entry of another kind": ("top tracks", ("items", 0), ARTIST),
    "artist among albums": ("new releases", ("albums", "items", 0), ARTIST),
    "bare track saved": ("saved tracks", ("items", 0), TRACK),
    "track id a number": ("saved tracks", ("items", 0, "track", "id"), 7),
    "album id a number": ("new releases", ("albums", "items", 0, "id"), 7),
    "album id null in full": ("saved albums", ("items", 0, "album", "id"), None),
    "artist id null in full": ("top artists", ("items", 0, "id"), None),
    "artists no array": ("local file", ("artists",), "Muse"),
    "album a string": ("local file", ("album",), "Live"),
    "fraction of a millisecond": ("integral floats", ("duration_ms",), 1.5),
    "number as a string": ("integral floats", ("duration_ms",), "252000"),
    "boolean as a string": ("integral floats", ("explicit",), "false"),
    "image without address": ("development-mode artist", ("images",), [{"height": 64}]),
    "image as a string": ("development-mode artist", ("images",), ["https://i.scdn.co/image/x"]),
    "total a string": ("saved albums", ("total",), "1"),
    "total negative": ("saved albums", ("total",), -1),
    "next a number": ("saved albums", ("next",), 2),
    "tracks of an album no page": ("saved albums", ("items", 0, "album", "tracks"), [TRACK]),
    "cursor a number": ("followed artists", ("artists", "cursors", "after"), 1),
    "followed users": ("followed artists", ("artists", "items", 0), USER),
    "page not wrapped": ("followed artists", (), build_page(ARTIST)),
    "page wrapped": ("top artists", (), {"artists": build_page(ARTIST)}),
    "category id a number": ("categories", ("categories", "items", 0, "id"), 1),
    "icons no array": ("categories", ("categories", "items", 0, "icons"), {}),
    "playlists no page": ("featured playlists", ("playlists",), [PLAYLIST]),
    "owner a string": ("category playlists", ("playlists", "items", 0, "owner"), "spotify"),
    "public a string": ("category playlists", ("playlists", "items", 0, "public"), "true"),
    "length negative": ("category playlists", ("playlists", "items", 0, "tracks", "total"), -1),
    "length instead of items": ("old spelling", ("tracks",), {"href": "x", "total": 3}),
    "playlist item of another kind": ("new spelling", ("items", "items", 0, "item"), ARTIST),
    "ghost with a number": ("ghost episode", ("track", "name"), 5),
    "profile id a number": ("profile", ("id",), 31),
    "profile of an artist": ("profile", (), ARTIST),
    "followers a number": ("profile", ("followers",), 12),
    "features of a track": ("audio features", ("type",), "track"),
    "tempo a string": ("audio features", ("tempo",), "120"),
    "energy beyond its range": ("audio features", ("energy",), 1.2),
    "key beyond its range": ("audio features", ("key",), 12),
    "seeds no array": ("recommendations", ("seeds",), SEED),
    "recommended album": ("recommendations", ("tracks", 0), ALBUM),
    "sign-in that cannot be refreshed": ("sign-in", (), TOKEN),
    "expiry a string": ("refreshed", ("expires_in",), "3600"),
    "refresh token null": ("refreshed and rotated", ("refresh_token",), None),
    "booleans as strings": ("booleans", (0,), "true"),
    "booleans by id": ("booleans", (), {"7ouMYWpwJ422jRcDASZB7P": True}),
    "empty with content": ("empty", ("snapshot_id",), "x"),
    "empty null": ("empty", (), None),
}


@pytest.mark.each("name", RIGHT)
def test_right_shape_is_accepted(name: str) -> None:
    assert check_answer(*RIGHT[name]) is None


@pytest.mark.each("name", RIGHT)
def test_error_body_and_nothing_are_rejected(name: str) -> None:
    for wrong in (ERROR, None, "", {"error": "invalid_grant"}):
        assert check_answer(RIGHT[name][0], wrong) is not None


@pytest.mark.each("name", MUTATIONS)
def test_wrong_shape_is_rejected(name: str) -> None:
    base, path, value = MUTATIONS[name]
    ref, right = RIGHT[base]
    answer: Any = {"answer": copy.deepcopy(right)}
    *parents, last = ("answer", *path)
    place = answer
    for step in parents:
        place = place[step]
    place[last] = value
    assert check_answer(ref, answer["answer"]) is not None


@pytest.mark.each("name", RIGHT)
def test_required_fields_are_needed(name: str) -> None:
    ref, right = RIGHT[name]
    for key in resolve(ref, ref.partition("#")[0])[0].get("required", ()):
        assert check_answer(ref, {k: v for k, v in right.items() if k != key}) is not None, key


def test_every_promised_def_has_a_hand_made_answer() -> None:
    inner = {f"{kind}.json#/$defs/Simplified{kind.title()}" for kind in ("artist", "track")}
    inner |= {"album.json#/$defs/Album", "category.json#/$defs/Category"}
    assert set(PROMISED) - {ref for ref, _ in RIGHT.values()} == inner


#: What says little is short without a choice of fields.
FEW_FIELDS = 8


def test_a_thing_with_many_fields_says_which_a_person_wants():
    wordy = []
    for block in Manifest.load(ROOT / "manifest.yaml"):
        entry = find_part(block.output_schema, block.listing.at if block.listing else ())
        entry = find_part(block.output_schema, ("[]",), entry) or entry
        fields = {name for form in iter_forms(block.output_schema, entry) for name in form.get("properties", ())}
        if len(fields) > FEW_FIELDS and not 1 < len(block.brief) <= 2 * FEW_FIELDS:
            wordy.append((block.name, len(fields), len(block.brief)))
    assert wordy == []
