"""spotipy, which nobody here wrote, against the sandbox."""

import re
import warnings
from urllib.parse import parse_qs, urlsplit

import pytest
from sandbox.calls import (
    ALBUM,
    ARTIST,
    BOOK,
    COVER,
    EPISODE,
    KITCHEN,
    LISTENER,
    OTHER_ALBUM,
    OTHER_ARTIST,
    OTHER_BOOK,
    OTHER_EPISODE,
    OTHER_SHOW,
    OTHER_TRACK,
    PLAYLIST,
    SHOW,
    TRACK,
    find_uncalled,
)
from spotipy import Spotify, SpotifyClientCredentials, SpotifyException, SpotifyOAuth, SpotifyPKCE
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.oauth2 import SpotifyOauthError

REDIRECT = "http://127.0.0.1:9090/callback"
TRACKS = ["1301WleyT98MSxVHPZCA6M", "11dFghVXANMlKmJXsNCbNl"]


@pytest.fixture
def spotify(sandbox):
    made = Spotify(auth=sandbox.demo_args["access_token"], retries=0, status_retries=0)
    made.prefix = f"{sandbox.url}/v1/"
    yield made
    made._session.close()


@pytest.fixture(autouse=True)
def _accounts_here(monkeypatch, sandbox):
    for owner in (SpotifyOAuth, SpotifyPKCE, SpotifyClientCredentials):
        monkeypatch.setattr(owner, "OAUTH_TOKEN_URL", f"{sandbox.url}/api/token")
        if owner is not SpotifyClientCredentials:
            monkeypatch.setattr(owner, "OAUTH_AUTHORIZE_URL", f"{sandbox.url}/authorize")
    # spotipy warns of everything that development mode lost; the sandbox speaks both modes.
    warnings.simplefilter("ignore", DeprecationWarning)


def agree(client, address):
    """What a person does with the sign-in page."""
    page = client.session.get(address).text
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.replace("&amp;", "&")))
    answer = client.session.post(f"{client.url}/authorize", data={**fields, "decision": "agree"}, allow_redirects=False)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def everything(spotify, page, key=None):
    items = list(page["items"])
    while page["next"]:
        page = spotify.next(page)
        page = page if key is None else page[key]
        items += page["items"]
    return items


def test_profile_and_pages(spotify):
    assert spotify.current_user()["id"] == "sandbox-listener"
    assert len(everything(spotify, spotify.current_user_saved_tracks(limit=50))) == 120
    assert len(everything(spotify, spotify.current_user_saved_albums(limit=50))) == 60
    assert len(everything(spotify, spotify.new_releases(limit=50)["albums"], "albums")) == 64
    assert len(everything(spotify, spotify.featured_playlists(limit=50)["playlists"], "playlists")) == 60
    assert len(everything(spotify, spotify.current_user_top_artists(limit=50))) == 60
    assert spotify.category_playlists("party")["playlists"]["total"] == 62


def test_followed_artists_by_cursor(spotify):
    found, after = [], None
    while True:
        page = spotify.current_user_followed_artists(limit=30, after=after)["artists"]
        found += page["items"]
        after = page["cursors"]["after"]
        if after is None:
            break
    assert len(found) == 70


def test_saving_and_removing(spotify, control):
    control.seed(saved_tracks=0, saved_albums=0)
    spotify.current_user_saved_tracks_add(TRACKS)
    assert spotify.current_user_saved_tracks_contains(TRACKS) == [True, True]
    assert spotify.current_user_saved_tracks()["total"] == 2
    spotify.current_user_saved_tracks_delete(TRACKS[:1])
    assert spotify.current_user_saved_tracks_contains(TRACKS) == [False, True]
    spotify.current_user_saved_albums_add(["382ObEPsp2rxGrnsizN5TX"])
    assert spotify.current_user_saved_albums_contains(["382ObEPsp2rxGrnsizN5TX"]) == [True]


def test_following(spotify, control):
    control.seed(followed_artists=0)
    spotify.user_follow_artists(["0TnOYISbd1XYRBk9myaseg"])
    spotify.user_follow_users(["thelinmichael"])
    assert spotify.current_user_following_artists(["0TnOYISbd1XYRBk9myaseg"]) == [True]
    assert spotify.current_user_following_users(["thelinmichael"]) == [True]
    spotify.user_unfollow_artists(["0TnOYISbd1XYRBk9myaseg"])
    assert spotify.current_user_following_artists(["0TnOYISbd1XYRBk9myaseg"]) == [False]


def test_reading_the_catalogue(spotify):
    assert spotify.track(TRACKS[0])["id"] == TRACKS[0]
    assert spotify.album("382ObEPsp2rxGrnsizN5TX")["tracks"]["total"] == 10
    assert spotify.playlist("3cEYpjA9oz9GiPac4AsH4n")["owner"]["id"] == "sandbox-listener"
    assert spotify.recommendations(seed_genres=["jazz"], limit=7, min_energy=0.2)["tracks"][6]
    assert spotify.search("amber", limit=5)["tracks"]["limit"] == 5


#: One call for every operation that spotipy knows, in an order in which each finds what it needs.
CALLS = [
    ("album", ALBUM),
    ("album_tracks", ALBUM),
    ("albums", [ALBUM, OTHER_ALBUM]),
    ("artist", ARTIST),
    ("artist_albums", ARTIST, {"include_groups": "album,single", "limit": 10}),
    ("artist_related_artists", ARTIST),
    ("artist_top_tracks", ARTIST),
    ("artists", [ARTIST, OTHER_ARTIST]),
    ("audio_analysis", TRACK),
    ("audio_features", [TRACK, OTHER_TRACK]),
    ("available_markets",),
    ("categories",),
    ("category", "party"),
    ("category_playlists", "party"),
    ("current_user",),
    ("current_user_followed_artists",),
    ("user_follow_artists", [ARTIST]),
    ("current_user_following_artists", [ARTIST]),
    ("user_unfollow_artists", [ARTIST]),
    ("current_user_saved_items", [f"spotify:track:{TRACK}"]),
    ("current_user_top_artists",),
    ("episode", EPISODE),
    ("episodes", [EPISODE, OTHER_EPISODE]),
    ("featured_playlists",),
    ("get_audiobook", BOOK),
    ("get_audiobook_chapters", BOOK),
    ("get_audiobooks", [BOOK, OTHER_BOOK]),
    ("new_releases",),
    ("recommendation_genre_seeds",),
    ("recommendations", {"seed_genres": ["jazz"], "min_energy": 0.2}),
    ("search", "a", {"type": "track,album,artist,playlist,show,episode,audiobook"}),
    ("show", SHOW),
    ("show_episodes", SHOW),
    ("shows", [SHOW, OTHER_SHOW]),
    ("track", TRACK),
    ("tracks", [TRACK, OTHER_TRACK]),
    ("user", "smedjan"),
    ("current_user_playlists",),
    ("current_user_playlist_create", "Kitchen"),
    ("user_playlists", "smedjan"),
    ("user_playlist_create", LISTENER, "Kitchen"),
    ("playlist", PLAYLIST),
    ("playlist_items", PLAYLIST),
    ("playlist_add_items", PLAYLIST, [f"spotify:track:{TRACK}"], 0),
    ("playlist_reorder_items", PLAYLIST, 0, 5),
    ("playlist_remove_all_occurrences_of_items", PLAYLIST, [f"spotify:track:{TRACK}"]),
    ("playlist_replace_items", PLAYLIST, [f"spotify:track:{TRACK}"]),
    ("playlist_change_details", PLAYLIST, {"name": "Kitchen"}),
    ("playlist_upload_cover_image", PLAYLIST, COVER),
    ("playlist_cover_image", PLAYLIST),
    ("current_user_unfollow_playlist", PLAYLIST),
    ("current_user_follow_playlist", PLAYLIST),
    ("devices",),
    ("transfer_playback", KITCHEN),
    ("start_playback", {"context_uri": f"spotify:album:{ALBUM}"}),
    ("current_playback",),
    ("currently_playing",),
    ("seek_track", 5_000),
    ("repeat", "context"),
    ("shuffle", False),
    ("volume", 40),
    ("add_to_queue", f"spotify:track:{TRACK}"),
    ("queue",),
    ("next_track",),
    ("previous_track",),
    ("pause_playback",),
    ("current_user_recently_played",),
    *(
        (f"current_user_saved_{kind}s{verb}", *ids)
        for kind, identifier in (("album", ALBUM), ("episode", EPISODE), ("show", SHOW), ("track", TRACK))
        for verb, *ids in (("",), ("_add", [identifier]), ("_contains", [identifier]), ("_delete", [identifier]))
    ),
]
#: What spotipy has no call for, or none that gets as far as sending: it saves, removes and checks by `/me/library`, but
#: for a few, and asks for `/items`.
UNKNOWN = {
    *("GET /playlists/{id}/followers/contains", "PUT /playlists/{id}/followers"),
    *(f"{method} /playlists/{{id}}/tracks" for method in ("GET", "POST", "PUT", "DELETE")),
    *("GET /audio-features/{id}", "GET /chapters", "GET /chapters/{id}", "GET /me/audiobooks"),
    *(
        request.format(kind)
        for kind in ("albums", "audiobooks", "episodes", "following", "shows", "tracks")
        for request in ("PUT /me/{}", "DELETE /me/{}", "GET /me/{}/contains")
    ),
} - {"GET /me/episodes/contains"}


def test_every_call_of_its_own_succeeds(spotify, control):
    for name, *given in CALLS:
        options = given.pop() if given and isinstance(given[-1], dict) else {}
        getattr(spotify, name)(*given, **options)
    assert find_uncalled(control.calls()) == UNKNOWN
    assert {call["status"] for call in control.calls()} <= {200, 201, 202, 204}


def test_errors_arrive_as_spotipy_knows_them(spotify, control):
    control.fault("rate_limited", retry_after=9)
    with pytest.raises(SpotifyException) as caught:
        spotify.current_user()
    assert caught.value.http_status == 429
    assert len(control.calls()) == 1
    with pytest.raises(SpotifyException, match="Resource not found"):
        spotify.track("0" * 22)


def test_the_sign_in_flow_with_a_secret(client, control):
    flow = SpotifyOAuth(
        "sandbox-client",
        "sandbox-secret-not-real",
        REDIRECT,
        scope="user-library-read",
        cache_handler=MemoryCacheHandler(),
        open_browser=False,
    )
    code = agree(client, flow.get_authorize_url())["code"]
    assert flow.get_access_token(code, as_dict=False, check_cache=False) == "sandbox-access-000001"
    token = flow.cache_handler.get_cached_token()
    assert token["scope"] == "user-library-read"
    refreshed = flow.refresh_access_token(token["refresh_token"])
    assert refreshed["refresh_token"] == token["refresh_token"]
    control.clock(advance_s=190 * 86_400)
    with pytest.raises(SpotifyOauthError, match="Refresh token expired"):
        flow.refresh_access_token(token["refresh_token"])
    flow._session.close()


def test_the_sign_in_flow_with_pkce(client):
    flow = SpotifyPKCE("sandbox-client", REDIRECT, cache_handler=MemoryCacheHandler(), open_browser=False)
    code = agree(client, flow.get_authorize_url())["code"]
    flow.get_access_token(code, check_cache=False)
    token = flow.cache_handler.get_cached_token()
    refreshed = flow.refresh_access_token(token["refresh_token"])
    assert refreshed["refresh_token"] != token["refresh_token"]
    with pytest.raises(SpotifyOauthError, match="Refresh token revoked"):
        flow.refresh_access_token(token["refresh_token"])
    flow._session.close()


def test_an_app_by_itself(sandbox):
    flow = SpotifyClientCredentials("sandbox-client", "sandbox-secret-not-real", cache_handler=MemoryCacheHandler())
    spotify = Spotify(auth_manager=flow, retries=0)
    spotify.prefix = f"{sandbox.url}/v1/"
    assert spotify.new_releases()["albums"]["total"] == 64
    with pytest.raises(SpotifyException, match="Unauthorized"):
        spotify.current_user()
    spotify._session.close()
    flow._session.close()
