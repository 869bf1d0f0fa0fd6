#!/usr/bin/env bash
# Plays a playlist on a speaker, by its name as Spotify lists devices, and fades in over five minutes.
#
#     alarm_clock.sh Kitchen 30 https://open.spotify.com/playlist/… [SECONDS]
#
# The speaker is waited for, for a minute: one that nothing was played on for long may have to be switched on first.
set -euo pipefail

spotify-blocks run playOn device="$1" volume="$2" source="$3" fade="${4:-300}" wait=60 --connection default >/dev/null
echo "$1 plays."
