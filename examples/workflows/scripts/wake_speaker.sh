#!/usr/bin/env bash
# Plays a playlist on a speaker, at a volume: by its name as Spotify lists devices.
#
#     wake_speaker.sh Kitchen 30 https://open.spotify.com/playlist/…
#
# A speaker that nothing was played on for long may have to be switched on first: it is not listed then. It needs jq.
set -euo pipefail

run() { spotify-blocks run "$@" --connection default; }

# The id is looked up once; by its name each block would look for the speaker again.
speaker=$(run getDevices | jq -er --arg name "$1" 'first(.devices[] | select(.name == $name and (.is_restricted | not))).id') ||
    { echo "There is no speaker called $1 that takes commands now." >&2; exit 1; }
run transferPlayback device_id="$speaker" play=false >/dev/null
run setVolume device_id="$speaker" volume_percent="$2" >/dev/null
run startPlayback device_id="$speaker" context_uri="$3" >/dev/null
echo "$1 plays."
