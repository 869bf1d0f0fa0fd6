"""Behind a real nginx, with the configurations that docs/reverse-proxies.md shows: everything works through it."""

import contextlib
import json
import logging
import re
import ssl
import subprocess
import tarfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest
import trustme
import urllib3
from builders.provision import CannotInstall, find_node
from giving_up import give_up
from mcp.client.streamable_http import streamable_http_client
from patience import wait_until
from runners.nginx import PAGE, find_free_ports, read_options, running

from connector.runners.http_server.settings import iter_settings
from connector.runners.mcp_server.offer import choose_blocks

CONFIGURATIONS = ["own host", "base path", "TLS", "Host rewritten"]
KEY = "key-of-the-desk"
PROFILE = "getCurrentUserProfile"
LINES = {"Accept": "application/x-ndjson"}


@pytest.fixture(params=CONFIGURATIONS)
def front(request, start, tmp_path):
    """`front(connector, store, **settings)` gives a client of a runner that is reached through nginx, or of several."""
    name = request.param
    with contextlib.ExitStack() as stack:

        def begin(connector, store=None, servers=1, **more):
            plain, secure = find_free_ports(2)
            options = read_options(name)
            is_tls = options["public_url"].startswith("https:")
            # A loopback address: the service leads back to http at no other.
            host = f"127.0.0.1:{secure if is_tls else plain}"
            public_url = options.pop("public_url").replace("blocks.example", host)
            trusted = tuple(options.pop("trusted_proxy", "").split())
            assert options == {}
            settings = {"keys": f"n8n:{KEY}:*", "public_url": public_url, "trusted_proxy": trusted, **more}
            clients = [
                start(connector, store, key=KEY, cookie_secret="shared-by-all", **settings) for _ in range(servers)
            ]
            client = clients[0]
            changes = {
                "127.0.0.1:8800": "; server ".join(urlsplit(one.url).netloc for one in clients),
                "listen 80": f"listen 127.0.0.1:{plain}",
                "blocks.example": "127.0.0.1",
            }
            client.verify = tmp_path / "authority.pem"
            if is_tls:
                authority = trustme.CA()
                authority.cert_pem.write_to_path(client.verify)
                authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(tmp_path / "server.pem")
                changes |= {
                    "listen 443": f"listen 127.0.0.1:{secure}",
                    "https://$host": f"https://{host}",
                    "/etc/ssl/blocks/fullchain.pem": "server.pem",
                    "/etc/ssl/blocks/privkey.pem": "server.pem",
                }
                client.plain_url = f"http://127.0.0.1:{plain}"
            stack.enter_context(running(tmp_path, name, changes))
            client.url = public_url
            return client

        yield begin


def test_every_setting_that_the_page_names_exists():
    named = set(re.findall(r"--[a-z]+(?:-[a-z]+)*|CONNECTOR_SERVE_[A-Z_]+", PAGE.read_text("utf-8")))
    known = {name for setting in iter_settings() for name in (setting.option, setting.variable)}
    assert len(named) > 5
    assert named - known == set()


@pytest.fixture
def app(sandbox, monkeypatch):
    """The sandbox's app as the server's environment names it."""
    monkeypatch.setenv("CONNECTOR_CLIENT_ID", sandbox.demo_args["client_id"])
    monkeypatch.setenv("CONNECTOR_CLIENT_KEY", sandbox.demo_args["client_key"])


@pytest.mark.usefixtures("app")
def test_a_user_signs_in(front, connector, store, sandbox):
    check_sign_in(front(connector, store), store, sandbox)


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("front", ["own host"], indirect=True)
def test_a_sign_in_may_end_at_another_server_than_it_began(front, connector, store, sandbox):
    check_sign_in(front(connector, store, servers=2), store, sandbox)


def check_sign_in(client, store, sandbox):
    sandbox.control.seed(app={"redirect_uris": [f"{client.url}/callback"]})
    link = client.post("/connect/carol").json()["url"]
    assert link.startswith(f"{client.url}/connect/carol?ticket=")
    # From here on it is a browser, without a key.
    del client.headers["X-API-Key"]
    asked = client.get(link)
    assert "would like to" in asked.text, asked.text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', asked.text))
    ended = client.post(urljoin(asked.url, "/authorize"), data={**hidden, "decision": "agree"})
    assert (ended.status_code, ended.url.split("?")[0]) == (200, f"{client.url}/callback")
    assert "carol can be used now" in ended.text
    assert [cookie.name for cookie in client.cookies if cookie.name == "sign_in"] == []
    [back] = re.findall(r'<a href="([^"]+)"', ended.text)
    assert client.get(urljoin(ended.url, back)).url == f"{client.url}/docs"
    assert store.load("carol").refresh_token
    assert client.run(PROFILE, {"connection": "carol"}, headers={"X-API-Key": KEY}).json()["type"] == "user"


def test_the_docs_and_all_they_lead_to(front, connector, store):
    client = front(connector, store)
    page = client.get("/")
    assert page.url == f"{client.url}/docs"
    links = [urljoin(page.url, link) for link in re.findall(r'href="([^"#:]+)"', page.text)]
    assert len(links) > 3
    assert {client.get(link).status_code for link in links} == {200}
    # As the page's script calls it.
    ran = client.post(
        urljoin(page.url, f"blocks/{PROFILE}"), json={"connection": "alice"}, headers={"Origin": origin_of(client.url)}
    )
    assert ran.json()["type"] == "user"


def test_the_openapi_document_s_address_is_where_it_is(front, connector, store):
    client = front(connector, store)
    document = client.get("/openapi.json").json()
    [place] = document["servers"]
    path = next(path for path in document["paths"] if path.endswith(PROFILE))
    assert client.post(place["url"] + path, json={"connection": "alice"}).json()["type"] == "user"


def origin_of(url):
    return f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"


def test_entries_come_before_the_next_page_does(front, connect, server):
    """Of three pages, since a proxy that holds answers back may hand on the first part with the headers."""
    released = [threading.Event() for _ in range(3)]
    released[0].set()

    def answer(seen):
        page = int(seen.query.get("offset", 0)) // 50
        assert released[page].wait(60)
        items = [{"n": 50 * page + n} for n in range(50)]
        return 200, {}, {"items": items, "total": 150, "limit": 50, "next": "more" if page < 2 else None}

    server.answer = answer
    client = front(connect())
    with client.run("getUserSavedTracks", {"access_token": "t"}, headers=LINES, stream=True) as got:
        lines = got.iter_lines()
        try:
            for page in range(3):
                released[page].set()
                assert [json.loads(next(lines))["n"] for _ in range(50)] == list(range(50 * page, 50 * page + 50))
        finally:
            for one in released:
                one.set()


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_mcp_clients_list_and_call_the_tools(front, connector, store, open_mcp, mode):
    client = front(connector, store)

    @contextlib.asynccontextmanager
    async def connect():
        verify = ssl.create_default_context(cafile=client.verify) if client.verify.exists() else True
        headers = {"X-API-Key": KEY, "X-Connection": "alice"}
        async with (
            httpx2.AsyncClient(headers=headers, verify=verify, trust_env=False) as http,
            streamable_http_client(f"{client.url}/mcp", http_client=http) as streams,
        ):
            yield streams

    with open_mcp(connect(), mode) as session:
        assert list(session.tools()) == [*(block.name for block in choose_blocks(connector.manifest)), "whats_new"]
        assert "Sandbox Listener" in session.call(PROFILE).content[0].text


@pytest.fixture(scope="session")
def node():
    try:
        return str(find_node().program)
    except CannotInstall as problem:
        give_up(problem)


@pytest.fixture
def run_palette(node, tmp_path):
    """`run_palette(client, name, script)`: what a script prints, as JSON, beside the palette that the client got."""

    def run(client, name, script):
        with tarfile.open(fileobj=BytesIO(client.get(f"/export/{name}.tgz").content)) as archive:
            archive.extractall(tmp_path, filter="data")
        stub = tmp_path / "node_modules" / "n8n-workflow"
        stub.mkdir(parents=True)
        (stub / "index.js").write_text("module.exports = { NodeApiError: Error, NodeOperationError: Error };", "utf-8")
        authority = {"NODE_EXTRA_CA_CERTS": str(client.verify)} if client.verify.exists() else {}
        given = f"const URL_OF_RUNNER = {json.dumps(client.url)}, KEY = {json.dumps(KEY)};"
        done = subprocess.run(
            [node, "-e", given + script],
            cwd=tmp_path / "package",
            env=authority,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


BY_NODE_RED = """\
const { startCall } = require("./nodes/runner.js");
const runner = { url: URL_OF_RUNNER, key: KEY, agent: "test", timeout: 60, program: "serve" };
const request = (block) => ({ method: "POST", path: `blocks/${block}`, connection: "alice", body: {} });
(async () => {
    const profile = await startCall(runner, request("getCurrentUserProfile")).answer;
    let entries = 0;
    const count = await startCall(runner, request("getUserTopTracks"), () => { entries += 1; }).answer;
    console.log(JSON.stringify({ type: profile.type, isWhole: count > 0 && count === entries }));
})();
"""


def test_node_red_s_palette_calls_through_it(front, connector, store, run_palette):
    client = front(connector, store)
    assert run_palette(client, "node-red", BY_NODE_RED) == {"type": "user", "isWhole": True}


#: n8n's own part of a call is done by Node's client here.
BY_N8N = """\
const { runBlocks } = require("./dist/runtime/blocks.js");
const context = {
    getCredentials: async () => ({ url: URL_OF_RUNNER, connection: "alice" }),
    getInputData: () => [{}],
    getNodeParameter: (name, _item, otherwise) => ({ operation: "getCurrentUserProfile" })[name] ?? otherwise,
    getTimezone: () => "UTC",
    getNode: () => ({}),
    continueOnFail: () => false,
    helpers: {
        httpRequestWithAuthentication: async (_credential, { method, url, headers, body }) => {
            const sent = { ...headers, "X-API-Key": KEY, "Content-Type": "application/json" };
            const answer = await fetch(url, { method, headers: sent, body: JSON.stringify(body), redirect: "error" });
            const told = Object.fromEntries(answer.headers);
            return { statusCode: answer.status, headers: told, body: await answer.json() };
        },
    },
};
const block = { title: "t", fields: {}, more: {} };
const palette = { credential: "c", program: "serve", blocks: { getCurrentUserProfile: block } };
runBlocks(context, palette).then(([items]) => console.log(JSON.stringify(items.map((item) => item.json.type))));
"""


def test_n8n_s_node_calls_through_it(front, connector, store, run_palette):
    assert run_palette(front(connector, store), "n8n", BY_N8N) == ["user"]


def test_the_log_has_the_client_s_address_where_the_proxy_is_trusted(front, connector, caplog, request):
    client = front(connector)
    caplog.set_level(logging.INFO)
    authority = str(client.verify) if client.verify.exists() else None
    with urllib3.PoolManager(source_address=("127.0.0.9", 0), ca_certs=authority) as elsewhere:
        # What a client says itself is not believed.
        said = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
        assert elsewhere.request("GET", f"{client.url}/healthz", headers=said).status == 200
    end = time.monotonic() + 30
    while not (lines := [one.getMessage() for one in caplog.records if one.name == "connector.http.access"]):
        assert time.monotonic() < end
        time.sleep(0.01)
    seen = "127.0.0.1" if request.node.callspec.params["front"] == "Host rewritten" else "127.0.0.9"
    assert [line.split()[-2:] for line in lines] == [[seen, "-"]]


@pytest.mark.parametrize("front", ["own host", "Host rewritten"], indirect=True)
def test_connections_are_counted_by_caller_where_the_proxy_is_trusted(front, connect, server, request):
    is_trusted = request.node.callspec.params["front"] == "own host"
    go_on = threading.Event()
    server.answer = lambda _seen: go_on.wait(60) and (200, {}, {"id": "me"})
    client = front(connect(), per_address=2)

    def call(address, said):
        headers = {"X-API-Key": KEY, "X-Forwarded-For": said}
        with urllib3.PoolManager(source_address=(address, 0), timeout=60, retries=False) as caller:
            url = f"{client.url}/blocks/{PROFILE}"
            return caller.request("POST", url, json={"access_token": "t"}, headers=headers).status

    with ThreadPoolExecutor() as threads:
        try:
            begun = [threads.submit(call, "127.0.0.9", f"203.0.113.{number}") for number in range(2)]
            wait_until(lambda: len(server.requests) == 2)
            # Whatever a caller says of himself.
            assert call("127.0.0.9", "203.0.113.9") == 503
            # On the proxy's connection that the refusal left, or on another one.
            other = threads.submit(call, "127.0.0.10", "127.0.0.9")
            wait_until(lambda: other.done() if not is_trusted else len(server.requests) == 3)
        finally:
            go_on.set()
        assert [one.result() for one in begun] == [200, 200]
        assert other.result() == (200 if is_trusted else 503)


@pytest.mark.parametrize("front", ["TLS"], indirect=True)
def test_a_write_that_came_by_http_arrives_as_a_write(front, connector, store):
    client = front(connector, store)
    led = client.post(f"{client.plain_url}/blocks/{PROFILE}", json={"connection": "alice"})
    assert ([answer.status_code for answer in led.history], led.json()["type"]) == ([308], "user")
