"""Stories of what is played, of podcasts, releases and favourites, and of what a search finds."""

from __future__ import annotations

from collections import Counter

from triggers.year import Story, assert_within

from connector.sandbox.clock import to_iso
from connector.sandbox.ids import make_id
from connector.sandbox.playables import Playable
from connector.sandbox.traits import SHOWS


class Played(Story):
    """Tracks are played one after the other, one on repeat; some plays are told late, or out of order."""

    trigger, page_sizes = "playedTrack", (5, 20, None)

    def set_up(self):
        chance = self.chance
        self.state.play(None)
        self.inside.control.seed(recent_plays=chance.choice([0, 3, self.size]))
        self.is_late = chance.random() < 0.3
        rules = {"late_s": 200 if self.is_late else 0, "is_out_of_order": chance.random() < 0.3}
        self.inside.control.seed(plays=rules)
        self.plays, self.latest = Counter(), 10_000

    def begin(self, events):
        self.told_at_first = len(events)
        self.plays.clear()
        self.gaps, self.window_before = 0, self.window

    @property
    def window(self):
        """What is told now, by URI and time."""
        told = self.state.plays.told(self.now_s)[: self.size]
        return {
            (f"spotify:track:{make_id('track', play.track)}", to_iso(play.played_ms / 1000, "milliseconds"))
            for play in told
        }

    def happen(self):
        for _ in range(self.chance.choice([1, 1, 2, 4, self.size, self.size + 3])):
            if self.chance.random() < 0.7:
                self.latest += 1
            self.pass_time(5)
            self.state.plays.add(Playable("track", self.latest), None, self.now_s - 180, self.now_s, 180_000)
            play = self.state.plays._plays[-1]
            self.plays[f"spotify:track:{make_id('track', play.track)}", to_iso(self.now_s, "milliseconds")] += 1

    def check(self, told, *, is_complete, is_still, is_thorough):  # noqa: ARG002 - it is always exact
        after = list(told.values())[self.told_at_first :]
        keys = Counter((event.data["track"]["uri"], event.time) for event in after if event.type != "gap")
        assert_within(keys, self.plays)
        gaps = sum(event.type == "gap" for event in after)
        if is_complete and is_still:
            missing = {key for key in self.window if self.plays[key] and not keys[key]}
            assert not missing, f"missing: {missing}"
            lost = {key for key, count in self.plays.items() if count and not keys[key] and key not in self.window}
            assert not lost or gaps or self.is_late, f"nobody was told of a gap: {lost}"
        assert not gaps or len(self.plays) >= self.size


class Playing(Story):
    """A listener plays, pauses, skips, repeats, moves to another device, hears advertisements, and stops."""

    trigger, page_sizes = "playbackChanged", (None,)

    def set_up(self):
        if self.chance.random() < 0.4:
            self.args["changes"] = self.chance.sample(["track", "playing", "device", "context"], 2)
        self.chosen = self.args.get("changes") or ["track", "playing", "device", "context"]
        self.seen = 0

    def begin(self, events):
        self.told_at_first = len(events)
        self.values = self._read()

    def _read(self):
        player, devices = self.state.playback, self.state.devices
        player.catch_up()
        if player.current is None:
            return {"track": None, "playing": None, "device": None, "context": None, "place": None}
        device = devices.active or devices.all[0]
        return {
            "track": player.current.uri,
            "playing": player.is_playing,
            "device": device.name,
            "context": player.context_uri,
            "place": round(player.progress_ms),
        }

    def happen(self):
        chance, player = self.chance, self.state.playback
        player.catch_up()
        what = chance.random()
        if what < 0.2:
            self.state.play(
                chance.choice(["spotify:album:382ObEPsp2rxGrnsizN5TX", "spotify:show:38bS44xjbVVZ3No3ByF1dJ"])
            )
        elif what < 0.3:
            self.state.play(None)
        elif what < 0.4:
            player.pause()
        elif what < 0.5:
            player.resume()
        elif what < 0.6:
            player.skip()
        elif what < 0.7:
            player.repeat = chance.choice(["off", "track", "context"])
        elif what < 0.85:
            self.state.devices.activate(chance.choice(self.state.devices.all[:3]))
        else:
            self.inside.control.seed(player={"is_ad": not player.rules.is_ad})

    def settle(self):
        super().settle()
        self.inside.control.seed(player={"is_ad": False})

    def check(self, told, *, is_complete, is_still, is_thorough):  # noqa: ARG002 - it is always exact
        new = list(told.values())[self.told_at_first + self.seen :]
        for event in new:
            assert set(event.data["changed"]) <= set(self.chosen)
        if not (is_complete and is_still) or self.state.playback.rules.is_ad:
            # What changes meanwhile, and beside an advertisement, shows at a later look.
            return
        self.seen += len(new)
        now = self._read()
        changed = {name for name in self.chosen if now[name] != self.values[name]}
        if changed:
            assert new
            assert {name: new[-1].data["to"][name] for name in self.chosen} == {name: now[name] for name in self.chosen}
        self.values = now


class Episodes(Story):
    """Saved podcasts bring out episodes, several on a day too; old ones are taken down; shows are taken out and saved
    again. Some list their oldest episode first."""

    trigger, page_sizes = "newEpisodeOfSavedShow", (5,)

    def set_up(self):
        chance, catalogue = self.chance, self.state.catalogue
        self.shelf = self.state.library["show"]
        self.shelf.fill(chance.choice([1, 4, 8]))
        self.inside.control.seed(episodes_a_day=chance.choice([1, 2]))
        self.shows = list(self.shelf._entries)
        for show in self.shows:
            most = SHOWS.size(show)
            catalogue.feeds[show] = list(range(chance.randrange(2, max(3, most // 2))))
        self.out, self.awaited, self.murky = Counter(), set(), set()

    def begin(self, events):
        self.told_at_first = len(events)

    def uri(self, show, place):
        return f"spotify:episode:{make_id('episode', SHOWS.first(show) + place)}"

    def happen(self):
        chance, feeds = self.chance, self.state.catalogue.feeds
        show, what = chance.choice(self.shows), chance.random()
        is_saved = show in self.shelf._entries
        if what < 0.7:
            for _ in range(chance.choice([1, 1, 2, 7])):
                place = max(feeds[show], default=-1) + 1
                if place < SHOWS.size(show):
                    feeds[show].append(place)
                    self.out[self.uri(show, place)] += 1
                    if is_saved and show not in self.murky:
                        self.awaited.add((show, place))
        elif what < 0.78 and len(feeds[show]) > 3:
            # One of the older half, so that nobody takes what is below for new; what came out meanwhile may hide.
            feeds[show].remove(chance.choice(feeds[show][: len(feeds[show]) // 2]))
            self._forget(show)
        elif is_saved:
            self.shelf.remove([show])
            self._forget(show)
        else:
            self.shelf.add([show], self.now_s)
            self._forget(show)

    def _forget(self, show):
        self.murky.add(show)
        self.awaited = {pair for pair in self.awaited if pair[0] != show}

    def check(self, told, *, is_complete, is_still, is_thorough):  # noqa: ARG002 - it is always exact
        uris = Counter(event.data["uri"] for event in list(told.values())[self.told_at_first :])
        assert_within(uris, self.out)
        if is_complete and is_still:
            missing = {pair for pair in self.awaited if not uris[self.uri(*pair)]}
            assert not missing, f"missing: {missing}"
            self.awaited.clear()
            self.murky.clear()


class Releases(Story):
    """Followed artists bring things out, some under several ids, some dated back or by the year alone, many at once;
    they are followed and left, and for some days the service tells of 50 of them alone."""

    trigger, page_sizes = "newReleaseByFollowedArtist", (None,)

    def set_up(self):
        chance = self.chance
        self.shelf = self.state.library["artist"]
        self.shelf.fill(chance.choice([2, 5, 12]))
        self.artists = list(self.shelf._entries)
        self.out, self.awaited, self.number, self.looks = Counter(), {}, 0, 0
        self.rounds = 2 + 2 * len(self.artists) // 10
        self.since = dict.fromkeys(self.artists, 0)

    def begin(self, events):
        self.told_at_first = len(events)

    def happen(self):
        chance, what = self.chance, self.chance.random()
        artist = chance.choice(self.artists)
        listed = self.state.catalogue.releases.setdefault(artist, [])
        if what < 0.6:
            for _ in range(chance.choice([1, 1, 2, 13])):
                self.number += 1
                name = f"Release {self.number}"
                # By the year alone it stands behind all of that year, beyond the first page where those are many.
                date = self.now[: chance.choice([10, 10, 4] if len(listed) < 8 else [10])]
                kind = chance.choice(["album", "single", "single", "appears_on"])
                copies = chance.choice([1, 1, 2])
                listed += [(kind, {"name": name, "release_date": date, "total_tracks": 3})] * copies
                if kind != "appears_on":
                    self.out[name] += 1
                    if self.looks > self.since[artist] + 2 * self.rounds and artist in self.shelf._entries:
                        self.awaited[name] = self.looks
        elif what < 0.8:
            self.number += 1
            old = {"name": f"Old {self.number}", "release_date": "1975-05-01", "total_tracks": 3}
            listed.append(("album", old))
        elif artist in self.shelf._entries and len(self.shelf) > 1:
            self.shelf.remove([artist])
            self.awaited.clear()
        else:
            self.shelf.add([artist], self.now_s)
            self.since[artist] = self.looks

    def check(self, told, *, is_complete, is_still, is_thorough):  # noqa: ARG002 - it is always exact
        names = Counter(event.data["name"] for event in list(told.values())[self.told_at_first :])
        assert_within(names, self.out)
        self.looks += is_complete and is_still
        missing = {
            name for name, since in self.awaited.items() if since + 2 * self.rounds < self.looks and not names[name]
        }
        assert not missing, f"missing: {missing}"


class TopTracks(Story):
    """Favourites change places, come and go."""

    trigger, kind, page_sizes = "topTracksChanged", "track", (None,)

    def set_up(self):
        self.ids = [make_id(self.kind, place) for place in range(80)]
        self.order = self.chance.sample(self.ids, 60)
        self.first = 50
        if self.chance.random() < 0.5:
            self.first = self.args["first"] = self.chance.choice([5, 20])
        # The first range of time shows them as they are.
        self.args["time_range"] = "short_term"
        self._show()
        self.come, self.shown = Counter(), None

    def _show(self):
        self.inside.control.seed(top={f"{self.kind}s": self.order})

    def begin(self, events):
        self.told_at_first = len(events)
        self.known = set(self.order[: self.first])
        self.come.clear()

    def happen(self):
        before = set(self.order[: self.first])
        rest = [identifier for identifier in self.ids if identifier not in self.order]
        for _ in range(self.chance.choice([1, 5])):
            place = self.chance.randrange(len(self.order))
            self.order.insert(self.chance.randrange(60), self.order.pop(place))
            self.order[self.chance.randrange(60)] = rest.pop(self.chance.randrange(len(rest)))
        self.come.update(set(self.order[: self.first]) - before)
        self._show()

    def check(self, told, *, is_complete, is_still, is_thorough):  # noqa: ARG002 - it is always exact
        uris = Counter(event.data["id"] for event in list(told.values())[self.told_at_first :])
        assert_within(uris, self.come)
        if is_complete and is_still:
            here = set(self.order[: self.first])
            new = {event.data["id"] for event in self.delivered.values()}
            assert here - self.known <= new
            self.known = here
            self.delivered.clear()


class TopArtists(TopTracks):
    trigger, kind = "topArtistsChanged", "artist"


class Found(Story):
    """A search that ranks anew each time, with nulls among what it finds."""

    trigger, page_sizes = "searchResult", (5, None)

    def set_up(self):
        self.args["q"] = self.chance.choice(["a", "night", "the"])
        self.inside.control.seed(unstable_search=True)
        self.happen()

    def happen(self):
        self.inside.control.seed(page_null_at={"search_tracks": self.chance.sample(range(10), 2)})

    def begin(self, events):
        self.told_at_first = len(events)

    def check(self, told, *, is_complete, is_still, is_thorough):  # noqa: ARG002 - it is always exact
        uris = Counter(event.data["uri"] for event in told.values())
        assert_within(uris, Counter(dict.fromkeys(uris, 1)))
