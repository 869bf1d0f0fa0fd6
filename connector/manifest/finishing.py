"""Whether another run of a block finishes what an error of it left undone."""

from __future__ import annotations

from typing import Final

from connector.errors import PUT_BACK_WORDS, ErrorDetail
from connector.manifest.blocks import Block

#: What doors that speak to people and models say where it does.
FINISH_WORDS: Final = "Run it again to finish: it looks at what there is, and does nothing twice."


def finishes(block: Block, error: ErrorDetail) -> bool:
    """Whether it does: then nobody needs to know each thing that is left. What was taken off a list and can't be found
    there any more has to be put back by hand."""
    return block.procedure is not None and block.is_idempotent and PUT_BACK_WORDS not in error.message
