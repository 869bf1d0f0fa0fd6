"""What each published workflow says of itself in an editor: what it does, how often to run it, and what it costs."""

from __future__ import annotations

from typing import Final

NOTES: Final = {
    "liked_songs_to_playlist": (
        "Liked songs to a playlist",
        "A public playlist is as the liked songs are, the newest on top; what has changed is told. Run it each night. "
        "A run costs 4 calls, one for every fifty liked songs and one for every fifty on the playlist.",
    ),
    "keep_last_50": (
        "Keep the last 50",
        "What is older than the newest 50 items leaves the playlist. Put the link to yours in both blocks. Run it each "
        "night. A run costs one call for every fifty on the playlist, and one where something is old. Every copy of a "
        "song goes, so an old copy stays where a newer one is kept.",
    ),
    "playlist_a_month": (
        "A playlist a month",
        "What was liked this month and last month is on playlists such as 2026-11; without a date in since, all months "
        "get theirs. Put your own time zone in. Run it each night. A run costs 3 calls and one for every hundred songs "
        "of both months, and 2 for each of the two playlists and one for every fifty on it.",
    ),
    "new_releases": (
        "New releases every Friday",
        "What the followed artists brought out since the last run comes on a playlist; the first run looks back a "
        "week. What was seen is kept, so that nothing comes twice, even if it was taken off. A run costs 3 calls, 2 "
        "for each artist, one for each release, and those of the playlist.",
    ),
    "log_plays": (
        "Log plays to a table",
        "Each play once. Run it each hour: Spotify tells the last 50 plays, some of them late. A run costs 1 call.",
    ),
    "queue_from_chat": (
        "A chat message searched and queued",
        'A chat\'s bot posts {"text": "…"} and gets the answer in words. A message costs 3 calls; one that comes '
        "twice queues nothing twice.",
    ),
    "spreadsheet_to_playlist": (
        "A spreadsheet into a playlist",
        "A file saved as CSV with columns such as Artist and Title. What was not found is written to a file beside it: "
        "correct it, and read it in the place of the first one; a link in a column Link is taken as it is. A run costs "
        "4 calls, one for every fifty on the playlist and one for each row, or 2 where nothing is found.",
    ),
    "playlist_by_name": (
        "A playlist found by its name",
        "It is made where it is missing; its id and link go on to what comes next. A run costs 2 calls, one more for "
        "every fifty playlists beyond the first, and one where it is made.",
    ),
    "playlist_with_cover": (
        "A new playlist with a cover",
        "Where there is one of that name, it gets the cover. A run costs 3 calls, and one where it is made.",
    ),
    "alarm_clock": (
        "Alarm clock",
        "Put the speaker's name, the volume and the link of what to play in. It fades in over five minutes. Run it "
        "each morning. A run costs 5 calls, and one for each percent of the volume.",
    ),
    "remove_skipped": (
        "Remove what was skipped",
        "Put the link to your playlist in twice. Spotify does not tell what was skipped, and of what went on for less "
        "than 30 seconds it tells nothing. So a song counts as skipped if it was played from the playlist and less "
        "than half of its length passed between its play and the one beside it. Every copy goes. Run it each night. "
        "A run costs 2 calls.",
    ),
}
"""Name of the files → title, and the text."""

TRIGGERED: Final = {
    "log_plays": (
        "Log plays to a table",
        "Each play once, the last 50 at first. It is looked at each hour, for 1 call: Spotify tells the last 50 plays, "
        "some of them late. Where more were played since, an event of type gap says so; it is not logged.",
    ),
}
"""The same of those that a trigger starts, where a builder has one."""

#: How a song's plays are measured, in JavaScript: `plays` in, a list of {uri, name} out.
MEASURE: Final = """\
// played_at is when a play ended, for some listeners when it began: songs that were played in full tell which.
const sorted = [...plays].sort((one, other) => (one.played_at < other.played_at ? -1 : 1));
const length = (play) => play.track.duration_ms;
const pairs = sorted.slice(1).map((later, place) => {
    const earlier = sorted[place];
    return { earlier, later, time: Date.parse(later.played_at) - Date.parse(earlier.played_at) };
});
const count = (key) => pairs.filter((pair) => Math.abs(pair.time - length(pair[key])) < 3000).length;
const ends = count('later');
const begins = count('earlier');
const told = ends > begins ? 'later' : 'earlier';
// A song's last play decides.
const last = new Map();
for (const pair of ends === begins ? [] : pairs) {
    const play = pair[told];
    const from = play.context ? play.context.uri.split(':').pop() : '';
    if (from && playlist.includes(from)) last.set(play.track.uri, { play, time: pair.time });
}
const skipped = [...last.values()].filter(({ play, time }) => time < length(play) / 2).map(({ play }) => play.track);
"""
