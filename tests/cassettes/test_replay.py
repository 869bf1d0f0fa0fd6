"""Every cassette, replayed with no socket allowed: what each block sends and what it makes of the answer."""

import re
from pathlib import Path

import jsonschema
import pytest
import vcr
from pytest_socket import disable_socket, enable_socket

from connector import Connector
from connector.auth.stores.stand_ins import open_stand_ins
from connector.cassettes.cases import iter_cases, shape_of
from connector.cassettes.format import CassetteFormat, read_header
from connector.errors import CODES
from connector.manifest.manifest import Manifest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "cassettes"
MANIFEST = Manifest.load(ROOT / "manifest.yaml")
CASES = list(iter_cases(MANIFEST))


def path_of(block, case):
    return FOLDER / block.name / f"{case.name}.yaml"


def test_a_case_is_a_cassette_and_a_cassette_is_a_case():
    recorded = {path.relative_to(FOLDER) for path in FOLDER.rglob("*.yaml")}
    assert recorded == {path_of(*case).relative_to(FOLDER) for case in CASES}, "Run `make record`."


def test_what_is_made_of_blocks_is_recorded_with_short_lists():
    sizes = {block.name: path_of(block, case).stat().st_size for block, case in CASES if block.procedure}
    assert {name: size for name, size in sizes.items() if size > 250_000} == {}


@pytest.fixture
def no_sockets():
    disable_socket()
    yield
    enable_socket()


@pytest.mark.parametrize(
    ("block", "case"), [pytest.param(block, case, id=f"{block.name}-{case.name}") for block, case in CASES]
)
def test_replaying_gives_what_the_header_says_and_nothing_in_it_is_secret(block, case, no_sockets):
    text = path_of(block, case).read_text("utf-8")
    header = read_header(path_of(block, case))
    assert_header_is_the_case_s(header, block, case)
    assert_only_fakes_and_real_hosts(text)
    player = vcr.VCR(record_mode="none", match_on=["method", "scheme", "host", "port", "path", "query", "body"])
    player.register_serializer("cassette", CassetteFormat())
    others = open_stand_ins(block, header["args"], "fake-access-token")
    with (
        # One at a time: the player lets a connection by that is opened while another is.
        Connector(MANIFEST, max_wait=0, concurrency=1, store=others) as connector,
        player.use_cassette(str(path_of(block, case)), serializer="cassette") as cassette,
    ):
        result = connector.invoke(block.name, header["args"])
    assert (result.error.kind if result.error else "success") == header["expect"], result.error
    assert cassette.all_played
    if result.ok:
        jsonschema.validate(result.output, block.output_schema, jsonschema.Draft202012Validator)
    else:
        assert result.error.message.startswith(block.name)
        assert result.error.code == CODES[header["expect"]]


def assert_header_is_the_case_s(header, block, case):
    assert (header["block"], header["case"], header["expect"]) == (block.name, case.name, case.kind or "success")
    assert header["recorded_against"] in ("the sandbox, not the live service", "the live service")
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", header["recorded_at"])
    for name, value in case.args.items():
        if not block.fields[name].secret and name != "redirect_uri":
            assert header["args"][name] == value


def assert_only_fakes_and_real_hosts(text):
    assert re.findall(r"sandbox-(?:access|refresh|code|secret)[\w-]*", text) == []
    assert re.findall(r"(?i)authorization: *\S+|127\.0\.0\.1:\d+/v1|localhost", text) == []
    hosts = set(re.findall(r"(?m)^    uri: https?://([^/]+)/", text))
    assert hosts <= {url.split("/")[2] for url in MANIFEST.servers.values()}
    for name in {name for block in MANIFEST for name, field in block.fields.items() if field.secret}:
        values = re.findall(rf'"{name}": *"([^"]+)"|\b{name}=([^&\s\']+)', text)
        assert {value for pair in values for value in pair if value} <= {f"fake-{name.replace('_', '-')}"}


def test_each_failure_is_recorded_once_for_each_shape_that_meets_it():
    failures = [(shape_of(MANIFEST, block), case.name) for block, case in CASES if case.kind]
    assert len(failures) == len(set(failures))
    recorded = {shape_of(MANIFEST, block) for block, _ in CASES}
    assert {shape for shape, name in failures if name == "rate_limited"} == recorded
