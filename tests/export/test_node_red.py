"""The Node-RED palette as a package: complete, the same each time, and made from any manifest."""

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from connector.arguments.validation import InputValidator
from connector.errors import InvocationFailed
from connector.export.first_fields import find_first_fields
from connector.export.node_red import build_package
from connector.export.node_red.flows import build_node
from connector.export.node_red.palette import build_palette, find_widget
from connector.export.package import to_tgz
from connector.manifest.beforehand import tell_beforehand
from connector.manifest.manifest import Manifest

ROOT = Path(__file__).resolve().parents[2]
SPOTIFY = Manifest.load(ROOT / "manifest.yaml")
HARBOUR = Manifest.load(ROOT / "tests" / "harbour" / "manifest.yaml")
EACH_MANIFEST = pytest.mark.parametrize("manifest", [SPOTIFY, HARBOUR], ids=["spotify", "harbour"])
BUILTINS = {"http", "https"}
WHAT_A_SCRIPT_BUILDS_ON = re.compile(r"""require\("([^"]+)"\)""")


def read_json(package, name):
    return json.loads(package[name])


@EACH_MANIFEST
def test_the_package_is_what_node_red_installs(manifest):
    package = build_package(manifest)
    description = read_json(package, "package.json")
    assert description["name"] == f"node-red-contrib-{manifest.command}"
    assert "node-red" in description["keywords"]
    assert "dependencies" not in description
    [script] = description["node-red"]["nodes"].values()
    assert {script, script.removesuffix("js") + "html"} <= package.keys()
    icon = read_json(package, "nodes/palette.json")["icon"]
    assert package[f"nodes/icons/{icon}"].startswith(b"<svg")
    assert {"README.md", "LICENSE"} <= package.keys()
    assert [name for name in package if name.startswith("examples/")] == [f"examples/{g}.json" for g in manifest.groups]
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
def test_each_block_is_a_node_with_a_form_and_a_help_text(manifest):
    package = build_package(manifest)
    page = package["nodes/palette.html"].decode()
    palette = read_json(package, "nodes/palette.json")
    assert [entry["name"] for entry in palette["blocks"]] == list(manifest.names)
    for node_type in [palette["runner"]["type"], *(entry["type"] for entry in palette["blocks"])]:
        assert page.count(f'data-template-name="{node_type}"') == 1
        assert page.count(f'data-help-name="{node_type}"') == 1


def find_form(page, node_type):
    return page.split(f'data-template-name="{node_type}">')[1].split("</script>")[0]


@EACH_MANIFEST
def test_a_form_has_a_row_for_each_field_and_marks_what_must_be_given(manifest):
    page = build_package(manifest)["nodes/palette.html"].decode()
    for entry in build_palette(manifest)["blocks"]:
        form = find_form(page, entry["type"])
        for field in entry["fields"]:
            row = form.split(f'id="node-input-arg_{field["name"]}"')[0].rsplit('<div class="form-row">', 1)[1]
            assert ("connector-must" in row) is field["required"]
            is_secret = manifest.block(entry["name"]).fields[field["name"]].secret
            assert (f'type="password" id="node-input-secret_{field["name"]}"' in form) is is_secret


@EACH_MANIFEST
def test_fields_that_need_not_be_given_are_folded_away(manifest):
    page = build_package(manifest)["nodes/palette.html"].decode()
    for entry in build_palette(manifest)["blocks"]:
        shown = find_form(page, entry["type"]).split("<details>")[0]
        first = find_first_fields(manifest.block(entry["name"]))
        expected = {field["name"] for field in entry["fields"] if field["name"] in first and "auth" not in field}
        assert set(re.findall(r'id="node-input-arg_(\w+)"', shown)) == expected


def test_a_block_that_is_closed_says_so_in_its_form_and_its_help(each_closed_block):
    page = build_package(SPOTIFY)["nodes/palette.html"].decode()
    since = f"Closed to apps in development mode since {each_closed_block.closed_since('development')}."
    form = find_form(page, f"spotify-{each_closed_block.name}")
    assert f'<div class="connector-notice">{since}' in form
    help_text = page.split(f'data-help-name="spotify-{each_closed_block.name}">')[1].split("</script>")[0]
    assert since in help_text


def test_a_block_that_is_open_has_no_notice(each_block):
    if not tell_beforehand(each_block):
        form = find_form(build_package(SPOTIFY)["nodes/palette.html"].decode(), f"spotify-{each_block.name}")
        assert "connector-notice" not in form


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
def test_an_example_has_each_block_of_its_group_and_no_loose_end(manifest):
    package = build_package(manifest)
    types = {entry["name"]: entry["type"] for entry in build_palette(manifest)["blocks"]}
    for group in manifest.groups:
        flow = read_json(package, f"examples/{group}.json")
        ids = [node["id"] for node in flow]
        assert len(set(ids)) == len(ids)
        ends = {end for node in flow for wire in node.get("wires", []) for end in wire}
        runners = {node["runner"] for node in flow if "runner" in node}
        assert ends | runners <= set(ids)
        expected = [types[block.name] for block in manifest if block.group == group]
        assert [node["type"] for node in flow if node["type"] in expected] == expected


def test_an_example_holds_no_secret():
    package = build_package(SPOTIFY)
    for group in SPOTIFY.groups:
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
    page = build_package(Manifest(data, ROOT))["nodes/palette.html"].decode()
    assert "<mark>" not in page
    assert page.count("<script") == page.count("</script>")


def test_a_date_stands_in_a_form_as_the_browser_s_picker_reads_it():
    [entry] = [entry for entry in build_palette(HARBOUR)["blocks"] if entry["name"] == "listBerths"]
    for given, shown in [("2026-06-01", "2026-06-01T00:00"), ("2026-06-01 09:30:00", "2026-06-01T09:30:00")]:
        assert build_node(entry, {"day": given})["arg_day"] == shown


def test_the_image_is_white_on_a_node_of_its_own_colour():
    palette = build_palette(SPOTIFY)
    icon = build_package(SPOTIFY)[f"nodes/icons/{palette['icon']}"].decode()
    assert set(re.findall(r"fill='(#\w+)'", icon)) == {"#ffffff"}
    assert palette["color"] == "#8cbfa5"
    assert build_palette(HARBOUR)["color"] == "#adb8c1"


def test_the_scripts_are_valid(node, tmp_path):
    package = build_package(SPOTIFY)
    page = package["nodes/palette.html"].decode()
    scripts = {name.split("/")[-1]: content.decode() for name, content in package.items() if name.endswith(".js")}
    scripts["editor.js"] = page.split('<script type="text/javascript">')[1].split("</script>")[0]
    for name, script in scripts.items():
        (tmp_path / name).write_text(script, "utf-8")
        done = subprocess.run([node, "--check", tmp_path / name], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


TRACK, ALBUM = "4iV5W9uYEdYUVa79Axb7Rh", "https://open.spotify.com/album/4aawyAB9vmqN3uQ7FjRGTy"
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
    (SPOTIFY, "followPlaylist", "public", "true"),
    (SPOTIFY, "getUserSavedTracks", "max_items", "10"),
    (HARBOUR, "listBerths", "place", "57.70, -11.97"),
    (HARBOUR, "listBerths", "size", "large"),
    (HARBOUR, "bookBerth", "crew", '[{"name": "Ada"}]'),
]
UNFIT = [
    (SPOTIFY, "getTrackAudioFeatures", "id", ""),
    (SPOTIFY, "getTrackAudioFeatures", "id", "short"),
    (SPOTIFY, "getTrackAudioFeatures", "id", ALBUM),
    (SPOTIFY, "getNewReleases", "country", "Sweden"),
    (SPOTIFY, "getCategories", "locale", "svSE"),
    (SPOTIFY, "saveTrack", "id", f"{TRACK}, {ALBUM}"),
    (SPOTIFY, "saveTrack", "id", f"{TRACK}, short"),
    (SPOTIFY, "saveTrack", "id", f", {TRACK}, short"),
    (SPOTIFY, "saveTrack", "id", f'[null, "{TRACK}", "{ALBUM}"]'),
    (SPOTIFY, "saveTrack", "id", "[1"),
    (SPOTIFY, "checkSavedTrack", "id", f"{TRACK},, {TRACK}"),
    (SPOTIFY, "checkSavedTrack", "id", f'["{TRACK}", null]'),
    (SPOTIFY, "getFeaturedPlaylists", "timestamp", "soon"),
    (SPOTIFY, "followPlaylist", "public", "perhaps"),
    (SPOTIFY, "getUserSavedTracks", "max_items", "0"),
    (SPOTIFY, "getUserSavedTracks", "max_items", "many"),
    (SPOTIFY, "getUserTopTracks", "time_range", "ever"),
    (SPOTIFY, "getRecommendations", "seed_artists", ""),
    (SPOTIFY, "getRecommendations", "limit", "101"),
    (SPOTIFY, "getRecommendations", "energy_max", "1.5"),
    (SPOTIFY, "getRecommendations", "seed_genres", "a,b,c,d,e,f"),
    (HARBOUR, "listBerths", "place", "57.70"),
    (HARBOUR, "listBerths", "place", "north, 11"),
    (HARBOUR, "listBerths", "place", "91, 11"),
    (HARBOUR, "listBerths", "place", "57, 181"),
    (HARBOUR, "listBerths", "size", "huge"),
]
JUDGE = """\
const PALETTE = %s;
%s
const [name, fieldName, text] = %s;
const block = PALETTE.blocks.find((entry) => entry.name === name);
const field = block.fields.find((entry) => entry.name === fieldName);
const readOther = (other) => (other === fieldName ? { text, type: "str" } : { text: "", type: "str" });
console.log(JSON.stringify(findProblem(block, field, text, "str", readOther)));
"""


def judge_in_the_form(node, manifest, *case):
    script = (ROOT / "connector" / "export" / "node_red" / "editor" / "judging.js").read_text("utf-8")
    code = JUDGE % (json.dumps(build_palette(manifest)), script, json.dumps(case))
    done = subprocess.run([node, "-"], input=code, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def judge_in_the_runner(manifest, block, field, text):
    """The engine's problem with one field, where all others are in order."""
    found = manifest.block(block)
    args = {name: value for name, value in found.example.items() if name not in (found.together or NONE).fields}
    try:
        InputValidator(found, manifest.references).validate({**args, field: text})
    except InvocationFailed as failure:
        return next(({"problem": p.problem, "fits": p.fits} for p in failure.error.fields if p.name == field), None)
    return None


NONE = replace(SPOTIFY.block("getRecommendations").together, fields=())


@pytest.mark.parametrize(("manifest", "block", "field", "text"), FITS)
def test_what_fits_is_not_marked(node, manifest, block, field, text):
    assert judge_in_the_runner(manifest, block, field, text) is None
    assert judge_in_the_form(node, manifest, block, field, text) is None


@pytest.mark.parametrize(("manifest", "block", "field", "text"), UNFIT)
def test_the_form_says_what_the_runner_would_say(node, manifest, block, field, text):
    expected = judge_in_the_runner(manifest, block, field, text)
    assert expected is not None
    found = judge_in_the_form(node, manifest, block, field, text)
    assert {"fits": None, **found} == expected
