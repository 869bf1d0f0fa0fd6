"""The scopes of the Web API, each with what it lets an app do, in words for the sign-in page.

The names are those of the OpenAPI description's security scheme (state of August 2026).
"""

from typing import Final

SCOPES: Final[dict[str, str]] = {
    "app-remote-control": "Talk to the player on your device",
    "playlist-modify-private": "Change your private playlists and which playlists you follow privately",
    "playlist-modify-public": "Change your public playlists and which playlists you follow",
    "playlist-read-collaborative": "See the playlists you make together with others",
    "playlist-read-private": "See your private playlists",
    "streaming": "Play music and control your other devices",
    "ugc-image-upload": "Upload pictures for you",
    "user-follow-modify": "Follow and unfollow artists and people for you",
    "user-follow-read": "See which artists and people you follow",
    "user-library-modify": "Save tracks and albums to your library, and remove them",
    "user-library-read": "See the tracks and albums in your library",
    "user-modify-playback-state": "Start, stop and skip what you are listening to",
    "user-read-currently-playing": "See what you are listening to",
    "user-read-email": "See your e-mail address",
    "user-read-playback-position": "See how far you got in episodes",
    "user-read-playback-state": "See your devices and what they are playing",
    "user-read-private": "See your country and which subscription you have",
    "user-read-recently-played": "See what you listened to lately",
    "user-top-read": "See your favourite artists and tracks",
}
"""Every scope an app may ask for, with its meaning."""


def parse_scopes(text: str) -> list[str]:
    """Split a space-separated scope list, in the order given and without repetitions."""
    return list(dict.fromkeys(text.split()))
