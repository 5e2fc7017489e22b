"""Renders sentences ahead into a pack, with Kokoro, Piper or the speech engine."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from voiceguide import __version__
from voiceguide.core.errors import SpeechError
from voiceguide.core.timeline.speech import estimate_speech_seconds, spoken_seconds
from voiceguide.edge.libraries.adding import how_to_add
from voiceguide.edge.models.shipped import shipped_folder
from voiceguide.edge.voice.choice import engine_voice
from voiceguide.edge.voice.clip_cache import ClipCache, default_folder
from voiceguide.edge.voice.kokoro import ENGINE, LICENCE, Kokoro, load_style, rendering
from voiceguide.edge.voice.kokoro_model import PART_PACKAGES, whole_model
from voiceguide.edge.voice.pack import Packed, PackHead, VoicePack, packed, write_pack
from voiceguide.edge.voice.pack_store import AUTO, open_packs
from voiceguide.edge.voice.voice import Voice
from voiceguide.sound.clip import Clip
from voiceguide.sound.speech import FORMAT_VERSION, SPEECH_LUFS, tidy_speech
from voiceguide.sound.stretch import at_pace, evened

WORDS_PER_MINUTE = 150

Progress = Callable[[int, int, float], None]
"""Takes the number of sentences done, their number in all, and the estimated seconds left."""


def style_file(voice: str) -> Path | None:
    """The file of a Kokoro voice that ships; None where there is none of that name."""
    path = shipped_folder("models") / f"kokoro-{voice}.bin"
    return path if Path(voice).name == voice and path.is_file() else None


def kokoro_is_here() -> bool:
    """Whether the packages that the Kokoro voice needs are installed."""
    from importlib.util import find_spec

    return all(find_spec(name) for name in ("kokoro_onnx", *PART_PACKAGES))


def open_kokoro(
    voice: str,
    threads: int,
    style: Path | None = None,
    model: Path | None = None,
    spellings: Mapping[str, str] | None = None,
) -> Kokoro:
    """The Kokoro voice of this name; its first letter tells its language.

    Args:
        threads: how many it may use; 0 for as many as it likes.
        style: the voice's file; None for the one that ships.
        model: the model's file; None for the one that is installed.
        spellings: how a person wants words said, by the word.

    Raises:
        SpeechError: a file is missing or broken.
    """
    network = model.read_bytes() if model else whole_model()
    path = style or shipped_folder("models") / f"kokoro-{voice}.bin"
    language = "en-gb" if voice.startswith("b") else "en-us"
    return Kokoro(network, load_style(path), language, threads, spellings)


@dataclass(frozen=True, slots=True)
class Maker:
    """Renders the sentences of a voice for a pack, at ``WORDS_PER_MINUTE``."""

    head: PackHead
    render: Callable[[str], Clip]
    key: Callable[[str], str]


def open_maker(
    voice: str, stack: ExitStack, threads: int = 0, spellings: Mapping[str, str] | None = None
) -> Maker:
    """What renders this voice: Kokoro where the voice ships, else Piper or the engine.

    Args:
        threads: how many Kokoro's runtime may use; 0 for as many as it likes.
        spellings: how a person wants words said, by the word.

    Raises:
        SpeechError: the voice is not installed, or there is none of that name.
    """
    style = style_file(voice)
    if style is None:
        engine = Voice(voice_name=voice, spellings=spellings)
        stack.callback(engine.close)
        named = Path(voice).name.removesuffix(".onnx")
        head = pack_head(named, "Piper" if voice.endswith(".onnx") else "speech engine", "unknown")
        return Maker(
            head,
            lambda text: engine.render(text, WORDS_PER_MINUTE),
            lambda text: finished_key(f"engine {voice}", text, spellings),
        )
    if not kokoro_is_here():
        raise SpeechError(
            f"the voice {voice} cannot be rendered here yet; install what it needs with "
            f"{how_to_add('natural')}, or render on a PC and bring the file that "
            "--out writes"
        )
    kokoro: list[Kokoro] = []

    def render(text: str) -> Clip:
        if not kokoro:  # loading takes a second and 200 MB, so it waits until something is rendered
            kokoro.append(open_kokoro(voice, threads, style, spellings=spellings))
        return finished(kokoro[0].render(text, WORDS_PER_MINUTE), text)

    return Maker(
        pack_head(voice, ENGINE, LICENCE),
        render,
        lambda text: finished_key(voice, text, spellings),
    )


def one_sentence(
    name: str,
    text: str,
    words_per_minute: int,
    stack: ExitStack,
    spellings: Mapping[str, str] | None = None,
) -> tuple[Clip, str]:
    """A sentence as a session would say it, and the name of the voice that says it: from a pack
    where one holds it, else rendered in the same voice where that is installed, else by the engine.

    Args:
        spellings: how a person wants words said, by the word; a pack says them as it was rendered.

    Raises:
        SpeechError: the sentence cannot be spoken.
    """
    packs = open_packs()
    for voice, of_voice in packs.items():
        for pack in of_voice:
            stack.callback(pack.close)
            clip = pack.get(text) if name in (AUTO, voice, str(pack.path)) else None
            if clip:
                return at_pace(clip, words_per_minute / pack.head.words_per_minute), voice
    kokoro = next((voice for voice in (name, *packs, "af_heart") if style_file(voice)), None)
    if kokoro and kokoro_is_here() and (name == AUTO or style_file(name)):
        clip = open_maker(kokoro, stack, spellings=spellings).render(text)
        return at_pace(clip, words_per_minute / WORDS_PER_MINUTE), kokoro
    engine = engine_voice(name, spellings=spellings)
    stack.callback(engine.close)
    return engine.render(text, words_per_minute), "the speech engine" if name == AUTO else name


def finished_key(voice: str, text: str, spellings: Mapping[str, str] | None = None) -> str:
    """The key of a finished rendering, made of all that its sound depends on."""
    return f"{rendering(voice, text, WORDS_PER_MINUTE, spellings)}-{FORMAT_VERSION}"


def finished(clip: Clip, text: str) -> Clip:
    """A rendering, trimmed, and brought to an even pace and the common loudness."""
    tidy = tidy_speech(clip)
    paced = evened(tidy, spoken_seconds(text, WORDS_PER_MINUTE))
    return tidy if paced is tidy else tidy_speech(paced)


def estimated_minutes(texts: Iterable[str]) -> float:
    """How many minutes it takes to say these."""
    return sum(estimate_speech_seconds(text, WORDS_PER_MINUTE) for text in texts) / 60


def render_pack(
    path: Path, maker: Maker, texts: Sequence[str], progress: Progress = lambda *_: None
) -> int:
    """Render these sentences into a pack, and give its bytes.

    Nothing is rendered twice: sentences are taken over from a pack of that name, and from a
    rendering that was broken off.

    Raises:
        SpeechError: a sentence cannot be spoken.
        DiskError, SettingsError: the pack cannot be written.
    """
    cache = ClipCache(default_folder())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SpeechError(f"{path.parent} cannot be made: {error.strerror}") from error
    clips = _rendered(maker, cache, path, texts, progress)
    return sum(size for _, size in write_pack(path, maker.head, clips))


def _rendered(
    maker: Maker, cache: ClipCache, before: Path, texts: Sequence[str], progress: Progress
) -> Iterator[Packed]:
    taken, told, started = 0.0, 0.0, False
    left = [estimate_speech_seconds(text, WORDS_PER_MINUTE) for text in texts]
    with former_pack(before) as former:
        for number, text in enumerate(texts):
            key = maker.key(text)
            ready = former(text, key)
            if ready is None:
                clip = cache.get(key)
                if clip is None:
                    began = time.monotonic()
                    clip = maker.render(text)
                    if started:  # the first sentence waits for the engine's start as well
                        taken += time.monotonic() - began
                        told += left[number]
                    started = True
                    cache.put(key, clip)
                ready = packed(text, key, clip)
            ahead = taken / told * sum(left[number + 1 :]) if told else 0.0
            progress(number + 1, len(texts), ahead)
            yield ready


@contextmanager
def former_pack(path: Path | None) -> Iterator[Callable[[str, str], Packed | None]]:
    """A function that gives a sentence of a pack by its text and key; None for each where there is
    no such pack.
    """
    try:
        former = VoicePack(path) if path and path.is_file() else None
    except SpeechError:
        former = None
    if former is None:
        yield lambda *_: None
        return
    try:
        yield former.packed
    finally:
        former.close()


def pack_head(voice: str, engine: str, licence: str) -> PackHead:
    """The head of a pack that this version renders."""
    made_by = f"voiceguide {__version__}"
    return PackHead(voice, engine, "en", licence, made_by, WORDS_PER_MINUTE, SPEECH_LUFS)
