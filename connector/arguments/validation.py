"""Arguments as they came → arguments in normal form, or every problem at once.

JSON Schema judges the normal form; what is missing, unknown or wrong in combination is found
here. A problem names its field and what fits, and never repeats a value, which might be a secret in the wrong place.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from connector.arguments.normal_form import References, Unfit, describe_fit, is_blank, to_normal_form
from connector.arguments.schema_check import Judge
from connector.errors import REQUIRED, ErrorDetail, FieldProblem, InvocationFailed
from connector.manifest.blocks import Block

if TYPE_CHECKING:
    from jsonschema import ValidationError

Args = dict[str, Any]


class InputValidator:
    """Judges the arguments of one block; built once, used by any number of threads."""

    def __init__(self, block: Block, references: References) -> None:
        self._block = block
        self._references = references
        self._judge = Judge({name: field.schema for name, field in block.fields.items()})
        self._required = {field.name: field for field in block.fields.values() if field.required}
        self._segments = frozenset(name for route in block.routes for name in route.path_fields)

    def validate(self, args: Any, bound: Collection[str] = ()) -> Args:
        """`args` in normal form, without the fields that were left empty. `bound` fields may be left out: a
        connection stands in for them.

        Raises `InvocationFailed`: `missing_fields` where something that must be given is not, `invalid_fields` where
        only values are wrong; its `fields` list all problems in either case.
        """
        block = self._block
        if type(args) is not dict and not isinstance(args, Mapping):
            raise InvocationFailed(
                ErrorDetail("invalid_fields", f"{block.name}: the arguments are not an object of fields and values.")
            )
        normal, problems = self._to_normal_form(args)
        excused = {*bound, *(problem.name for problem in problems)} if problems else bound
        problems += self._find_missing(normal, excused)
        problems += self._find_unfit(normal)
        problems += self._find_crowded(normal)
        problems += self._find_crossed(normal, excused)
        if problems:
            raise InvocationFailed(_sum_up(block, problems))
        return normal

    def _to_normal_form(self, args: Mapping[Any, Any]) -> tuple[Args, list[FieldProblem]]:
        normal: Args = {}
        problems: list[FieldProblem] = []
        for name, value in args.items():
            field = self._block.fields.get(name)
            if field is None:
                near = difflib.get_close_matches(str(name), self._block.fields, 1)
                fits = f"did you mean {near[0]}?" if near else None
                problems.append(FieldProblem(str(name), f"is not a field of {self._block.name}", fits))
                continue
            try:
                form = None if is_blank(value) else to_normal_form(field.schema, value, self._references)
            except Unfit as problem:
                problems.append(FieldProblem(name, str(problem), describe_fit(field.schema)))
                continue
            if not is_blank(form):
                normal[name] = form
        return normal, problems

    def _find_missing(self, normal: Args, excused: Collection[str]) -> list[FieldProblem]:
        problems = [
            FieldProblem(field.name, REQUIRED, describe_fit(field.schema))
            for name, field in self._required.items()
            if name not in normal and name not in excused
        ]
        together = self._block.together
        if together and together.at_least and not any(name in normal or name in excused for name in together.fields):
            fits = f"at least one of {', '.join(together.fields)}"
            problems += [FieldProblem(name, REQUIRED, fits) for name in together.fields]
        return problems

    def _find_unfit(self, normal: Args) -> list[FieldProblem]:
        problems: list[FieldProblem] = []
        for name, value in normal.items():
            if name in self._segments and value in (".", ".."):
                problems.append(FieldProblem(name, "is no id", describe_fit(self._block.fields[name].schema)))
            elif error := self._judge.find_error(name, value):
                problems.append(_to_problem(name, error))
        return problems

    def _find_crossed(self, normal: Args, excused: Collection[str]) -> list[FieldProblem]:
        """Fields of several groups of which exactly one may be given, or of none where one must be."""
        groups = self._block.one_of
        given = [group for group in groups if any(name in normal or name in excused for name in group)]
        if len(given) == 1 or not groups or (not given and () in groups):
            return []
        choices = " or ".join(" and ".join(group) for group in groups if group)
        if not given:
            return [FieldProblem(name, REQUIRED, f"one of {choices}") for group in groups for name in group[:1]]
        names = [name for group in given for name in group if name in normal]
        return [FieldProblem(name, "is one too many", f"only one of {choices}") for name in names]

    def _find_crowded(self, normal: Args) -> list[FieldProblem]:
        together = self._block.together
        if together is None:
            return []
        given = [name for name in together.fields if isinstance(normal.get(name), list)]
        count = sum(len(normal[name]) for name in given)
        if count <= together.at_most:
            return []
        names = ", ".join(together.fields)
        return [
            FieldProblem(name, f"is one value too many: {names} hold {count} together", f"{together.at_most} at most")
            for name in given
        ]


_WORDING = {
    "pattern": "does not have the right form",
    "enum": "is not one of the choices",
    "minItems": "holds too few entries",
    "maxItems": "holds too many entries",
    "uniqueItems": "holds the same entry twice",
    "minLength": "is too short",
    "maxLength": "is too long",
}
_NOUNS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
}


def _to_problem(name: str, error: ValidationError) -> FieldProblem:
    keyword, limit = error.validator, error.validator_value
    if keyword == "type":
        text = f"is not {_NOUNS.get(str(limit), 'of the right type')}"
    elif keyword in ("minimum", "exclusiveMinimum"):
        text = f"is below {limit}"
    elif keyword in ("maximum", "exclusiveMaximum"):
        text = f"is above {limit}"
    else:
        text = _WORDING.get(str(keyword), "does not fit")
    if error.path and isinstance(error.path[0], int):
        text = f"has an entry, number {error.path[0] + 1}, that {text}"
    schema = error.schema
    fits = describe_fit(schema) if isinstance(schema, dict) else None
    return FieldProblem(name, text, fits)


def _sum_up(block: Block, problems: list[FieldProblem]) -> ErrorDetail:
    ordered = sorted(problems, key=lambda problem: problem.problem != REQUIRED)
    kind = "missing_fields" if ordered[0].problem == REQUIRED else "invalid_fields"
    return ErrorDetail(kind, f"{block.name}: {'; '.join(map(str, ordered))}.", fields=tuple(ordered))
