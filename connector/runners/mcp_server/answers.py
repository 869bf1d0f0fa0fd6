"""A `Result` as what an MCP client gets: text for the model, on request data for the program, and an error that says
what to do.

The account of the invocation and the error as data stand in `_meta`: clients hold whatever is in `structuredContent`
against the tool's output schema, also where the tool failed (seen in the official TypeScript SDK, 1.x).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final, Literal

from mcp_types import CallToolResult, ContentBlock, TextContent

from connector.errors import UNCERTAIN_WORDS, ErrorDetail, tell_wait
from connector.manifest.blocks import Block
from connector.manifest.dotted_paths import follow
from connector.manifest.finishing import FINISH_WORDS, finishes
from connector.manifest.references import References
from connector.result import Result
from connector.runners.mcp_server.brief_text import write_brief
from connector.runners.mcp_server.tools import DETAIL, LIMIT_FIELD, RESULT, is_wrapped

Detail = Literal["brief", "full", "structured"]

#: Keys in an answer's `_meta`.
META_KEY: Final = "connector/meta"
ERROR_KEY: Final = "connector/error"
#: How many of what was added, removed, done and so on a model is told.
_MOST: Final = 50
_BRIEF: Final = f"This is brief; {DETAIL}=full gives all of each. A uri is taken wherever an id or a link is."


def build_answer(
    result: Result, block: Block, references: References, detail: Detail, limit: int = 0
) -> CallToolResult:
    """The answer to a tool call: text, then what else there is to say.

    `detail` is `brief` for the fields that a person wants of each entry, `full` for the output as it came, `structured`
    for the same as data too, for tools that told its schema. `limit` is the number of entries that was asked for, where
    the block is paged.

    `_meta` holds `connector/meta` (requests, pages, retries, waited, route, duration …) and, after an error,
    `connector/error` (kind, code, message, and what is known of fields, status, retry_after …).
    """
    account = {META_KEY: asdict(result.meta)}
    if result.error is not None:
        return build_error(result.error, account, block, is_brief=detail == "brief")
    output, structured = result.output, None
    is_brief = detail == "brief"
    if detail == "structured":
        structured = {RESULT: output} if is_wrapped(block) or not isinstance(output, dict) else output
    if is_brief:
        # What is made of blocks tells lists as long as those that were read.
        most = _MOST if block.procedure and not result.is_list else None
        text = write_brief(result.brief(), references, is_list=result.is_list, most=most)
    else:
        text = json.dumps(output if structured is None else structured, ensure_ascii=False)
    did = f"{result.meta.did}." if result.meta.did else ""
    notes = (
        did,
        describe_count(result, block, limit, is_brief=is_brief),
        _BRIEF if is_brief else "",
        *result.meta.warnings,
    )
    content: list[ContentBlock] = [_text(text), *(_text(note) for note in notes if note)]
    return CallToolResult(content=content, structured_content=structured, _meta=account)


def build_error(
    error: ErrorDetail, account: dict[str, Any] | None = None, block: Block | None = None, *, is_brief: bool = False
) -> CallToolResult:
    """A tool error: its text says which block, what was wrong and what to do next; where it `is_brief`, of long lists
    only what is needed for that. `_meta` has all of them."""
    text = describe_error(error, block, is_brief=is_brief)
    return CallToolResult(content=[_text(text)], is_error=True, _meta={**(account or {}), ERROR_KEY: to_data(error)})


def describe_error(error: ErrorDetail, block: Block | None = None, *, is_brief: bool = False) -> str:
    """The message, then what a model needs to go on: how long to wait, what of a list was done, where to resume."""
    is_finished_so = block is not None and finishes(block, error)
    lines = [error.message]
    if error.retry_after is not None:
        lines.append(f"Call again in {tell_wait(error.retry_after)}.")
    if error.is_uncertain and not is_finished_so:
        lines.append(UNCERTAIN_WORDS)
    # What another run doesn't find by itself has to be given again.
    most = _MOST if is_brief and is_finished_so else None
    left = (("Not done", error.not_done, most), ("Uncertain", error.uncertain, most))
    for words, values, some in (("Done", error.done, _MOST if is_brief else None), *left):
        if values:
            more = [f"and {len(values) - some:,} more"] if some and len(values) > some else []
            lines.append(f"{words}: {', '.join([*map(str, values[:some]), *more])}")
    if is_finished_so and (error.done or error.not_done or error.is_uncertain):
        lines.append(FINISH_WORDS)
    if error.resume is not None:
        lines.append(f"{error.came or 0} entries had come; go on with resume={json.dumps(error.resume)}.")
    return "\n".join(lines)


def to_data(error: ErrorDetail) -> dict[str, Any]:
    """The error as a JSON object; what is absent or empty is left out."""
    data: dict[str, Any] = {"kind": error.kind, "code": error.code, "message": error.message}
    if error.fields:
        data["fields"] = [problem.to_dict() for problem in error.fields]
    return data | error.to_facts()


def describe_count(result: Result, block: Block, limit: int, *, is_brief: bool) -> str:
    """How many entries there are in the answer and in all, and where they stand in what is whole; empty for a block
    that isn't paged. `limit` is the number of entries that was asked for."""
    page = block.page
    if page is None:
        return ""
    part = follow(result.output, page.at)
    place = "" if is_brief else f", in {'.'.join((*page.at, page.names['items']))}"
    count, total = len(part[page.names["items"]]), part.get(page.names.get("total", ""))
    if isinstance(total, int) and count < total:
        more = f" A higher {LIMIT_FIELD} gives more of them." if count >= limit else ""
        return f"{count} of {total} entries{place}.{more}"
    if count < limit or isinstance(total, int):
        return f"All {count} entries{place}."
    return f"{count} entries{place}. There may be more: a higher {LIMIT_FIELD} tells."


def _text(text: str) -> TextContent:
    return TextContent(type="text", text=text)
