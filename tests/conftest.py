"""What the tests share: the manifest, a block or a route at a time, a real HTTP server, and the transport's seam.

A test that takes `each_block` or `each_route` runs for every block or route of the manifest, so a new block is tested
from the moment it is declared; it is one test, which lists all blocks that fail. So is a test with the marker `each`,
which reads as `parametrize` does, for many values of which each proves little. A test that takes
`a_block_of_each_shape` runs once for each thing that the engine does: what it proves does not hang on a block's words.
"""

import contextlib
import gc
import importlib.util
import itertools
import json
import logging
import os
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial, reduce
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import hypothesis
import made_once
import pytest
from giving_up import give_up
from raw_server import Play, RawServer

from connector import Connector
from connector.cassettes.cases import shape_of
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.manifest.routes import Route
from connector.sending import retry
from connector.wire.transport import Response, Transport

pytest_plugins = ["redis_fixtures"]

# A shell that runs the tests in the background has interrupts ignored, by them and by what they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

made_once.install()

ROOT = Path(__file__).resolve().parents[1]
MANIFEST = Manifest.load(ROOT / "manifest.yaml")
BLOCKS = list(MANIFEST)
ROUTES = [(block, route) for block in BLOCKS for route in block.routes]

hypothesis.settings.register_profile("steady", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("searching", deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

#: Fixtures that run a test for each thing of the manifest, and which things those are.
EACH: dict[str, list[Any]] = {
    "each_block": BLOCKS,
    "each_paged_block": [block for block in BLOCKS if block.page],
    "each_batched_block": [block for block in BLOCKS if block.batch],
    "each_closed_block": [block for block in BLOCKS if block.closed_since("development")],
    "each_aliased_block": [block for block in BLOCKS if block.aliases],
    "each_route": ROUTES,
    "each_batched_route": [(block, route) for block, route in ROUTES if route.batch and not route.consent],
    "each_hindered_route": [(block, route) for block, route in ROUTES if route.cannot],
    "each_filled_route": [(block, route) for block, route in ROUTES if route.path_fields],
}

#: Files and folders that reach nothing that others don't reach too. To measure what they cover would take as long again
#: as they take, so it is left out, in the processes that they start as well. Together with the next they come first, so
#: that no process is left alone with one of them in the end.
UNMEASURED = (
    "tests/workers/test_proof.py",
    "tests/property",
    "tests/test_leaks.py",
    "tests/packaging",
    "tests/examples",
    "tests/signin_browser",
    "tests/workers/test_example.py",
    "tests/runners/test_http_schemathesis.py",
    "tests/lint/test_strays.py",
    "tests/contract/test_doors.py",
    "tests/contract/test_quota_modes.py",
    "tests/cli/test_export.py",
    "tests/cli/test_look_up.py",
    "tests/cli/test_surroundings.py",
    "tests/faults/test_broken_answers.py",
    "tests/faults/test_soak.py",
    "tests/auth/test_concurrency.py",
    "tests/cassettes/test_replay.py",
    "tests/sandbox/test_description.py",
    "tests/test_reprs.py",
    "tests/test_second_manifest.py",
    "tests/runners/test_container.py",
    "tests/runners/test_http_docs_page.py",
    "tests/triggers/test_year.py",
    "tests/subscriptions/test_turn_stories.py",
    "tests/composites/test_in_sandbox.py",
    "tests/docs/test_walk.py",
    "tests/contract/test_mcp_door.py",
    "tests/runners/test_http_nginx.py",
)

#: Other files that take longest by far.
LONGEST = ("tests/workers", "tests/runners/test_mcp_stdio.py", "tests/cli/test_mcp.py", "tests/lint/test_lint.py")

#: One block for each thing that the engine does: the first that the manifest declares.
SHAPES = {shape_of(MANIFEST, block): block for block in reversed(BLOCKS)}


def pytest_configure(config: pytest.Config) -> None:
    """The whole suite is watched for secrets. The plugin is no package's module, so it is loaded by its file."""
    if not config.pluginmanager.has_plugin("leaks"):
        spec = importlib.util.spec_from_file_location("leaks", Path(__file__).with_name("leaks.py"))
        assert spec is not None
        assert spec.loader is not None
        sys.modules["leaks"] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        config.pluginmanager.register(module.LeakPlugin(), "leaks")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    first = (*UNMEASURED, *LONGEST)
    # There are some twenty times as many tests as files.
    names = {path: path.relative_to(ROOT).as_posix() for path in {item.path for item in items}}
    ranks = {
        path: next((place for place, start in enumerate(first) if name.startswith(start)), len(first))
        for path, name in names.items()
    }
    for item in items:
        if names[item.path].startswith(UNMEASURED):
            item.add_marker("no_cover")
    items.sort(key=lambda item: ranks[item.path])


def pytest_collection_finish() -> None:
    """What was loaded stays to the end: whoever looks for garbage need not go through it each time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """The processes that an unmeasured test starts aren't measured either; by this they would know that they are."""
    with pytest.MonkeyPatch.context() as patch:
        if item.get_closest_marker("no_cover"):
            patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
        return (yield)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "a_block_of_each_shape" in metafunc.fixturenames:
        metafunc.parametrize("a_block_of_each_shape", SHAPES.values(), ids=SHAPES)
    # The arguments of a folded test must come from somewhere; what they are is said when it is called.
    for names, _ in _iter_folded(metafunc.definition):
        for name in names:
            metafunc.parametrize(name, [None], ids=[pytest.HIDDEN_PARAM])


def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Calls a folded test with one case after the other; those that fail are reported each."""
    sides = list(_iter_folded(pyfuncitem))
    if not sides:
        return None
    subtests = pyfuncitem._request.getfixturevalue("subtests")
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    for cases in itertools.product(*(cases for _, cases in sides)):
        given = {name: value for case in cases for name, value in case.items()}
        with subtests.test(**{name: _name(value) if name in EACH else value for name, value in given.items()}):
            pyfuncitem.obj(**arguments | given)
    return True


def _iter_folded(item: Any) -> Iterator[tuple[list[str], list[dict[str, Any]]]]:
    """What a test goes through, by its markers `each` and the fixtures of `EACH`: names of arguments, and the cases."""
    for marker in item.iter_markers("each"):
        names, values = marker.args
        names = [names] if isinstance(names, str) else list(names)
        yield names, [dict(zip(names, [value] if len(names) == 1 else value, strict=True)) for value in values]
    for name in EACH.keys() & set(item.fixturenames):
        yield [name], [{name: thing} for thing in EACH[name]]


def _name(thing: Block | tuple[Block, Route]) -> str:
    if isinstance(thing, Block):
        return thing.name
    block, route = thing
    return f"{block.name}-{block.routes.index(route)}"


@pytest.fixture(autouse=True, scope="session")
def _clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting, proxy or cache of the person who runs the tests reaches them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if (
                name.startswith("CONNECTOR_")
                or name.lower().endswith("_proxy")
                or name.endswith(("_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"))
            ):
                patch.delenv(name)
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        # Words are looked for in what is printed, so no line may break between them.
        patch.setenv("COLUMNS", "200")
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_backoff() -> Iterator[None]:
    """Tries follow each other at once; how long they would wait is tested where it is decided."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retry, "BACKOFF_S", 0.0)
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium: the machine's own, which `make test` installs where it can."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            found = next(filter(None, map(shutil.which, _BROWSERS)), None)
            running = playwright.chromium.launch(executable_path=found, args=_QUIET)
        except Error as problem:
            reason = f"no Chromium can be started (apt-get install chromium): {str(problem).splitlines()[0]}"
            give_up(reason)
        yield running
        running.close()


@pytest.fixture(scope="session")
def manifest() -> Manifest:
    return MANIFEST


@pytest.fixture(scope="session")
def every_arg() -> Callable[[Block], dict[str, Any]]:
    """Arguments for all fields of a block; rules over several fields are kept by one value in each."""

    def build(block: Block) -> dict[str, Any]:
        args = {name: declared.schema["examples"][0] for name, declared in block.fields.items()}
        for place, name in enumerate(block.together.fields if block.together else ()):
            value = args.pop(name)
            if place < block.together.at_most:
                args[name] = value[:1] if isinstance(value, list) else value
        for group in block.one_of[1:]:
            args = {name: value for name, value in args.items() if name not in group}
        return args

    return build


@pytest.fixture(scope="session")
def only_by() -> Callable[[Block, Route], Manifest]:
    """The manifest in which a block has this one route and no other."""

    def build(block: Block, route: Route) -> Manifest:
        entry = MANIFEST.data["blocks"][block.name]
        routes = [entry["routes"][block.routes.index(route)]]
        if route.consent:
            # The first route says who calls; it carries nothing that is given.
            routes.insert(0, {**entry["routes"][0], "except": dict.fromkeys(entry["input"]["properties"], "given")})
        entry = {**entry, "routes": routes}
        if block.collect and not route.collect:
            entry["list"] = block.collect
        return Manifest({**MANIFEST.data, "blocks": {**MANIFEST.data["blocks"], block.name: entry}}, ROOT)

    return build


@dataclass(frozen=True)
class Seen:
    """A request as it reached a server."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


Answer = tuple[int, Mapping[str, str], Any] | Callable[[BaseHTTPRequestHandler], None]


@dataclass
class RecordingServer:
    """A real HTTP server on 127.0.0.1 that keeps every request it gets.

    It answers from `queue`, else what `answer` gives for the request. An answer is (status, headers, body), where a
    body that is no bytes becomes JSON, or a function that writes to the connection itself.
    """

    queue: list[Answer] = field(default_factory=list)
    answer: Callable[[Seen], Answer] | None = None
    requests: list[Seen] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._open: set[socket.socket] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()

    def next_answer(self, seen: Seen) -> Answer:
        self.requests.append(seen)
        if self.queue:
            return self.queue.pop(0)
        if self.answer:
            return self.answer(seen)
        self.unexpected.append(f"{seen.method} {seen.target}")
        return 500, {}, b"no answer was queued"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                recorder._open.add(self.connection)

            def finish(self) -> None:
                recorder._open.discard(self.connection)
                with contextlib.suppress(OSError):
                    super().finish()

            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    super().handle()

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                answer = recorder.next_answer(Seen(self.command, self.path, dict(self.headers), body))
                if callable(answer):
                    answer(self)
                    return
                status, headers, content = answer
                content = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                given = {name.lower() for name in headers}
                for name, value in headers.items():
                    self.send_header(name, value)
                if "content-length" not in given and status != 204:
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_PUT = do_POST = do_DELETE = handle_any  # noqa: N815

            def log_message(self, *_args: object) -> None:
                return

        return Handler


@pytest.fixture
def make_server() -> Iterator[Callable[[], RecordingServer]]:
    """Starts servers; afterwards stops them, and fails where one got a request that no answer was meant for."""
    servers: list[RecordingServer] = []

    def start() -> RecordingServer:
        servers.append(RecordingServer())
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
    assert [server.unexpected for server in servers] == [[] for _ in servers]
    assert [server.queue for server in servers] == [[] for _ in servers]


@pytest.fixture
def server(make_server: Callable[[], RecordingServer]) -> RecordingServer:
    return make_server()


@pytest.fixture
def make_raw() -> Iterator[Callable[..., RawServer]]:
    """Starts servers that say whatever a test wants, and stops them afterwards."""
    servers: list[RawServer] = []

    def start(*plays: Play, **options: Any) -> RawServer:
        servers.append(RawServer(**options))
        servers[-1].plays += plays
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def connect(server: RecordingServer, manifest: Manifest) -> Iterator[Callable[..., Connector]]:
    """Connectors whose servers are all `server`; closed afterwards."""
    made: list[Connector] = []

    def make(given: Manifest = manifest, **options: Any) -> Connector:
        made.append(Connector(given, servers=dict.fromkeys(given.servers, server.url), **options))
        return made[-1]

    yield make
    for connector in made:
        connector.close()


@dataclass
class Seam:
    """What reaches the transport: every request, answered by `answer` with a status and a JSON value."""

    answer: Callable[[Any], tuple[int, Any]]
    requests: list[Any] = field(default_factory=list)

    def send(self, request: Any) -> Response:
        self.requests.append(request)
        status, value = self.answer(request)
        return Response(status, {}, b"" if value is None else json.dumps(value).encode())


@pytest.fixture(scope="session")
def seam() -> Callable[..., contextlib.AbstractContextManager[Seam]]:
    """`with seam(answer) as wire:` puts `answer` in the network's place."""

    @contextlib.contextmanager
    def replace(answer: Callable[[Any], tuple[int, Any]]) -> Iterator[Seam]:
        wire = Seam(answer)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Transport, "send", lambda _self, request, *_args, **_options: wire.send(request))
            yield wire

    return replace


@pytest.fixture(scope="session")
def send_back() -> Callable[[Block], Callable[[Any], tuple[int, Any]]]:
    """Answers that a block can finish with: two pages where it is paged, an empty answer elsewhere."""

    def build(block: Block) -> Callable[[Any], tuple[int, Any]]:
        def answer(request: Any) -> tuple[int, Any]:
            if request.server == "reccobeats":
                query = dict(request.query)
                ids = (query.get("ids") or query["seeds"]).split(",")
                entry = {"trackTitle": "A", "artists": [], "durationMs": 1000}
                return 200, {"content": [{**entry, "href": f"https://open.spotify.com/track/{id_}"} for id_ in ids]}
            asked = dict(request.query).get("ids") or dict(request.query).get("uris")
            if block.effect == "read" and block.placed_fields and asked:
                places: Any = [None] * len(asked.split(","))
                for step in reversed(block.listing.at if block.listing else ()):
                    places = {step: places}
                return 200, places
            if block.page is None:
                found: dict[str, Any] = {"tracks": {"items": []}} if request.path == "/search" else {}
                for first in (first for route in block.routes for first in route.first):
                    *steps, last = first.at.split(".")
                    reduce(lambda part, step: part.setdefault(step, {}), steps, found)[last] = "known"
                return 200, found or None
            names = block.page.names
            step = names.get("after", "offset")
            is_first = step not in dict(request.query)
            page: Any = {
                names["items"]: [None] * block.page.size,
                names["next"]: "more" if is_first else None,
                "cursors": {step: "0TnOYISbd1XYRBk9myaseg" if is_first else None},
            }
            for step in reversed(block.page.at):
                page = {step: page}
            return 200, page

        return answer

    return build


@dataclass(frozen=True)
class McpClient:
    """The MCP SDK's own client for an ordinary test: what it awaits runs in another thread."""

    portal: Any
    client: Any

    def tools(self) -> dict[str, Any]:
        """The tools that the server offers, by name."""
        return {tool.name: tool for tool in self.portal.call(self.client.list_tools).tools}

    def call(self, tool: str, args: Mapping[str, Any] | None = None, **options: Any) -> Any:
        return self.portal.call(partial(self.client.call_tool, tool, args, **options))


@pytest.fixture(scope="session")
def open_mcp() -> Iterator[Callable[..., contextlib.AbstractContextManager[McpClient]]]:
    """`with open_mcp(target) as client:` where the target is a command with its words, an address or a server."""
    from anyio.from_thread import start_blocking_portal
    from mcp import Client, StdioServerParameters

    # The client is the test's own, and writes down whatever it sends: tokens too.
    logging.getLogger("mcp.client").setLevel(logging.INFO)
    with start_blocking_portal() as portal:

        @contextlib.contextmanager
        def connect(target: Any, mode: str = "auto", **environment: str) -> Iterator[McpClient]:
            if isinstance(target, list):
                command, *words = map(str, target)
                target = StdioServerParameters(command=command, args=words, env={**os.environ, **environment})
            with portal.wrap_async_context_manager(Client(target, mode=mode)) as client:
                yield McpClient(portal, client)

        yield connect


@pytest.fixture(scope="session")
def serve_asgi() -> Callable[..., contextlib.AbstractContextManager[str]]:
    """`with serve_asgi(app) as url:` serves an ASGI application on a port of this machine."""
    import uvicorn

    class Server(uvicorn.Server):
        """Leaves signals to pytest, and tells when it answers."""

        def __init__(self, config: uvicorn.Config) -> None:
            super().__init__(config)
            self.is_ready = threading.Event()

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            self.is_ready.set()

    @contextlib.contextmanager
    def serve(app: Any) -> Iterator[str]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            server = Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=3))
            thread = threading.Thread(target=server.run, args=([listener],))
            thread.start()
            assert server.is_ready.wait(60)
            try:
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                server.should_exit = True
                thread.join()

    return serve
