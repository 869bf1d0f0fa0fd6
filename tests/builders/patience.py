"""How long the tests of all builders wait for what must come, and for what moves to stand still."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Locator

#: A page on a machine that does much else takes its time; when all goes well nothing waits so long.
PATIENCE_S: Final = 120.0
PATIENCE_MS: Final = PATIENCE_S * 1000
#: Drawn so often at the same place, a thing has come to rest. Slides and glides move with every frame.
_FRAMES: Final = 15

_IS_STILL: Final = """
([element, frames]) => new Promise((resolve) => {
    let last = '';
    let same = 0;
    const look = () => {
        const box = element.getBoundingClientRect();
        const place = [box.x, box.y, box.width, box.height].join();
        same = place === last ? same + 1 : 0;
        last = place;
        if (same === frames) resolve(true);
        else requestAnimationFrame(look);
    };
    look();
})
"""


def find_middle(locator: Locator) -> tuple[float, float]:
    """The middle of what is at rest and in view, as x and y of the page (px)."""
    locator.scroll_into_view_if_needed(timeout=PATIENCE_MS)
    wait_until_still(locator)
    box = locator.bounding_box(timeout=PATIENCE_MS)
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def wait_until_still(locator: Locator) -> None:
    """Waits until what is there has come to rest."""
    element = locator.element_handle(timeout=PATIENCE_MS)
    locator.page.wait_for_function(_IS_STILL, arg=[element, _FRAMES], timeout=PATIENCE_MS)
