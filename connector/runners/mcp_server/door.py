"""What MCP clients ask about tools, answered from a connector: which there are, and what a call of one gives.

Knows nothing of transports. Arguments are judged by the engine, whose errors become tool errors.
"""

from __future__ import annotations

import asyncio
import functools
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol, TypeVar

import anyio
from mcp.server.context import ServerRequestContext
from mcp.server.session import ServerSession
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    Tool,
)
from starlette.requests import Request

from connector.arguments.normal_form import is_blank, to_normal_form
from connector.errors import ErrorDetail, FieldProblem, InvocationFailed, UnknownBlock
from connector.manifest.blocks import Block
from connector.manifest.references import References
from connector.result import Meta, Result
from connector.runners.mcp_server.answers import Detail, build_answer, build_error
from connector.runners.mcp_server.begun_writes import SESSION_HEADER, BegunWrites
from connector.runners.mcp_server.offer import Offer, choose_blocks
from connector.runners.mcp_server.tools import DETAIL, DETAILS, LIMIT_FIELD, build_tool, count_entries, has_brief
from connector.triggers import Poll
from connector.way.call import OnProgress
from connector.way.connector import Connector
from connector.wire.deadline import Cancel

#: What an invocation gives, or a poll.
Outcome = TypeVar("Outcome", Result, Poll)
#: Which connection a request acts for, by name; `None` for none. The request is `None` over standard input and output.
#: May raise `InvocationFailed`, which the client gets as a tool error.
FindConnection = Callable[[Request | None], str | None]
#: Whether a request's arguments may name a connection, where a tool works with a second one.
MayName = Callable[[Request | None, str], bool]


class Run(Protocol):
    """How a blocking invocation is run: the request it came by, the block, the work, and the switch that ends it early.
    May raise `InvocationFailed` where there is no room for it."""

    def __call__(
        self, request: Request | None, block: Block, work: Callable[[], Outcome], cancel: Cancel, /
    ) -> Awaitable[Outcome]: ...


#: Values of a block's fields that the server knows itself, by name; callers neither see nor give them.
FindKnown = Callable[[Block], Mapping[str, Any]]


class ToolDoor:
    """Answers what MCP clients ask about tools, for the `blocks` of a connector that are offered.

    Raises `UnknownBlock` for an offer of a group or block that there isn't.
    """

    def __init__(
        self,
        connector: Connector,
        offer: Offer,
        *,
        find_connection: FindConnection,
        may_name: MayName,
        find_known: FindKnown,
        run: Run,
        begun_writes: BegunWrites,
    ) -> None:
        self.connector = connector
        self.run = run
        self._offer = offer
        chosen = choose_blocks(connector.manifest, offer.only, is_whole=offer.is_whole, is_read_only=offer.is_read_only)
        self.blocks = {block.name: block for block in chosen}
        self._find_connection = find_connection
        self._may_name = may_name
        self._find_known = find_known
        self._begun_writes = begun_writes
        self._tools: dict[bool, list[Tool]] = {}

    async def list_tools(
        self, context: ServerRequestContext[Any, Any], _params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        """All tools at once, as they are for whoever asks."""
        is_bound = self.is_bound(context)
        if is_bound not in self._tools:
            self._tools[is_bound] = [self.build_tool(block, is_bound=is_bound) for block in self.blocks.values()]
        return ListToolsResult(tools=self._tools[is_bound])

    async def call_tool(self, context: ServerRequestContext[Any, Any], params: CallToolRequestParams) -> CallToolResult:
        """Invokes the block that the tool stands for. Raises `MCPError` where there is no such tool."""
        return await self.call(context, self.find_block(params.name), params.arguments or {})

    async def call(
        self, context: ServerRequestContext[Any, Any], block: Block, given: Mapping[str, Any]
    ) -> CallToolResult:
        """Invokes `block` with the arguments `given`."""
        try:
            connection = self.find_connection(context)
            detail, own = self._read_detail(block, given)
            args = self.complete(block, own, is_bound=connection is not None)
            result = await self._invoke(context, block, args, connection)
        except InvocationFailed as failure:
            return build_error(failure.error)
        limit = 0
        if result.ok and block.page:
            limit = to_normal_form(block.fields[LIMIT_FIELD].schema, args[LIMIT_FIELD], References())
        return build_answer(result, block, self.references, detail, limit)

    def find_block(self, name: str) -> Block:
        """The block of this name. Raises `MCPError` where there is none, and where it isn't offered."""
        try:
            block = self.connector.manifest.block(name)
        except UnknownBlock as problem:
            raise MCPError(INVALID_PARAMS, str(problem)) from None
        if block.name not in self.blocks:
            raise MCPError(INVALID_PARAMS, f"This server does not offer {block.name}; tools/list tells what it offers.")
        return block

    def find_connection(self, context: ServerRequestContext[Any, Any]) -> str | None:
        """The connection that whoever asks acts for; `None` for none. Raises `InvocationFailed` for one that isn't
        theirs."""
        return self._find_connection(context.request)

    @property
    def references(self) -> References:
        """Ways to write an id."""
        return self.connector.manifest.references

    def is_bound(self, context: ServerRequestContext[Any, Any]) -> bool:
        """Whether a connection stands in for the token of whoever asks. Raises `MCPError` for one that isn't theirs."""
        try:
            return self._find_connection(context.request) is not None
        except InvocationFailed as failure:
            raise MCPError(INVALID_PARAMS, str(failure)) from None

    def build_tool(self, block: Block, *, is_bound: bool) -> Tool:
        """The tool that stands for `block`, as it is for a client whose token a connection stands in for, or not."""
        return build_tool(block, self._find_filled(block, is_bound=is_bound), self._offer)

    def _read_detail(self, block: Block, given: Mapping[str, Any]) -> tuple[Detail, Mapping[str, Any]]:
        """How much of an answer is wanted, and the block's own arguments. May raise `InvocationFailed`."""
        if not has_brief(block, self._offer):
            return "structured" if self._offer.has_output_schemas else "full", given
        own = dict(given)
        detail = own.pop(DETAIL, None)
        if detail not in (*DETAILS, None, ""):
            problem = FieldProblem(DETAIL, "is not one of the choices", " or ".join(DETAILS))
            raise InvocationFailed(ErrorDetail("invalid_fields", f"{block.name}: {problem}.", fields=(problem,)))
        return detail or "brief", own

    def _find_filled(self, block: Block, *, is_bound: bool) -> dict[str, Any]:
        """The fields that callers need not and may not give, with their values; `None` where a connection stands in."""
        auth = self.connector.manifest.auth[block.server]
        bound = auth.fields if is_bound and auth is not None and auth.can_sign_in else ()
        return {**self._find_known(block), **dict.fromkeys(bound)}

    def complete(self, block: Block, given: Mapping[str, Any], *, is_bound: bool) -> dict[str, Any]:
        """The arguments with what the server knows, and with a bound on a list's entries. Raises `InvocationFailed`
        for a value that is not the caller's to give."""
        filled = self._find_filled(block, is_bound=is_bound)
        if refused := [name for name in given if name in filled]:
            problem = "is not taken here: the server has it; leave it out"
            raise InvocationFailed(
                ErrorDetail(
                    "invalid_fields",
                    f"{block.name}: {'; '.join(f'{name} {problem}' for name in refused)}.",
                    fields=tuple(FieldProblem(name, problem) for name in refused),
                )
            )
        args = {**given, **{name: value for name, value in filled.items() if value is not None}}
        if block.page and LIMIT_FIELD in block.fields and is_blank(args.get(LIMIT_FIELD)):
            args[LIMIT_FIELD] = count_entries(block)
        return args

    async def _invoke(
        self, context: ServerRequestContext[Any, Any], block: Block, args: Mapping[str, Any], connection: str | None
    ) -> Result:
        cancel = Cancel()
        async with _open_progress(context.session) as report:
            invoke = functools.partial(
                self.connector.invoke,
                block.name,
                args,
                connection=connection,
                cancel=cancel,
                on_progress=report,
                may_use=functools.partial(self._may_name, context.request),
            )

            def invoke_write() -> Result:
                session = context.request.headers.get(SESSION_HEADER) if context.request else None
                with self._begun_writes.hold(session, context.request_id):
                    return invoke()

            work = invoke if block.effect == "read" else invoke_write
            try:
                return await self.run(context.request, block, work, cancel)
            except InvocationFailed as failure:
                return Result(block.name, error=failure.error)
            finally:
                # A client that gave up, or left, waits for nothing, but a write that has begun is finished. After an
                # answer this changes nothing.
                if block.effect == "read":
                    cancel.set()


@asynccontextmanager
async def _open_progress(session: ServerSession) -> AsyncIterator[OnProgress]:
    """What to call from any thread as pages come, so that a client that asked for it hears of them in order."""
    loop = asyncio.get_running_loop()
    counts, to_send = anyio.create_memory_object_stream[tuple[int | None, str]](math.inf)

    def push(count: int | None, told: str) -> None:
        # An invocation that was given up may still finish a page.
        with suppress(anyio.ClosedResourceError, anyio.BrokenResourceError):
            counts.send_nowait((count, told))

    def report(meta: Meta) -> None:
        count, noun = (meta.pages, "page") if meta.pages else (meta.requests, "request")
        told = f"{count} {noun}{'s' if count > 1 else ''} so far"
        # Steps count different things, each from the start.
        loop.call_soon_threadsafe(push, *((None, meta.step) if meta.step else (count, told)))

    async def forward() -> None:
        last = 0
        async with to_send:
            async for count, told in to_send:
                count = last + 1 if count is None else count
                # The protocol wants every number to be higher than the one before.
                if count > last:
                    last = count
                    await session.report_progress(count, message=told)

    async with anyio.create_task_group() as group, counts:
        group.start_soon(forward)
        yield report
