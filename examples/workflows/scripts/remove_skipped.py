"""Takes off a playlist what was played from it lately and cut short.

python remove_skipped.py https://open.spotify.com/playlist/…

Spotify does not tell what was skipped. Of the last 50 plays it tells what each was played from and when, and only of
those that went on for 30 seconds. So a song counts as skipped if it was played from the playlist and not even half of
its length passed between this play and the one beside it: nobody can have heard more. What was skipped sooner is not
seen. Taking off means every copy.
"""

import sys
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from connector import Connector, InvocationFailed

HALF = 0.5
ABOUT_MS = 3000


def main(playlist: str) -> None:
    with Connector.load(connection="default") as spotify:
        plays = spotify.invoke("getRecentlyPlayed", {}).unwrap()["items"]
        measured = measure(sorted(plays, key=lambda play: play["played_at"]))
        # A song's last play decides.
        last = {
            play["track"]["uri"]: (play["track"], heard_ms) for play, heard_ms in measured if is_from(playlist, play)
        }
        skipped = {
            uri: track["name"] for uri, (track, heard_ms) in last.items() if heard_ms < track["duration_ms"] * HALF
        }
        if skipped:
            spotify.invoke("removeItemsFromPlaylist", {"playlist_id": playlist, "uris": list(skipped)}).unwrap()
    print(f"{len(skipped)} songs were cut short and are off the playlist now.")
    for name in skipped.values():
        print(name)


def is_from(playlist: str, play: Any) -> bool:
    """Whether the playlist, whose id is in the link, is what a song was played from."""
    return play["context"] is not None and play["context"]["uri"].rpartition(":")[2] in playlist


def measure(plays: Sequence[Any]) -> list[tuple[Any, float]]:
    """Each play with how long it can have been heard at most, in milliseconds.

    `played_at` is when a play ended, for some listeners when it began: songs that were played in full tell which.
    """
    between = [(one, other, _milliseconds(one, other)) for one, other in pairwise(plays)]
    ends = sum(abs(time_ms - other["track"]["duration_ms"]) < ABOUT_MS for _, other, time_ms in between)
    begins = sum(abs(time_ms - one["track"]["duration_ms"]) < ABOUT_MS for one, _, time_ms in between)
    if ends > begins:
        return [(other, time_ms) for _, other, time_ms in between]
    if begins > ends:
        return [(one, time_ms) for one, _, time_ms in between]
    return []


def _milliseconds(one: Any, other: Any) -> float:
    earlier, later = (datetime.fromisoformat(play["played_at"]) for play in (one, other))
    return (later - earlier).total_seconds() * 1000


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except IndexError:
        sys.exit("Which playlist? python remove_skipped.py LINK")
    except InvocationFailed as failure:
        sys.exit(str(failure))
