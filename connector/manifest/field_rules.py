"""Rules over several fields of a block, in words: the same wherever the form is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from connector.manifest.blocks import Block
from connector.manifest.wording import join_words


def tell_rules(block: Block, call: Callable[[str], str] = str) -> list[str]:
    """Sentences that say which fields of `block` exclude or need one another; empty where there is no such rule. `call`
    says what a field of this name is called where they are read."""
    return [*_tell_choice(block, call), *_tell_number(block, call)]


def _tell_choice(block: Block, call: Callable[[str], str]) -> Iterator[str]:
    if choices := [" and ".join(map(call, group)) for group in block.one_of if group]:
        yield f"Give {'at most ' if () in block.one_of else ''}one of {join_words(choices, 'or')}."


def _tell_number(block: Block, call: Callable[[str], str]) -> Iterator[str]:
    rule = block.together
    if rule is None:
        return
    names = join_words([call(name) for name in rule.fields], "and")
    holds_lists = any(block.fields[name].is_list for name in rule.fields)
    most = f"no more than {rule.at_most} {'values in all of' if holds_lists else 'of'}"
    if not rule.at_least:
        yield f"Give {most} {names}."
    elif holds_lists or rule.at_most < len(rule.fields):
        yield f"Give at least {rule.at_least} of {names}, and {most} them."
    else:
        # All of them may be given, each with its one value.
        yield f"Give at least {rule.at_least} of {names}."
