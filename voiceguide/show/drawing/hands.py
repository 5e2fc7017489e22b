"""Hands and tools as they lie on skin, seen in a mirror: the back of the right hand, fingers up.

Each is drawn around the point that touches the skin, which is at 0,0. A finger is a thick line with
round ends, drawn first in the colour of the edge and then, a little thinner, in the colour of skin.
So fingers that overlap have an edge between them, and the palm, filled last, joins them. The thumb
is on the right, as when a right hand covers the right half of a face.
"""

from collections.abc import Iterable
from dataclasses import dataclass

Point = tuple[float, float]
EDGE = 3.4
"""How much wider than its skin a finger's edge is drawn."""

INDEX, MIDDLE, RING, LITTLE = (15.0, 0.0), (5.0, -2.5), (-5.2, -1.5), (-14.8, 3.0)
"""Where the fingers join the palm, around the middle of the knuckles."""
WIDTHS = {INDEX: 10.6, MIDDLE: 10.8, RING: 10.4, LITTLE: 9.0}
PALM = (
    "M-19.6,5 C-19.8,-3 -13,-4 -8,-4 C-2,-7 6,-7 11,-4.6 C16,-5 20.4,-3 20.6,4 "
    "C21,14 22,20 20.4,28 C18.6,37 15,44 14.4,52 C15.4,74 21,130 25,330 L-25,330 "
    "C-21,130 -15.4,74 -14.6,52 C-15.4,42 -19,32 -19.6,22Z"
)
"""The palm, with the wrist and an arm that the mirror's frame cuts off."""
KNUCKLES = "M-17.4,5.4 Q-15,3.4 -12.4,5 M-7.6,2.2 Q-5,0.4 -2.4,2 M2.6,1.6 Q5.2,-0.4 8,1.4 M12.6,3.6 Q15.2,2 17.8,4"


@dataclass(frozen=True, slots=True)
class Finger:
    """A finger through its joints, from the palm to its tip."""

    joints: tuple[Point, ...]
    width: float
    has_nail: bool = True
    works: bool = False
    """Whether it touches the skin; then its nail is painted."""


def straight(root: Point, length: float, lean: float = 0.0, works: bool = True) -> Finger:
    """A stretched finger, its tip `lean` further to the right than its root."""
    x, y = root
    middle = (x + lean * 0.42, y - length * 0.5)
    return Finger(((x, y + 8), middle, (x + lean, y - length)), WIDTHS[root], works=works)


def curled(root: Point, length: float = 11.0) -> Finger:
    """A finger bent into the palm, of which only the first joint is seen."""
    x, y = root
    return Finger(((x, y + 8), (x, y - length)), WIDTHS[root] + 0.8, has_nail=False)


def drawn(finger: Finger) -> str:
    """A finger with its nail."""
    d = _bent(finger.joints)
    width = finger.width
    parts = (
        f"<path class='limb-edge' d='{d}' stroke-width='{width + EDGE:.1f}'/>"
        f"<path class='limb' d='{d}' stroke-width='{width:.1f}'/>"
    )
    if not finger.has_nail:
        return parts
    (ax, ay), (bx, by) = finger.joints[-2:]
    length = max(1e-6, ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5)
    ux, uy = (bx - ax) / length, (by - ay) / length
    ends = [(bx + ux * along, by + uy * along) for along in (width * 0.12, -width * 0.16)]
    nail = "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in ends)
    kind = "nail on" if finger.works else "nail"
    return parts + f"<path class='{kind}' d='{nail}' stroke-width='{width * 0.52:.1f}'/>"


def _bent(joints: tuple[Point, ...]) -> str:
    """A line through joints that are round, not sharp."""
    parts = [f"M{joints[0][0]:.1f},{joints[0][1]:.1f}"]
    for before, joint, after in zip(joints, joints[1:], joints[2:], strict=False):
        into, out = _towards(joint, before), _towards(joint, after)
        parts.append(f"L{into[0]:.1f},{into[1]:.1f} Q{joint[0]:.1f},{joint[1]:.1f} "
                     f"{out[0]:.1f},{out[1]:.1f}")  # fmt: skip
    return " ".join([*parts, f"L{joints[-1][0]:.1f},{joints[-1][1]:.1f}"])


def _towards(joint: Point, other: Point, reach: float = 8.0) -> Point:
    dx, dy = other[0] - joint[0], other[1] - joint[1]
    share = min(0.5, reach / max(1e-6, (dx * dx + dy * dy) ** 0.5))
    return joint[0] + share * dx, joint[1] + share * dy


def _hand(
    fingers: Iterable[Finger],
    touches: Point,
    *,
    under: Iterable[Finger] = (),
    over: Iterable[Finger] = (),
    knuckles: bool = True,
    before: str = "",
    after: str = "",
) -> str:
    """A hand.

    Args:
        touches: the point that is moved to 0,0.
        under: fingers behind the palm.
        over: fingers in front of the palm, such as a thumb laid across it.
        before: what is drawn first, behind everything else.
        after: what is drawn last, over everything else.
    """
    x, y = touches
    lines = f"<path class='crease' d='{KNUCKLES}'/>" if knuckles else ""
    return (
        f"<g transform='translate({-x:g} {-y:g})'>{before}{''.join(map(drawn, under))}"
        f"<path class='palm-edge' d='{PALM}'/>{''.join(map(drawn, fingers))}"
        f"<path class='palm' d='{PALM}'/>{lines}{''.join(map(drawn, over))}{after}</g>"
    )


_FIST_TOPS = "M-17.6,-2 Q-15,-5.4 -12,-2.4 M-8,-8.4 Q-5,-11.6 -2,-8.6 M2,-10.6 Q5,-13.6 8,-10.6 M12.2,-6 Q15,-9.4 18,-6"
_BALL = Finger(((6, 44), (16, 25)), 17.0, has_nail=False)
"""The ball of the thumb, from which it grows."""
_THUMB_OUT = (_BALL, Finger(((12, 36), (23, 19), (29.5, 2)), 11.4))
_THUMB_AT_SIDE = (_BALL, Finger(((14, 34), (22.5, 20), (24, 1)), 11.2))

_STONE = (
    "M-27,-9 C-21,-25 3,-31 22,-23 C31,-19 33,-10 29,-4 C22,-9 13,-10 8,-4 "
    "C3,3 -5,8 -15,7 C-24,6 -30,0 -27,-9Z"
)
_STONE_LIGHT = "M-20,-11 C-14,-20 0,-24 14,-21"


def stone(at: Point = (0.0, 0.0)) -> str:
    """A gua sha stone."""
    return (
        f"<g transform='translate({at[0]:g} {at[1]:g})'><path class='stone' d='{_STONE}'/>"
        f"<path class='shine' d='{_STONE_LIGHT}'/></g>"
    )


def roller() -> str:
    """A roller: its stone across, its fork, its handle down."""
    return (
        "<path class='metal' d='M-21,0 V13 Q-21,19 -15,19 H15 Q21,19 21,13 V0 M0,19 V34'/>"
        "<rect class='handle' x='-5' y='31' width='10' height='52' rx='5'/>"
        "<rect class='stone' x='-17.5' y='-10.5' width='35' height='21' rx='8.5'/>"
        "<path class='shine' d='M-10,-5.4 H8'/>"
    )


def _flat(spread: float) -> tuple[Finger, ...]:
    return (
        straight(LITTLE, 31, -4 * spread),
        straight(RING, 41, -1.6 * spread),
        straight(MIDDLE, 45, 0.4 * spread),
        straight(INDEX, 40, 2.4 * spread),
    )


_PALM_LINES = "M15,12 C6,8 -4,12 -10,22 M18,16 C8,18 2,28 2,42 M-14,8 C-6,6 2,8 8,4"


def open_palm() -> str:
    """A left hand seen from the palm, around the hollow in its middle."""
    bare = (
        Finger(((-14.8, 11), (-17, -12), (-19, -28)), 9.0, has_nail=False),
        Finger(((-5.2, 6), (-6, -20), (-7, -42)), 10.4, has_nail=False),
        Finger(((5, 6), (5.4, -20), (5.4, -46)), 10.8, has_nail=False),
        Finger(((15, 8), (16.4, -16), (17.6, -39)), 10.6, has_nail=False),
    )
    thumb = Finger(((13, 36), (24, 20), (31, 2)), 11.6, has_nail=False)
    return _hand(bare, (0, 18), under=(_BALL,), over=(thumb,), knuckles=False,
                 after=f"<path class='crease' d='{_PALM_LINES}'/>")  # fmt: skip


HANDS: dict[str, str] = {
    "palm": _hand(_flat(1.2), (1, -30), under=_THUMB_OUT),
    "flat": _hand(_flat(1.2), (0, -14), under=_THUMB_OUT),
    "cup": _hand(_flat(0.6), (0, 4), under=_THUMB_AT_SIDE),
    "fingertips": _hand(_flat(1.8), (2, -42), under=_THUMB_OUT),
    "heel": _hand(_flat(1.2), (0, 34), under=_THUMB_OUT),
    "two": _hand(
        (curled(LITTLE), curled(RING, 13), straight(MIDDLE, 46, -2), straight(INDEX, 42, 0)),
        (10, -44),
        under=_THUMB_AT_SIDE,
    ),
    "hook": _hand(
        (
            curled(LITTLE),
            curled(RING, 13),
            Finger(((5, 6), (8, -26), (-9, -37)), 10.8, works=True),
            Finger(((15, 8), (19.5, -18), (3, -29)), 10.6, works=True),
        ),
        (-4, -36),
        under=_THUMB_AT_SIDE,
    ),
    "index": _hand(
        (
            straight(LITTLE, 15, -2, works=False),
            straight(RING, 20, -1, works=False),
            straight(MIDDLE, 26, 0, works=False),
            straight(INDEX, 44, 0),
        ),
        (15, -43),
        under=_THUMB_AT_SIDE,
    ),
    "middle": _hand(
        (
            straight(LITTLE, 23, -5, works=False),
            straight(RING, 31, -4, works=False),
            straight(INDEX, 30, 6, works=False),
            straight(MIDDLE, 47, 0),
        ),
        (5, -48),
        under=_THUMB_OUT,
    ),
    "ring": _hand(
        (
            straight(LITTLE, 22, -6, works=False),
            straight(INDEX, 27, 8, works=False),
            straight(MIDDLE, 31, 5, works=False),
            straight(RING, 45, -1),
        ),
        (-6.2, -45),
        under=_THUMB_OUT,
    ),
    "pinch": _hand(
        (
            straight(LITTLE, 24, -9, works=False),
            straight(RING, 33, -7, works=False),
            straight(MIDDLE, 37, -3, works=False),
            Finger(((15, 8), (19, -16), (22, -37)), 10.6, works=True),
        ),
        (27, -36),
        under=(_BALL, Finger(((12, 36), (33, 14), (31.5, -28)), 11.2, works=True)),
    ),
    "fist": _hand(
        (curled(LITTLE, 6), curled(RING, 9), curled(MIDDLE, 10), curled(INDEX, 8)),
        (0, -12),
        under=(_BALL, Finger(((14, 34), (23, 20), (17, 4)), 11.2)),
        after=f"<path class='crease on' d='{_FIST_TOPS}'/>",
    ),
    "thumb": _hand(
        (curled(LITTLE, 7), curled(RING, 9), curled(MIDDLE, 10), curled(INDEX, 9)),
        (31, -22),
        under=(_BALL, Finger(((12, 36), (27, 14), (31, -23)), 11.8, works=True)),
    ),
    "stone": _hand(
        (
            Finger(((-14.8, 11), (-20, -8), (-14, -20)), 9.0),
            Finger(((-5.2, 6), (-9, -16), (-4, -29)), 10.4),
            Finger(((5, 6), (4, -20), (7, -33)), 10.8),
            Finger(((15, 8), (18, -16), (18, -29)), 10.6),
        ),
        (-2, -52),
        under=_THUMB_AT_SIDE,
        before=stone((2, -30)),
    ),
    "roller": _hand(
        (
            Finger(((-14.8, 10), (-17, -3), (-3, -5)), 9.0, has_nail=False),
            Finger(((-5.2, 6), (-12, -13), (4, -16)), 10.4, has_nail=False),
            Finger(((5, 6), (-4, -23), (11, -27)), 10.8, has_nail=False),
        ),
        (0, -74),
        before=f"<g transform='translate(0 -74)'>{roller()}</g>",
        over=(Finger(((18, 30), (19, 6), (8, -22)), 11.2),),
        knuckles=False,
    ),
}
"""The pictures, by the part of the hand or the tool that touches the skin."""
