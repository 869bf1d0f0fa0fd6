"""A secret in the environment is the same one, whichever door reads it."""

import pytest

from connector.auth.environment_secrets import find_secrets, read_secret


def test_a_secret_has_the_field_s_name_in_capitals(monkeypatch):
    monkeypatch.setenv("CONNECTOR_ACCESS_TOKEN", "abc")
    assert read_secret("access_token") == "abc"


@pytest.mark.parametrize("value", ["abc\n", " abc ", "abc\r\n", "\tabc"])
def test_what_a_file_leaves_around_a_secret_is_no_part_of_it(monkeypatch, value):
    monkeypatch.setenv("CONNECTOR_ACCESS_TOKEN", value)
    assert read_secret("access_token") == "abc"


@pytest.mark.parametrize("value", ["", " ", "\n"])
def test_a_blank_is_no_secret(monkeypatch, manifest, value):
    monkeypatch.setenv("CONNECTOR_ACCESS_TOKEN", value)
    assert read_secret("access_token") is None
    assert find_secrets(manifest.block("getCategory")) == {}


def test_only_what_is_secret_comes_from_the_environment(monkeypatch, each_block):
    for name in each_block.fields:
        monkeypatch.setenv(f"CONNECTOR_{name.upper()}", f"outside-{name}")
    secret = [name for name, field in each_block.fields.items() if field.secret]
    assert find_secrets(each_block) == {name: f"outside-{name}" for name in secret}
