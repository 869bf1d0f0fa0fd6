"""Covers and portraits: abstract pictures drawn from an id, so that nothing is fetched from anywhere."""

from random import Random


def draw(identifier: str, size: int) -> str:
    """An SVG picture.

    Args:
        identifier: what it is for; the same picture for the same id.
        size: width and height in pixels.
    """
    rng = Random(identifier)  # noqa: S311 - picks colours, guards nothing
    hue = rng.randrange(360)
    shapes = "".join(
        f'<circle cx="{rng.randrange(100)}" cy="{rng.randrange(100)}" r="{rng.randrange(8, 46)}" '
        f'fill="hsl({(hue + rng.randrange(-40, 160)) % 360} 60% {rng.randrange(35, 80)}%)" opacity=".7"/>'
        for _ in range(5)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 100 100">'
        f'<rect width="100" height="100" fill="hsl({hue} 45% 28%)"/>{shapes}</svg>'
    )
