"""All settings of the HTTP runner, each declared once: the command's options, the environment variables and the table
in the docs are made from here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, Final, get_args, get_type_hints

from connector.errors import ConnectorError
from connector.manifest.routes import QuotaMode
from connector.runners.mcp_server.offer import Dialect

PREFIX: Final = "CONNECTOR_SERVE_"


class CannotServe(ConnectorError):
    """The server can't start with these settings; the text says what to change."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a setting does (`text`), what its values may be, and whether it is a secret."""

    text: str
    min: float | None = None
    max: float | None = None
    choices: tuple[str, ...] = ()
    is_secret: bool = False


@dataclass(frozen=True)
class Settings:
    """How the server runs. Times are in seconds, sizes in bytes; each field's `Note` says what it does."""

    host: Annotated[str, Note("Address to listen at. Any that others can reach needs an API key.")] = "127.0.0.1"
    port: Annotated[int, Note("Port to listen at; 0 for any that is free.", min=0, max=65535)] = 8800
    public_url: Annotated[
        str | None, Note("Where browsers reach the server, if not at its own address; sign-in comes back there.")
    ] = None
    trusted_proxy: Annotated[
        tuple[str, ...],
        Note("Address or network (CIDR) of a proxy whose word on its callers counts; may be repeated."),
    ] = ()
    proxy_headers: Annotated[
        str,
        Note(
            "Where trusted proxies say it: in X-Forwarded-For, -Proto, -Host and -Prefix, or in Forwarded.",
            choices=("x-forwarded", "forwarded"),
        ),
    ] = "x-forwarded"
    keys_file: Annotated[Path | None, Note("TOML file of API keys, read again when it changes.")] = None
    keys: Annotated[
        str | None,
        Note("API keys, with spaces between: NAME:KEY or NAME:KEY:CONNECTION,CONNECTION (* for all).", is_secret=True),
    ] = field(default=None, repr=False)
    cookie_secret: Annotated[
        str | None,
        Note("Signs the links and cookies of sign-in; servers that share the work share it.", is_secret=True),
    ] = field(default=None, repr=False)
    connection: Annotated[str | None, Note("Connection of calls that name none.")] = None
    sandbox: Annotated[bool, Note("Let a sandbox on this machine answer; no account is needed.")] = False
    quota_mode: Annotated[
        QuotaMode, Note("What the service lets your app call; auto finds out.", choices=get_args(QuotaMode))
    ] = "auto"
    substitutes: Annotated[
        tuple[str, ...],
        Note("Another service that may stand in for blocks that are closed to the app; may be repeated."),
    ] = ()
    timeout: Annotated[float, Note("Longest time of an invocation without a finished request.", min=0.001)] = 60.0
    deadline: Annotated[float | None, Note("Bound on a whole invocation.", min=0.001)] = None
    max_wait: Annotated[
        float, Note("Longest wait for a rate limit; what would take longer gets 429 with Retry-After.", min=0)
    ] = 1.0
    threads: Annotated[int, Note("Invocations that run at once; the others wait.", min=1)] = 32
    per_key: Annotated[int, Note("Invocations of one API key that run at once.", min=1)] = 16
    queue: Annotated[int, Note("Invocations that may wait; further ones get 503 with Retry-After.", min=0)] = 128
    max_body: Annotated[int, Note("Largest body of a request, with the file that a field takes.", min=1)] = (
        8 * 1024 * 1024
    )
    max_bodies: Annotated[int, Note("All bodies under way together; the slowest make room.", min=1)] = 16 * 1024 * 1024
    max_head: Annotated[int, Note("Longest address and headers of a request, together.", min=1)] = 32 * 1024
    max_headers: Annotated[int, Note("Headers of a request.", min=1)] = 100
    head_timeout: Annotated[float, Note("Longest time that a request's headers may take to come.", min=0.001)] = 10.0
    body_timeout: Annotated[float, Note("Longest time that a request's body may take to come.", min=0.001)] = 15.0
    write_timeout: Annotated[float, Note("Longest time in which a client takes nothing of its answer.", min=0.001)] = (
        60.0
    )
    connections: Annotated[
        int, Note("Open connections, fewer where the system allows few open files; the longest idle make room.", min=1)
    ] = 512
    per_address: Annotated[
        int, Note("Open connections of one address; those of a trusted proxy are its callers'.", min=1)
    ] = 256
    mcp_tools: Annotated[
        tuple[str, ...],
        Note(
            "What MCP clients are offered in place of the most used blocks: all, dynamic, a group or a block; may be "
            "repeated."
        ),
    ] = ()
    mcp_read_only: Annotated[bool, Note("Offer MCP clients only what changes nothing.")] = False
    mcp_dialect: Annotated[
        Dialect, Note("Tell MCP clients of input as the interface of a model wants it.", choices=get_args(Dialect))
    ] = "plain"
    mcp_output_schemas: Annotated[bool, Note("Tell MCP clients the schemas of answers, which are then whole.")] = False
    mcp_sessions: Annotated[int, Note("Sessions of MCP clients that one API key may have open.", min=1)] = 100
    mcp_idle: Annotated[float, Note("Time after which a session of an MCP client ends when unused.", min=0.001)] = 900.0
    subscriptions: Annotated[int, Note("Subscriptions that one API key may have.", min=0)] = 1000
    subscription_threads: Annotated[
        int, Note("Subscriptions that are polled or delivered at once; 0 leaves that to workers.", min=0)
    ] = 8
    keep_alive: Annotated[
        float, Note("Time that an idle connection is kept; longer than the clients' own, so that they close it.", min=0)
    ] = 75.0
    shutdown_grace: Annotated[
        float, Note("Time for running reads to finish at shutdown; running writes always finish.", min=0)
    ] = 20.0
    cors_origin: Annotated[
        tuple[str, ...], Note("Origin whose pages may call the server, such as https://app.example; may be repeated.")
    ] = ()
    access_log: Annotated[bool, Note("Log a line for each request: no query string, no secret.")] = True

    def __post_init__(self) -> None:
        for setting in iter_settings():
            value = getattr(self, setting.name)
            if isinstance(value, float) and not math.isfinite(value):
                given = f"{setting.option} or {setting.variable}"
                raise CannotServe(
                    f"The setting {setting.name} ({given}) is no number of seconds; give one, such as 60."
                )


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its Python `type`, its `default` and its `note`."""

    name: str
    type: Any
    default: Any
    note: Note

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return PREFIX + self.name.upper()

    @property
    def option(self) -> str | None:
        """The command's option; a secret has none, since everyone on the machine sees what a program was given."""
        return None if self.note.is_secret else "--" + self.name.replace("_", "-")


def iter_settings() -> Iterator[Setting]:
    """All settings in the order of their declaration."""
    hints = get_type_hints(Settings, include_extras=True)
    for declared in fields(Settings):
        kind, note = get_args(hints[declared.name])
        yield Setting(declared.name, kind, declared.default, note)


def build_settings(options: Mapping[str, Any], environ: Mapping[str, str]) -> Settings:
    """Settings from `options` by name, where `None` stands for the default; secrets come from `environ`."""
    secrets = [setting for setting in iter_settings() if setting.note.is_secret]
    given: dict[str, Any] = {setting.name: environ.get(setting.variable) for setting in secrets}
    for name, value in options.items():
        given[name] = tuple(value) if isinstance(value, list) else value
    return Settings(**{name: value for name, value in given.items() if value is not None})
