"""JMESPath expressions of the manifest.

Beside JMESPath's own functions there is `split(text, separator)`, which gives the parts as a list and null for null, as
in JMESPath Community.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=100)
def compile_expression(expression: str) -> tuple[Any, Any]:
    """The parsed expression, and the options to search with. Raises `ValueError` for a text that is none."""
    # Loaded where an expression is used: most connectors never do.
    import jmespath
    from jmespath import functions

    class Functions(functions.Functions):  # type: ignore[misc]
        @functions.signature({"types": ["string", "null"]}, {"types": ["string"]})  # type: ignore[untyped-decorator]
        def _func_split(self, text: str | None, separator: str) -> list[str] | None:
            return None if text is None else text.split(separator)

    return jmespath.compile(expression), jmespath.Options(custom_functions=Functions())
