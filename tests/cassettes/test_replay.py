"""Every cassette, replayed with no socket allowed: what each block sends and what it makes of the answer."""

import re
from pathlib import Path

import jsonschema
import pytest
import vcr
from pytest_socket import disable_socket, enable_socket

from connector import Connector
from connector.cassettes.format import CassetteFormat, read_header
from connector.cassettes.recording import iter_cases
from connector.errors import CODES
from connector.manifest.manifest import Manifest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "cassettes"
MANIFEST = Manifest.load(ROOT / "manifest.yaml")
CASSETTES = sorted(FOLDER.glob("*/*.yaml"))


def declared_cases():
    return [
        pytest.param(block, case, id=f"{block.name}-{case.name}")
        for block in MANIFEST
        for case in iter_cases(block, MANIFEST.auth[block.routes[0].server])
    ]


@pytest.fixture
def no_sockets():
    disable_socket()
    yield
    enable_socket()


@pytest.mark.parametrize(("block", "case"), declared_cases())
def test_the_case_is_recorded(block, case):
    path = FOLDER / block.name / f"{case.name}.yaml"
    assert path.exists(), f"{block.name} has no cassette {case.name}; run `make record`"
    header = read_header(path)
    assert header["expect"] == (case.kind or "success")
    assert header["recorded_against"] in ("the sandbox, not the live service", "the live service")
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", header["recorded_at"])
    for name, value in case.args.items():
        if not MANIFEST.block(block.name).fields[name].secret and name != "redirect_uri":
            assert header["args"][name] == value


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_replaying_gives_what_the_header_says(path, no_sockets):
    header = read_header(path)
    block = MANIFEST.block(header["block"])
    player = vcr.VCR(record_mode="none", match_on=["method", "scheme", "host", "port", "path", "query", "body"])
    player.register_serializer("cassette", CassetteFormat())
    with (
        Connector(MANIFEST, max_wait=0) as connector,
        player.use_cassette(str(path), serializer="cassette") as cassette,
    ):
        result = connector.invoke(block.name, header["args"])
    assert (result.error.kind if result.error else "success") == header["expect"], result.error
    assert cassette.all_played
    if result.ok:
        jsonschema.validate(result.output, block.output_schema, jsonschema.Draft202012Validator)
    else:
        assert result.error.message.startswith(block.name)
        assert result.error.code == CODES[header["expect"]]


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_cassette_holds_no_secret_and_only_real_hosts(path):
    text = path.read_text("utf-8")
    assert re.findall(r"sandbox-(?:access|refresh|code|secret)[\w-]*", text) == []
    assert re.findall(r"(?i)authorization: *\S+|127\.0\.0\.1:\d+/v1|localhost", text) == []
    hosts = set(re.findall(r"(?m)^    uri: https?://([^/]+)/", text))
    assert hosts <= {url.split("/")[2] for url in MANIFEST.servers.values()}
    secret_names = {name for block in MANIFEST for name, field in block.fields.items() if field.secret}
    for name in secret_names:
        values = re.findall(rf'"{name}": *"([^"]+)"|\b{name}=([^&\s\']+)', text)
        assert {value for pair in values for value in pair if value} <= {f"fake-{name.replace('_', '-')}"}


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_cassette_belongs_to_a_case(path):
    block = MANIFEST.block(path.parent.name)
    assert path.stem in [case.name for case in iter_cases(block, MANIFEST.auth[block.routes[0].server])]
