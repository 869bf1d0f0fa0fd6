"""`python call.py URL`, where `blocks_client` can be imported: makes calls by the generated client, and prints what
came."""

import json
import sys

from blocks_client import Client
from blocks_client.api.blocks import list_blocks
from blocks_client.api.catalogue import get_track
from blocks_client.api.library import get_user_saved_tracks, save_track
from blocks_client.api.triggers import new_saved_track
from blocks_client.models import (
    GetTrackBody,
    GetUserSavedTracksBody,
    GetUserSavedTracksPollCall,
    GetUserSavedTracksPollCallArgs,
    Problem,
    SavedTrackPoll,
    SavedTracks,
    SaveTrackBody,
    Track,
)

TRACK = "4iV5W9uYEdYUVa79Axb7Rh"

client = Client(base_url=sys.argv[1])
listing = list_blocks.sync(client=client)
track = get_track.sync(client=client, x_connection="alice", body=GetTrackBody(id=TRACK))
assert isinstance(track, Track)
saved = get_user_saved_tracks.sync(client=client, x_connection="alice", body=GetUserSavedTracksBody(max_items=3))
assert isinstance(saved, SavedTracks)
wanted = GetUserSavedTracksPollCall(args=GetUserSavedTracksPollCallArgs(also_last=2))
polled = new_saved_track.sync(client=client, x_connection="alice", body=wanted)
assert isinstance(polled, SavedTrackPoll)
written = save_track.sync_detailed(client=client, x_connection="alice", body=SaveTrackBody(id=[TRACK]))
refused = save_track.sync(client=client, x_connection="alice", body=SaveTrackBody(id=["?"]))
assert isinstance(refused, Problem)
print(
    json.dumps(
        {
            "blocks": len(listing.blocks),
            "track": track.id,
            "saved": [entry.track.id for entry in saved.items],
            "heard": [event.data.track.id for event in polled.events],
            "written": [written.status_code, written.headers["X-Did"]],
            "refused": [refused.status, refused.kind, refused.fields[0].name],
        }
    )
)
