"""`export` writes whatever it offers, and says where it can't."""

import json
import shutil

import openapi_spec_validator
import pytest

from connector.export import EXPORTS, RUNNER_URL
from connector.runners.http_server.settings import Settings


def read_all(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", EXPORTS)
def test_each_export_is_written_and_the_same_each_time(cli, tmp_path, name):
    for folder in ("one", "other", "one"):
        done = cli("export", name, "--out", str(tmp_path / folder))
        assert (done.exit_code, done.stdout) == (0, "")
    assert read_all(tmp_path / "one") == read_all(tmp_path / "other") != {}


def test_a_long_folder_s_name_can_be_copied_from_the_last_line(cli, tmp_path):
    folder = tmp_path / ("long" * 30)
    assert f" written to {folder}.\n" in cli("export", "openapi", "--out", str(folder)).stderr


def test_a_folder_s_name_does_not_steer_the_terminal(cli, tmp_path):
    done = cli("export", "openapi", "--out", str(tmp_path / "\x1b[31mred"))
    assert f" written to {tmp_path}/ [31mred.\n" in done.stderr


def test_the_description_is_valid_and_names_the_runner(cli, tmp_path, manifest):
    cli("export", "openapi", "--out", str(tmp_path))
    [path] = tmp_path.iterdir()
    document = json.loads(path.read_text("utf-8"))
    openapi_spec_validator.validate(document)
    assert path.name == "openapi.json"
    paths = list(document["paths"])
    own = paths[len(manifest.names) :]
    assert paths == [*(f"/blocks/{name}" for name in manifest.names), *own]
    assert {"/blocks", "/healthz"} <= set(own)
    assert document["servers"] == [{"url": RUNNER_URL}]


def test_the_runner_is_where_exports_look_for_it():
    assert f"http://{Settings().host}:{Settings().port}" == RUNNER_URL


def test_a_description_leaves_other_files_alone(cli, tmp_path):
    (tmp_path / "mine.txt").write_text("kept")
    assert cli("export", "openapi", "--out", str(tmp_path)).exit_code == 0
    assert (tmp_path / "mine.txt").read_text() == "kept"


@pytest.mark.parametrize("name", EXPORTS)
def test_a_place_that_can_not_be_written_to_is_named(cli, tmp_path, name):
    file = tmp_path / ("long" * 30)
    file.write_text("in the way")
    done = cli("export", name, "--out", str(file))
    assert (done.exit_code, done.stdout) == (2, "")
    assert str(file) in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", EXPORTS)
def test_nothing_is_written_of_a_manifest_that_is_not_sound(cli, tmp_path, manifest, name):
    shutil.copytree(manifest.folder / "schemas", tmp_path / "schemas")
    text = (manifest.folder / "manifest.yaml").read_text("utf-8")
    (tmp_path / "manifest.yaml").write_text(text.replace("title: Get my profile", "title: </script>"), "utf-8")
    done = cli("--manifest", str(tmp_path / "manifest.yaml"), "export", name, "--out", str(tmp_path / "out"))
    assert (done.exit_code, (tmp_path / "out").exists()) == (2, False)
    assert "getCurrentUserProfile: '</script>' does not fit" in done.stderr
    assert "mend it until `check` has nothing to say" in done.stderr


def test_an_export_that_there_is_not(cli, tmp_path):
    done = cli("export", "zapier", "--out", str(tmp_path))
    assert (done.exit_code, done.stderr) == (2, f"There is no export zapier; there are {', '.join(EXPORTS)}.\n")
