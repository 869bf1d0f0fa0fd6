#!/usr/bin/env bash
# Finds one of your playlists by its name, or makes it, and prints the link to it.
#
#     playlist_by_name.sh "Sunday morning"
#
# It needs jq.
set -euo pipefail

spotify-blocks run createPlaylist name="$1" if_exists=reuse --connection default | jq -r .external_urls.spotify
