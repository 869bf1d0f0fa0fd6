"""The parameter `fields`, which cuts an answer down: `total,items(added_at,track(name,album(!images,href)))`.

Names are separated by commas, steps by dots, and a list in parentheses says what is kept of something; a list that
begins with an exclamation mark says what is left out. Lists are gone through entry by entry. What isn't there is passed
over.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from connector.sandbox.parameters import refuse

_TOKEN: Final = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*|[.,()!])")


class Choice(dict[str, "Choice"]):
    """Names and what is chosen of each, everything where that is empty; with `leaves_out` the names that go."""

    leaves_out = False


def parse_fields(text: str) -> Choice:
    """What `fields` chooses; 400 where it can't be read."""
    tokens = list(_iter_tokens(text))
    choice = _parse_list(tokens)
    if tokens:
        raise refuse(400, "Invalid fields")
    return choice


def choose(choice: Choice, value: Any) -> Any:
    """`value`, a JSON value, as far as it was chosen."""
    if isinstance(value, list):
        return [choose(choice, entry) for entry in value]
    if not isinstance(value, dict) or not choice:
        return value
    if choice.leaves_out:
        return {name: entry for name, entry in value.items() if name not in choice}
    return {name: choose(choice[name], entry) for name, entry in value.items() if name in choice}


def _iter_tokens(text: str) -> Iterator[str]:
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise refuse(400, "Invalid fields")
        yield found[1]
        at = found.end()


def _parse_list(tokens: list[str]) -> Choice:
    """Takes a list from the front of `tokens`."""
    choice = Choice()
    if tokens[:1] == ["!"]:
        choice.leaves_out = True
        del tokens[0]
    while True:
        inner = choice
        while True:
            if not tokens or not tokens[0][0].isidentifier():
                raise refuse(400, "Invalid fields")
            inner = inner.setdefault(tokens.pop(0), Choice())
            if tokens[:1] != ["."]:
                break
            del tokens[0]
        if tokens[:1] == ["("]:
            del tokens[0]
            chosen = _parse_list(tokens)
            inner.update(chosen)
            inner.leaves_out = chosen.leaves_out
            if tokens[:1] != [")"]:
                raise refuse(400, "Invalid fields")
            del tokens[0]
        if tokens[:1] != [","]:
            return choice
        del tokens[0]
