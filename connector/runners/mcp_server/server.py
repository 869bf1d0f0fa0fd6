"""The MCP server: each block is a tool, over standard input and output or mounted into an HTTP server.

    from connector.runners.mcp_server.server import build_mcp_app, serve_stdio

    serve_stdio(connector, connection="alice")
    app = build_mcp_app(connector, find_connection=lambda request: request.headers.get("x-connection"))

The SDK's low-level server speaks the protocol, in all its versions.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

import anyio
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import Icon
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from connector.runners.mcp_server.begun_writes import SESSION_HEADER, BegunWrites
from connector.runners.mcp_server.door import FindConnection, FindKnown, MayName, Run, ToolDoor
from connector.runners.mcp_server.dynamic import DynamicDoor
from connector.runners.mcp_server.offer import ESSENTIALS, Offer
from connector.runners.mcp_server.standard_streams import Incoming, ended_by
from connector.runners.mcp_server.threads import Threads
from connector.runners.mcp_server.whats_new import Door, WhatsNewDoor, find_offered
from connector.version import __version__
from connector.way.connector import Connector

#: Names by which a server on this computer is called; others may be a page's that had its name point here.
LOOPBACK_HOSTS: Final = ("127.0.0.1:*", "localhost:*", "[::1]:*")


def build_server(
    connector: Connector,
    *,
    offer: Offer = ESSENTIALS,
    find_connection: FindConnection = lambda _request: None,
    may_name: MayName = lambda _request, _name: False,
    find_known: FindKnown = lambda _block: {},
    run: Run | None = None,
    begun_writes: BegunWrites | None = None,
) -> Server[Any]:
    """The protocol's server for the blocks of the `offer`, to be run on any transport.

    `may_name` says which second connection a request's arguments may name, none unless given; `run` is a thread of
    sixteen unless given; `begun_writes` is told which requests the transport is not to cancel.
    Raises `UnknownBlock` for a name in the offer that is neither a group nor a block.
    """
    tools = ToolDoor(
        connector,
        offer,
        find_connection=find_connection,
        may_name=may_name,
        find_known=find_known,
        run=run or Threads(),
        begun_writes=begun_writes or BegunWrites(),
    )
    door: Door = DynamicDoor(tools, offer) if offer.is_dynamic else tools
    if triggers := find_offered(connector.manifest, offer, tools.blocks):
        door = WhatsNewDoor(door, tools, triggers, offer)
    package = connector.manifest.package
    return Server(
        package["name"],
        version=__version__,
        title=package["title"],
        description=package["description"],
        instructions=package["description"],
        website_url=package["repo"] or None,
        icons=[Icon(src=package["image"])] if package["image"] else None,
        # No field is also sent as a header, so there is nothing to compare.
        get_tool_input_schema=lambda _name: None,
        on_list_tools=door.list_tools,
        on_call_tool=door.call_tool,
    )


def serve_stdio(
    connector: Connector,
    *,
    connection: str | None = None,
    find_known: FindKnown = lambda _block: {},
    offer: Offer = ESSENTIALS,
    signals: Iterable[signal.Signals] = (),
) -> None:
    """Serves one client on standard input and output until it closes them; writes under way are finished first.

    A program of its own, which nothing else listens to, names in `signals` those that end it, such as SIGTERM: after
    the writes under way. Raises `UnknownBlock` as `build_server`.
    """
    threads, begun_writes = Threads(), BegunWrites()
    server = build_server(
        connector,
        offer=offer,
        find_connection=lambda _request: connection,
        # Whoever starts it has all the connections that it finds.
        may_name=lambda _request, _name: True,
        find_known=find_known,
        run=threads,
        begun_writes=begun_writes,
    )

    async def serve() -> None:
        with ended_by(signals, threads):
            async with stdio_server() as (incoming, outgoing):
                options = server.create_initialization_options()
                await server.run(Incoming(incoming, outgoing, begun_writes), outgoing, options)

    try:
        anyio.run(serve)
    except* BrokenPipeError:
        # The client is gone without a word, which is an end like any other.
        pass


class McpApp:
    """Streamable HTTP as an ASGI application for one path, such as `Route("/mcp", app)`.

    It answers while `run()` is entered, once, in the lifespan of the application around it.
    """

    def __init__(self, manager: StreamableHTTPSessionManager, begun_writes: BegunWrites) -> None:
        self._manager = manager
        self._begun_writes = begun_writes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["method"] == "POST":
            first = await receive()
            session = Headers(scope=scope).get(SESSION_HEADER)
            if session and self._begun_writes.is_meant_by(session, first.get("body", b"")):
                await Response(status_code=202)(scope, receive, send)
                return
            receive = _put_back(first, receive)
        is_open = False

        async def send_on(message: Message) -> None:
            nonlocal is_open
            is_open = message["type"] == "http.response.start" or message.get("more_body", False)
            await send(message)

        await self._manager.handle_request(scope, receive, send_on)
        if is_open:
            # The library lets go of a client's stream at shutdown without ending it, and the server logs a fault.
            await send({"type": "http.response.body"})

    def run(self) -> AbstractAsyncContextManager[None]:
        """Keeps the sessions; leaving it ends them, and the invocations that they wait for."""
        return self._manager.run()


def build_mcp_app(
    connector: Connector,
    *,
    find_connection: FindConnection = lambda _request: None,
    may_name: MayName = lambda _request, _name: False,
    find_known: FindKnown = lambda _block: {},
    run: Run | None = None,
    offer: Offer = ESSENTIALS,
    is_stateless: bool = False,
    allowed_hosts: Sequence[str] | None = LOOPBACK_HOSTS,
    max_body: int = 4 * 1024 * 1024,
    max_sessions: int = 1000,
    session_idle_s: float = 900,
) -> McpApp:
    """The server over streamable HTTP. Who may call is for the application around it to judge, before this one.

    Args:
        connector: what invokes the blocks.
        find_connection: which connection a request acts for; asked anew for every request, also within a session.
        may_name: whether a request's arguments may name a second connection; none unless given.
        find_known: values that the server knows itself, see `FindKnown`.
        run: how an invocation is run, see `Run`; a thread of sixteen unless given.
        offer: which blocks are offered, and how their tools are told, see `Offer`.
        is_stateless: keep no sessions, for several processes behind one address. Clients of protocol versions before
            2026-07-28 then can't cancel a call but by closing their connection.
        allowed_hosts: values of `Host` that are answered, `*` for any port; `None` for all, where something around it
            looks at them or every caller has a key.
        max_body: longest request, in bytes.
        max_sessions: sessions that may be open at a time.
        session_idle_s: time in seconds after which a session ends when unused.

    Raises:
        UnknownBlock: a name in the offer is neither a group nor a block.
    """
    begun_writes = BegunWrites()
    server = build_server(
        connector,
        offer=offer,
        find_connection=find_connection,
        may_name=may_name,
        find_known=find_known,
        run=run,
        begun_writes=begun_writes,
    )
    # Below that they write down sessions' ids, and every answer, the tokens of a sign-in too.
    for library in ("mcp.server", "sse_starlette"):
        logging.getLogger(library).setLevel(logging.WARNING)
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=allowed_hosts is not None,
        allowed_hosts=list(allowed_hosts or ()),
        allowed_origins=[f"{scheme}://{host}" for host in allowed_hosts or () for scheme in ("http", "https")],
    )
    return McpApp(
        StreamableHTTPSessionManager(
            server,
            stateless=is_stateless,
            security_settings=security,
            session_idle_timeout=session_idle_s,
            max_request_body_size=max_body,
            max_sessions=max_sessions,
        ),
        begun_writes,
    )


def _put_back(first: Message, receive: Receive) -> Receive:
    """Gives `first`, which was taken already, and then what `receive` gives."""
    taken = [first]

    async def receive_on() -> Message:
        return taken.pop() if taken else await receive()

    return receive_on
