"""Blocks for workflow builders, declared in a manifest and invoked here.

>>> from connector import Connector
>>> result = Connector.load().invoke("getCurrentUserProfile", {"access_token": "…"})
"""

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
from connector.way.connector import Connector
from connector.wire.deadline import Cancel

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
