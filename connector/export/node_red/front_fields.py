"""Which fields of a block its form shows at once; the others are folded away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from connector.export.first_fields import find_first_fields
from connector.manifest.block_entries import PAGING_FIELDS
from connector.manifest.blocks import Block

#: Up to this many fields that need not be given are shown at once.
_FEW: Final = 5


def find_front_fields(block: Block, folded: Iterable[str] = ()) -> frozenset[str]:
    """The fields that must be given, and those that people set though they need not, where they are few: not how much
    is read, nor codes of places and languages, which the connection's user has anyway, nor what is `folded`."""
    plumbing = {*PAGING_FIELDS, *block.not_sent, *folded}
    few = [
        name
        for name, field in block.fields.items()
        if not field.required and name not in plumbing and "x-names" not in field.schema
    ]
    return find_first_fields(block).union(few if len(few) <= _FEW else ())
