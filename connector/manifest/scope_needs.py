"""Which scopes a user must have granted: all of a block's needs, each met by one scope or another, some of them only
for certain arguments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from connector.manifest.references import References
from connector.manifest.routes import GIVEN
from connector.manifest.wording import join_words


class Condition(NamedTuple):
    """Holds where `field` has this `value` (any, for `given`), or refers to something of one of these `kinds`, whose
    references begin as in `starts`."""

    field: str
    value: Any = None
    kinds: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()

    def holds(self, args: Mapping[str, Any]) -> bool:
        """Whether it holds for `args`, in normal form."""
        if self.field not in args:
            return False
        value = args[self.field]
        values = value if isinstance(value, list) else [value]
        if self.kinds:
            return any(isinstance(each, str) and each.startswith(self.starts) for each in values)
        return self.value == GIVEN or self.value in values

    def describe(self, call: Callable[[str], str] = str) -> str:
        """The condition in words; `call` makes of the field's name what it is called there."""
        name = call(self.field)
        if self.kinds:
            return f"{name} has {join_words(self.kinds, 'or')}"
        if self.value == GIVEN:
            return f"{name} is given"
        return f"{name} is {str(self.value).lower() if isinstance(self.value, bool) else self.value}"


@dataclass(frozen=True, slots=True)
class ScopeNeed:
    """One of the scopes `any_of` must be granted, where all conditions in `when` hold and none in `unless`. Where the
    need `is_optional`, the block works without and tells less."""

    any_of: tuple[str, ...]
    is_optional: bool = False
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()

    def holds(self, args: Mapping[str, Any]) -> bool:
        """Whether it is needed for `args`, in normal form."""
        return all(each.holds(args) for each in self.when) and not any(each.holds(args) for each in self.unless)

    def is_met(self, granted: Collection[str]) -> bool:
        return self.is_optional or any(scope in granted for scope in self.any_of)

    def describe(self, mark: Callable[[str], str] = str, call: Callable[[str], str] = str) -> str:
        """The need in words, each scope as `mark` makes it and each field as `call` does."""
        words = [join_words(map(mark, self.any_of), "or")]
        words += [f"where {' and '.join(each.describe(call) for each in self.when)}"] if self.when else []
        words += [f"unless {' or '.join(each.describe(call) for each in self.unless)}"] if self.unless else []
        return " ".join(words) + (", without which it tells less" if self.is_optional else "")

    def to_dict(self) -> dict[str, Any]:
        """The need as the manifest writes it, every word spelt out."""
        return {
            "any_of": list(self.any_of),
            "optional": self.is_optional,
            "when": {each.field: {"kinds": list(each.kinds)} if each.kinds else each.value for each in self.when},
            "except": {each.field: {"kinds": list(each.kinds)} if each.kinds else each.value for each in self.unless},
        }


def build_need(entry: str | Mapping[str, Any], uri: str | None) -> ScopeNeed:
    """The need that `entry` declares: the name of a scope, or more words; `uri` is how the service writes what it
    refers to. Raises `KeyError` and `ValueError` for another form."""
    if isinstance(entry, str):
        return ScopeNeed((entry,))
    return ScopeNeed(
        tuple(entry["any_of"]) if "any_of" in entry else (entry["scope"],),
        entry.get("optional", False),
        _build_conditions(entry.get("when", {}), References(uri=uri)),
        _build_conditions(entry.get("except", {}), References(uri=uri)),
    )


def _build_conditions(entry: Mapping[str, Any], references: References) -> tuple[Condition, ...]:
    return tuple(
        Condition(
            field, kinds=tuple(value["kinds"]), starts=tuple(references.write(kind, "") for kind in value["kinds"])
        )
        if isinstance(value, Mapping)
        else Condition(field, value)
        for field, value in entry.items()
    )


def tell_needs(needs: Iterable[ScopeNeed], mark: Callable[[str], str] = str, call: Callable[[str], str] = str) -> str:
    """All `needs` in words, each scope as `mark` makes it and each field as `call` does; empty for none."""
    return "; ".join(need.describe(mark, call) for need in needs)
