"""Lists written into files and read out of them again, on real HTTP: nothing is lost, and each row's fate is told."""

from dataclasses import replace

import jsonschema
import pytest

from connector.composites.files import read as read_table
from connector.composites.procedures.import_ import run
from connector.composites.task import Task
from connector.manifest.manifest import Manifest
from connector.manifest.procedures import Procedure
from connector.result import Meta, Result
from tests.composites.awkward_files import COLUMNS
from tests.composites.shelf import KIND, Shelf

MANIFEST = Manifest.load()
#: A list of the listener's own with a file of theirs and an entry of which nothing is left.
OWN = "3cEYpjA9oz9GiPac4AsH4n"
LOCAL = "spotify:local:Garage+Neighbours:Demo+Tape:Rehearsal+3:215"


@pytest.fixture
def tracks(sandbox, invoke):
    return [f"spotify:track:{identifier}" for identifier in sandbox.control.ids("track", 120)]


def give(result):
    """The output of a block that made it, as its schema says."""
    assert result.error is None
    jsonschema.validate(result.output, MANIFEST.block(result.block).output_schema, jsonschema.Draft202012Validator)
    return result.output


def test_what_was_read_is_written_though_the_list_can_not_be_looked_at_after(invoke, sandbox):
    sandbox.control.fault("forbidden_no_message", match=f"GET /playlists/{OWN}", after=3)
    done = invoke("exportPlaylist", playlist=OWN)
    assert give(done)["rows"] > 0
    assert done.meta.warnings == ["Whether the list was changed while it was read could not be looked up."]


def tell_fates(told):
    return [(row["outcome"], row.get("position")) for row in told["rows"]]


@pytest.mark.parametrize("form", ["csv", "json", "m3u8"])
def test_a_list_that_is_exported_and_imported_is_the_same_list(invoke, read, tracks, form):
    copies = [*tracks, tracks[3], tracks[3], tracks[0]]
    source = invoke("createPlaylist", name="Source").output["id"]
    for start in range(0, len(copies), 100):
        invoke("addItemsToPlaylist", playlist_id=source, uris=copies[start : start + 100]).unwrap()
    made = give(invoke("exportPlaylist", playlist=source, format=form))
    assert (made["name"], made["rows"], made["resume"]) == (f"Source.{form}", len(copies), None)
    told = give(invoke("importPlaylist", file=made["text"], target="Target"))
    assert read(told["target"]["id"]) == copies
    assert tell_fates(told) == [("added", place) for place in range(len(copies))]
    assert all(one["name"] for one in told["added"])
    again = give(invoke("importPlaylist", file=made["text"], target="Target"))
    assert (again["kept"], again["added"], again["calls"]["write"]) == (len(copies), [], 0)
    back = give(invoke("exportPlaylist", playlist="Target", format=form))
    keys = [[table.tell(row, "uri") for row in table.rows] for table in (parse(made), parse(back))]
    assert keys[0] == keys[1] == copies


def parse(made):
    return read_table(made["text"], COLUMNS)


@pytest.mark.parametrize("form", ["csv", "json", "m3u8"])
def test_what_is_no_track_has_its_row_and_comes_back(invoke, read, form):
    source = read(OWN)
    made = give(invoke("exportPlaylist", playlist=OWN, format=form))
    table = parse(made)
    assert [table.tell(row, "uri") for row in table.rows] == source
    assert (made["own_files"], made["unreadable"]) == (1, 1)
    # Where all of it is, nothing changes, and what can't be put there is there.
    same = give(invoke("importPlaylist", file=made["text"], target=OWN, mode="mirror"))
    assert (same["calls"]["write"], same["kept"], read(OWN)) == (0, len(source), source)
    told = give(invoke("importPlaylist", file=made["text"], target="New"))
    assert read(told["target"]["id"]) == [uri for uri in source if uri not in (LOCAL, None)]
    left = [row["why"] for row in told["rows"] if row["outcome"] == "left out"]
    assert left == ["A file of one's own can't be put on another list.", "Nothing in the row says what it is."]
    back = parse(told["not_imported"])
    assert [back.tell(row, "uri") for row in back.rows] == [LOCAL, None]
    assert told["not_imported"]["name"] == f"New left out.{form}"


def test_a_mirror_takes_off_what_the_file_does_not_name_and_an_addition_does_not(invoke, read, tracks):
    target = invoke("createPlaylist", name="Target").output["id"]
    invoke("addItemsToPlaylist", playlist_id=target, uris=tracks[:4]).unwrap()
    file = f"{tracks[5]}\nhttps://open.spotify.com/track/{tracks[1].rpartition(':')[2]}\n"
    told = give(invoke("importPlaylist", file=file, target=target, position=1))
    assert (read(target), tell_fates(told)) == (
        [tracks[0], tracks[5], *tracks[1:4]],
        [("added", 1), ("there", 2)],
    )
    told = give(invoke("importPlaylist", file=file, target=target, mode="mirror"))
    assert (read(target), tell_fates(told)) == ([tracks[5], tracks[1]], [("there", 0), ("there", 1)])
    plan = give(invoke("importPlaylist", file=tracks[9], target=target, mode="mirror", dry_run=True))
    assert (len(plan["removed"]), len(plan["added"]), read(target)) == (2, 1, [tracks[5], tracks[1]])


@pytest.mark.parametrize("file", ["-", "Track URI,Track Name\n", "Track URI,Track Name\n,\n"])
def test_a_file_without_rows_empties_no_list(invoke, read, file):
    before = read(OWN)
    error = invoke("importPlaylist", file=file, target=OWN, mode="mirror").error
    assert [problem.name for problem in error.fields] == ["file"]
    error = invoke("importPlaylist", file=LOCAL, target=OWN, mode="mirror", position=0).error
    assert [problem.name for problem in error.fields] == ["position"]
    assert read(OWN) == before


def test_a_file_of_which_nothing_is_found_makes_no_list(invoke):
    before = invoke("getUserPlaylists").entries
    done = invoke("importPlaylist", file="list.csv", target="New")
    told = [done.output[name] for name in ("created", "target", "added")]
    assert told == [False, {"id": None, "name": "New"}, []]
    assert [row["outcome"] for row in done.output["rows"]] == ["left out"]
    assert invoke("getUserPlaylists").entries == before


def test_an_export_that_breaks_off_says_where_another_goes_on(invoke, sandbox):
    whole = give(invoke("exportLibrary"))
    sandbox.control.fault("forbidden_no_message", match="GET /me/episodes")
    error = invoke("exportLibrary").error
    assert (error.kind, error.resume, error.partial["rows"]) == ("forbidden", "episodes=", error.came)
    rest = give(invoke("exportLibrary", resume=error.resume))
    assert error.partial["text"] + rest["text"] == whole["text"]
    assert [problem.name for problem in invoke("exportLibrary", resume="nothing=3").error.fields] == ["resume"]


def test_a_library_is_written_list_by_list(invoke):
    made = give(invoke("exportLibrary", parts=["artists", "tracks"], format="json"))
    lists = [row["List"] for row in parse(made).rows]
    assert list(dict.fromkeys(lists)) == ["saved tracks", "followed artists"]
    players = give(invoke("exportLibrary", parts=["artists", "tracks"], format="m3u8"))
    assert players["rows"] == lists.count("saved tracks")
    nothing = invoke("exportLibrary", parts=["artists"], format="m3u8").error
    assert [problem.name for problem in nothing.fields] == ["parts"]


MATCH = {"field": "rows", "most": 2, "at": "matches", "key": "uri", "score": "score"}
MATCH |= {"nearest": "near", "title": "name"}


def test_rows_without_an_address_are_matched_and_what_is_not_found_can_be_corrected(tracks):
    """With a stand-in for the block that finds tracks."""
    known = {"Muse": tracks[0], "GBAAA0000001": tracks[1]}
    shelf, asked = Shelf([]), []

    def invoke(block, args, who=None, **_):
        if block != "match":
            return shelf.call(block, args)
        asked.append(args["rows"])
        matches = [{"uri": known.get(row.get("artist") or row.get("isrc")), "score": 90} for row in args["rows"]]
        return Result(block, {"matches": [match if match["uri"] else NEAR for match in matches]}, meta=Meta(requests=1))

    def import_file(file, **args):
        words = MANIFEST.block("importPlaylist").procedure.words
        procedure = Procedure("import", {**words, "match": MATCH}, {"target": TARGET}, {"match": "match"}, "", {})
        return run(Task(procedure, {"file": file, "target": "Shelf", **args}, invoke, MANIFEST.references))

    file = f"Track URI;Artist;Song;ISRC\n;Muse;Starlight;\n{tracks[5]};;;\n;;;GBAAA0000001\n;Nobody;Nothing;\n"
    told = import_file(file)
    assert asked == [
        [{"artist": "Muse", "title": "Starlight"}, {"isrc": "GBAAA0000001"}],
        [{"artist": "Nobody", "title": "Nothing"}],
    ]
    assert shelf.uris == [tracks[0], tracks[5], tracks[1]]
    assert [(row["outcome"], row.get("score")) for row in told["rows"]] == [
        ("added", 90),
        ("added", None),
        ("added", 90),
        ("left out", 40),
    ]
    back = told["not_imported"]["text"]
    assert (
        back.splitlines()[1]
        == f";Nobody;Nothing;;Nothing was found that is like it. The nearest is Near, {NEAR['near']}."
    )
    import_file(back.replace(";Nobody", f"{tracks[7]};Nobody"))
    assert shelf.uris == [tracks[0], tracks[5], tracks[1], tracks[7]]


NEAR = {"uri": None, "score": 40, "near": "spotify:track:near", "name": "Near"}
TARGET = replace(KIND, columns=MANIFEST.block("importPlaylist").procedure.lists["target"].columns)


def test_lines_of_artists_and_titles_become_the_list_that_they_were(invoke, read, tracks):
    songs = invoke("getTracks", ids=[uri.rpartition(":")[2] for uri in tracks[:12]]).entries
    lines = [f"{song['artists'][0]['name']} - {song['name']}" for song in songs]
    told = give(invoke("importPlaylist", file="\n".join([*lines, "Nobody at all - Nothing whatever"]), target="New"))
    assert read(told["target"]["id"]) == [song["uri"] for song in songs]
    assert [row["outcome"] for row in told["rows"]] == ["added"] * 12 + ["left out"]
    assert [one["name"] for one in told["added"]] == [song["name"] for song in songs]
    assert told["not_imported"]["text"].endswith("\nNobody at all - Nothing whatever\n")


@pytest.mark.parametrize("length", ["about 3 min", "9" * 400])
def test_a_cell_that_is_no_length_says_nothing(invoke, length):
    song = invoke("getUserSavedTracks", max_items=1).entries[0]["track"]
    file = f'Title,Artist,Duration\n"{song["name"]}","{song["artists"][0]["name"]}",{length}\n'
    plan = invoke("importPlaylist", file=file, target="New", dry_run=True).unwrap()
    assert [row["outcome"] for row in plan["rows"]] == ["added"]


def test_a_file_of_one_s_own_stays_as_often_as_it_is_there(invoke, read, tracks):
    told = give(invoke("importPlaylist", file=f"{LOCAL}\n{tracks[0]}\n{LOCAL}\n", target=OWN, mode="mirror"))
    assert [uri for uri in read(OWN) if uri] == [LOCAL, tracks[0]]
    assert [row["outcome"] for row in told["rows"]] == ["there", "added", "left out"]
