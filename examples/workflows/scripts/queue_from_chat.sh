#!/usr/bin/env bash
# Puts the song that a message asks for into the queue, and answers in words: what a chat's bot calls.
#
#     queue_from_chat.sh "harbour restless compass"
#
# A message that comes twice, as chats send them again, queues nothing twice. It needs jq.
set -euo pipefail

run() { spotify-blocks run "$@" --connection default; }

found=$(run searchTracks q="$1" max_items=1)
uri=$(jq -r '.tracks.items[0].uri // empty' <<<"$found")
if [[ -z $uri ]]; then
    echo "Nothing was found for that."
    exit
fi
song=$(jq -r '.tracks.items[0] | "\(.name) by \(.artists | map(.name) | join(", "))"' <<<"$found")
if run getQueue | jq -e --arg uri "$uri" 'any([.currently_playing, .queue[]][]; .uri? == $uri)' >/dev/null; then
    echo "$song is in the queue already."
else
    run addToQueue uri="$uri" >/dev/null
    echo "$song is in the queue."
fi
