"""Blocks for workflow builders, declared in a manifest and invoked here.

>>> from connector import Connector
>>> result = Connector.load().invoke("getCurrentUserProfile", {"access_token": "…"})
"""

from typing import TYPE_CHECKING

from connector.errors import (
    ConnectorError,
    ErrorDetail,
    FieldProblem,
    InvocationFailed,
    ManifestError,
    UnknownBlock,
    UnknownField,
    UnknownServer,
    UnknownTrigger,
)
from connector.result import Choice, Choices, Meta, Result
from connector.version import __version__
from connector.wire.deadline import Cancel

if TYPE_CHECKING:
    # Knows the packaged manifest's blocks by their names, which at run time are any text.
    from connector.packaged import Connector
else:
    from connector.way.connector import Connector

__all__ = [
    "Cancel",
    "Choice",
    "Choices",
    "Connector",
    "ConnectorError",
    "ErrorDetail",
    "FieldProblem",
    "InvocationFailed",
    "ManifestError",
    "Meta",
    "Result",
    "UnknownBlock",
    "UnknownField",
    "UnknownServer",
    "UnknownTrigger",
    "__version__",
]
