"""Saves the tracks that a listener played most, as a chain of two tasks; a worker somewhere does the work.

pip install 'spotify-blocks[celery]'
export CONNECTOR_REDIS_URL=redis://127.0.0.1:6379/0 CONNECTOR_STORE=redis://127.0.0.1:6379/0
export CONNECTOR_STORE_KEY=…       # see docs/scaling.md
spotify-blocks login --name alice
spotify-blocks worker &
python keep_top_tracks.py alice
"""

import sys

from celery import chain
from celery.schedules import crontab

from connector.runners.workers.celery_worker import INVOKE, THEN, build_app

app = build_app()
invoke, then = app.tasks[INVOKE], app.tasks[THEN]


def keep_top_tracks(connection: str) -> chain:
    """The chain: what the first block answers gives the second one its ids."""
    return chain(
        invoke.s("getUserTopTracks", {"time_range": "short_term", "max_items": 20}, connection=connection),
        then.s("saveTrack", connection=connection, take={"id": "items[].id"}),
    )


#: For `celery -A keep_top_tracks beat`: every Monday morning, who is followed by then.
app.conf.beat_schedule = {
    "followed-artists": {
        "task": INVOKE,
        "schedule": crontab(hour=6, minute=0, day_of_week="monday"),
        "args": ("getFollowedArtists",),
        "kwargs": {"connection": "alice"},
    }
}


if __name__ == "__main__":
    envelope = keep_top_tracks(sys.argv[1]).apply_async().get(timeout=120)
    print(envelope["callback"])
    if envelope["callback"] == "error":
        sys.exit(envelope["contextWrites"]["to"]["status_msg"])
