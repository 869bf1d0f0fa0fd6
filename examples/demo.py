"""A listener's story, told by blocks against the sandbox: sign in, follow, save, listen.

Run it with `make demo`. It needs no account and no network; every answer comes from a sandbox on this machine.
"""

from __future__ import annotations

import sys
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from connector import Connector
from connector.sandbox import Sandbox

ARTIST = "0TnOYISbd1XYRBk9myaseg"
TRACKS = ["11dFghVXANMlKmJXsNCbNl", "https://open.spotify.com/track/4iV5W9uYEdYUVa79Axb7Rh?si=demo"]


class Story:
    """Invokes blocks and says what came of it; the first error ends the story."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._token: str | None = None

    def tell(self, text: str) -> None:
        print(f"\n{text}")

    def run(self, block: str, **args: Any) -> Any:
        if self._token:
            args["access_token"] = self._token
        result = self._connector.invoke(block, args)
        if result.error:
            sys.exit(f"  {block} failed: {result.error.message}")
        meta = result.meta
        print(f"  {block:<24} {meta.route}, {meta.requests} request{'s' if meta.requests > 1 else ''}")
        return result.output

    def sign_in(self, sandbox: Sandbox) -> None:
        app = sandbox.demo_args
        code = agree(
            sandbox.url, app["client_id"], app["redirect_uri"], sorted(self._connector.manifest.data["scopes"])
        )
        tokens = self.run(
            "getAccessToken",
            client_id=app["client_id"],
            client_key=app["client_key"],
            code=code,
            redirect_uri=app["redirect_uri"],
        )
        fresh = self.run(
            "refreshToken",
            client_id=app["client_id"],
            client_key=app["client_key"],
            refresh_token=tokens["refresh_token"],
        )
        self._token = fresh["access_token"]


def agree(url: str, client_id: str, redirect_uri: str, scopes: list[str]) -> str:
    """Signs the demo listener in as a browser would: opens the page, presses Agree; gives the code that comes back."""
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(scopes),
        "state": "demo-state",
    }
    page = requests.get(f"{url}/authorize", params=asked, timeout=10)
    page.raise_for_status()
    answer = requests.post(f"{url}/authorize", data={**asked, "decision": "agree"}, timeout=10, allow_redirects=False)
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    if back["state"] != ["demo-state"]:
        sys.exit("The state that came back from sign-in is not the one that was sent.")
    return back["code"][0]


def main() -> None:
    with Sandbox() as sandbox, Connector.load(servers=sandbox.servers) as connector:
        story = Story(connector)
        print(f"The sandbox, a stand-in for Spotify, runs on {sandbox.url}. No account is used.")

        story.tell("1. The listener signs in, agrees, and the code becomes a token; an hour later it is refreshed.")
        story.sign_in(sandbox)
        profile = story.run("getCurrentUserProfile")
        print(f"  → signed in as {profile['display_name']}")

        story.tell("2. They follow an artist, look, and think better of it.")
        story.run("followArtist", id=ARTIST)
        print(f"  → follows: {story.run('checkFollowArtist', id=ARTIST)}")
        story.run("unfollowArtist", id=ARTIST)
        print(f"  → follows: {story.run('checkFollowArtist', id=ARTIST)}")

        story.tell("3. They save two tracks, one by its id and one by its link, and take them out again.")
        story.run("saveTrack", id=TRACKS)
        print(f"  → saved: {story.run('checkSavedTrack', id=TRACKS)}")
        library = story.run("getUserSavedTracks")
        print(f"  → the library holds {library['total']} tracks, and all {len(library['items'])} came in one answer")
        story.run("removeSavedTrack", id=TRACKS)
        print(f"  → saved: {story.run('checkSavedTrack', id=TRACKS)}")

        story.tell("4. What did they play most in the last four weeks?")
        top = story.run("getUserTopTracks", time_range="short_term", max_items=3)
        for place, track in enumerate(top["items"], start=1):
            print(f"  {place}. {track['name']} — {', '.join(artist['name'] for artist in track['artists'])}")

        story.tell("5. And what else is there by whom they played most?")
        found = story.run("searchTracks", artist=top["items"][0]["artists"][0]["name"], max_items=3)
        for track in found["tracks"]["items"]:
            print(f"  · {track['name']} — {', '.join(artist['name'] for artist in track['artists'])}")
    print("\nDone. The sandbox is gone; nothing was left running.")


if __name__ == "__main__":
    main()
