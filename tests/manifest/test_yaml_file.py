"""A manifest's bytes become plain data; what is no manifest is told with its place."""

import pytest

import connector.manifest.yaml_file
from connector.errors import ManifestError
from connector.manifest.yaml_file import load_source, locate_manifest, parse_yaml


@pytest.fixture
def manifest_file(tmp_path):
    path = tmp_path / "manifest.yaml"
    path.write_text("blocks: {a: 1}\n", "utf-8")
    return path


def test_a_manifest_is_read(manifest_file):
    assert load_source(manifest_file) == {"blocks": {"a": 1}}


@pytest.mark.parametrize("pure", [True, False])
@pytest.mark.parametrize(
    ("text", "place"),
    [("blocks: {\n  a: 1,\n", ":3:1: "), ("blocks:\n  a: b: c\n", ":2:7: "), ("a: 1\n\tb: 2\n", ":2:1: ")],
)
def test_what_is_no_yaml_is_told_with_line_and_column(tmp_path, monkeypatch, text, place, pure):
    import yaml

    if pure:
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    path = tmp_path / "manifest.yaml"
    with pytest.raises(ManifestError) as caught:
        parse_yaml(text.encode(), path)
    assert str(caught.value).startswith(f"{path}{place}")


@pytest.mark.parametrize("text", ["", "- a\n", "text\n", "7\n"])
def test_a_manifest_is_a_mapping(manifest_file, text):
    manifest_file.write_text(text, "utf-8")
    with pytest.raises(ManifestError, match=r"a manifest is a mapping with blocks, servers and so on\.$"):
        load_source(manifest_file)


@pytest.mark.parametrize("raw", [b"\xff\xfea: 1", b"a: \x00", b"a: \xe9"])
def test_bytes_that_are_no_text_are_a_manifest_error(tmp_path, raw):
    with pytest.raises(ManifestError):
        parse_yaml(raw, tmp_path / "manifest.yaml")


def test_a_manifest_that_is_nested_too_deeply_is_a_manifest_error(tmp_path):
    with pytest.raises(ManifestError):
        parse_yaml(b"[" * 3_000, tmp_path / "manifest.yaml")


def test_yaml_can_not_make_python_objects(tmp_path):
    with pytest.raises(ManifestError):
        parse_yaml(b"a: !!python/object/apply:os.getcwd []", tmp_path / "manifest.yaml")


def test_a_manifest_that_is_not_there_is_named(tmp_path):
    path = tmp_path / "none.yaml"
    with pytest.raises(ManifestError) as caught:
        load_source(path)
    assert str(caught.value) == f"The manifest {path} can't be read: No such file or directory."


def test_a_manifest_is_looked_for_where_it_was_said_then_in_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("CONNECTOR_MANIFEST", str(tmp_path / "environment.yaml"))
    assert locate_manifest(tmp_path / "said.yaml") == tmp_path / "said.yaml"
    assert locate_manifest() == tmp_path / "environment.yaml"


def test_without_a_word_the_packaged_manifest_is_used_before_the_checkout(tmp_path, monkeypatch):
    packaged, checkout = tmp_path / "packaged.yaml", tmp_path / "checkout.yaml"
    monkeypatch.setattr(connector.manifest.yaml_file, "_PACKAGED", packaged)
    monkeypatch.setattr(connector.manifest.yaml_file, "_CHECKOUT", checkout)
    assert locate_manifest() == checkout
    packaged.touch()
    assert locate_manifest() == packaged
