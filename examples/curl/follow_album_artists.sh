#!/usr/bin/env bash
# Follows the artists of the albums that the listener saved last, over HTTP.
#
#     examples/curl/follow_album_artists.sh [HOW MANY ALBUMS]
#
# RUNNER is the address of a running `spotify-blocks serve`, API_KEY its key, CONNECTION who is signed in there. Without
# RUNNER the script starts one of its own that answers from a sandbox, so it needs no account. It needs curl and jq.
set -euo pipefail

albums=${1:-5}
headers=(-H "Content-Type: application/json")
[[ -n ${API_KEY:-} ]] && headers+=(-H "X-API-Key: $API_KEY")
[[ -n ${CONNECTION:-} ]] && headers+=(-H "X-Connection: $CONNECTION")

if [[ -z ${RUNNER:-} ]]; then
    log=$(mktemp)
    COLUMNS=200 spotify-blocks serve --sandbox --port 0 --no-access-log 2>"$log" &
    server=$!
    trap 'kill $server 2>/dev/null; wait $server || true; rm -f "$log"' EXIT
    until page=$(grep -om1 'http://[^ ]*/docs' "$log"); do
        kill -0 $server 2>/dev/null || { cat "$log" >&2; exit 1; }
        sleep 0.1
    done
    RUNNER=${page%/docs}
fi

# call BLOCK ARGS: the block's output; an error's text, which says what to do, ends the script.
call() {
    local answer status
    answer=$(curl -sS -w '\n%{http_code}' "${headers[@]}" -d "$2" "$RUNNER/blocks/$1")
    status=${answer##*$'\n'}
    answer=${answer%$'\n'*}
    if [[ $status != 200 ]]; then
        jq -r '.detail + (if .retry_after then " Come back in \(.retry_after) s." else "" end)' <<<"$answer" >&2
        return 1
    fi
    printf '%s\n' "$answer"
}

# Entries come as they are read, one a line; a failure midway is a last line of its own.
artists=$(curl -sS "${headers[@]}" -H "Accept: application/x-ndjson" -d "{\"max_items\": $albums}" \
    "$RUNNER/blocks/getUserSavedAlbums" |
    jq -r 'if .detail then error(.detail) elif .error then error(.error.detail)
           else .album.artists[] | "\(.id) \(.name)" end' | sort -u)

followed=0
while read -r id name; do
    follows=$(call checkFollowArtist "{\"id\": \"$id\"}" | jq '.[0]')
    if [[ $follows == false ]]; then
        call followArtist "{\"id\": \"$id\"}" >/dev/null
        followed=$((followed + 1))
        echo "Now following $name."
    fi
done <<<"$artists"
echo "$followed of $(wc -l <<<"$artists") artists were not followed yet."
