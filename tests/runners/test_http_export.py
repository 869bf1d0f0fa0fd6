"""A runner hands out the palettes that fit it, as npm installs them."""

import io
import json
import tarfile

import pytest

from connector import Connector
from connector.auth.stores.memory_store import MemoryStore
from connector.export import EXPORTS, list_packages, load_package_builder
from connector.manifest.manifest import Manifest
from connector.version import __version__

PALETTES = list_packages()


def unpack(content):
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive}


@pytest.mark.parametrize("name", PALETTES)
def test_a_palette_is_the_one_that_export_writes(shared_client, manifest, name):
    answer = shared_client.get(f"/export/{name}.tgz")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/gzip")
    assert f'filename="{manifest.command}-{name}.tgz"' in answer.headers["content-disposition"]
    files = unpack(answer.content)
    assert files == {f"package/{path}": content for path, content in load_package_builder(name)(manifest).items()}
    assert json.loads(files["package/package.json"])["version"] == __version__


@pytest.mark.parametrize("name", PALETTES)
def test_a_palette_is_the_same_each_time(shared_client, name):
    one, other = (shared_client.get(f"/export/{name}.tgz").content for _ in range(2))
    assert one == other


@pytest.mark.parametrize("name", PALETTES)
def test_builders_need_no_key_for_it(start, connector, store, name):
    client = start(connector, store, keys="n8n:s3cret")
    assert client.get(f"/export/{name}.tgz").status_code == 200


@pytest.mark.parametrize("path", ["openapi.tgz", "zapier.tgz", "n8n", "n8n.zip", "..%2Fn8n.tgz"])
def test_there_is_nothing_else(shared_client, path):
    answer = shared_client.get(f"/export/{path}")
    assert (answer.status_code, answer.json()["kind"]) == (404, "unknown_path")


def test_an_unknown_palette_is_answered_with_the_known_ones(shared_client):
    detail = shared_client.get("/export/zapier.tgz").json()["detail"]
    assert [name for name in EXPORTS if f"/export/{name}.tgz" in detail] == PALETTES == ["n8n", "node-red"]


@pytest.mark.parametrize(
    "package",
    [{"title": "</script><script>hit()"}, {"command": "../out"}, {"tagline": 7}],
    ids=["text", "name", "shape"],
)
def test_a_manifest_that_check_refuses_is_made_no_palette_of(start, manifest, package):
    unsound = Manifest({**manifest.data, "package": {**manifest.package, **package}}, manifest.folder)
    client = start(Connector(unsound), MemoryStore())
    for name in PALETTES:
        answer = client.get(f"/export/{name}.tgz")
        assert (answer.status_code, answer.json()["kind"]) == (500, "internal")
        assert "check` has nothing to say" in answer.json()["detail"]
