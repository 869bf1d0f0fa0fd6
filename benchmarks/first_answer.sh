#!/usr/bin/env bash
# From `git clone` to the first block's answer, installing included: prints the seconds, and fails beyond a minute.
#
#     benchmarks/first_answer.sh [REPOSITORY]
#
# It works in a folder of its own, which it removes, and the block runs in a new home. Packages that pip keeps in its
# cache are taken from there.
set -euo pipefail

repository=${1:-$(git -C "$(dirname "$0")" rev-parse --show-toplevel)}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/home"

SECONDS=0
git clone --quiet "$repository" "$place/spotify-blocks"
cd "$place/spotify-blocks"
make --silent .venv/.ready
installed=$SECONDS
HOME=$place/home .venv/bin/spotify-blocks run searchTracks q=garden max_items=3 --sandbox --table
echo
echo "From git clone to the first block's answer: $SECONDS s, $installed s of which to install; at most 60 s."
((SECONDS <= 60))
