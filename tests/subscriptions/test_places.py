"""Where subscriptions are kept, by what the environment says."""

import contextlib

import pytest
from subscriptions.kept import add, names

from connector.errors import ConnectorError
from connector.subscriptions.places import open_place


def test_without_a_word_they_are_in_a_file_beside_the_connections(tmp_path, monkeypatch):
    monkeypatch.setenv("CONNECTOR_STORE", f"file:{tmp_path}")
    place = open_place("harbour")
    assert place.folder == tmp_path
    assert list(tmp_path.iterdir()) == []
    add(place.store, "one")
    place.store.close()
    assert (tmp_path / "subscriptions.db").exists()
    with contextlib.closing(open_place("harbour").store) as store:
        assert names(store.read_all("n8n")) == ["one"]


def test_where_a_redis_is_named_they_are_in_it_whatever_keeps_the_connections(redis_server, tmp_path, monkeypatch):
    monkeypatch.setenv("CONNECTOR_STORE", f"file:{tmp_path}")
    monkeypatch.setenv("CONNECTOR_REDIS_URL", redis_server.url)
    place = open_place("harbour")
    assert place.folder is None
    add(place.store, "one")
    place.store.close()
    assert list(tmp_path.iterdir()) == []


def test_without_a_home_there_is_no_place(monkeypatch):
    def refuse(*_, **_options):
        raise RuntimeError

    monkeypatch.setattr("platformdirs.user_data_path", refuse)
    with pytest.raises(ConnectorError, match="There is no home folder"):
        open_place("harbour")
