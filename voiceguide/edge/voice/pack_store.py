"""Finds the voice packs on this machine, and those of a voice that can say a whole session."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from voiceguide.core.errors import SpeechError
from voiceguide.edge.models.shipped import shipped_folder
from voiceguide.edge.system.log import Log
from voiceguide.edge.voice.pack import SUFFIX, VoicePack
from voiceguide.edge.voice.voice_store import voices_folder

AUTO = "auto"
"""The name for: a pack where one can say the whole session, or else the engine."""
ENGINE = "engine"
"""The name for: the speech engine of this machine, whatever packs there are."""

_log = Log("voice")


@dataclass(frozen=True, slots=True)
class Lack:
    """What the packs of a voice lack to say a session."""

    voice: str
    texts: tuple[str, ...]
    """The sentences that they do not hold; at least one."""

    def __str__(self) -> str:
        count = len(self.texts)
        more = f" and {count - 1} more" if count > 1 else ""
        return (
            f"the voice {self.voice} has no rendering of “{self.texts[0]}”{more}, so another voice "
            "speaks; render what is missing with: voiceguide voices render"
        )


def pack_files() -> list[Path]:
    """Every pack: first those made on this machine, then those that ship."""
    return [*sorted(voices_folder().glob(f"*{SUFFIX}")), *shipped_packs()]


def shipped_packs() -> list[Path]:
    """The packs that ship with voiceguide."""
    return sorted(shipped_folder("audio").glob(f"*{SUFFIX}"))


def open_packs(files: Iterable[Path] | None = None) -> dict[str, list[VoicePack]]:
    """The packs of each voice, by the voice; those of which a pack ships come first.

    A pack that cannot be read is logged and left out.
    """
    found: dict[str, list[VoicePack]] = {}
    shipped = set()
    for path in pack_files() if files is None else files:
        try:
            pack = VoicePack(path)
        except SpeechError as error:
            _log.warning("pack", "left out", reason=error)
            continue
        found.setdefault(pack.head.voice, []).append(pack)
        if path.parent == shipped_folder("audio"):
            shipped.add(pack.head.voice)
    return dict(sorted(found.items(), key=lambda item: item[0] not in shipped))


def lacking(packs: Sequence[VoicePack], texts: Iterable[str]) -> tuple[str, ...]:
    """The sentences that none of the packs can say."""
    left = list(texts)
    for pack in packs:
        left = pack.lacks(left)
    return tuple(left)


def covering(
    texts: Sequence[str], files: Iterable[Path] | None = None
) -> tuple[list[VoicePack], Lack | None]:
    """The packs of the first voice that can say all of these sentences.

    Where no voice can, there are none, and what the first voice lacks comes with them; where there
    are no packs at all, nothing is lacking.
    """
    lack: Lack | None = None
    chosen: list[VoicePack] = []
    for voice, packs in open_packs(files).items():
        missing = () if chosen else lacking(packs, texts)
        if not chosen and not missing:
            chosen = packs
            continue
        lack = lack or (Lack(voice, missing) if missing else None)
        for pack in packs:
            pack.close()
    return chosen, None if chosen else lack
