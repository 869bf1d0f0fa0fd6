"""The command `usage`: what is counted of the day's calls, and when there will be room for more."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from connector.auth import SignIn, StoreFailed
from connector.cli.connections import open_connections
from connector.cli.terminal import open_console, print_json, say, to_plain
from connector.errors import InvocationFailed, tell_wait
from connector.limits.budget_places import read_daily_calls
from connector.limits.count import DAY_S, Lot
from connector.limits.day_budget import DAILY_CALLS
from connector.manifest.manifest import Manifest
from connector.runners.environment import open_gate, open_kept_budget

if TYPE_CHECKING:
    from connector.limits.day_budget import DayBudget

_NAMELESS: Final = "(a token of its own)"


def usage(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> None:
    """Show the calls of the last 24 hours: how many each developer account made, and how many are left."""
    manifest = Manifest.load(context.obj)
    most = read_daily_calls()
    budget, kept = open_kept_budget(manifest, open_gate(manifest))
    accounts = _find_accounts(manifest)
    rows = [_describe(budget, most, account, names) for account, names in accounts.items()]
    rows += [_measure(lots, most) | {"account": None, "connections": []} for lots in kept.read_others(accounts)]
    if kept.is_alone:
        say(f"{kept.label} can't be read, so nobody knows what was counted there.", style="red")
        raise typer.Exit(1)
    if as_json:
        print_json({"daily_calls": most, "counted_in": kept.label, "accounts": rows})
    elif rows:
        _show(rows)
    else:
        say("No call was counted in the last 24 hours.")
    if most is None:
        say(f"No call is counted here: {DAILY_CALLS} is not set. Servers and workers may have it set for themselves.")
    say(f"Counted in {kept.label}; what sandboxes answered, and programs with a count of their own, is not in it.")


def _find_accounts(manifest: Manifest) -> dict[str, list[str]]:
    """The developer accounts of all connections that can be read, each with their names."""
    found: dict[str, list[str]] = {}
    if SignIn.from_manifest(manifest) is None:
        return found
    _, store = open_connections(manifest)
    for name in store.names():
        try:
            connection = store.load(name)
        except (StoreFailed, InvocationFailed):
            # `connections` tells of it.
            continue
        if connection is not None:
            found.setdefault(connection.account or connection.client_id, []).append(name)
    return found


def _describe(budget: DayBudget, most: int | None, account: str, names: list[str]) -> dict[str, Any]:
    closed_s = budget.closed_for(account)
    row = {"account": account, "connections": names} | _measure(budget.count.read(account), most)
    row["polls"] = sum(lot.calls for lot in budget.polls.read(account))
    return row | ({"closed_s": round(closed_s)} if closed_s else {})


def _measure(lots: Sequence[Lot], most: int | None) -> dict[str, Any]:
    """The calls that are counted, how many are left, and how many come free next: when, and in how many seconds."""
    calls = sum(lot.calls for lot in lots)
    row: dict[str, Any] = {"calls": calls, "left": None if most is None else max(0, most - calls)}
    if lots:
        wait = max(0.0, DAY_S - lots[0].age)
        at = datetime.fromtimestamp(time.time() + wait, UTC).isoformat("T", "seconds")
        row["next_free"] = {"calls": lots[0].calls, "at": at, "in_s": round(wait)}
    return row


def _show(rows: list[dict[str, Any]]) -> None:
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    numbers = ("calls in 24 h", "by polls", "left")
    for title in ("account", "connections", *numbers, "next come free"):
        table.add_column(title, justify="right" if title in numbers else "left")
    for row in rows:
        left, free, closed_s = row["left"], row.get("next_free"), row.get("closed_s")
        table.add_row(
            to_plain(row["account"] or _NAMELESS),
            ", ".join(row["connections"]),
            str(row["calls"]),
            str(row.get("polls", "")),
            "" if left is None else str(left),
            f"none for {tell_wait(closed_s)}: the service refuses the account"
            if closed_s
            else f"{free['calls']} in {tell_wait(free['in_s'])}"
            if free
            else "",
        )
    open_console().print(table)
