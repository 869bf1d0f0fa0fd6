"""An answer of another form → the form that a block documents, by a JMESPath expression of the manifest."""

from __future__ import annotations

from typing import Any

from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.expressions import compile_expression


def reshape(expression: str, answer: Any, title: str, *, is_foreign: bool) -> Any:
    """What `expression` makes of `answer`, which `title` gave. `is_foreign`: that is another service, and what is null
    in an object that comes of it is left out, for it is not known.

    Raises `InvocationFailed`: `not_found` where it makes nothing of it, `bad_answer` where the answer has a form for
    which it is not made.
    """
    from jmespath.exceptions import JMESPathError

    parsed, options = compile_expression(expression)
    try:
        made = parsed.search(answer, options)
    except JMESPathError:
        message = f"{title} answered in another form than it is known for, so nothing can be made of it."
        raise InvocationFailed(ErrorDetail("bad_answer", message)) from None
    if made is None:
        raise InvocationFailed(ErrorDetail("not_found", f"{title} doesn't know it."))
    return _leave_out_nulls(made) if is_foreign else made


def _leave_out_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _leave_out_nulls(inner) for name, inner in value.items() if inner is not None}
    return [_leave_out_nulls(entry) for entry in value] if isinstance(value, list) else value
