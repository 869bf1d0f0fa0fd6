"""What was typed becomes arguments, and messages about it repeat no word that might be a secret."""

import io

import pytest

from connector.cli.arguments import (
    WrongUsage,
    fill_from_environment,
    fill_from_sandbox,
    parse_pairs,
    read_json_args,
)


@pytest.mark.parametrize(
    ("words", "pairs"),
    [
        ([], {}),
        (["country=SE"], {"country": "SE"}),
        (["a=1", "b=2"], {"a": "1", "b": "2"}),
        (["url=https://x/?a=b"], {"url": "https://x/?a=b"}),
        (["empty="], {"empty": ""}),
    ],
)
def test_pairs(words, pairs):
    assert parse_pairs(words) == pairs


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ok=1", "hush-hush"], "Word 2 is not FIELD=VALUE"),
        (["=hush-hush"], "Word 1 is not FIELD=VALUE"),
        (["id=hush-hush", "id=b"], "id is given twice"),
    ],
)
def test_words_that_are_no_pairs(words, said):
    with pytest.raises(WrongUsage, match=said) as caught:
        parse_pairs(words)
    assert "hush" not in str(caught.value)


def test_json_comes_from_a_word_a_file_or_standard_input(tmp_path, monkeypatch):
    file = tmp_path / "args.json"
    file.write_text('{"id": "å"}', "utf-8")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"id": "in"}')))
    assert read_json_args(None) == {}
    assert read_json_args('{"id": [1]}') == {"id": [1]}
    assert read_json_args(f"@{file}") == {"id": "å"}
    assert read_json_args("-") == {"id": "in"}


@pytest.mark.parametrize("source", ["", "hush-hush", "[1]", "null", "[" * 100_000])
def test_what_is_no_json_object(source):
    with pytest.raises(WrongUsage, match="--args takes a JSON object") as caught:
        read_json_args(source)
    assert "hush" not in str(caught.value)


def test_a_file_that_cant_be_read(tmp_path):
    with pytest.raises(WrongUsage, match="can't be read: No such file"):
        read_json_args(f"@{tmp_path / 'nothing'}")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_json_is_unicode_with_a_byte_order_mark_or_without(tmp_path, monkeypatch, encoding):
    raw = '{"id": "å …"}'.encode(encoding)
    (tmp_path / "args.json").write_bytes(raw)
    assert read_json_args(f"@{tmp_path / 'args.json'}") == {"id": "å …"}
    # Whatever the locale takes standard input for.
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), "latin-1"))
    assert read_json_args("-") == {"id": "å …"}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'{"id": "hush \xe5"}', "is no UTF-8 text: byte 14 doesn't belong there"),
        (b'\xef\xbb\xbf{"id": "\xe5"}', "is no UTF-8 text"),
        ('{"id": "hush"}'.encode("utf-16")[:-1], "is no UTF-16 text"),
        (b'{"id": "\xed\xa0\x80"}', "is no UTF-8 text"),
    ],
)
def test_a_byte_that_belongs_to_no_text_is_told(tmp_path, monkeypatch, raw, said):
    (tmp_path / "args.json").write_bytes(raw)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), "latin-1"))
    for source, where in ((f"@{tmp_path / 'args.json'}", "args.json"), ("-", "standard input")):
        with pytest.raises(WrongUsage, match=f"{where} {said}") as caught:
            read_json_args(source)
        assert "hush" not in str(caught.value)


def test_secrets_come_from_the_environment_where_they_are_absent_or_empty(each_block, monkeypatch):
    for name in each_block.fields:
        monkeypatch.setenv(f"CONNECTOR_{name.upper()}", f"outside-{name}")
    secret = [name for name, field in each_block.fields.items() if field.secret]
    expected = {name: f"outside-{name}" for name in secret}
    assert fill_from_environment(each_block, {}) == expected
    assert fill_from_environment(each_block, dict.fromkeys(secret, " ")) == expected
    given = dict.fromkeys(secret, "given")
    assert fill_from_environment(each_block, given) == given


def test_an_empty_variable_is_no_secret(each_block, monkeypatch):
    for name in each_block.fields:
        monkeypatch.setenv(f"CONNECTOR_{name.upper()}", "")
    assert fill_from_environment(each_block, {"other": 1}) == {"other": 1}


def test_the_sandbox_gives_what_is_secret_or_needed_and_nothing_else(each_block, monkeypatch):
    monkeypatch.setenv("CONNECTOR_ACCESS_TOKEN", "belongs-to-the-real-service")
    demo = {name: f"demo-{name}" for name in [*each_block.fields, "no_field"]}
    wanted = {name for name, field in each_block.fields.items() if field.secret or field.required}
    assert fill_from_sandbox(each_block, {}, demo) == {name: f"demo-{name}" for name in wanted}
    assert fill_from_sandbox(each_block, {"access_token": "mine"}, {"access_token": "demo"})["access_token"] == "mine"
    assert "access_token" not in fill_from_sandbox(each_block, {}, {})
