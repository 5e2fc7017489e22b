"""A head, seen as in a mirror: neck and shoulders, hair behind a band, a calm face of few lines.

Where both halves are alike, only the right one is written down. Colours come from classes
(`palette.css`), so that a dark page, a light one and a printed card each have their own.
"""

from voiceguide.show.drawing.pen import both
from voiceguide.show.drawing.pen import path as _path

FACE = (
    "M120,28 C158,28 181,56 181,96 C181,115 179,131 173,146 C167,161 153,176 139,185 "
    "C132,189.4 127,191 120,191 C113,191 108,189.4 101,185 C87,176 73,161 67,146 "
    "C61,131 59,115 59,96 C59,56 82,28 120,28Z"
)
BODY = (
    "M90,160 C91,186 92,204 86,214 C80,222 62,229 44,236 C22,244 8,252 1,270 C-6,288 -9,306 -10,322 "
    "L250,322 C249,306 246,288 239,270 C232,252 218,244 196,236 C178,229 160,222 154,214 "
    "C148,204 149,186 150,160Z"
)
CHIN_SHADE = (
    "M91,172 C97,186 108,196 120,197 C132,196 143,186 149,172 C149,184 149,193 150,201 "
    "C141,209 131,212 120,212 C109,212 99,209 90,201 C91,193 91,184 91,172Z"
)
EAR = "M179,99 C185,91 194,95 193,108 C192,121 187,134 181,135 C178,135 177,130 177,124"
CHEEK = "M181.4,92 C181.4,114 179,131 173,146"
INNER_EAR = "M182,103 C187,101 189,105 188,111 C187,116 185,118 184,122"
HAIR = (
    "M57,100 C52,46 78,6 120,6 C162,6 188,46 183,100 C182,86 178,76 172,68 "
    "C160,54 140,50 120,50 C100,50 80,54 68,68 C62,76 58,86 57,100Z"
)
BUN = "M120,-20 C138,-20 148,-10 148,0 C148,10 138,16 120,16 C102,16 92,10 92,0 C92,-10 102,-20 120,-20Z"
BUN_LINE = "M103,-8 C112,-15 130,-14 136,-5 M104,4 C114,-3 126,-2 134,5"
BAND = (
    "M54.5,94 C54,48 80,19 120,19 C160,19 186,48 185.5,94 L178,98 C181,64 156,36 120,36 "
    "C84,36 59,64 62,98Z"
)
BAND_FOLD = "M64,66 C74,42 95,28 120,27.5"
STRANDS = (
    "M120,38 C121,43 121,47 120,50 M146,42 C149,46 151,50 151,54 M166,55 C169,60 171,65 172,68"
)
BROW = (
    "M130,88 C139,80.5 153,78.5 166,86 C154,82.6 142,84.2 131.6,90.6 C130.2,91.4 128.8,89.2 130,88Z"
)
LID = "M133,100.5 C138,108.5 154,109.5 161,100"
LASHES = "M158.5,103.2 L163,105.6 M154.6,105.8 L158,109.4 M149.4,107.2 L151,111.2"
CREASE = "M136,95 C142,91.4 153,91 159,94.6"
NOSE = "M133,124.6 C136.6,129 135.6,134.4 131.4,134.2"
NOSE_BASE = "M112.6,135.6 C115,133.6 116.8,138.2 120,138.2 C123.2,138.2 125,133.6 127.4,135.6"
NOSE_SIDE = "M112.5,97 C112,108 109.6,117 107,124 C112,121 115,112 116,100Z"
UPPER_LIP = (
    "M102,154.4 C108,151.2 113.6,148.2 116.8,148.6 C118.4,148.8 119.2,149.8 120,149.8 "
    "C120.8,149.8 121.6,148.8 123.2,148.6 C126.4,148.2 132,151.2 138,154.4 "
    "C131.4,155.2 126,154.8 120,155.6 C114,154.8 108.6,155.2 102,154.4Z"
)
LOWER_LIP = (
    "M102,154.4 C108.6,155.2 114,154.8 120,155.6 C126,154.8 131.4,155.2 138,154.4 "
    "C133.4,160.8 127.2,163.6 120,163.6 C112.8,163.6 106.6,160.8 102,154.4Z"
)
MOUTH = "M99.6,153.2 C102,155.2 108,155 114,155 C117,155 118.4,155.7 120,155.7"
CHIN = "M114,172.4 C117.4,174.4 122.6,174.4 126,172.4"
COLLARBONE = "M130,247 C138,242.6 152,243.4 166,241.4 C178,239.8 186,239.6 194,240.6"
HOLLOW = "M114,252 C116,255 118,256 120,256"
TENDON = "M146,196 C143.6,214 137,230 128.6,242"


def skin() -> str:
    """Body, ears and face without features: the layer below the lit zone."""
    return (
        _path("hair", BUN) + _path("strand", BUN_LINE)
        + _path("hair", "M60,96 C58,40 84,8 120,8 C156,8 182,40 180,96Z")
        + _path("skin edge", BODY) + _path("shade", CHIN_SHADE)
        + _path("skin edge", FACE)
    )  # fmt: skip


def features() -> str:
    """The layer above the lit zone: hair and band, closed eyes, nose, lips, collarbones."""
    return (
        both("blush", "M141,128 C148,120 166,120 170,129 C168,140 148,141 141,128Z")
        + _path("shade", NOSE_SIDE)
        + both("fine", CREASE) + both("brow", BROW)
        + both("lash", LID) + both("lash thin", LASHES)
        + both("line", NOSE) + _path("line", NOSE_BASE)
        + _path("lip", UPPER_LIP) + _path("lip low", LOWER_LIP) + both("mouth", MOUTH)
        + _path("fine", CHIN) + both("line", COLLARBONE) + both("fine", HOLLOW)
        + both("fine", TENDON)
        + _path("hair", HAIR) + both("strand", STRANDS)
        + _path("band", BAND) + _path("fold", BAND_FOLD)
        + both("skin edge", EAR) + both("fine", INNER_EAR) + both("line", CHEEK)
    )  # fmt: skip


NAPE_HAIR = (
    "M57,104 C52,46 78,6 120,6 C162,6 188,46 183,104 C183,128 176,148 164,162 C154,174 140,178 134,190 "
    "C130,184 126,182 120,182 C114,182 110,184 106,190 C100,178 86,174 76,162 C64,148 57,128 57,104Z"
)
COMBED = (
    "M120,178 C120,120 120,60 120,18 M140,172 C152,130 148,62 128,20 M160,150 C172,116 166,62 138,22 "
    "M176,116 C180,86 170,48 146,24"
)
BEHIND = "M92,160 C91,186 92,204 86,214"
SPINE = "M120,206 V214 M120,224 V232 M120,242 V250 M120,260 V268"
BLADES = "M154,274 C158,288 166,300 176,308"


def back() -> str:
    """Neck and shoulders from behind: the layer below the lit zone."""
    return _path("skin edge", BODY)


def back_features() -> str:
    """The head from behind, above the lit zone: hair in a bun, the band, the nape."""
    ear = "M181,99 C187,92 195,96 194,108 C193,120 188,132 181,134Z"
    return (
        both("skin edge", ear) + _path("fine", SPINE) + both("line", BLADES)
        + _path("shade", "M92,172 C104,190 136,190 148,172 L149,196 C140,188 130,186 120,186 C110,186 100,188 91,196Z")
        + _path("hair", NAPE_HAIR) + both("strand", COMBED)
        + _path("hair", BUN) + _path("strand", BUN_LINE)
        + _path("band", "M56,120 C84,142 156,142 184,120 L182,134 C156,156 84,156 58,134Z")
        + _path("fold", "M64,134 C84,148 112,149 132,148")
    )  # fmt: skip
