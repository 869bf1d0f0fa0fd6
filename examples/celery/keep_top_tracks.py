"""Saves the tracks that a listener played most, as a chain of two tasks; a worker somewhere does the work.

pip install -e '.[celery]'          # in the checkout
export CONNECTOR_REDIS_URL=redis://127.0.0.1:6379/0 CONNECTOR_STORE=redis://127.0.0.1:6379/0
export CONNECTOR_STORE_KEY=…       # see docs/scaling.md
spotify-blocks login --name alice
spotify-blocks worker &
python keep_top_tracks.py alice
"""

import sys

from celery import chain
from celery.exceptions import TimeoutError as NobodyCame
from celery.schedules import crontab
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from connector.errors import ConnectorError
from connector.runners.workers.celery_worker import INVOKE, THEN, build_app

try:
    app = build_app()
except ConnectorError as problem:
    sys.exit(str(problem))
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
    if len(sys.argv) != 2:
        sys.exit("Whose tracks? python keep_top_tracks.py CONNECTION")
    try:
        envelope = keep_top_tracks(sys.argv[1]).apply_async().get(timeout=120)
    except (OperationalError, RedisError, RuntimeError) as problem:
        sys.exit(f"Redis doesn't answer ({type(problem).__name__}); is it running where CONNECTOR_REDIS_URL says?")
    except NobodyCame:
        sys.exit("No worker has done it within two minutes; is one running? spotify-blocks worker")
    print(envelope["callback"])
    if envelope["callback"] == "error":
        sys.exit(envelope["contextWrites"]["to"]["status_msg"])
