"""Answers of the sandbox against the service's own OpenAPI description, where that lies beside the checkout.

With the awkward entries switched off an answer must fit. With them on, it may differ in the listed ways only, all of
them seen in live answers.
"""

import re
from pathlib import Path

import pytest
import yaml
from openapi_schema_validator import OAS30Validator

DESCRIPTION = Path(__file__).parents[2].parent / "shared" / "spotify" / "web-api.openapi.yml"

pytestmark = pytest.mark.skipif(not DESCRIPTION.exists(), reason="the service's OpenAPI description is not here")

PATHS = {
    "/albums/{id}": "/albums/382ObEPsp2rxGrnsizN5TX",
    "/artists/{id}": "/artists/0TnOYISbd1XYRBk9myaseg",
    "/audio-features/{id}": "/audio-features/1301WleyT98MSxVHPZCA6M",
    "/browse/categories": "/browse/categories?limit=50",
    "/browse/categories/{category_id}": "/browse/categories/party",
    "/browse/categories/{category_id}/playlists": "/browse/categories/party/playlists?limit=50",
    "/browse/featured-playlists": "/browse/featured-playlists?limit=50",
    "/browse/new-releases": "/browse/new-releases?limit=50",
    "/me": "/me",
    "/me/albums": "/me/albums?limit=50",
    "/me/albums/contains": "/me/albums/contains?ids=382ObEPsp2rxGrnsizN5TX",
    "/me/following": "/me/following?type=artist",
    "/me/following/contains": "/me/following/contains?type=user&ids=smedjan",
    "/me/library/contains": "/me/library/contains?uris=spotify:track:4iV5W9uYEdYUVa79Axb7Rh",
    "/me/playlists": "/me/playlists",
    "/me/top/{type}": "/me/top/tracks?limit=50",
    "/me/tracks": "/me/tracks?limit=50",
    "/me/tracks/contains": "/me/tracks/contains?ids=4iV5W9uYEdYUVa79Axb7Rh",
    "/playlists/{playlist_id}": "/playlists/3cEYpjA9oz9GiPac4AsH4n",
    "/playlists/{playlist_id}/items": "/playlists/3cEYpjA9oz9GiPac4AsH4n/items",
    "/recommendations": "/recommendations?seed_tracks=4iV5W9uYEdYUVa79Axb7Rh&limit=100",
    "/search": "/search?q=a&type=track,album,artist,playlist&limit=10",
    "/tracks/{id}": "/tracks/4iV5W9uYEdYUVa79Axb7Rh",
    "/users/{user_id}": "/users/smedjan",
}
MORE_ADDRESSES = [
    ("/me/top/{type}", "/me/top/artists"),
    ("/audio-features/{id}", "/audio-features/4iV5W9uYEdYUVa79Axb7Rh"),
    ("/browse/categories/{category_id}", "/browse/categories/dinner"),
    ("/me/playlists", "/me/playlists?limit=5&offset=5"),
]

AWKWARD = {
    "images is null",
    "public is null",
    "items is null",
    "height is a required property",
    "width is a required property",
    "album_type 'ALBUM' is not one of ['album', 'single', 'compilation']",
    "key is a whole number written as a float",
    "duration_ms is a whole number written as a float",
    # Null tracks and local files among a playlist's items: neither a TrackObject nor an EpisodeObject.
    "item fits none of the schemas",
    "track fits none of the schemas",
    # A top track of a shouted album: neither a TrackObject nor an ArtistObject.
    "items fits none of the schemas",
}
"""What awkward entries do against the description."""

ALWAYS = {
    # The last page of a cursor: recorded answers have null, the description says string.
    "next is null",
    "after is null",
    # A genre has no address.
    "href is null",
    # With a market, live answers have `is_playable` instead.
    "available_markets is a required property",
}


@pytest.fixture(scope="module")
def description():
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return without_extensions(yaml.load(DESCRIPTION.read_bytes(), Loader=loader))  # noqa: S506 - both are safe loaders


def without_extensions(value):
    """The description without the service's own keys, and without discriminators: they lack the mapping they need."""
    if isinstance(value, list):
        return [without_extensions(item) for item in value]
    if isinstance(value, dict):
        kept = {name: item for name, item in value.items() if not re.match("x-spotify-|discriminator$", str(name))}
        return {name: without_extensions(item) for name, item in kept.items()}
    return value


def deviations(description, template, answer):
    assert answer.status_code == 200, answer.text
    response = description["paths"][template]["get"]["responses"]["200"]
    if "$ref" in response:
        response = description["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    schema = {
        "allOf": [response["content"]["application/json"]["schema"]],
        "components": description["components"],
    }
    return {describe(error) for error in OAS30Validator(schema).iter_errors(answer.json())}


def describe(error):
    if error.validator == "required":
        return error.message.replace("'", "")
    if error.validator == "oneOf":
        problem = "fits none of the schemas"
    elif error.instance is None:
        problem = "is null"
    elif isinstance(error.instance, float) and error.instance.is_integer():
        problem = "is a whole number written as a float"
    else:
        problem = error.message
    field = [step for step in error.absolute_path if isinstance(step, str)][-1:]
    return " ".join([*field, problem])


@pytest.mark.parametrize(("template", "address"), [*PATHS.items(), *MORE_ADDRESSES])
def test_plain_answers_fit(client, control, description, template, address):
    control.seed(awkward=False)
    assert deviations(description, template, client.get(address)) == set()


@pytest.mark.parametrize(("template", "address"), [*PATHS.items(), *MORE_ADDRESSES])
def test_awkward_answers_differ_in_known_ways(client, description, template, address):
    assert deviations(description, template, client.get(address)) <= AWKWARD


def test_every_known_way_occurs(client, description):
    found = set().union(*(deviations(description, *place) for place in _asked(client, PATHS.items())))
    assert found == AWKWARD


def test_the_deviations_that_never_go_away(client, control, description):
    control.seed(awkward=False)
    places = [
        ("/me/following", "/me/following?type=artist&limit=50&after=zzz"),
        ("/recommendations", "/recommendations?seed_genres=pop"),
        ("/me/tracks", "/me/tracks?market=SE"),
    ]
    assert set().union(*(deviations(description, *place) for place in _asked(client, places))) == ALWAYS


def test_the_validator_bites(client, control, description):
    control.seed(awkward=False)
    control.fault("custom", status=200, body={"categories": {"items": [{"id": 1}]}})
    assert deviations(description, "/browse/categories", client.get("/browse/categories"))


def _asked(client, places):
    return [(template, client.get(address)) for template, address in places]
