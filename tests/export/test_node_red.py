"""The Node-RED palette as a package: complete, the same each time, and made from any manifest."""

import hashlib
import json
import os
import random
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from connector.arguments.validation import InputValidator
from connector.errors import InvocationFailed
from connector.export.first_fields import find_first_fields
from connector.export.folder import write_export
from connector.export.node_red import build_package
from connector.export.node_red.fields import find_widget
from connector.export.node_red.flows import EVENTS, build_node
from connector.export.node_red.palette import build_palette
from connector.export.package import to_tgz
from connector.manifest.closed_blocks import tell_closed
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import find_trigger, iter_triggers

ROOT = Path(__file__).resolve().parents[2]
NODE_RED = ROOT / "connector" / "export" / "node_red"
SPOTIFY = Manifest.load(ROOT / "manifest.yaml")
HARBOUR = Manifest.load(ROOT / "tests" / "harbour" / "manifest.yaml")
EACH_MANIFEST = pytest.mark.parametrize("manifest", [SPOTIFY, HARBOUR], ids=["spotify", "harbour"])
BUILTINS = {"crypto", "fs", "http", "https", "path"}
KINDS = ("blocks", "triggers")
WHAT_A_SCRIPT_BUILDS_ON = re.compile(r"""require\("([^"]+)"\)""")


def read_json(package, name):
    return json.loads(package[name])


def list_entries(manifest):
    """What there are nodes of."""
    palette = build_palette(manifest)
    return [entry for kind in KINDS for entry in palette[kind]]


def find_form(manifest, name):
    """The block of that name, or the form of the trigger, which is one."""
    return manifest.block(name) if name in manifest.names else find_trigger(manifest, name).form


@EACH_MANIFEST
def test_the_package_is_what_node_red_installs(manifest):
    package = build_package(manifest)
    description = read_json(package, "package.json")
    assert description["name"] == f"node-red-contrib-{manifest.command}"
    assert "node-red" in description["keywords"]
    assert "dependencies" not in description
    [script] = description["node-red"]["nodes"].values()
    assert {script, script.removesuffix("js") + "html"} <= package.keys()
    for look in read_json(package, "nodes/palette.json")["groups"].values():
        assert package[f"nodes/icons/{look['icon']}"].startswith(b"<svg")
    assert {"README.md", "LICENSE"} <= package.keys()
    assert [name for name in package if name.startswith("examples/")] == [
        f"examples/{name}.json" for name in (*manifest.groups, EVENTS)
    ]
    shipped = {name.split("/")[0] for name in package} - {"package.json", "README.md", "LICENSE"}
    assert shipped == set(description["files"])


def test_the_same_manifest_gives_the_same_bytes():
    script = (
        "import hashlib; from connector.export.node_red import build_package; from connector.manifest import Manifest;"
        "from connector.export.package import to_tgz; archive = to_tgz(build_package(Manifest.load()));"
        "print(hashlib.sha256(archive).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert digests == {hashlib.sha256(to_tgz(build_package(SPOTIFY))).hexdigest()}


@EACH_MANIFEST
def test_each_block_and_each_trigger_is_a_node_with_a_form_and_a_help_text(manifest):
    package = build_package(manifest)
    page = package["nodes/palette.html"].decode()
    palette = read_json(package, "nodes/palette.json")
    assert {entry["name"] for entry in palette["blocks"]} == set(manifest.names)
    assert [entry["name"] for entry in palette["triggers"]] == [trigger.name for trigger in iter_triggers(manifest)]
    types = [palette["runner"]["type"], *(entry["type"] for kind in KINDS for entry in palette[kind])]
    assert len(set(types)) == len(types)
    for node_type in types:
        assert page.count(f'data-template-name="{node_type}"') == 1
        assert page.count(f'data-help-name="{node_type}"') == 1


@EACH_MANIFEST
def test_a_form_has_a_row_for_each_field_and_marks_what_must_be_given(open_block, manifest):
    for entry in list_entries(manifest):
        form, _ = open_block(manifest, entry["name"])
        for field in entry["fields"]:
            row = form.split(f'id="node-input-arg_{field["name"]}"')[0].rsplit('<div class="form-row">', 1)[1]
            assert ("connector-must" in row) is field["required"]
            is_secret = find_form(manifest, entry["name"]).fields[field["name"]].secret
            assert (f'type="password" id="node-input-secret_{field["name"]}"' in form) is is_secret


@EACH_MANIFEST
def test_what_must_be_given_is_never_folded_away(open_block, manifest):
    for entry in list_entries(manifest):
        shown = open_block(manifest, entry["name"])[0].split("<details>")[0]
        first = find_first_fields(find_form(manifest, entry["name"]))
        needless = {field["name"] for field in entry["fields"] if "auth" in field or "unsent" in field}
        assert first - needless <= set(re.findall(r'id="node-input-arg_(\w+)"', shown))


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        ("createPlaylist", ["name", "description", "public", "collaborative", "if_exists"]),
        ("getUserTopTracks", ["time_range"]),
        ("seekToPosition", ["position_ms", "device_id"]),
        ("getUserSavedTracks", []),
        ("getTrack", ["id"]),
        ("getRecommendations", ["seed_artists", "seed_genres", "seed_tracks"]),
        ("newSavedTrack", []),
        ("newPlaylistItem", ["playlist_id"]),
        ("playbackChanged", ["changes"]),
    ],
)
def test_few_fields_that_matter_are_shown_and_plumbing_is_folded_away(open_block, block, shown):
    front = open_block(SPOTIFY, block)[0].split("<details>")[0]
    assert re.findall(r'id="node-input-arg_(\w+)"', front) == shown


def test_a_block_that_is_closed_says_so_in_its_form_and_its_help(open_block, each_closed_block):
    since = f"Closed to apps in development mode since {each_closed_block.closed_since('development')}."
    form, help_text = open_block(SPOTIFY, each_closed_block.name)
    assert f'<div class="connector-notice">{since}' in form
    assert since in help_text


def test_a_block_that_is_open_has_no_notice(open_block, each_block):
    assert ("connector-notice" in open_block(SPOTIFY, each_block.name)[0]) is bool(tell_closed(each_block))


def test_form_and_help_tell_what_a_block_costs_and_needs(open_block):
    form, help_text = open_block(SPOTIFY, "getUserSavedTracks")
    assert '<div class="connector-hint">Costs a call per 50 entries. Needs user-library-read.</div>' in form
    assert "Costs a call per 50 entries." in help_text
    assert "Costs a call per 40 of &#34;Tracks&#34;." in open_block(SPOTIFY, "saveTrack")[0]
    assert "connector-hint" not in open_block(SPOTIFY, "getTrack")[0]


def test_a_field_that_goes_nowhere_need_not_be_filled_in(open_block):
    """The runner asks for it all the same, and gets a value that fits."""
    entries = {entry["name"]: entry for entry in build_palette(SPOTIFY)["blocks"]}
    owner, *_ = [field for field in entries["followPlaylist"]["fields"] if field["name"] == "owner_id"]
    assert not owner["required"]
    given = {"access_token": "made-up", "owner_id": owner["unsent"], "playlist_id": "37i9dQZF1DX4sWSpwq3LiO"}
    InputValidator(SPOTIFY.block("followPlaylist"), SPOTIFY.references).validate(given)
    assert 'id="node-input-arg_owner_id"' not in open_block(SPOTIFY, "followPlaylist")[0].split("<details>")[0]


def test_the_palette_goes_group_by_group_with_closed_blocks_last():
    palette = build_palette(SPOTIFY)
    shown = [(entry["group"], entry.get("isClosed", False)) for entry in palette["blocks"]]
    groups = list(SPOTIFY.groups)
    assert shown == sorted(shown, key=lambda place: (groups.index(place[0]), place[1]))
    closed = {entry["name"] for entry in palette["blocks"] if entry.get("isClosed")}
    assert closed == {block.name for block in SPOTIFY if block.closed_since("development")}
    categories = [look["category"] for look in palette["groups"].values()]
    # Node-RED would take what stands behind a plain hyphen for a part of a category.
    assert categories[0] == "Spotify Ready\u2011made"
    assert categories[-1] == "Spotify Sign\u2011in"


@EACH_MANIFEST
def test_no_two_nodes_look_alike(manifest):
    titles = [entry["title"].lower() for entry in list_entries(manifest)]
    assert len(set(titles)) == len(titles)


def test_a_trigger_s_node_says_how_often_it_looks_and_what_that_costs(open_block):
    form, help_text = open_block(SPOTIFY, "newPlaylistItem")
    assert 'id="node-input-every"' in form
    assert "While nothing happens a look costs 1 call. Needs playlist-read-private" in form
    assert "a look costs 1 call; when something did, 2 calls where something came at the end" in help_text
    assert "contextStorage" in help_text
    assert "msg.args" not in help_text
    assert 'id="node-input-every"' not in open_block(SPOTIFY, "getPlaylistItems")[0]


def test_a_node_offers_brief_answers_where_there_are_any(open_block, each_block):
    assert ('id="node-input-detail"' in open_block(SPOTIFY, each_block.name)[0]) is bool(each_block.brief)


def test_the_runner_s_form_says_where_the_runner_is_from():
    page = build_package(SPOTIFY)["nodes/palette.html"].decode()
    form = page.split('data-template-name="spotify-runner">')[1].split("</script>")[0]
    assert "The runner is the program <code>spotify-blocks</code>, which also made this palette" in form


def test_every_help_says_what_a_field_takes_and_where_a_failure_goes(open_block, each_block):
    _, help_text = open_block(SPOTIFY, each_block.name)
    assert help_text.count("<h3>Details</h3>\n<p>") == 1
    assert ("All pages are read." in help_text) is bool(each_block.page)
    assert help_text.count("msg.args") == help_text.count("msg.problem") == 1


@EACH_MANIFEST
def test_a_help_tells_of_each_field_once_what_it_takes(open_block, manifest):
    for entry in list_entries(manifest):
        _, help_text = open_block(manifest, entry["name"])
        assert help_text.count("<h3>Outputs</h3>") == help_text.count("<h3>Details</h3>") == 1
        inputs = help_text.partition("<h3>Outputs</h3>")[0].partition("<h3>Inputs</h3>")[2]
        assert sorted(re.findall(r"<dt(?: class=.optional.)?>(\w+) ", inputs)) == sorted(
            field["name"] for field in entry["fields"]
        )
        for field in entry["fields"]:
            told = unescape(re.search(rf"<dt([^>]*)>{field['name']} .*\n<dd>(.*)</dd>", inputs)[2])
            assert told.startswith(f"{field['title']}. {field['description']}")
            assert f"Fits: {field['schema'].get('fits')}." in told or "fits" not in field["schema"]
    assert "It is not sent: Spotify took the owner out" in open_block(SPOTIFY, "followPlaylist")[1]


def test_a_help_says_which_fields_exclude_one_another(open_block):
    _, help_text = open_block(HARBOUR, "raiseSignal")
    assert "<p>Give one of signal or drawing.</p>" in help_text


def test_what_several_nodes_share_stands_once():
    """So the page of a hundred nodes opens as fast as one of thirty."""
    package = build_package(SPOTIFY)
    assert sum(map(len, package.values())) <= 5_200 * len(SPOTIFY)
    for name in ("nodes/palette.html", "nodes/palette.json"):
        assert package[name].count(b'"BQ"') == 1


@pytest.mark.parametrize(
    ("manifest", "block", "field", "widget"),
    [
        (SPOTIFY, "getCategory", "id", "text"),
        (SPOTIFY, "getUserTopTracks", "time_range", "choice"),
        (SPOTIFY, "getFeaturedPlaylists", "timestamp", "when"),
        (SPOTIFY, "getFeaturedPlaylists", "locale", "search"),
        (SPOTIFY, "getFeaturedPlaylists", "country", "search"),
        (SPOTIFY, "getUserSavedTracks", "market", "search"),
        (SPOTIFY, "getUserSavedTracks", "max_items", "number"),
        (SPOTIFY, "saveTrack", "id", "list"),
        (SPOTIFY, "followPlaylist", "public", "choice"),
        (SPOTIFY, "refreshToken", "client_key", "secret"),
        (HARBOUR, "listBerths", "place", "place"),
        (HARBOUR, "bookBerth", "crew", "rows"),
        (HARBOUR, "checkBoats", "boats", "list"),
    ],
)
def test_each_kind_of_field_has_its_widget(manifest, block, field, widget):
    assert find_widget(manifest.block(block).fields[field]) == widget


def test_what_a_connection_brings_along_need_not_be_filled_in():
    entries = {entry["name"]: entry for entry in build_palette(SPOTIFY)["blocks"]}
    needed = {
        name: [f["name"] for f in entries[name]["fields"] if f["required"]] for name in ("getCategory", "refreshToken")
    }
    assert needed == {"getCategory": ["id"], "refreshToken": ["client_id", "client_key", "refresh_token"]}


@EACH_MANIFEST
def test_the_editor_reads_the_same_data_as_the_runtime(manifest):
    package = build_package(manifest)
    page = package["nodes/palette.html"].decode()
    inlined = json.loads(re.search(r"^const PALETTE = (.*);$", page, re.MULTILINE)[1])
    assert inlined == read_json(package, "nodes/palette.json")


@EACH_MANIFEST
def test_nothing_is_fetched_and_nothing_else_is_needed(manifest):
    package = build_package(manifest)
    assert "src=" not in package["nodes/palette.html"].decode()
    for name, content in package.items():
        if name.endswith(".js"):
            for wanted in WHAT_A_SCRIPT_BUILDS_ON.findall(content.decode()):
                own = f"nodes/{wanted.removeprefix('./')}"
                assert wanted in BUILTINS or own in package or f"{own}.js" in package, wanted


@EACH_MANIFEST
def test_an_example_has_each_block_of_its_group_or_each_trigger_and_no_loose_end(manifest):
    package = build_package(manifest)
    palette = build_palette(manifest)
    entries = [*palette["blocks"], *({**entry, "group": EVENTS} for entry in palette["triggers"])]
    for group in (*manifest.groups, EVENTS):
        flow = read_json(package, f"examples/{group}.json")
        ids = [node["id"] for node in flow]
        assert len(set(ids)) == len(ids)
        ends = {end for node in flow for wire in node.get("wires", []) for end in wire}
        runners = {node["runner"] for node in flow if "runner" in node}
        assert ends | runners <= set(ids)
        expected = [entry["type"] for entry in entries if entry["group"] == group]
        assert [node["type"] for node in flow if node["type"] in expected] == expected
        # What looks by itself waits until somebody wants it.
        assert flow[0]["disabled"] is (group == EVENTS)


def test_an_example_holds_no_secret():
    package = build_package(SPOTIFY)
    for group in (*SPOTIFY.groups, EVENTS):
        for node in read_json(package, f"examples/{group}.json"):
            assert "credentials" not in node
            assert not [
                name
                for name, value in node.items()
                if name.endswith(("token", "client_key")) and value and "type" not in name
            ]


def test_no_text_of_a_manifest_ends_a_script_or_becomes_markup():
    data = {**SPOTIFY.data, "package": {**SPOTIFY.package, "title": "A</script><mark>"}}
    data["blocks"] = {
        "x": {**SPOTIFY.data["blocks"]["getCategory"], "description": "</script><mark>", "title": "<mark>"}
    }
    said = {"description": "</script><mark>", "title": "<mark>"}
    data["triggers"] = {"y": {**said, "watches": "x", "way": "value", "values": {}}}
    page = build_package(Manifest(data, ROOT))["nodes/palette.html"].decode()
    assert "<mark>" not in page
    assert page.count("<script") == page.count("</script>")


def test_a_date_stands_in_a_form_as_the_browser_s_picker_reads_it():
    [entry] = [entry for entry in build_palette(HARBOUR)["blocks"] if entry["name"] == "listBerths"]
    for given, shown in [("2026-06-01", "2026-06-01T00:00"), ("2026-06-01 09:30:00", "2026-06-01T09:30:00")]:
        assert build_node(entry, {"day": given})["arg_day"] == shown


def test_the_image_is_white_on_a_node_of_its_own_colour():
    palette = build_palette(SPOTIFY)
    package = build_package(SPOTIFY)
    assert set(re.findall(r"fill='(#\w+)'", package["nodes/icons/spotify.svg"].decode())) == {"#ffffff"}
    for name, look in palette["groups"].items():
        assert look["color"] == SPOTIFY.groups[name].colour
        assert b'stroke="#ffffff"' in package[f"nodes/icons/{look['icon']}"]
        # Node-RED writes labels in #333333.
        assert contrast("#333333", look["color"]) >= 4.5
    plain = build_palette(Manifest({**HARBOUR.data, "groups": {}}, HARBOUR.folder))
    assert {look["color"] for look in plain["groups"].values()} == {"#adb8c1"}


def contrast(one, other):
    """The contrast ratio of two colours, by WCAG 2."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_scripts_are_valid(node, tmp_path):
    package = build_package(SPOTIFY)
    page = package["nodes/palette.html"].decode()
    scripts = {name.split("/")[-1]: content.decode() for name, content in package.items() if name.endswith(".js")}
    scripts["editor.js"] = page.split('<script type="text/javascript">')[1].split("</script>")[0]
    for name, script in scripts.items():
        (tmp_path / name).write_text(script, "utf-8")
        done = subprocess.run([node, "--check", tmp_path / name], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


ROUTES = """\
const routes = {};
const keep = (path, permission) => { routes[path] = permission; };
const RED = { auth: { needsPermission: (permission) => permission }, httpAdmin: { post: keep, get: keep } };
require("./nodes/editor_questions.js").serveEditor(RED, { runner: { type: "runner" } });
process.stdout.write(JSON.stringify(routes));
"""


def test_only_those_who_may_edit_flows_have_the_runner_asked(node, tmp_path):
    write_export("node-red", build_package(HARBOUR), tmp_path, HARBOUR)
    done = subprocess.run([node, "-e", ROUTES], cwd=tmp_path, capture_output=True, text=True, check=True)
    asking = {f"/runner/{name}": "runner.write" for name in ("check", "connections", "choices", "look")}
    assert json.loads(done.stdout) == {**asking, "/runner/problems/:id": "runner.read"}


TRACK, ALBUM = "4iV5W9uYEdYUVa79Axb7Rh", "https://open.spotify.com/album/4aawyAB9vmqN3uQ7FjRGTy"
#: A manifest, a block, a field, what stands in it, and what stands in others where those matter.
FITS = [
    (SPOTIFY, "getTrackAudioFeatures", "id", f"spotify:track:{TRACK}"),
    (SPOTIFY, "getNewReleases", "country", "se"),
    (SPOTIFY, "getCategories", "locale", "sv_SE"),
    (SPOTIFY, "saveTrack", "id", f"{TRACK}, https://open.spotify.com/track/{TRACK}"),
    (SPOTIFY, "saveTrack", "id", f'["{TRACK}"]'),
    (SPOTIFY, "saveTrack", "id", f'["{TRACK}", "", null]'),
    (SPOTIFY, "saveTrack", "id", f"{TRACK},, {TRACK}\n{TRACK}\uff0c"),
    (SPOTIFY, "saveTrack", "id", f"[one, two](https://open.spotify.com/track/{TRACK})"),
    (SPOTIFY, "saveTrack", "id", f"“{TRACK}”, ({TRACK}), <https://open.spotify.com/track/{TRACK}>."),
    (SPOTIFY, "checkSavedTrack", "id", f"{TRACK}, {TRACK},"),
    (SPOTIFY, "getTrackAudioFeatures", "id", f"Hear this: https://open.spotify.com/track/{TRACK}?si=1"),
    (SPOTIFY, "getRecommendations", "limit", "\uff17"),
    (SPOTIFY, "getRecommendations", "energy_max", "\uff10.\uff15"),
    (SPOTIFY, "getFeaturedPlaylists", "timestamp", "2026-05-28T09:30"),
    (SPOTIFY, "getFeaturedPlaylists", "timestamp", "2026-05-28"),
    (SPOTIFY, "getFeaturedPlaylists", "timestamp", "2024-02-29 23:59:59.5+02:00"),
    (SPOTIFY, "followPlaylist", "public", "true"),
    (SPOTIFY, "getUserSavedTracks", "max_items", "10"),
    (SPOTIFY, "saveToLibrary", "uris", f"{ALBUM}, spotify:show:{TRACK}\n{TRACK}"),
    (SPOTIFY, "saveToLibrary", "uris", "https://open.spotify.com/user/J%C3%B6rg%20(M)"),
    (SPOTIFY, "startPlayback", "context_uri", f"<{ALBUM}?si=1>"),
    (SPOTIFY, "startPlayback", "uris", f"*{TRACK}*, spotify:episode:{TRACK}"),
    (SPOTIFY, "startPlayback", "offset_position", "3", {"context_uri": ALBUM}),
    (SPOTIFY, "startPlayback", "device_id", "K\u00fcche", {"context_uri": ALBUM}),
    (SPOTIFY, "startPlayback", "position_ms", "0:30", {"uris": TRACK}),
    (SPOTIFY, "seekToPosition", "position_ms", "90000"),
    (SPOTIFY, "seekToPosition", "position_ms", "1:02:03.5"),
    (SPOTIFY, "seekToPosition", "position_ms", "\u200b\uff11:\uff13\uff10"),
    (SPOTIFY, "setVolume", "volume_percent", "+10"),
    (SPOTIFY, "setVolume", "volume_percent", "\u221210"),
    (SPOTIFY, "setVolume", "volume_percent", "“50”."),
    (SPOTIFY, "uploadPlaylistCover", "image", "data:image/jpeg;base64,/9j/2Q=="),
    (SPOTIFY, "uploadPlaylistCover", "image", "https://pictures.example/cover.jpg"),
    (SPOTIFY, "searchTracks", "year", "1990\u20131999"),
    (SPOTIFY, "searchTracks", "isrc", "sewee1500101"),
    (SPOTIFY, "searchTracks", "q", "a, b, c, d, e, f, g, h, i"),
    (SPOTIFY, "search", "type", "track, album"),
    (SPOTIFY, "getRecentlyPlayed", "after", "1484811043508"),
    (SPOTIFY, "getRecentlyPlayed", "before", ""),
    (SPOTIFY, "createPlaylist", "name", "\u00fc" * 100 + "\u200b"),
    (SPOTIFY, "createPlaylist", "if_exists", "reuse"),
    (SPOTIFY, "addItemsToPlaylist", "position", "0"),
    (HARBOUR, "listBerths", "place", "57.70, -11.97"),
    (HARBOUR, "listBerths", "size", "large"),
    (HARBOUR, "bookBerth", "crew", '[{"name": "Ada"}]'),
    (HARBOUR, "raiseSignal", "target", "harbour:berth:A'7/(b)", {"signal": "gale"}),
    (HARBOUR, "raiseSignal", "drawing", "/9j/\n2Q"),
    (HARBOUR, "hoistFlag", "height", "-3"),
]
UNFIT = [
    (SPOTIFY, "getTrackAudioFeatures", "id", ""),
    (SPOTIFY, "getTrackAudioFeatures", "id", "short"),
    (SPOTIFY, "getTrackAudioFeatures", "id", "“short”"),
    (SPOTIFY, "getTrackAudioFeatures", "id", ALBUM),
    (SPOTIFY, "getTrackAudioFeatures", "id", f"Hear this: {ALBUM}?si=1!"),
    (SPOTIFY, "getTrackAudioFeatures", "id", "https://spotify.link/abc"),
    (SPOTIFY, "getTrackAudioFeatures", "id", "x" * 10_001),
    (SPOTIFY, "getNewReleases", "country", "Sweden"),
    (SPOTIFY, "getCategories", "locale", "svSE"),
    (SPOTIFY, "saveTrack", "id", f"{TRACK}, {ALBUM}"),
    (SPOTIFY, "saveTrack", "id", f"{TRACK}, short"),
    (SPOTIFY, "saveTrack", "id", f", {TRACK}, short"),
    (SPOTIFY, "saveTrack", "id", f'[null, "{TRACK}", "{ALBUM}"]'),
    (SPOTIFY, "saveTrack", "id", "[1"),
    (SPOTIFY, "saveTrack", "id", "[[1]]"),
    (SPOTIFY, "saveTrack", "id", "[12, true]"),
    (SPOTIFY, "saveTrack", "id", ", ,"),
    (SPOTIFY, "checkSavedTrack", "id", f"{TRACK},, {TRACK}"),
    (SPOTIFY, "checkSavedTrack", "id", f'["{TRACK}", null]'),
    (SPOTIFY, "getFeaturedPlaylists", "timestamp", "soon"),
    (SPOTIFY, "getFeaturedPlaylists", "timestamp", "2026-02-29"),
    (SPOTIFY, "getFeaturedPlaylists", "timestamp", "2026-05-28 25:00"),
    (SPOTIFY, "getFeaturedPlaylists", "timestamp", "2026-05-28 9:30"),
    (SPOTIFY, "followPlaylist", "public", "perhaps"),
    (SPOTIFY, "getUserSavedTracks", "max_items", "0"),
    (SPOTIFY, "getUserSavedTracks", "max_items", "many"),
    (SPOTIFY, "getUserSavedTracks", "max_items", "1" * 20),
    (SPOTIFY, "getUserTopTracks", "time_range", "ever"),
    (SPOTIFY, "getRecommendations", "seed_artists", ""),
    (SPOTIFY, "getRecommendations", "limit", "101"),
    (SPOTIFY, "getRecommendations", "energy_max", "1.5"),
    (SPOTIFY, "getRecommendations", "energy_max", "1e999"),
    (SPOTIFY, "getRecommendations", "energy_max", "0,5"),
    (SPOTIFY, "getRecommendations", "seed_genres", "a,b,c,d,e,f"),
    (SPOTIFY, "getRecommendations", "seed_genres", "a,b", {"seed_tracks": f"{TRACK},{TRACK},{TRACK},{TRACK}"}),
    (SPOTIFY, "saveToLibrary", "uris", "spotify:track:short"),
    (SPOTIFY, "saveToLibrary", "uris", f"{ALBUM}, spotify:genre:pop"),
    (SPOTIFY, "saveToLibrary", "uris", "https://open.spotify.com/user/%ff"),
    (SPOTIFY, "startPlayback", "context_uri", f"spotify:track:{TRACK}"),
    (SPOTIFY, "startPlayback", "context_uri", ""),
    (SPOTIFY, "startPlayback", "context_uri", ALBUM, {"uris": TRACK}),
    (SPOTIFY, "startPlayback", "uris", TRACK, {"context_uri": ALBUM}),
    (SPOTIFY, "startPlayback", "offset_position", "1", {"context_uri": ALBUM, "offset_uri": TRACK}),
    (SPOTIFY, "seekToPosition", "position_ms", "1:75"),
    (SPOTIFY, "seekToPosition", "position_ms", "1:2:03"),
    (SPOTIFY, "seekToPosition", "position_ms", "-5"),
    (SPOTIFY, "setVolume", "volume_percent", "101"),
    (SPOTIFY, "setVolume", "volume_percent", "10%"),
    (SPOTIFY, "setVolume", "volume_percent", "\u00bd"),
    (SPOTIFY, "uploadPlaylistCover", "image", "cover.jpg"),
    (SPOTIFY, "uploadPlaylistCover", "image", "/9j/2"),
    (SPOTIFY, "uploadPlaylistCover", "image", "http://pictures.example/cover.jpg"),
    (SPOTIFY, "searchTracks", "year", "1990-99"),
    (SPOTIFY, "searchTracks", "isrc", "SE-WEE-15-00101"),
    (SPOTIFY, "searchTracks", "q", ""),
    (SPOTIFY, "searchTracks", "q", "a" * 251),
    (SPOTIFY, "search", "type", "track, song"),
    (SPOTIFY, "getRecentlyPlayed", "after", "1", {"before": "2"}),
    (SPOTIFY, "createPlaylist", "name", "\u00fc" * 101),
    (SPOTIFY, "createPlaylist", "description", "two\nlines"),
    (SPOTIFY, "createPlaylist", "if_exists", "perhaps"),
    (SPOTIFY, "addItemsToPlaylist", "position", "1.5"),
    (HARBOUR, "listBerths", "place", "57.70"),
    (HARBOUR, "listBerths", "place", "north, 11"),
    (HARBOUR, "listBerths", "place", "0x10, 11"),
    (HARBOUR, "listBerths", "place", "91, 11"),
    (HARBOUR, "listBerths", "place", "57, 181"),
    (HARBOUR, "listBerths", "size", "huge"),
    (HARBOUR, "bookBerth", "crew", "Ada"),
    (HARBOUR, "bookBerth", "crew", '{"name": "Ada"}'),
    (HARBOUR, "bookBerth", "crew", '[{"name": "Ada"}, 1]'),
    (HARBOUR, "raiseSignal", "target", "harbour:mast:B", {"signal": "gale"}),
    (HARBOUR, "raiseSignal", "signal", "", {"target": "harbour:boat:Ejder"}),
    (HARBOUR, "raiseSignal", "signal", "gale", {"drawing": "/9j/2Q=="}),
    (HARBOUR, "raiseSignal", "mast", "b", {"signal": "gale"}),
    (HARBOUR, "hoistFlag", "height", "+-3"),
]
#: What keyboards, chats and spreadsheets put between and around values.
MARKS = (
    *" ,\n\t[](){}<>\"'`*~.!?;:%+-/=@#“”«»\u2018\u2019\u2013\u200b\u00a0ü\uff11\u00bd\ud800",
    *("](", "https://", "null", "true"),
)


def garble(case, chance):
    """The case with marks put in, letters left out and another case's value added; by `chance` none to three times."""
    manifest, block, field, text, *_ = case
    for _ in range(chance.randrange(4)):
        place = chance.randrange(len(text) + 1)
        text = chance.choice(
            [
                text[:place] + chance.choice(MARKS) + text[place:],
                text[:place] + text[place + chance.randrange(1, 4) :],
                f"{text}, {chance.choice(FITS)[3]}",
            ]
        )
    return manifest, block, field, text


CHANCE = random.Random(7)  # noqa: S311
GARBLED = [garble(CHANCE.choice([*FITS, *UNFIT]), CHANCE) for _ in range(600)]
EVERY_CASE = [*FITS, *UNFIT, *GARBLED]
#: Whether a picture is one, and small enough, the runner alone can tell.
RUNNERS_OWN = re.compile("is no JPEG|is no picture that can be read|is a picture of more|can't be made small enough")
JUDGE = """\
%s
const palettes = %s;
const verdicts = %s.map(({ of, name, fieldName, texts }) => {
    globalThis.PALETTE = palettes[of];
    const block = PALETTE.blocks.find((entry) => entry.name === name);
    const field = block.fields.find((entry) => entry.name === fieldName);
    const readOther = (other) => ({ text: texts[other] || "", type: "str" });
    return findProblem(block, field, texts[fieldName], "str", readOther);
});
process.stdout.write(JSON.stringify(verdicts));
"""


@pytest.fixture(scope="module")
def judge_in_the_form(node):
    """The editor's problem with one field of a form; all cases are judged at once, for Node.js takes time to start."""
    script = "\n".join(
        (NODE_RED / "editor" / name).read_text("utf-8") for name in ("typed_text.js", "reading.js", "judging.js")
    )
    asked = [
        {"of": manifest.command, "name": block, "fieldName": field, "texts": {**dict(*others), field: text}}
        for manifest, block, field, text, *others in EVERY_CASE
    ]
    palettes = {manifest.command: build_palette(manifest) for manifest in (SPOTIFY, HARBOUR)}
    code = JUDGE % (script, json.dumps(palettes), json.dumps(asked))
    done = subprocess.run([node, "-"], input=code, capture_output=True, text=True, check=True)
    verdicts = dict(zip(map(repr, EVERY_CASE), json.loads(done.stdout), strict=True))
    return lambda case: verdicts[repr(case)]


def judge_in_the_runner(manifest, block, field, text, others=None):
    """The engine's problem with one field, where all others are in order."""
    found = manifest.block(block)
    ruled = {*(found.together.fields if found.together else ()), *(name for group in found.one_of for name in group)}
    args = {name: value for name, value in found.example.items() if name not in ruled}
    try:
        InputValidator(found, manifest.references).validate({**args, **(others or {}), field: text})
    except InvocationFailed as failure:
        return next(({"problem": p.problem, "fits": p.fits} for p in failure.error.fields if p.name == field), None)
    return None


@pytest.mark.each("case", FITS)
def test_what_fits_is_not_marked(judge_in_the_form, case):
    assert judge_in_the_runner(*case) is None
    assert judge_in_the_form(case) is None


@pytest.mark.each("case", UNFIT)
def test_the_form_says_what_the_runner_would_say(judge_in_the_form, case):
    expected = judge_in_the_runner(*case)
    assert expected is not None
    assert {"fits": None, **judge_in_the_form(case)} == expected


@pytest.mark.each("case", GARBLED)
def test_the_form_and_the_runner_agree_on_what_nobody_thought_of(judge_in_the_form, case):
    expected, found = judge_in_the_runner(*case), judge_in_the_form(case)
    if not (expected and RUNNERS_OWN.search(expected["problem"])):
        assert (found and {"fits": None, **found}) == expected
