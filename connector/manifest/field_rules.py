"""Rules over several fields of a block, in words: the same wherever the form is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from connector.manifest.blocks import Block
from connector.manifest.wording import join_words


def tell_rules(block: Block, call: Callable[[str], str] = str) -> list[str]:
    """Sentences that say which fields of `block` exclude or need one another; empty where there is no such rule. `call`
    says what a field of this name is called where they are read."""
    return [*_tell_choice(block, call), *_tell_number(block, call)]


def _tell_choice(block: Block, call: Callable[[str], str]) -> Iterator[str]:
    if any(block.one_of):
        yield f"Give {'at most ' if () in block.one_of else ''}one of {tell_groups(block.one_of, call)}."


def tell_groups(groups: Iterable[Sequence[str]], call: Callable[[str], str] = str) -> str:
    """The groups of fields of which one is given; of a group of several fields some are enough."""
    filled = [[call(name) for name in group] for group in groups if group]
    told = [f"some of {join_words(group, 'and')}" if len(group) > 1 else group[0] for group in filled]
    return ", or ".join(told) if any(len(group) > 1 for group in filled) else join_words(told, "or")


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
