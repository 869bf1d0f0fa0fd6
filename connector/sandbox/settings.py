"""Settings that a test may change: a frozen dataclass, changed by name."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Settings = TypeVar("_Settings", bound="DataclassInstance")


def change(settings: _Settings, parts: Mapping[str, Any]) -> _Settings:
    """A copy of `settings` with other values at the names in `parts`.

    Raises:
        ValueError: there is no setting of such a name, or its value is of another type than before.
    """
    values = asdict(settings)
    for name, value in parts.items():
        if name not in values:
            raise ValueError(f"no setting is called {name!r}; there are {', '.join(values)}")
        if type(value) is not type(values[name]):
            raise ValueError(f"{name} takes a value like {json.dumps(values[name])}, not {value!r}")
    return replace(settings, **parts)
