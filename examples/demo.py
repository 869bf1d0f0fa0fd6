"""A listener's evening, told by blocks against the sandbox: search, a new playlist, what is on it, play it, look back,
a trigger that tells what is saved, and a playlist that is kept as the library is, by a block that is made of others.

Run it with `make demo`. It needs no account and no network; every answer comes from a sandbox on this machine, whose
app is in development mode, as nearly every app is.
"""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console

from connector import Connector, Result
from connector.cli.made import show_made
from connector.sandbox import Sandbox
from connector.triggers import Poll

TWENTY_MINUTES_S = 20 * 60


class Story:
    """Invokes blocks as the sandbox's listener and says what came of it; the first error ends the story."""

    def __init__(self, connector: Connector, token: str) -> None:
        self._connector = connector
        self._token = token

    def tell(self, text: str) -> None:
        print(f"\n{text}")

    def run(self, block: str, **args: Any) -> Result:
        result = self._connector.invoke(block, {"access_token": self._token, **args})
        if result.error:
            sys.exit(f"  {block} failed: {result.error.message}")
        meta = result.meta
        calls = f"{meta.requests} call{'' if meta.requests == 1 else 's'}"
        print(
            f"  {block:<20} {f'{meta.route}, ' if meta.route else ''}{calls}" + (f" → {meta.did}" if meta.did else "")
        )
        return result

    def look(self, trigger: str, state: Any = None) -> Poll:
        seen = self._connector.poll(trigger, {"access_token": self._token}, state)
        if seen.error:
            sys.exit(f"  {trigger} failed: {seen.error.message}")
        calls = f"{seen.meta.requests} call{'' if seen.meta.requests == 1 else 's'}"
        count = f"{len(seen.events)} event{'' if len(seen.events) == 1 else 's'}"
        print(f"  {trigger:<20} {'the mark is set' if state is None else count}, {calls}")
        return seen

    def show(self, tracks: list[dict[str, Any]]) -> None:
        for place, track in enumerate(tracks, start=1):
            print(f"    {place}. {track['name']} — {', '.join(artist['name'] for artist in track['artists'])}")


def main() -> None:
    with Sandbox() as sandbox, Connector.load(servers=sandbox.servers) as connector:
        print("A sandbox, a stand-in for Spotify, runs on this machine. No account is used.")
        story = Story(connector, sandbox.demo_args["access_token"])

        story.tell("1. Find tracks by words.")
        found = story.run("searchTracks", q="harbour", max_items=4).entries
        story.show(found)

        story.tell("2. Make a playlist of them.")
        playlist = story.run("createPlaylist", name="Harbour evening").output
        story.run("addItemsToPlaylist", playlist_id=playlist["id"], uris=[track["uri"] for track in found])

        story.tell("3. Play it on the laptop, which is named by its name.")
        devices = story.run("getDevices").entries
        print(f"    there are: {', '.join(device['name'] for device in devices)}")
        story.run("startPlayback", context_uri=playlist["uri"], device_id="laptop")
        playing = story.run("getCurrentlyPlaying").output["item"]
        print(f"    plays now: {playing['name']}")

        story.tell("4. Twenty minutes later: what was played?")
        sandbox.control.clock(advance_s=TWENTY_MINUTES_S)
        story.show([entry["track"] for entry in story.run("getRecentlyPlayed", max_items=4).entries])

        story.tell("5. A trigger looks at the library; what is saved then is told by its next look.")
        mark = story.look("newSavedTrack")
        story.run("saveToLibrary", uris=[found[-1]["uri"]])
        seen = story.look("newSavedTrack", mark.state)
        story.show([event.data["track"] for event in seen.events])

        story.tell("6. A ready-made block keeps a playlist as the library is. First its plan, which writes nothing.")
        plan = story.run("mirrorSavedTracks", target="All my likes", dry_run=True)
        show_made(Console(), plan.output, plan.meta.did)
        story.run("mirrorSavedTracks", target="All my likes")
        print("    and once more: what is there stays, and nothing is written")
        story.run("mirrorSavedTracks", target="All my likes")

    print(
        "\nDone. The sandbox is gone; nothing was left running.\n"
        "\nThree commands to try next, after `. .venv/bin/activate`:\n"
        "\n  spotify-blocks run findTrack text='Silver Kite - Garden at the Station' --sandbox --table"
        "\n  spotify-blocks serve --sandbox    # and open http://127.0.0.1:8800/docs"
        "\n  spotify-blocks login              # with your own account; docs/sign-in.md says how"
    )


if __name__ == "__main__":
    main()
