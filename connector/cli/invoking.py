"""One invocation from a shell: where the answer comes from, what is shown while it comes, and what is printed."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any, Final

import typer

from connector.arguments.normal_form import is_blank, to_normal_form
from connector.auth import Store, StoreFailed, find_default
from connector.auth.stores.store_within import StoreSilent
from connector.cli.arguments import WrongUsage, fill_from_environment, fill_from_sandbox, read_files
from connector.cli.connections import find_patience, open_timely
from connector.cli.made import show_made
from connector.cli.onlooker import Onlooker
from connector.cli.rows import show_output
from connector.cli.show_errors import show_error
from connector.cli.terminal import open_console, print_json, say, to_plain
from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.manifest.routes import QuotaMode
from connector.manifest.schema_parts import find_file
from connector.manifest.wording import join_words
from connector.result import Meta, Result
from connector.runners.environment import open_limits
from connector.way.connector import Connector


class Form(Enum):
    """How the output is printed."""

    JSON = auto()
    LINES = auto()
    TABLE = auto()
    ENVELOPE = auto()
    TEXT = auto()


#: More connections are not named in an error.
_MOST_NAMES: Final = 5


@dataclass(frozen=True)
class Invocation:
    """A block and all that was typed about running it. `servers` are addresses by name; times are in seconds;
    `connection` is a connection's name; `program` is what the user calls this program; `is_sandbox`: a sandbox
    answers, with `stand_ins` for other connections; `is_agreed`: nobody is asked before most of a list is taken off."""

    manifest: Manifest
    block: Block
    given: Mapping[str, Any] = dataclasses.field(repr=False)
    servers: Mapping[str, str]
    quota_mode: QuotaMode
    timeout: float
    deadline: float | None
    max_wait: float
    connection: str | None
    form: Form
    program: str
    is_sandbox: bool = False
    stand_ins: Store | None = None
    is_agreed: bool = False
    _names: dict[str, str] = dataclasses.field(default_factory=dict, repr=False)

    def run(self) -> bool:
        """Invokes and prints; tells whether there was a result and no error. Raises `UnknownServer` for servers that
        the manifest doesn't have."""
        args = fill_from_environment(self.block, read_files(self.block, self.given))
        if self.connection is not None:
            # The connection was asked for, the variable may stand there for other calls.
            args = {name: value for name, value in args.items() if name in self.given or name not in self._own_fields}
            return self._run(args)
        if any(is_blank(args.get(name)) for name in self._own_fields & self.block.fields.keys()):
            within_s = min(find_patience(), self._longest_s)
            return replace(self, connection=find_default(self.manifest.command, within_s))._run(args)
        return self._run(args)

    @property
    def _longest_s(self) -> float:
        return self.timeout if self.deadline is None else self.deadline

    @property
    def _own_fields(self) -> frozenset[str]:
        """Fields that a connection fills in."""
        schemes = self.manifest.data.get("auth", {}).values()
        return frozenset(name for scheme in schemes if "sign_in" in scheme for name in scheme["fields"])

    def run_in_sandbox(self) -> bool:
        """Like `run`, with a sandbox in the service's place; raises `WrongUsage` where it stands in for another one."""
        from connector.auth.stores.stand_ins import open_stand_ins
        from connector.sandbox import SECOND_LISTENER, Sandbox

        if not has_sandbox(self.manifest):
            raise WrongUsage("The sandbox stands in for another service than this manifest's.")
        with Sandbox(quota_mode="extended" if self.quota_mode == "extended" else "development") as sandbox:
            say("The answers come from a sandbox on this machine.", style="dim")
            args = fill_from_sandbox(self.block, read_files(self.block, self.given), sandbox.demo_args)
            other = sandbox.control.demo_args(SECOND_LISTENER)["access_token"]
            store = open_stand_ins(self.block, args, other)
            return replace(self, servers=sandbox.servers, is_sandbox=True, stand_ins=store)._run(args)

    def _run(self, args: Mapping[str, Any]) -> bool:
        try:
            error = self._call(args, self._open_store())
        except StoreSilent as problem:
            error = ErrorDetail("timeout", str(problem))
            if self.form is Form.ENVELOPE:
                print_json(Result(self.block.name, None, error, Meta()).envelope())
        if error is not None and self.form is not Form.ENVELOPE:
            show_error(
                open_console(stderr=True),
                error,
                self.block,
                self.program,
                names=self._names,
                sign_in=self._tell_sign_in,
                has_sandbox=lambda: has_sandbox(self.manifest),
            )
        return error is None

    def _tell_sign_in(self) -> str | None:
        """By which words a connection would tell who calls; `None` where none can."""
        if self.is_sandbox or not self._own_fields & self.block.fields.keys():
            return None
        if self.connection is not None:
            return f"sign in again with `{self.program} login --name {self.connection}`"
        try:
            names = open_timely(self.manifest.command, self._longest_s).names()
        except StoreFailed:
            names = []
        if not names:
            return f"sign in once with `{self.program} login`"
        shown = (
            names if len(names) <= _MOST_NAMES else [*names[:_MOST_NAMES], f"others in `{self.program} connections`"]
        )
        return f"use the connection that is there with --connection {join_words(map(to_plain, shown), 'or')}"

    def _open_store(self) -> Store | None:
        """The store that the connection is in; `None` where nothing is to be looked up in one."""
        if self.is_sandbox or not self._own_fields or not (self.connection or self.block.connection_fields):
            return self.stand_ins
        return open_timely(self.manifest.command, self._longest_s)

    def _call(self, args: Mapping[str, Any], store: Store | None) -> ErrorDetail | None:
        with Connector(
            self.manifest,
            servers=self.servers,
            quota_mode=self.quota_mode,
            timeout=self.timeout,
            deadline=self.deadline,
            max_wait=self.max_wait,
            connection=self.connection,
            store=store,
            **open_limits(self.manifest, is_sandbox=self.is_sandbox),
        ) as connector:
            return self._stream(connector, args) if self.form is Form.LINES else self._invoke(connector, args)

    def _invoke(self, connector: Connector, args: Mapping[str, Any]) -> ErrorDetail | None:
        onlooker = self._find_onlooker()
        result = onlooker.wait(connector, args)
        self._names.update(onlooker.names)
        is_made = self.block.procedure is not None
        is_shown = self.form is Form.TABLE or (is_made and open_console().is_terminal)
        if self.form is Form.ENVELOPE:
            print_json(result.envelope())
        elif self.form is Form.TEXT:
            self._print_file(result)
        elif result.ok and is_made and is_shown and not result.is_list:
            # Lists as long as those that were read; whoever takes them on gets them as JSON.
            # A file is printed alone, or not at all.
            at = find_file(self.block.output_schema)
            shown = {name: part for name, part in result.output.items() if not (at and name == at["text"][0])}
            # Where it was seen on the same screen a moment ago, it is not shown again.
            seen = onlooker.plan.output if onlooker.plan and self.form is not Form.TABLE else None
            show_made(open_console(), shown, result.meta.did, seen)
            if self._find_text(result.output):
                say("The file is not kept: the same line with --text > FILE writes it.")
        elif result.ok and self.form is Form.TABLE and not result.output and result.meta.did:
            open_console().print(f"{to_plain(result.meta.did)}.")
        elif result.ok and is_shown:
            brief: Any = result.brief() if self.block.brief else None
            if brief and not result.is_list:
                [brief] = brief
            show_output(open_console(), result.output, self.block.page, self._find_asked(args, result.output), brief)
        elif result.ok:
            print_json(result.output)
            if result.meta.did and open_console(stderr=True).is_terminal:
                say(f"{result.meta.did}.")
        _say_warnings(result.meta, known=onlooker.plan.meta.warnings if onlooker.plan else ())
        return result.error

    def _print_file(self, result: Result) -> None:
        """The file that the block made; of one that broke off, what came of it, behind which another goes on."""
        made = result.output if result.error is None else result.error.partial
        if isinstance(made, dict):
            typer.echo((self._find_text(made) or "").encode(), nl=False)
            if result.ok and result.meta.did and open_console(stderr=True).is_terminal:
                say(f"{result.meta.did}.")

    def _find_text(self, made: Any) -> str | None:
        """What is in the file that the block made; `None` where it makes none, or had nothing to put in it."""
        at = find_file(self.block.output_schema)
        for step in at["text"] if at else ():
            made = made and made[step]
        return made if at else None

    def _find_onlooker(self) -> Onlooker:
        is_shown = self.form not in (Form.ENVELOPE, Form.LINES)
        return Onlooker(open_console(stderr=True), self.block, is_shown=is_shown, is_agreed=self.is_agreed)

    def _stream(self, connector: Connector, args: Mapping[str, Any]) -> ErrorDetail | None:
        meta = Meta()
        try:
            for entry in connector.stream(self.block.name, args, meta=meta):
                print_json(entry, indent=None)
        except InvocationFailed as failure:
            return failure.error
        finally:
            _say_warnings(meta)
        return None

    def _find_asked(self, args: Mapping[str, Any], output: Any) -> tuple[str, list[Any]] | None:
        """The field whose values a list of plain answers is about, and these values; `None` where there is none."""
        if not isinstance(output, list):
            return None
        fields = [field for field in self.block.fields.values() if not field.secret and field.name in args]
        for field in sorted(fields, key=lambda field: not field.is_list):
            value = to_normal_form(field.schema, args[field.name], self.manifest.references)
            values = value if isinstance(value, list) else [value]
            if len(values) == len(output):
                return field.name, values
        return None


def _say_warnings(meta: Meta, known: Collection[str] = ()) -> None:
    for warning in meta.warnings:
        if warning not in known:
            say(warning, style="yellow")


def has_sandbox(manifest: Manifest) -> bool:
    """Whether the sandbox stands in for the service that `manifest` calls."""
    from connector.sandbox import Sandbox

    return dict(manifest.servers) == Sandbox.stands_in_for
