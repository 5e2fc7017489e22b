"""How a person wants words said, by phrase file and routine files: for ears and voice."""

from collections.abc import Iterable

from voiceguide.core.routine.routine import Routine
from voiceguide.edge.files.phrase_file import PhraseFile
from voiceguide.edge.lexicon.respell import as_phones, spellings


def for_ears(routines: Iterable[Routine], spoken: PhraseFile) -> dict[str, tuple[str, ...]]:
    """Word to its phones; the phrase file, which is the person's, goes before the routines."""
    said = {word: (as_phones(how),) for one in routines for word, how in one.pronunciations}
    return said | dict(spoken.pronunciations)


def for_mouth(routines: Iterable[Routine], spoken: PhraseFile) -> dict[str, str]:
    """Word to a spelling that makes the speech engine say it so; words that need none are left
    out.
    """
    said = {word: how for one in routines for word, how in one.pronunciations}
    return spellings(said | dict(spoken.said))
