#!/usr/bin/env bash
# Makes a playlist with a cover of its own; where there is one of that name, it gets the cover.
#
#     playlist_with_cover.sh "Sunday morning" cover.jpg
#
# Any picture will do where the extra `images` is installed; else a JPEG of some 190 KB at most. It needs jq.
set -euo pipefail

run() { spotify-blocks run "$@" --connection default; }

playlist=$(run createPlaylist name="$1" if_exists=reuse)
run uploadPlaylistCover playlist_id="$(jq -r .id <<<"$playlist")" image="@$2" >/dev/null
jq -r .external_urls.spotify <<<"$playlist"
