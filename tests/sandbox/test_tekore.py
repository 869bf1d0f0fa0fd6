"""tekore, which nobody here wrote, against the sandbox. Its models refuse an object that lacks a field it knows."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import tekore
from sandbox.calls import (
    ALBUM,
    ARTIST,
    BOOK,
    CHAPTER,
    COVER,
    EPISODE,
    KITCHEN,
    LISTENER,
    OTHER_ALBUM,
    OTHER_ARTIST,
    OTHER_CHAPTER,
    OTHER_EPISODE,
    OTHER_SHOW,
    OTHER_TRACK,
    PLAYLIST,
    SHOW,
    TRACK,
    find_uncalled,
)

CREDENTIALS = ("sandbox-client", "sandbox-secret-not-real", "http://127.0.0.1:9090/callback")
TRACKS = ["1301WleyT98MSxVHPZCA6M", "11dFghVXANMlKmJXsNCbNl"]


@pytest.fixture
def sender(sandbox, monkeypatch):
    monkeypatch.setattr("tekore._client.base.prefix", f"{sandbox.url}/v1/")
    monkeypatch.setattr("tekore._auth.expiring.client.OAUTH_TOKEN_URL", f"{sandbox.url}/api/token")
    monkeypatch.setattr("tekore._auth.expiring.client.OAUTH_AUTHORIZE_URL", f"{sandbox.url}/authorize")
    made = tekore.SyncSender()
    yield made
    made.close()


@pytest.fixture
def spotify(sandbox, sender):
    return tekore.Spotify(sandbox.demo_args["access_token"], sender=sender)


def test_profile_and_saved_tracks(spotify):
    assert spotify.current_user().account_id == "sandbox-account-0001"
    page = spotify.saved_tracks(limit=50)
    assert page.total == 120
    assert len({item.track.id for item in spotify.all_items(page)}) == 120


def test_other_pages(spotify):
    assert len(list(spotify.all_items(spotify.saved_albums(limit=50)))) == 60
    assert len(list(spotify.all_items(spotify.followed_artists(limit=20)))) == 70
    assert len(list(spotify.all_items(spotify.new_releases(limit=30)))) == 64
    assert len(list(spotify.all_items(spotify.categories(limit=50)))) == 64
    assert len(list(spotify.all_items(spotify.current_user_top_tracks(limit=50)))) == 60


def test_playlists(spotify, control):
    # tekore requires `description` and `snapshot_id`, which live answers sometimes lack, and stumbles over local files.
    control.seed(awkward=False)
    message, page = spotify.featured_playlists(limit=50)
    assert message
    # tekore cannot follow `next` here: the next page comes wrapped beside a message, as live.
    _, rest = spotify.featured_playlists(limit=50, offset=50)
    assert len({playlist.id for playlist in [*page.items, *rest.items]}) == 60
    assert spotify.category_playlists("dinner").total == 55
    assert spotify.playlist("3cEYpjA9oz9GiPac4AsH4n").tracks.total == 75


def test_saving_checking_removing(spotify, control):
    control.seed(saved_tracks=0, saved_albums=0)
    spotify.saved_tracks_add(TRACKS)
    assert spotify.saved_tracks_contains(TRACKS) == [True, True]
    spotify.saved_tracks_delete(TRACKS[:1])
    assert spotify.saved_tracks_contains(TRACKS) == [False, True]
    spotify.saved_albums_add(["382ObEPsp2rxGrnsizN5TX"])
    assert spotify.saved_albums().items[0].album.id == "382ObEPsp2rxGrnsizN5TX"


def test_following(spotify, control):
    control.seed(followed_artists=0, followed_playlists=0)
    spotify.artists_follow(["0TnOYISbd1XYRBk9myaseg"])
    spotify.users_follow(["thelinmichael"])
    spotify.playlist_follow("3cEYpjA9oz9GiPac4AsH4n", public=False)
    assert spotify.artists_is_following(["0TnOYISbd1XYRBk9myaseg"]) == [True]
    assert spotify.users_is_following(["thelinmichael"]) == [True]
    assert spotify.followed_playlists().items[0].public is False
    spotify.artists_unfollow(["0TnOYISbd1XYRBk9myaseg"])
    spotify.playlist_unfollow("3cEYpjA9oz9GiPac4AsH4n")
    assert spotify.artists_is_following(["0TnOYISbd1XYRBk9myaseg"]) == [False]
    assert spotify.followed_playlists().total == 0


def test_features_and_recommendations(spotify):
    features = spotify.track_audio_features(TRACKS[0])
    assert features.id == TRACKS[0]
    answer = spotify.recommendations(track_ids=TRACKS, genres=["pop"], limit=5, target_energy=0.5)
    assert len(answer.tracks) == 5


#: One call for every operation that tekore knows, in an order in which each finds what it needs.
CALLS = [
    ("album", ALBUM),
    ("album_tracks", ALBUM),
    ("albums", [ALBUM, OTHER_ALBUM]),
    ("artist", ARTIST),
    ("artist_albums", ARTIST, {"include_groups": ["album", "single"], "limit": 10}),
    ("artist_related_artists", ARTIST),
    ("artist_top_tracks", ARTIST, "SE"),
    ("artists", [ARTIST, OTHER_ARTIST]),
    ("artists_follow", [ARTIST]),
    ("artists_is_following", [ARTIST]),
    ("artists_unfollow", [ARTIST]),
    ("audiobook", BOOK),
    ("audiobook_chapters", BOOK),
    ("categories",),
    ("category", "party"),
    ("category_playlists", "party"),
    ("chapter", CHAPTER),
    ("chapters", [CHAPTER, OTHER_CHAPTER]),
    ("current_user",),
    ("current_user_top_tracks",),
    ("episode", EPISODE),
    ("episodes", [EPISODE, OTHER_EPISODE]),
    ("featured_playlists",),
    ("followed_artists",),
    ("markets",),
    ("new_releases",),
    ("recommendation_genre_seeds",),
    ("recommendations", {"genres": ["jazz"], "min_energy": 0.2}),
    ("search", "a", {"types": ("track", "album", "artist", "playlist", "show", "episode", "audiobook")}),
    ("show", SHOW),
    ("show_episodes", SHOW),
    ("shows", [SHOW, OTHER_SHOW]),
    ("track", TRACK),
    ("track_audio_analysis", TRACK),
    ("track_audio_features", TRACK),
    ("tracks", [TRACK, OTHER_TRACK]),
    ("tracks_audio_features", [TRACK, OTHER_TRACK]),
    ("user", "smedjan"),
    ("followed_playlists",),
    ("playlists", "smedjan"),
    ("playlist_create", LISTENER, "Kitchen"),
    ("playlist", PLAYLIST),
    ("playlist_items", PLAYLIST),
    ("playlist_add", PLAYLIST, [f"spotify:track:{TRACK}"], 0),
    ("playlist_reorder", PLAYLIST, 0, 5),
    ("playlist_remove", PLAYLIST, [f"spotify:track:{TRACK}"]),
    ("playlist_replace", PLAYLIST, [f"spotify:track:{TRACK}"]),
    ("playlist_change_details", PLAYLIST, {"name": "Kitchen"}),
    ("playlist_cover_image_upload", PLAYLIST, COVER),
    ("playlist_cover_image", PLAYLIST),
    ("playlist_unfollow", PLAYLIST),
    ("playlist_follow", PLAYLIST),
    ("playlist_is_following", PLAYLIST, [LISTENER]),
    ("playback_devices",),
    ("playback_transfer", KITCHEN),
    ("playback_start_context", f"spotify:album:{ALBUM}"),
    ("playback",),
    ("playback_currently_playing",),
    ("playback_seek", 5_000),
    ("playback_repeat", "context"),
    ("playback_shuffle", False),
    ("playback_volume", 40),
    ("playback_queue_add", f"spotify:track:{TRACK}"),
    ("playback_queue",),
    ("playback_next",),
    ("playback_previous",),
    ("playback_pause",),
    ("playback_recently_played",),
    *(
        (f"saved_{kind}s{verb}", *ids)
        for kind, identifier in (("album", ALBUM), ("episode", EPISODE), ("show", SHOW), ("track", TRACK))
        for verb, *ids in (("",), ("_add", [identifier]), ("_contains", [identifier]), ("_delete", [identifier]))
    ),
]
#: What tekore has no call for; several audiobooks it asks for at an address that there isn't.
UNKNOWN = {
    "GET /audiobooks",
    "POST /me/playlists",
    *(f"{method} /playlists/{{id}}/items" for method in ("GET", "POST", "PUT", "DELETE")),
    *("GET /me/audiobooks", "PUT /me/audiobooks", "DELETE /me/audiobooks", "GET /me/audiobooks/contains"),
    *("DELETE /me/library", "GET /me/library/contains", "PUT /me/library"),
}


def test_every_call_of_its_own_succeeds(spotify, control):
    # Its models know nothing of what live answers do against the description.
    control.seed(awkward=False, devices=[{"id": KITCHEN, "name": "Kitchen", "is_active": True}])
    for name, *given in CALLS:
        options = given.pop() if given and isinstance(given[-1], dict) else {}
        getattr(spotify, name)(*given, **options)
    assert find_uncalled(control.calls()) == UNKNOWN
    assert {call["status"] for call in control.calls()} <= {200, 201, 202, 204}


def test_errors_arrive_as_tekore_knows_them(spotify, control):
    for name, expected in (
        ("rate_limited", tekore.TooManyRequests),
        ("expired_token", tekore.Unauthorised),
        ("insufficient_scope", tekore.Forbidden),
        ("server_error", tekore.InternalServerError),
        ("bad_gateway", tekore.BadGateway),
    ):
        control.fault(name)
        with pytest.raises(expected):
            spotify.current_user()


def agree(client, address):
    page = client.session.get(address).text
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.replace("&amp;", "&")))
    answer = client.session.post(f"{client.url}/authorize", data={**fields, "decision": "agree"}, allow_redirects=False)
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def test_sign_in_with_a_secret(client, sender):
    credentials = tekore.Credentials(*CREDENTIALS, sender=sender)
    code = agree(client, credentials.user_authorisation_url(scope=tekore.scope.user_read_email))
    token = credentials.request_user_token(code)
    assert not token.is_expiring
    assert str(token.scope) == "user-read-email"
    assert tekore.Spotify(token, sender=sender).current_user().email == "listener@example.com"
    assert credentials.refresh_user_token(token.refresh_token).refresh_token == token.refresh_token


def test_sign_in_with_pkce(client, sender):
    credentials = tekore.Credentials(CREDENTIALS[0], redirect_uri=CREDENTIALS[2], sender=sender)
    address, verifier = credentials.pkce_user_authorisation()
    token = credentials.request_pkce_token(agree(client, address), verifier)
    assert credentials.refresh_pkce_token(token.refresh_token).refresh_token != token.refresh_token
    with pytest.raises(tekore.BadRequest, match="Refresh token revoked"):
        credentials.refresh_pkce_token(token.refresh_token)
