"""An answer of another form → the form that a block documents, by a JMESPath expression of the manifest."""

from __future__ import annotations

from typing import Any

from connector.arguments.validation import Args
from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.dotted_paths import follow
from connector.manifest.expressions import compile_expression
from connector.manifest.routes import Route
from connector.manifest.schema_files import Schema


def reshape(route: Route, answer: Any, args: Args, title: str, schema: Schema) -> Any:
    """What `route.reshape` makes of the `answer` to `args`, which `title` gave. Of a substitute's, what is null in an
    object that comes of it is left out, for it is not known, and the rest must fit `schema`, the output's.

    Raises `InvocationFailed`: `not_found` where it makes nothing of it; `bad_answer` where the answer has a form for
    which it is not made, and where it is of another thing than was asked for (`match`).
    """
    from jmespath.exceptions import JMESPathError

    parsed, options = compile_expression(route.reshape or "@")
    try:
        made = parsed.search(answer, options)
    except JMESPathError:
        raise _refuse(title) from None
    if made is None:
        raise InvocationFailed(ErrorDetail("not_found", f"{title} doesn't know it."))
    if route.consent:
        made = _leave_out_nulls(made)
        if not _fits(made, schema):
            raise _refuse(title)
    if any(follow(made, path.split(".")) != args.get(field) for path, field in route.match.items()):
        raise InvocationFailed(ErrorDetail("bad_answer", f"{title} answered of another thing than was asked for."))
    return made


def _refuse(title: str) -> InvocationFailed:
    message = f"{title} answered in another form than it is known for, so nothing can be made of it."
    return InvocationFailed(ErrorDetail("bad_answer", message))


def _fits(made: Any, schema: Schema) -> bool:
    # Loaded where it is used: most answers are handed on as they are.
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema).is_valid(made)


def _leave_out_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _leave_out_nulls(inner) for name, inner in value.items() if inner is not None}
    return [_leave_out_nulls(entry) for entry in value] if isinstance(value, list) else value
