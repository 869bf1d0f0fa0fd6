"""The n8n package: complete, the same each time, and made from any manifest."""

import functools
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from connector.export import load_exporter
from connector.export.file_names import to_slug
from connector.export.n8n import build_package
from connector.export.n8n.forms import Forms
from connector.export.n8n.icons import tell_node_icon
from connector.export.n8n.names import Names
from connector.export.n8n.operations import list_operations, list_resources
from connector.export.n8n.wording import to_action, to_class_name, to_hint, to_label, to_resource, to_whether
from connector.export.package import to_tgz
from connector.manifest.beforehand import tell_beforehand
from connector.manifest.field_rules import tell_rules
from connector.manifest.manifest import Manifest

ROOT = Path(__file__).resolve().parents[2]
SPOTIFY = Manifest.load(ROOT / "manifest.yaml")
HARBOUR = Manifest.load(ROOT / "tests" / "harbour" / "manifest.yaml")
EACH_MANIFEST = pytest.mark.parametrize("manifest", [SPOTIFY, HARBOUR], ids=["spotify", "harbour"])
RUNTIME = ROOT / "connector" / "export" / "n8n" / "runtime"
#: What a maker may always set, whatever the block.
ALWAYS = {"resource", "operation", "options"}


@pytest.fixture(scope="module")
def run_script(node, tmp_path_factory):
    """Runs JavaScript in Node.js, beside the runtime of a package."""
    folder = tmp_path_factory.mktemp("package")
    load_exporter("n8n")(HARBOUR, folder)

    def run(script):
        command = [node, "-e", script]
        done = subprocess.run(command, cwd=folder / "dist/runtime", capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return run


#: The forms of a manifest's blocks, built once for all tests that read them.
build_forms = functools.cache(Forms)


def find_shown(manifest, block):
    """The parameters that n8n shows for a block, by name, without those that every block has."""
    shown = {}
    for parameter in build_forms(manifest).parameters:
        show = parameter.get("displayOptions", {}).get("show", {})
        if parameter["name"] not in ALWAYS and block.name in show.get("operation", []):
            assert block.group in show["resource"]
            shown[parameter["name"]] = parameter
    return shown


@EACH_MANIFEST
def test_the_package_is_what_n8n_installs(manifest):
    package, names = build_package(manifest), Names.from_manifest(manifest)
    description = json.loads(package["package.json"])
    assert description["name"] == f"n8n-nodes-{manifest.command}"
    assert "n8n-community-node-package" in description["keywords"]
    assert "dependencies" not in description
    assert "scripts" not in description
    assert {*description["n8n"]["nodes"], *description["n8n"]["credentials"], description["main"]} <= package.keys()
    assert {"README.md", "LICENSE"} <= package.keys()
    assert package[f"{names.node_folder}/{names.icon}"].startswith(b"<svg")
    assert {name.split("/")[0] for name in package} - {"package.json", "README.md", "LICENSE"} == {"dist"}


@EACH_MANIFEST
def test_the_scripts_need_nothing_but_n8n_itself(manifest):
    package = build_package(manifest)
    scripts = [content.decode() for name, content in package.items() if name.endswith(".js")]
    wanted = {name for script in scripts for name in re.findall(r"require\('([^'.][^']*)'\)", script)}
    assert wanted == {"n8n-workflow"}


def test_the_runtime_knows_no_service(each_block):
    for script in RUNTIME.glob("*.js"):
        text = script.read_text("utf-8")
        assert "spotify" not in text.lower()
        # A name of one word is a word of any program.
        assert each_block.name.islower() or each_block.name not in text


def test_the_same_manifest_gives_the_same_bytes():
    script = (
        "import hashlib; from connector.export.n8n import build_package; from connector.manifest import Manifest;"
        "from connector.export.package import to_tgz; archive = to_tgz(build_package(Manifest.load()));"
        "print(hashlib.sha256(archive).hexdigest())"
    )
    command = [sys.executable, "-c", script]
    digests = {
        subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert digests == {hashlib.sha256(to_tgz(build_package(SPOTIFY))).hexdigest()}


def test_what_several_operations_share_stands_once():
    package = build_package(SPOTIFY)
    assert sum(map(len, package.values())) <= 4_000 * len(SPOTIFY)
    assert sum(content.count(b'"BQ"') for content in package.values()) == 1


@EACH_MANIFEST
def test_each_block_is_an_operation_of_its_group(manifest):
    operations = [(group, option["value"]) for group, found in list_operations(manifest).items() for option in found]
    assert sorted(operations) == sorted((block.group, block.name) for block in manifest)
    chosen = [parameter for parameter in build_forms(manifest).parameters if parameter["name"] == "operation"]
    for parameter in chosen:
        [group] = parameter["displayOptions"]["show"]["resource"]
        assert (group, parameter["default"]) in operations
    assert len(chosen) == len(manifest.groups)


def test_the_palette_is_in_the_order_in_which_makers_look_for_things():
    resources = [option["value"] for option in list_resources(SPOTIFY)]
    assert resources == list(SPOTIFY.groups)
    assert (resources[0], resources[-1]) == ("Ready-made", "Sign-in")


@EACH_MANIFEST
def test_blocks_that_are_closed_to_new_apps_are_marked_and_last_in_their_group(manifest):
    closed = {block.name for block in manifest if block.closed_since("development")}
    for options in list_operations(manifest).values():
        marks = [option["value"] in closed for option in options]
        assert marks == sorted(marks)
        assert marks == ["(Closed to New Apps)" in option["name"] for option in options]
        assert marks == ["(closed to new apps)" in option["action"] for option in options]
    assert closed


def test_what_n8n_leaves_out_of_saved_workflows_stays_what_it_is():
    """n8n saves no parameter that has its default: where one changes, workflows that were saved run something else."""
    chosen = [
        parameter for parameter in build_forms(SPOTIFY).parameters if parameter["name"] in ("resource", "operation")
    ]
    assert [parameter["default"] for parameter in chosen] == [
        "Browse",
        "addMissingItems",
        "searchAlbums",
        "addItemsToPlaylist",
        "addToQueue",
        "checkSavedAlbum",
        "getTrack",
        "getChapter",
        "checkFollowPlaylist",
        "getUserProfile",
        "getCategory",
        "getAccessToken",
    ]


@EACH_MANIFEST
def test_each_group_has_its_icon_in_its_colour(manifest):
    package, names = build_package(manifest), Names.from_manifest(manifest)
    for group in manifest.groups.values():
        drawing = package[f"{names.node_folder}/icons/{to_slug(group.name)}.svg"].decode()
        assert f'stroke="{group.colour}"' in drawing
        assert f'd="{group.icon}"' in drawing


def test_the_node_on_the_canvas_has_the_icon_of_its_resource(run_script):
    names = Names.from_manifest(HARBOUR)
    icon = json.dumps(tell_node_icon(HARBOUR, names)["dark"].removeprefix("=file:{{").removesuffix("}}"))
    script = f"const find = ($parameter) => eval({icon});"
    script += "console.log(JSON.stringify([find({ resource: 'Boats' }), find({ resource: 'Trains' }), find({})]))"
    assert run_script(script) == ["icons/boats.svg", names.dark_icon, names.dark_icon]


@EACH_MANIFEST
def test_a_form_has_each_field_once_and_tucks_away_what_need_not_be_given(manifest):
    tokens = {"access_token", "captain_pass"}
    for block in manifest:
        shown = find_shown(manifest, block)
        entry = build_forms(manifest).blocks[block.name]
        first = {told["name"] for told in entry["fields"].values()}
        ticked = {told["ticked"] for part in ("fields", "more") for told in entry[part].values() if "ticked" in told}
        more = {told["name"] for told in entry["more"].values()}
        limits = {"max_items"} & block.fields.keys()
        assert first | more | limits == block.fields.keys() - tokens
        assert not first & more
        assert {option["name"] for option in shown.get("more", {}).get("options", [])} == entry["more"].keys() | ticked
        assert set(shown) - {"more", "notice", "scopes", "returnAll", "limit", "simplify"} == entry["fields"].keys()
        assert ("returnAll" in shown) is bool(limits)
        assert ("simplify" in shown) is bool(block.brief)
        for name, told in entry["fields"].items():
            is_marked = block.fields[told["name"]].required and "ticked" not in told
            assert shown[name].get("required", False) is is_marked


def test_a_block_that_is_closed_says_so_in_its_form(each_block):
    since = each_block.closed_since("development")
    notice = find_shown(SPOTIFY, each_block).get("notice", {}).get("displayName")
    if since is None:
        assert bool(notice) is bool(tell_beforehand(each_block) or tell_rules(each_block))
    else:
        assert notice.startswith(f"Closed to apps in development mode since {since}.")
        assert "Instead: " in notice


def test_what_to_use_instead_is_called_as_the_palette_calls_it(each_block):
    notice = find_shown(SPOTIFY, each_block).get("notice", {}).get("displayName", "")
    assert not {block.name for block in SPOTIFY if not block.name.islower()} & set(notice.split())
    if each_block.name == "getFeaturedPlaylists":
        assert 'Find playlists by name with "Search for Playlists"' in notice


def test_a_form_says_what_the_user_must_have_granted(each_block):
    told = find_shown(SPOTIFY, each_block).get("scopes", {}).get("displayName", "")
    assert [scope in told for scope in each_block.scopes] == [True] * len(each_block.scopes)
    assert bool(told) is bool(each_block.scopes)


@pytest.mark.parametrize(
    ("block", "parameter", "text"),
    [
        ("saveToLibrary", "notice", 'Costs a call per 40 of "What".'),
        ("createPlaylist", "scopes", 'where "On the Profile" is true'),
        ("startPlayback", "notice", 'A name as "Device" costs a call more.'),
    ],
)
def test_a_form_calls_fields_by_their_labels_where_it_speaks_of_them(block, parameter, text):
    assert text in find_shown(SPOTIFY, SPOTIFY.block(block))[parameter]["displayName"]


def test_a_form_says_which_fields_exclude_one_another_as_it_calls_them():
    [block] = [block for block in HARBOUR if block.name == "raiseSignal"]
    assert find_shown(HARBOUR, block)["notice"]["displayName"] == 'Give one of "Signal" or "Drawing".'


@pytest.mark.parametrize(
    ("manifest", "block", "field", "form"),
    [
        (SPOTIFY, "getFeaturedPlaylists", "timestamp", {"type": "dateTime"}),
        (SPOTIFY, "getFeaturedPlaylists", "country", {"type": "options"}),
        (SPOTIFY, "getUserTopTracks", "time_range", {"type": "options"}),
        (SPOTIFY, "getRecommendations", "limit", {"type": "number"}),
        (SPOTIFY, "followPlaylist", "public", {"type": "boolean"}),
        (SPOTIFY, "getCategory", "id", {"type": "string"}),
        (SPOTIFY, "refreshToken", "client_key", {"type": "string", "typeOptions": {"password": True}}),
        (SPOTIFY, "uploadPlaylistCover", "image", {"type": "string", "required": True, "default": "data"}),
        (SPOTIFY, "seekToPosition", "position_ms", {"type": "string", "default": ""}),
        (SPOTIFY, "transferPlayback", "device_id", {"type": "resourceLocator", "required": True}),
        (SPOTIFY, "removeSavedTrack", "id", {"type": "string", "default": []}),
        (HARBOUR, "listBerths", "place", {"type": "fixedCollection"}),
        (HARBOUR, "listBerths", "day", {"type": "dateTime"}),
        (HARBOUR, "bookBerth", "crew", {"typeOptions": {"multipleValues": True, "minRequiredFields": 1}}),
        (SPOTIFY, "saveTrack", "id", {"type": "string", "required": True, "default": [""]}),
        (SPOTIFY, "getRecommendations", "seed_tracks", {"type": "string", "default": []}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_widget_of_a_field(manifest, block, field, form):
    shown = find_shown(manifest, manifest.block(block))
    entry = build_forms(manifest).blocks[block]
    [name] = [name for part in ("fields", "more") for name, told in entry[part].items() if told["name"] == field]
    options = shown.get("more", {}).get("options", [])
    parameter = shown.get(name) or next(option for option in options if option["name"] == name)
    assert {key: parameter[key] for key in form} == form


@pytest.mark.parametrize(
    ("kind", "held", "argument"),
    [
        ("text", "dinner", "dinner"),
        ("text", "", None),
        ("text", {"__rl": True, "mode": "list", "value": "a", "cachedResultName": "A"}, "a"),
        ("text", {"__rl": True, "mode": "list", "value": ""}, None),
        ("number", 0, 0),
        ("switch", False, False),
        ("moment", "2026-05-28T09:30:00Z", "2026-05-28 11:30:00"),
        ("moment", "", None),
        ("list", ["a", "b, c", ["d"]], ["a", "b", "c", "d"]),
        ("list", ["a", None, "", ["b", None]], ["a", None, "", "b", None]),
        ("list", ["a,,b", "c"], ["a", "", "b", "c"]),
        ("list", ["a\uff0c b,", "c\r\n\r\nd"], ["a", "b", "c", "d"]),
        ("list", '["a", "b"]', '["a", "b"]'),
        ("list", ["a,b"], "a,b"),
        ("list", ["[a, b](https://example.com/1)", "c"], ["[a, b](https://example.com/1)", "c"]),
        ("list", [7, ["a"]], [7, "a"]),
        ("list", [""], None),
        ("list", [], None),
        ("place", {"place": {"latitude": 59.3, "longitude": 18}}, "59.3, 18"),
        ("place", "59.3, 18", "59.3, 18"),
        ("place", {}, None),
        ("rows", {"row": [{"cells": {"cell": [{"key": "name", "value": "Ada"}]}}]}, [{"name": "Ada"}]),
        ("rows", '[{"name": "Ada"}]', [{"name": "Ada"}]),
        ("rows", "no JSON", "no JSON"),
        ("rows", {}, None),
        ("json", '{"a": 1}', {"a": 1}),
    ],
)
def test_what_a_form_holds_becomes_what_a_block_takes(run_script, kind, held, argument):
    call = f"toArgument({json.dumps({'kind': kind})}, {json.dumps(held)}, 'Europe/Stockholm')"
    script = f"const {{ toArgument }} = require('./values.js'); console.log(JSON.stringify({call} ?? null))"
    assert run_script(script) == argument


@pytest.mark.parametrize(
    ("headers", "item", "told"),
    [
        ({"x-did": "Saved 3 tracks"}, {"success": True}, {"success": True, "did": "Saved 3 tracks"}),
        ({"x-did": "Made Caf%C3%A9"}, {"id": "1"}, {"id": "1", "did": "Made Caf\u00e9"}),
        ({"x-did": "100%"}, {"success": True}, {"success": True}),
        ({}, {"success": True}, {"success": True}),
        ({"x-did": "Saved it"}, {"did": "its own"}, {"did": "its own"}),
    ],
)
def test_an_item_says_what_a_block_did(run_script, headers, item, told):
    call = f"addDone({json.dumps(item)}, readDone({json.dumps(headers)}))"
    script = f"const {{ addDone, readDone }} = require('./done_texts.js'); console.log(JSON.stringify({call}))"
    assert run_script(script) == told


def test_a_note_over_the_output_says_once_what_was_done_for_many_items(run_script):
    texts = ["Saved <1>", "Saved <1>", "Saved 2", "Saved 3", "Saved 4", "Saved 5"]
    script = f"console.log(JSON.stringify(require('./done_texts.js').toHint({json.dumps(texts)})))"
    assert run_script(script)["message"] == "Saved &lt;1&gt;.<br>Saved 2.<br>Saved 3.<br>and 2 more."


@pytest.mark.each(
    ("header", "texts"),
    [
        (
            "1 of 3 was not found., It was caf%C3%A9%2C and late.",
            ["1 of 3 was not found.", "It was caf\u00e9, and late."],
        ),
        ("100%, Once.", ["Once."]),
        (None, []),
    ],
)
def test_what_to_know_of_an_answer_is_read_from_its_header(run_script, header, texts):
    headers = json.dumps({"x-warnings": header} if header else {})
    script = f"console.log(JSON.stringify(require('./done_texts.js').readWarnings({headers})))"
    assert run_script(script) == texts


@pytest.mark.parametrize(
    ("block", "field", "ways"),
    [
        ("getPlaylist", "playlist_id", ["From List", "By Link", "By ID"]),
        ("transferPlayback", "device_id", ["From List", "By Name or ID"]),
        ("mirrorPlaylist", "target", ["From List", "By Name or ID"]),
        ("startPlayback", "context_uri", ["From List", "By Link", "By URI"]),
    ],
)
def test_a_value_that_is_listed_can_be_typed_too(block, field, ways):
    parameter = find_shown(SPOTIFY, SPOTIFY.block(block))[field]
    assert [mode["displayName"] for mode in parameter["modes"]] == ways


@pytest.mark.parametrize(
    "link",
    [
        "https://open.spotify.com/playlist/3cEYpjA9oz9GiPac4AsH4n",
        "https://open.spotify.com/intl-sv/playlist/3cEYpjA9oz9GiPac4AsH4n?si=1",
        "spotify:playlist:3cEYpjA9oz9GiPac4AsH4n",
        "spotify:user:someone:playlist:3cEYpjA9oz9GiPac4AsH4n",
    ],
)
def test_n8n_finds_the_id_in_a_link(link):
    [mode] = [
        mode
        for mode in find_shown(SPOTIFY, SPOTIFY.block("getPlaylist"))["playlist_id"]["modes"]
        if "extractValue" in mode
    ]
    assert re.search(mode["extractValue"]["regex"], link)[1] == "3cEYpjA9oz9GiPac4AsH4n"


@pytest.mark.parametrize(
    ("held", "ticked", "joined"),
    [
        (["a"], ["b", "c"], ["a", "b", "c"]),
        (["", "a"], ["b"], ["a", "b"]),
        ("a, b", ["c"], ["a, b", "c"]),
        (None, ["a"], ["a"]),
        (["", "a"], None, ["", "a"]),
        (["", "a"], [], ["", "a"]),
    ],
)
def test_what_is_ticked_goes_to_what_is_typed(run_script, held, ticked, joined):
    call = f"addTicked({json.dumps(held)}, {json.dumps(ticked)})"
    assert run_script(f"console.log(JSON.stringify(require('./values.js').{call} ?? null))") == joined


def test_codes_of_countries_and_languages_are_called_by_their_names(run_script):
    lists = {
        "region": {"kinds": ["region"], "codes": ["SE", "AX"]},
        "language": {"kinds": ["language", "region"], "codes": ["sv_SE"]},
    }
    script = f"console.log(JSON.stringify(require('./choices.js').buildChoices({json.dumps(lists)})))"
    assert run_script(script) == {
        "region": [{"name": "Åland Islands, AX", "value": "AX"}, {"name": "Sweden, SE", "value": "SE"}],
        "language": [{"name": "Swedish (Sweden), sv_SE", "value": "sv_SE"}],
    }


@pytest.mark.parametrize(
    ("change", "text", "changed"),
    [
        (to_label, "Check whether a user is followed", "Check Whether a User Is Followed"),
        (to_action, "Get a track's albums", "Get albums of a track"),
        (to_resource, "Saved tracks", "Saved Track"),
        (to_resource, "Libraries", "Library"),
        (to_resource, "Status", "Status"),
        (to_hint, "the id of a track.", "The ID of a track"),
        (to_hint, "One thing. Another.", "One thing. Another."),
        (to_whether, "Show it to others.", "Whether this holds: show it to others"),
        (to_whether, "Whether others see it.", "Whether others see it"),
        (to_class_name, "the harbour-office", "TheHarbourOffice"),
        (to_class_name, "3 boats", "The3Boats"),
    ],
)
def test_texts_are_worded_as_n8n_has_them(change, text, changed):
    assert change(text) == changed


@pytest.mark.parametrize(
    ("repository", "link", "origin"),
    [
        ("https://git.example/blocks", "https://git.example/blocks", "git.example/blocks"),
        ("git@git.example:blocks", "http://127.0.0.1:8800/docs", "which also made this package"),
        ("", "http://127.0.0.1:8800/docs", "which also made this package"),
    ],
    ids=["web", "ssh", "none"],
)
def test_links_lead_to_the_projects_own_documentation(repository, link, origin):
    manifest = Manifest({**SPOTIFY.data, "package": {**SPOTIFY.package, "repo": repository}}, ROOT)
    package, names = build_package(manifest), Names.from_manifest(manifest)
    codex = json.loads(package[names.node_file.replace(".js", ".json")])["resources"]
    assert [page["url"] for pages in codex.values() for page in pages] == [link, link]
    credential, readme = package[names.credential_file].decode(), package["README.md"].decode()
    assert f'documentationUrl = "{link}"' in credential
    assert origin in credential
    assert origin in " ".join(readme.split())
    assert f"]({link})" in readme.partition("## Resources")[2]
    assert json.loads(package["package.json"])["homepage"] == link


def test_a_saved_key_that_names_its_address_goes_to_no_other(run_script):
    names = Names.from_manifest(HARBOUR)
    script = """
        const { CREDENTIAL } = require('../credentials/CREDENTIAL.credentials.js');
        const send = async (url, apiKey, path = '/blocks') => {
            try {
                const sent = await new CREDENTIAL().authenticate({ url, apiKey }, { baseURL: url, url: path });
                return sent.headers.Authorization ?? null;
            } catch (problem) { return problem.message.split(':')[0]; }
        };
        const here = 'https://blocks.example/base', bound = `${here}/ s3cret key `;
        Promise.all([
            send(here, 's3cret'), send('https://other.example', 's3cret'), send(here, ''), send(here, undefined),
            send(here, bound), send(here + '/', bound), send('https://other.example', bound),
            send('https://blocks.example', bound), send('http://blocks.example/base', bound), send(here, 'http://x k'),
        ]).then((found) => process.stdout.write(JSON.stringify(found)));
    """.replace("CREDENTIAL", names.credential_class)
    refusal = "The API key belongs to another address than the Runner URL"
    plain = ["Bearer s3cret", "Bearer s3cret", None, None]
    assert run_script(script) == [*plain, "Bearer s3cret key", "Bearer s3cret key", *[refusal] * 4]
