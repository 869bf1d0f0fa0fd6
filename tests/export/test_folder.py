"""What an export does to the folder that it is written to: it touches its own files and no others."""

import json
from pathlib import Path

import pytest

from connector.export import EXPORTS, load_exporter
from connector.export.folder import CannotWrite, write_export
from connector.export.package import to_json, to_tgz
from connector.manifest.manifest import Manifest

HARBOUR = Manifest.load(Path(__file__).resolve().parents[1] / "harbour" / "manifest.yaml")
LIST = ".connector-export.json"
FIRST = {"package.json": b'{"name": "palette"}', "docs/one.md": b"one", "old/deep/two.md": b"two"}
SECOND = {"package.json": b'{"name": "palette"}', "docs/one.md": b"another"}


def export(files, folder, name="palette"):
    return write_export(name, files, folder, HARBOUR)


def read_all(folder):
    """All files below `folder` by their paths, without the list."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != LIST)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.parametrize("name", EXPORTS)
def test_a_second_export_writes_the_same_and_nothing_else(tmp_path, name):
    written = load_exporter(name)(HARBOUR, tmp_path / "out")
    first = read_all(tmp_path / "out")
    assert {path.relative_to(tmp_path / "out").as_posix() for path in written} == first.keys()
    assert load_exporter(name)(HARBOUR, tmp_path / "out") == written
    assert read_all(tmp_path / "out") == first


def test_a_second_export_leaves_alone_what_it_did_not_write(tmp_path):
    export(FIRST, tmp_path)
    own = {".git/config": b"mine", "notes.txt": b"mine", "docs/mine.md": b"mine", "node_modules/x/index.js": b"theirs"}
    for name, content in own.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    assert export(SECOND, tmp_path) == [tmp_path / "docs/one.md", tmp_path / "package.json"]
    assert read_all(tmp_path) == {**own, **SECOND}
    assert not (tmp_path / "old").exists()


def test_an_export_replaces_its_own_file_though_somebody_changed_it(tmp_path):
    export(FIRST, tmp_path)
    (tmp_path / "docs/one.md").write_bytes(b"changed")
    export(FIRST, tmp_path)
    assert read_all(tmp_path) == FIRST


def test_a_foreign_file_in_the_way_is_named_and_kept(tmp_path):
    export(SECOND, tmp_path)
    (tmp_path / "docs/more.md").write_bytes(b"mine")
    with pytest.raises(CannotWrite, match=r"docs/more\.md is in the way"):
        export({**SECOND, "docs/one.md": b"newer", "docs/more.md": b"theirs"}, tmp_path)
    assert read_all(tmp_path) == {**SECOND, "docs/more.md": b"mine"}


def test_a_file_in_a_folders_place_and_a_folder_in_a_files_are_named(tmp_path):
    (tmp_path / "docs").write_bytes(b"mine")
    with pytest.raises(CannotWrite, match="docs can't be a folder"):
        export({"docs/one.md": b"one"}, tmp_path)
    with pytest.raises(CannotWrite, match="can't be a file"):
        export({tmp_path.name: b"one"}, tmp_path.parent)


def test_a_package_wants_a_folder_of_its_own_and_hidden_files_may_be_there(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_bytes(b"mine")
    export(FIRST, tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (other / "mine.txt").write_bytes(b"mine")
    with pytest.raises(CannotWrite, match="holds something else"):
        export(FIRST, other)
    assert read_all(other) == {"mine.txt": b"mine"}
    with pytest.raises(CannotWrite, match=r"mine\.txt is a file: name a folder"):
        export(FIRST, other / "mine.txt")


def test_exports_of_several_kinds_share_a_folder_and_keep_to_their_own_files(tmp_path):
    export(FIRST, tmp_path)
    export({"openapi.json": b"{}"}, tmp_path, "openapi")
    export(SECOND, tmp_path)
    assert read_all(tmp_path) == {**SECOND, "openapi.json": b"{}"}
    with pytest.raises(CannotWrite, match="holds something else"):
        export({"package.json": b'{"name": "another"}'}, tmp_path, "another palette")


@pytest.mark.parametrize("name", EXPORTS)
def test_what_a_version_without_lists_wrote_is_replaced(tmp_path, name):
    load_exporter(name)(HARBOUR, tmp_path)
    (tmp_path / LIST).unlink(missing_ok=True)
    files = read_all(tmp_path)
    for path in files.keys() - {"package.json", "openapi.json"}:
        (tmp_path / path).write_bytes(b"older")
    load_exporter(name)(HARBOUR, tmp_path)
    assert read_all(tmp_path) == files


def test_a_description_replaces_an_older_one_and_no_other_document(tmp_path):
    package = {**HARBOUR.package, "title": "Another"}
    load_exporter("openapi")(Manifest({**HARBOUR.data, "package": package}, HARBOUR.folder), tmp_path)
    [path] = load_exporter("openapi")(HARBOUR, tmp_path)
    assert list(tmp_path.iterdir()) == [path]
    for foreign in (
        "no JSON",
        "[]",
        '{"paths": {}}',
        '{"paths": {"/pets": {}}}',
        '{"paths": "/blocks/"}',
        "[" * 100_000,
    ):
        path.write_text(foreign, "utf-8")
        with pytest.raises(CannotWrite, match=r"openapi\.json is in the way"):
            load_exporter("openapi")(HARBOUR, tmp_path)
        assert path.read_text("utf-8") == foreign


@pytest.mark.parametrize("link", ["docs", "docs/one.md", LIST])
def test_no_link_in_the_folder_is_written_through(tmp_path, link):
    inside, outside = tmp_path / "in", tmp_path / "out"
    outside.mkdir()
    (outside / "one.md").write_bytes(b"mine")
    (inside / link).parent.mkdir(parents=True)
    (inside / link).symlink_to(outside / "one.md" if link.endswith("md") else outside)
    with pytest.raises(CannotWrite, match=f"{link} is a link"):
        export({"docs/one.md": b"one", "two.md": b"two"}, inside)
    assert read_all(outside) == {"one.md": b"mine"}
    assert (inside / link).is_symlink()


def test_what_became_a_link_is_not_removed_nor_what_it_leads_to(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    export(FIRST, inside)
    (inside / "old").rename(outside)
    (inside / "old").symlink_to(outside)
    export(SECOND, inside)
    assert read_all(outside) == {"deep/two.md": b"two"}
    assert (inside / "old").is_symlink()


def test_the_folder_itself_may_be_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    export(FIRST, tmp_path / "link")
    export(SECOND, tmp_path / "link")
    assert read_all(tmp_path / "real") == SECOND


@pytest.mark.parametrize("path", ["../mine.txt", "docs/../../mine.txt", "{folder}/mine.txt", "", 7])
def test_a_list_that_was_changed_removes_nothing_outside(tmp_path, path):
    (tmp_path / "mine.txt").write_bytes(b"mine")
    path = path.format(folder=tmp_path) if isinstance(path, str) else path
    inside = tmp_path / "in"
    export(FIRST, inside)
    (inside / LIST).write_text(json.dumps({"exports": {"palette": ["package.json", "docs/one.md", path]}}), "utf-8")
    export(SECOND, inside)
    assert (tmp_path / "mine.txt").read_bytes() == b"mine"


@pytest.mark.parametrize("text", ["no JSON", "[]", '{"exports": []}', '{"exports": {"palette": 7}}'])
def test_a_list_that_means_nothing_is_no_list(tmp_path, text):
    files = {"docs/one.md": b"one", "two.md": b"two"}
    export(files, tmp_path)
    (tmp_path / LIST).write_text(text, "utf-8")
    export(files, tmp_path)
    (tmp_path / LIST).write_text(text, "utf-8")
    with pytest.raises(CannotWrite, match="in the way"):
        export({**files, "docs/one.md": b"another"}, tmp_path)


def test_an_export_that_breaks_off_leaves_each_file_old_or_new_and_can_be_done_again(tmp_path, monkeypatch):
    export(FIRST, tmp_path)
    third = {**SECOND, "new.md": b"new"}
    replace = Path.replace

    def break_off(path, target):
        if Path(target).name == "package.json":
            raise OSError(28, "No space left on device", str(target))
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", break_off)
        with pytest.raises(CannotWrite, match=r"package\.json can't be written: No space left on device; make room"):
            export(third, tmp_path)
    assert read_all(tmp_path) == {**FIRST, "docs/one.md": b"another", "new.md": b"new"}
    export(third, tmp_path)
    assert read_all(tmp_path) == third


@pytest.mark.parametrize("name", ["../out.md", "/out.md", "a/../../out.md", "a//b", "a\\..\\b", "a\nb", "C:x", "."])
def test_no_name_leads_out_of_the_folder_or_the_archive(tmp_path, name):
    with pytest.raises(CannotWrite, match="is no name for a file"):
        export({name: b""}, tmp_path / "in")
    with pytest.raises(CannotWrite, match="is no name for a file"):
        to_tgz({name: b""})
    assert list(tmp_path.iterdir()) == []


def test_json_is_laid_out_so_that_people_can_read_it_and_few_bytes_are_blank():
    refs = {name: {"$ref": f"#/components/responses/{name}"} for name in ("200", "400", "500")}
    written = to_json(
        {"paths": {"/": {"post": {"summary": "Go", "tags": [], "codes": [*range(40)], "responses": refs}}}}
    )
    assert written.decode() == (
        '{"paths": {"/": {"post": {\n'
        '  "summary": "Go", "tags": [],\n'
        '  "codes": [\n'
        f"    {', '.join(map(str, range(31)))},\n"
        f"    {', '.join(map(str, range(31, 40)))}\n"
        "  ],\n"
        '  "responses": {\n'
        '    "200": {"$ref": "#/components/responses/200"}, "400": {"$ref": "#/components/responses/400"},\n'
        '    "500": {"$ref": "#/components/responses/500"}\n'
        "  }\n"
        "}}}}\n"
    )
