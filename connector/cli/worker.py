"""The command `worker`. What it does is done in `connector.runners.workers.celery_worker`."""

from __future__ import annotations

import os
import tempfile
from enum import StrEnum
from importlib import import_module
from typing import Annotated, Final

import typer

from connector.cli.arguments import WrongUsage, check_seconds
from connector.cli.connections import STORE_WAIT_S
from connector.errors import tell_extra
from connector.manifest.manifest import Manifest
from connector.wire.deadline import Deadline

#: Linux keeps files in memory here; in containers it can be written, too.
_FILES_IN_MEMORY: Final = "/dev/shm"  # noqa: S108 - a file there is made by `tempfile`, safely
#: Each has connections of its own to Redis, to the service and to receivers.
_MOST_THREADS: Final = 64


class Pools(StrEnum):
    prefork = "prefork"
    threads = "threads"
    solo = "solo"


class LogLevels(StrEnum):
    debug = "debug"
    info = "info"
    warning = "warning"
    error = "error"


WORKER_NOTES = (
    "Redis is where CONNECTOR_REDIS_URL says; connections are in the store that CONNECTOR_STORE names, which all "
    "machines must reach, such as the same Redis. Webhooks' secrets need CONNECTOR_STORE_KEY."
)


def worker(
    context: typer.Context,
    concurrency: Annotated[
        int | None, typer.Option(min=1, help="Tasks at a time.", show_default="one a processor")
    ] = None,
    lease: Annotated[
        float,
        typer.Option(
            metavar="SECONDS",
            callback=check_seconds,
            min=4,
            envvar="CONNECTOR_TASK_LEASE",
            help="When a dead worker's tasks go to others; the same for all workers. A block may take half of it.",
        ),
    ] = 600,
    subscription_threads: Annotated[
        int, typer.Option(min=0, max=_MOST_THREADS, help="Subscriptions looked at at a time; 0 leaves them to others.")
    ] = 4,
    pool: Annotated[Pools, typer.Option(help="How Celery runs tasks.")] = Pools.prefork,
    log_level: Annotated[LogLevels, typer.Option(help="What Celery says on standard error.")] = LogLevels.info,
) -> None:
    """Run blocks from a task queue, with Celery on Redis."""
    manifest = Manifest.load(context.obj)
    try:
        import_module("celery")
        import_module("jmespath")
    except ImportError:
        raise WrongUsage(f"Workers need Celery: {tell_extra('celery')}.") from None
    from connector.auth import open_store
    from connector.runners.workers.celery_worker import build_app, run_worker

    if pool is Pools.prefork:
        _check_temporary_folder()
    # What can't be used is told of now, and not by the first task.
    manifest.locate_servers({})
    open_store(None, manifest.command, Deadline(STORE_WAIT_S))
    options = [f"--pool={pool}", f"--loglevel={log_level}"]
    if concurrency:
        options.append(f"--concurrency={concurrency}")
    app = build_app(context.obj, lease_s=lease, subscription_threads=subscription_threads)
    if status := run_worker(app, *options):
        raise typer.Exit(status)


def _check_temporary_folder() -> None:
    """Has the pool's processes share memory by files in memory where nothing else can be written, as in a container.
    Raises `WrongUsage`."""
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        if not os.access(_FILES_IN_MEMORY, os.W_OK):
            raise WrongUsage(
                "No folder for temporary files can be written, which a pool of processes needs: name one by TMPDIR, or "
                "choose --pool=threads."
            ) from None
        tempfile.tempdir = _FILES_IN_MEMORY
