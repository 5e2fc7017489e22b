"""Scenes for steps without strokes (a product, what is done with it), and for states of the guide.

All are drawn for the round mirror of `figure.py`: 240 wide, with its middle at 120,142.
"""

from voiceguide.core.routine.routine import Step
from voiceguide.show.drawing.hands import roller, stone
from voiceguide.show.drawing.pen import at as _at
from voiceguide.show.drawing.pen import path as _path
from voiceguide.show.drawing.pen import use

PALE = "ware"
WATER = "water"


def _hands(kind: str, out: float, down: float, turn: float) -> str:
    """The same hand on both sides."""
    return "".join(
        _at(120 + side * out, down, use(f"hand-{kind}"), turn, flip=side) for side in (-1, 1)
    )


def _drop(x: float, y: float, size: float = 1, kind: str = WATER) -> str:
    return _at(
        x, y, _path(kind, "M0,-12 C5,-4 8,0 8,5 A8,8 0 0 1 -8,5 C-8,0 -5,-4 0,-12Z"), size=size
    )


def _dots(kind: str, spots: tuple[tuple[float, float, float], ...]) -> str:
    return "".join(f"<circle class='{kind}' cx='{x:g}' cy='{y:g}' r='{r:g}'/>" for x, y, r in spots)


def _person(over: str = "") -> str:
    return f"{use('skin')}{use('features')}{over}"


def _bottle(x: float, y: float, turn: float = 0, size: float = 1) -> str:
    """A flask with a narrow neck; x and y are the place of its mouth."""
    return _at(x, y, (
        "<rect class='cap' x='-9' y='-2' width='18' height='16' rx='3'/>"
        + _path(PALE, "M-9,14 H9 C9,24 30,28 30,44 V112 Q30,122 20,122 H-20 Q-30,122 -30,112 V44 C-30,28 -9,24 -9,14Z")
        + "<rect class='label' x='-30' y='58' width='60' height='38'/>"
        + _path("shine", "M-20,48 V108")
    ), turn, size)  # fmt: skip


def _pump(x: float, y: float) -> str:
    return _at(x, y, (
        _path("cap", "M-4,-6 H4 V16 H-4Z M-34,-14 H10 Q14,-14 14,-9 V-4 H-22 Q-27,-4 -29,2 H-37 Q-38,-12 -34,-14Z")
        + "<rect class='cap' x='-16' y='14' width='32' height='14' rx='3'/>"
        + _path(PALE, "M-18,28 H18 Q36,32 36,50 V130 Q36,142 24,142 H-24 Q-36,142 -36,130 V50 Q-36,32 -18,28Z")
        + "<rect class='label' x='-36' y='66' width='72' height='44'/>" + _path("shine", "M-26,54 V126")
    ))  # fmt: skip


def _pipette(x: float, y: float, turn: float = 0) -> str:
    """A pipette; x and y are the place of its tip."""
    return _at(x, y, (
        _path("glass", "M-3,0 L-5,-14 V-62 H5 V-14 L3,0Z") + _path("serum", "M-3,-1 L-4.4,-14 V-38 H4.4 V-14 L3,-1Z")
        + "<rect class='cap' x='-12' y='-78' width='24' height='18' rx='3'/>"
        + _path("bulb", "M-9,-78 V-98 Q-9,-114 0,-114 Q9,-114 9,-98 V-78Z")
    ), turn)  # fmt: skip


def _jar(x: float, y: float) -> str:
    """An open jar with its lid beside it; x and y are the middle of its rim."""
    return _at(x, y, (
        _path(PALE, "M-56,2 V50 Q-56,66 -38,68 H38 Q56,66 56,50 V2Z")
        + "<rect class='label' x='-56' y='22' width='112' height='26'/>"
        + "<ellipse class='ware' cx='0' cy='0' rx='58' ry='15'/>"
        + "<ellipse class='cream' cx='0' cy='-1' rx='48' ry='10.5'/>"
        + _path("cream", "M-24,-4 C-20,-18 -6,-14 0,-26 C6,-16 22,-18 24,-4Z")
        + _path("fine", "M-14,-5 C-8,-10 6,-8 12,-5")
    ))  # fmt: skip


def _bubbles() -> str:
    cheek = (
        (150, 134, 13),
        (164, 124, 10),
        (166, 141, 9),
        (138, 143, 8),
        (153, 150, 8),
        (147, 120, 7),
    )
    both = cheek + tuple((240 - x, y, r) for x, y, r in cheek)
    more = ((120, 70, 12), (104, 66, 9), (136, 67, 10), (120, 60, 7), (112, 176, 9), (127, 177, 10),
            (120, 186, 8), (196, 78, 7), (208, 96, 4.5), (44, 84, 6), (32, 66, 4), (214, 64, 4))  # fmt: skip
    return _dots("foam", both + more)


def _cloth(d: str, folds: str) -> str:
    return _path("cloth", d) + _path("cloth-fold", folds)


def _folded_towel(y: float) -> str:
    return _cloth(
        f"M40,{y} Q40,{y - 12} 52,{y - 12} H188 Q200,{y - 12} 200,{y} V{y + 34} Q200,{y + 46} 188,{y + 46} H52 Q40,{y + 46} 40,{y + 34}Z",
        f"M42,{y + 6} H198 M42,{y + 26} H198 M60,{y - 12} V{y + 46}",
    )


def _spark(x: float, y: float, size: float = 1) -> str:
    return _at(
        x,
        y,
        _path("spark", "M0,-14 C2,-4 4,-2 14,0 C4,2 2,4 0,14 C-2,4 -4,2 -14,0 C-4,-2 -2,-4 0,-14Z"),
        size=size,
    )


def _sprig(flip: int) -> str:
    leaf = "M0,0 C8,-14 22,-16 32,-12 C26,2 12,8 0,0Z"
    leaves = "".join(
        _at(x, y, _path("leaf", leaf), turn)
        for x, y, turn in (
            (9, -14, -30),
            (15, -44, -42),
            (20, -80, -76),
            (12, -28, -140),
            (17, -60, -132),
        )
    )
    return _at(
        120 + flip * 106, 262, _path("stem", "M0,10 C12,-20 18,-50 20,-84") + leaves, flip=flip
    )


def _moon(x: float, y: float, size: float = 1) -> str:
    return _at(x, y, _path("moon", "M18,-52 A54,54 0 1 0 52,18 A44,44 0 0 1 18,-52Z"), size=size)


def _struck(inner: str) -> str:
    """A drawing struck through, for something that is gone."""
    return inner + _path("strike", "M52,222 L188,62")


_MICROPHONE = (
    "<rect class='ware' x='92' y='52' width='56' height='104' rx='28'/>"
    + _path("grille", "M104,76 H136 M104,92 H136 M104,108 H136")
    + _path("wire", "M72,126 C72,196 168,196 168,126 M120,180 V214 M88,216 H152")
)
_SPEAKER = _path(
    "ware", "M58,116 H90 L132,80 V204 L90,168 H58 Q52,168 52,162 V122 Q52,116 58,116Z"
) + _path("wire", "M150,118 C162,130 162,154 150,166 M168,100 C190,122 190,162 168,184")
_PLUG = (
    _path("wire", "M-20,150 C30,150 34,142 62,142 M178,142 C206,142 210,134 262,134")
    + "<rect class='ware' x='58' y='116' width='46' height='52' rx='12'/>"
    + _path("wire", "M104,130 H120 M104,154 H120")
    + "<rect class='ware' x='140' y='112' width='46' height='60' rx='12'/>"
    + _path("grille", "M146,130 H152 M146,154 H152")
)
_CUP = (
    _path(
        "steam",
        "M96,104 C86,90 106,80 96,64 M122,98 C112,84 132,72 122,54 M148,104 C138,90 158,80 148,64",
    )
    + "<ellipse class='shade' cx='120' cy='236' rx='82' ry='10'/>"
    + _path("ware", "M170,142 C204,138 206,192 162,190 L164,178 C186,180 188,154 169,156Z")
    + _path("ware", "M66,124 H176 C176,182 160,222 140,226 H102 C82,222 66,182 66,124Z")
    + "<ellipse class='tea' cx='121' cy='125' rx='54' ry='9'/>"
    + _path(
        "label",
        "M70,160 C80,170 92,152 106,162 C118,170 130,152 142,162 C152,168 160,158 171,160 L167,178 C156,182 150,172 140,180 C128,188 118,172 104,182 C92,188 84,176 75,180Z",
    )
)
_FEATHER = _path(
    "plume",
    "M84,206 C66,186 74,132 104,98 C130,68 166,50 194,42 C196,74 186,112 170,138 "
    "L156,138 L162,150 C154,164 144,174 134,182 L122,178 L124,190 C112,198 98,204 84,206Z",
) + _path(
    "quill",
    "M44,256 C66,216 104,152 168,74 M88,178 L90,152 M104,154 L104,118 M124,128 L126,92 "
    "M146,100 L152,68 M100,182 L118,174 M118,156 L148,144 M138,130 L170,118 M158,102 L182,88",
)
_MASK = (
    "M120,56 C148,56 170,66 172,96 C174,120 170,138 162,152 C152,168 136,182 120,182 "
    "C104,182 88,168 78,152 C70,138 66,120 68,96 C70,66 92,56 120,56Z "
    "M98,92 C84,92 76,98 76,104 C78,112 90,114 98,112 C106,110 110,104 108,100 C106,94 104,92 98,92Z "
    "M142,92 C156,92 164,98 164,104 C162,112 150,114 142,112 C134,110 130,104 132,100 C134,94 136,92 142,92Z "
    "M96,155 C102,146 114,145 120,146 C126,145 138,146 144,155 C138,166 128,168 120,168 C112,168 102,166 96,155Z"
)
_SUN = _path(
    "ray",
    "M196,36 V22 M196,96 V110 M166,66 H152 M226,66 H240 M175,45 L165,35 M217,87 L227,97 M175,87 L165,97 M217,45 L227,35",
)

_BIG_PALM = _at(126, 196, use("open-palm"), -66, 2.0)

SCENES: dict[str, str] = {
    "cleanser": _pump(86, 66) + _at(160, 206, use("open-palm"), -50, 1.55)
    + _at(152, 206, _path("cream", "M-28,6 C-32,-10 -12,-10 -8,-22 C2,-14 14,-18 16,-6 C26,-4 26,10 14,12 H-14 C-22,12 -26,11 -28,6Z")),
    "lather": _person(_bubbles() + _hands("fingertips", 44, 136, -30)),
    "rinse": _person(
        _path(WATER, "M-40,250 C-14,238 10,262 40,250 C66,240 92,262 120,250 C148,240 174,262 200,250 C230,238 254,262 282,250 V320 H-40Z")
        + _hands("palm", 42, 146, -24)
        + "".join(_drop(x, y, s) for x, y, s in ((120, 76, 0.9), (98, 96, 0.6), (146, 110, 0.6), (120, 172, 0.7), (36, 110, 0.9), (206, 98, 1), (22, 150, 0.7), (218, 148, 0.7)))
    ),
    "towel": _person(
        _cloth("M-10,236 C30,214 66,226 92,246 L86,320 H-20Z M250,236 C210,214 174,226 148,246 L154,320 H260Z",
               "M10,246 C34,236 56,240 74,254 M230,246 C206,236 184,240 166,254")
        + _cloth("M134,122 C152,108 190,112 204,126 C208,160 202,196 190,214 C168,204 146,192 138,176 C130,160 130,138 134,122Z",
                 "M146,128 C152,150 158,176 172,196 M170,122 C176,142 182,164 192,182")
        + _at(166, 150, use("hand-palm"), -28)
    ),
    "toner": _bottle(66, 86, 118, 0.9) + _BIG_PALM
    + "".join(_drop(x, y, s) for x, y, s in ((92, 112, 0.8), (104, 142, 1), (116, 176, 1.1))),
    "serum": _BIG_PALM + _pipette(116, 130, 14)
    + "".join(_drop(x, y, s, "serum") for x, y, s in ((114, 150, 0.9), (112, 178, 1), (128, 196, 0.8), (106, 204, 0.7))),
    "press": _person(_hands("palm", 42, 134, -22)),
    "mask": _person(_path("mask", _MASK, " fill-rule='evenodd'")),
    "moisturizer": _jar(88, 168) + _at(150, 118, use("hand-index"), -34, 1.6)
    + _path("cream", "M136,118 C132,104 142,96 152,98 C164,100 166,112 158,118 C152,122 141,124 136,118Z"),
    "sunscreen": _SUN + "<circle class='spark' cx='196' cy='66' r='22'/>"
    + _at(96, 92, use("hand-two"), 8, 2.1)
    + _path("stripe", "M80,84 C82,112 84,138 86,164") + _path("stripe", "M104,94 C105,118 106,142 107,164"),
    "breath": _person(_at(104, 258, use("hand-flat"), -62)),
    "rest": _dots("disc", ((120, 104, 116),)) + _person()
    + _cloth("M-10,262 C30,236 66,246 96,262 L88,330 H-20Z M250,262 C210,236 174,246 144,262 L152,330 H260Z",
             "M2,276 C34,262 58,266 80,276 M238,276 C206,262 182,266 160,276"),
    "breakouts": _person(_dots("sore", ((92, 132, 4), (84, 142, 3), (150, 66, 3.4), (156, 138, 4)))
                         + _dots("around", ((89, 137, 15), (150, 66, 11), (156, 138, 12)))),
    "feather": _FEATHER,
    "take-stone": _at(112, 106, use("hand-stone"), 8, 2.2),
    "take-roller": _at(120, 92, use("hand-roller"), 14, 2.0),
    "lay-stone": _folded_towel(184) + _at(120, 160, stone(), 0, 2.3),
    "lay-roller": _folded_towel(184) + _at(64, 150, roller(), -82, 1.7),
    "hands": _at(150, 176, use("open-palm"), -64, 1.9) + _at(104, 150, use("hand-fingertips"), -56, 1.9, flip=-1),
    "hour": _dots("spark", ((92, 116, 40),))
    + _path("ray", "M92,62 V46 M92,170 V186 M38,116 H22 M54,78 L42,66 M130,78 L142,66 M54,154 L42,166")
    + _moon(154, 182, 0.95) + _spark(206, 112, 0.9) + _spark(218, 156, 0.6),
    "ready": _folded_towel(196) + _bottle(78, 62, 0, 0.98) + _jar(142, 116) + _pipette(186, 178, 0),
    "paused": _CUP,
    "finished": _sprig(-1) + _sprig(1) + _person() + _spark(28, 84, 1.2) + _spark(214, 62, 1.5) + _spark(52, 42, 0.8) + _spark(200, 116, 0.7),
    "asleep": _moon(118, 146, 1.5) + _spark(196, 74, 0.8) + _spark(52, 66, 0.6) + _spark(206, 190, 0.6),
    "microphone": _struck(_MICROPHONE),
    "speaker": _struck(_SPEAKER),
    "offline": _PLUG,
}  # fmt: skip
"""The scenes, by their names."""

WORDS = (
    ("lay the stone", "lay-stone"),
    ("lay the roller", "lay-roller"),
    ("stone", "take-stone"),
    ("roller", "take-roller"),
    ("rinse", "rinse"),
    ("mask off", "rinse"),
    ("mask", "mask"),
    ("foam", "lather"),
    ("lather", "lather"),
    ("pat ", "towel"),
    ("towel", "towel"),
    ("cleans", "cleanser"),
    ("sunscreen", "sunscreen"),
    ("moisturi", "moisturizer"),
    ("cream", "moisturizer"),
    ("toner", "toner"),
    ("serum", "serum"),
    ("oil", "serum"),
    ("glide", "serum"),
    ("breakout", "breakouts"),
    ("weightless", "feather"),
    ("soft fingers", "feather"),
    ("light hand", "feather"),
    ("circles", "press"),
    ("breath", "breath"),
    ("breathe", "breath"),
    ("your palms together", "hands"),
)
"""Which scene stands for which words; the first that is found, in the name before the sentences."""

USUAL = "rest"
"""Where nothing is known of it."""


OF_REGIONS = {"hands": "hands", "arms": "hands"}
"""What stands for strokes where the head shows nothing."""


def scene_of(step: Step, region: str = "") -> str:
    """The scene of a step that is no stroke, or of a stroke that the head does not show."""
    if region in OF_REGIONS and (step.stroke or step.hold):
        return OF_REGIONS[region]
    for text in (step.name.lower(), " ".join(step.say).lower()):
        for word, name in WORDS:
            if word in text:
                return name
    return USUAL
