"""Guesses how a word that no dictionary has is said, by espeak-ng's rules, in CMUdict's phones."""

import ctypes
import functools
import re
import unicodedata
from collections.abc import Iterable

from voiceguide.edge.libraries.espeak_library import load_espeak

_VOICE = b"en-us"
_SYNCHRONOUS, _UTF8, _DONT_EXIT = 2, 1, 0x8000
_SEPARATED = ord("_") << 8
"""espeak's own names of phonemes, an underscore between two."""
_STRESS = str.maketrans("", "", "',%=| ")

_TABLE = """
b B, d D, f F, g G, h HH, j Y, k K, l L, m M, n N, p P, r R, s S, t T, v V, w W, z Z, r- R
N NG, S SH, Z ZH, T TH, D DH, tS CH, dZ JH, x K, ? T, t# T, t2 T, @L AH L, n- AH N, m- AH M
a AE, aa AE, a# AH, @ AH, @2 AH, @- AH, V AH, 0 AA, A AA, A: AA, O AO, O: AO, O2 AO, E EH
i IY, i: IY, I IH, I2 IH, I# IH, U UH, u UW, u: UW, 3 ER, 3: ER, eI EY, aI AY, aU AW, OI OY
oU OW, o OW, oUk OW K, A@ AA R, o@ AO R, O@ AO R, e@ EH R, U@ UH R, i@ IY AH, i@3 IH R
aI@ AY AH, aI3 AY ER, ;
"""
_LATIN = re.compile(r"[A-Za-z'’-]*[A-Za-z][A-Za-z'’-]*")
_PHONES = {"": ""} | {
    name: phones
    for name, _, phones in (
        pair.strip().partition(" ") for line in _TABLE.split("\n") for pair in line.split(",")
    )
}
"""espeak-ng's American phonemes, by their names."""


def guess(words: Iterable[str]) -> dict[str, str]:
    """Word to its probable pronunciation, such as ``S EH R AH M``.

    Words with other than Latin letters are left out; where espeak-ng is missing, all are.
    """
    asked = [word for word in dict.fromkeys(words) if _LATIN.fullmatch(_bare(word))]
    if not asked:
        return {}
    try:
        library = _espeak()
    except (OSError, AttributeError):
        return {}
    said = {word: _phones(library, word) for word in asked}
    return {word: phones for word, phones in said.items() if phones}


def _bare(word: str) -> str:
    """The word without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def _phones(library: ctypes.CDLL, word: str) -> str:
    rest = ctypes.c_char_p(word.encode())
    phones: list[str] = []
    while rest.value:
        part = library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _SEPARATED) or b""
        for piece in part.decode(errors="replace").replace(" ", "_").split("_"):
            name = piece.translate(_STRESS)
            while name not in _PHONES:  # "i::" is a shade of "i:", "l#" of "l"
                name = name[:-1]
            before = phones[-1] if phones else ""
            if name == ";" and before == "IH":
                phones[-1] = "IY"  # "livelier": a short i before another vowel
            if name not in ("r", "r-") or before not in ("R", "ER"):
                phones += _PHONES[name].split()  # CMUdict writes no second R
    return " ".join(phones)


@functools.cache
def _espeak() -> ctypes.CDLL:
    """The library, initialised once for the process; one thread may use it at a time.

    It is never terminated: Debian's 1.51 may hang for ever in espeak_Terminate.

    Raises:
        OSError: the library is missing, or lacks its data.
    """
    espeak = load_espeak()
    library = espeak.library
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = [
        ctypes.POINTER(ctypes.c_char_p),
        ctypes.c_int,
        ctypes.c_int,
    ]
    data = None if espeak.data is None else espeak.data.encode()
    if library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DONT_EXIT) <= 0:
        raise OSError("espeak-ng lacks its data")
    if library.espeak_SetVoiceByName(_VOICE) != 0:
        raise OSError("espeak-ng lacks its American voice")
    return library
