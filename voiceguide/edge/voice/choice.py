"""Chooses the voice of a session: one for all of it, unless somebody asks for another way."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from voiceguide.core.errors import SpeechError
from voiceguide.edge.voice.pack import SUFFIX, VoicePack
from voiceguide.edge.voice.pack_store import AUTO, ENGINE, covering, lacking, open_packs
from voiceguide.edge.voice.pack_voice import PackVoice
from voiceguide.edge.voice.voice import Voice
from voiceguide.sound.voice_port import VoicePort


def engine_voice(
    name: str | None, cache_dir: Path | None = None, spellings: Mapping[str, str] | None = None
) -> Voice:
    """A voice that can say any text, as no pack can; the engine's usual one where a pack is named.

    Raises:
        SpeechError: a Piper voice is named that is not here.
    """
    packed = name is None or name in (AUTO, ENGINE) or name.endswith(SUFFIX) or name in open_packs()
    own = None if packed else name
    return Voice(voice_name=own, cache_dir=cache_dir, spellings=spellings)


def local_voice(
    name: str | None, texts: Sequence[str], spellings: Mapping[str, str] | None = None
) -> tuple[VoicePort, str]:
    """The voice of a name, and what the person should be told about it; empty for nothing.

    Args:
        name: ``auto`` or None for a pack that can say the whole session, or else the engine;
            ``engine``; the voice or the file of a pack; or a voice of the engine or of Piper.
        texts: all that the session can say.
        spellings: how a person wants words said, by the word; a pack says them as it was rendered.

    Raises:
        SpeechError: a Piper voice is named that is not here, or a pack that cannot say all.
    """
    other = partial(Voice, spellings=spellings)
    if name == ENGINE:
        return other(), ""
    if name in (None, AUTO):
        packs, lack = covering(texts)
        return (PackVoice(packs, other), "") if packs else (other(), str(lack or ""))
    assert name
    path = Path(name).expanduser()
    named = [VoicePack(path)] if path.suffix == SUFFIX else open_packs().get(name, [])
    if not named:
        return other(voice_name=name), ""
    missing = lacking(named, texts)
    if missing:
        raise SpeechError(
            f"the voice {named[0].head.voice} has no rendering of {len(missing)} sentences of this "
            f"session, such as “{missing[0]}”; render them with: voiceguide voices render, or "
            f"choose the voice {AUTO}"
        )
    return PackVoice(named, other), ""
