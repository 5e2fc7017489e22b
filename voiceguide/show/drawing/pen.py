"""The pieces of SVG that every drawing is made of."""

from voiceguide.show.drawing.landmarks import MIDDLE

MIRROR = f"translate({2 * MIDDLE} 0) scale(-1 1)"


def path(kind: str, d: str, more: str = "") -> str:
    """A path with a class, which gives it its colours."""
    return f"<path class='{kind}' d='{d}'{more}/>"


def both(kind: str, d: str) -> str:
    """A path on the right half, and its mirror image."""
    one = path(kind, d)
    return f"{one}<g transform='{MIRROR}'>{one}</g>"


def at(x: float, y: float, inner: str, turn: float = 0, size: float = 1, flip: int = 1) -> str:
    """A drawing moved to a place, turned clockwise and scaled; ``flip`` -1 mirrors it."""
    return (
        f"<g transform='translate({x:g} {y:g}) scale({flip * size:g} {size:g}) "
        f"rotate({turn:g})'>{inner}</g>"
    )


def use(name: str) -> str:
    """A drawing that was defined once for the whole page (`figure.definitions`)."""
    return f"<use href='#{name}'/>"
