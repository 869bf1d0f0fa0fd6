"""What a call reads before it can be sent: an id that is given by name, an amount that is added to what is set now, and
what a route needs to know. Each costs a call of another block, the same one no more than once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from connector.arguments.pictures import fit, is_address
from connector.arguments.typed_text import simplify
from connector.arguments.validation import Args, check_time
from connector.arguments.wording import Unfit
from connector.errors import ErrorDetail, FieldProblem, InvocationFailed
from connector.manifest.blocks import Block
from connector.manifest.choice_sources import ChoiceSource
from connector.manifest.dotted_paths import follow
from connector.manifest.routes import First
from connector.manifest.schema_files import Schema
from connector.result import Result
from connector.sending.service_errors import to_line
from connector.wire.deadline import Deadline

#: How many of the names that there are a message repeats, and how much of each, in characters.
_MOST_LABELS: Final = 20
_LABEL_LIMIT: Final = 60
#: The result of another block, by its name and arguments; raises `InvocationFailed` where there is none.
Ask = Callable[[str, Args], Result]


def settle(block: Block, args: Args, ask: Ask, deadline: Deadline) -> Args:
    """`args` with ids in place of names (`x-choices`), sums in place of what is added (`x-relative`), and pictures in
    place of their addresses (`x-image`).

    Raises `InvocationFailed`: `invalid_fields` where nothing, or more than one thing, has the name, where there is
    nothing to add to, and where an address leads to no picture; and what `ask` and `fetch` raise.
    """
    settled = dict(args)
    for name in args.keys() & block.picture_fields:
        if is_address(args[name]):
            settled[name] = _fetch_picture(name, args[name], block.fields[name].schema, deadline)
    for name in args.keys() & block.named_fields:
        source = block.fields[name].choices
        if source and source.known and not re.search(source.known, args[name]):
            settled[name] = _find_by_label(name, args[name], source, ask)
    for name in args.keys() & block.relative_fields:
        if args[name][0] in "+-":
            settled[name] = _add(name, settled, block.fields[name].schema["x-relative"], ask)
    return settled


def find_existing(block: Block, args: Args, ask: Ask) -> Any:
    """The first entry of what there is already that the call would make anew, where that is to be used again; `None`
    where there is none, or where a new one is wanted. Raises what `ask` raises."""
    reuse = block.reuse
    if reuse is None or any(args.get(name) != value for name, value in reuse.when.items()):
        return None
    known = read_first(reuse.first, args, ask)
    wanted = {path: known.get(name) for path, name in reuse.match.items()}
    for entry in _list(reuse.block, ask):
        if all(follow(entry, path.split(".")) == value for path, value in wanted.items()):
            return entry
    return None


def read_first(firsts: Sequence[First], args: Args, ask: Ask) -> Args:
    """`args` and what is wanted to be known before a request is sent. Raises `InvocationFailed`: `bad_answer` where the
    answer doesn't hold it, and what `ask` raises."""
    found = dict(args)
    for first in firsts:
        given = {name: args[field] for name, field in first.given.items() if field in args}
        value = follow(ask(first.block, given).output, first.at.split("."))
        if not _can_be_sent(value):
            raise InvocationFailed(ErrorDetail("bad_answer", f"The answer to {first.block} holds no {first.at}."))
        found[first.name] = value
    return found


def _can_be_sent(value: Any) -> bool:
    """Whether a value from an answer is an id, a name or a number that a request can carry."""
    return bool(value.strip()) if isinstance(value, str) else isinstance(value, int) and not isinstance(value, bool)


def _fetch_picture(name: str, address: str, schema: Schema, deadline: Deadline) -> str:
    # Few calls carry a picture: what fetches it is loaded with the first.
    from connector.wire.outside import fetch

    try:
        return fit(schema, fetch(address, deadline), partial(check_time, deadline))
    except Unfit as problem:
        raise _refuse(FieldProblem(name, f"leads to what {problem}")) from None
    except InvocationFailed as failure:
        if failure.error.kind != "invalid_fields":
            raise
        raise _refuse(FieldProblem(name, failure.error.message)) from None


def _find_by_label(name: str, text: str, source: ChoiceSource, ask: Ask) -> str:
    """The value of the one entry that is called `text`, or has that as its value. Capitals don't matter."""
    entries = _list(source.block, ask)
    if any(source.tell_value(entry) == text for entry in entries):
        return text
    named = [(label, entry) for entry in entries if (label := source.tell_label(entry)) is not None]
    wanted = simplify(text).casefold()
    found = [entry for label, entry in named if simplify(label).casefold() == wanted]
    values = {value for entry in found if (value := source.tell_value(entry)) is not None}
    if len(values) == 1:
        return values.pop()
    if values:
        fits = f"one of the ids {_tell(sorted(values))}"
        raise _refuse(FieldProblem(name, "is the name of several: give the id of one", fits))
    why = "is the name of one that has no id now" if found else f"is neither an id nor a name that {source.block} lists"
    raise _refuse(
        FieldProblem(name, why, f"an id, or one of {_tell([label for label, _ in named])}" if named else None)
    )


def _list(block: str, ask: Ask) -> list[Any]:
    """What another block lists. Raises `InvocationFailed`: `bad_answer` where it is no list, and what `ask` raises."""
    result = ask(block, {})
    if not isinstance(follow(result.output, result.listing.at if result.listing else ()), list):
        raise InvocationFailed(ErrorDetail("bad_answer", f"The answer to {block} holds no list."))
    return result.entries


def _tell(names: Sequence[str]) -> str:
    """The names that there are, without repeating all of many, or of a long one."""
    told = [to_line(name[:_LABEL_LIMIT]) for name in names[:_MOST_LABELS]]
    left = len(names) - len(told)
    return ", ".join([*told, f"{left} more"] if left else told)


def _add(name: str, args: Args, rule: Mapping[str, Any], ask: Ask) -> str:
    """The amount in the field `name`, added to what the entry has that is meant: the one that a field names, or the one
    that is marked; kept between the rule's bounds."""
    [(key, field)] = rule["by"].items()
    wanted = args.get(field)
    entries = [entry for entry in _list(rule["block"], ask) if isinstance(entry, dict)]
    meant = [entry for entry in entries if (entry.get(rule["or"]) if wanted is None else entry.get(key) == wanted)]
    now = meant[0].get(rule["value"]) if meant else None
    now = int(now) if isinstance(now, float) and now.is_integer() else now
    if not isinstance(now, int) or isinstance(now, bool):
        raise _refuse(FieldProblem(name, "is added to what is set now, and nothing is", "a number without a sign"))
    low, high = rule["from"], rule["to"]
    return str(max(low, min(high, now + int(args[name]))))


def _refuse(problem: FieldProblem) -> InvocationFailed:
    return InvocationFailed(ErrorDetail("invalid_fields", f"{problem}.", fields=(problem,)))
