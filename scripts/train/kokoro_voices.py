"""Clips by Kokoro's voices and blends of them, in shards that a later run goes on from.

Several phrases are spoken in one breath and cut apart where the network's own phone lengths say:
that costs a third of one clip each, and fewer of them are garbled.
"""

import argparse
import logging
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray
from train.corpus import SAMPLE_RATE_HZ, CorpusWriter, is_complete
from train.kokoro_model import FRAME_SECONDS, LETTERS, RATE_HZ, Kokoro, fetch, home, styles
from train.kokoro_texts import ALONE, SHARD, Rng, Utterance, utterances
from train.texts import line
from train.vocabulary import command_phrases
from train.voices import trimmed
from train.voices_engines import Rendered

KEPT = frozenset(
    {"af_nova", "af_sky", "am_liam", "am_onyx", "bf_lily", "bm_lewis", "ff_siwis", "hm_psi"}
)
"""Voices that nothing is ever trained, tuned or chosen with: they are for acceptance alone."""
DEVELOPMENT = ("af_bella", "am_eric", "bf_isabella", "bm_daniel", "if_sara", "jf_alpha")
"""Voices left out of training, for figures while training is under way."""
SPEEDS = (0.72, 1.4)
FARTHER, MIXED, FARTHER_SHARE = (1.1, 1.35), (0.5, 0.85), 0.4
"""The first voice's part of two when it is extrapolated and when both are mixed, and how often it
is extrapolated."""
OWN_SHARE, OWN_SHARE_ALONE = 0.5, 0.25
"""How often a text is read in the network's own letters and not in eSpeak's."""
PUNCTUATION = frozenset(".,!?;: …")
_DIPHTHONGS = {
    "oʊ": "O", "əʊ": "Q", "aɪ": "I", "aʊ": "W", "eɪ": "A", "ɔɪ": "Y", "tʃ": "ʧ", "dʒ": "ʤ",
    "ɐ": "ə", "ɾ": "T", "r": "ɹ",
}  # fmt: skip
"""How the network's own letters differ from those of eSpeak; it says both, a little otherwise."""
_AMERICAN = {"ɚ": "əɹ", "ɜːɹ": "ɜɹ", "ɜː": "ɜɹ", "ː": ""}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A mouth: one voice, or several in parts that sum to 1. A part below 0 extrapolates away from
    its voice."""

    parts: tuple[tuple[str, float], ...]
    british: bool

    @property
    def name(self) -> str:
        """Unique among speakers."""
        return "+".join(f"{voice}*{part:.2f}" for voice, part in self.parts)


def speaker(rng: Rng, voices: list[str]) -> Speaker:
    """One voice in four times of ten, else two or three of them; English ones more often."""
    n = int(rng.choice([1, 2, 3], p=[0.4, 0.4, 0.2]))
    chosen = _chosen(rng, voices, n)
    return _mouth(rng, chosen, list(map(float, rng.dirichlet([2.0] * n))))


def farther_speaker(rng: Rng, voices: list[str]) -> Speaker:
    """One voice in four times of ten, else a mix of two, or one extrapolated away from another.

    Mixed voices lie nearer to the mean of all voices than an unknown voice does. So they alone
    teach too little about it.
    """
    n = int(rng.choice([1, 2], p=[0.4, 0.6]))
    part = float(rng.uniform(*FARTHER if rng.random() < FARTHER_SHARE else MIXED))
    return _mouth(rng, _chosen(rng, voices, n), [part, 1 - part] if n == 2 else [1.0])


def _chosen(rng: Rng, voices: list[str], n: int) -> list[str]:
    """Different voices, the English ones more often."""
    weights = np.array([3.0 if name[0] in "ab" else 1.0 for name in voices])
    weights /= weights.sum()
    return [str(name) for name in rng.choice(voices, n, replace=False, p=weights)]


def _mouth(rng: Rng, chosen: list[str], parts: list[float]) -> Speaker:
    british = rng.random() < (0.85 if chosen[0][0] == "b" else 0.15)
    return Speaker(tuple(zip(chosen, parts, strict=True)), bool(british))


def training_voices(every: list[str]) -> list[str]:
    """The voices that training may hear."""
    return [name for name in every if name not in KEPT and name not in DEVELOPMENT]


class Renderer:
    """Utterances to clips; one thread."""

    def __init__(self, folder: Path) -> None:
        self._kokoro = Kokoro(folder)
        self._styles = styles(folder)

    @property
    def voices(self) -> list[str]:
        """The names of all voices."""
        return sorted(self._styles)

    def phones(self, text: str, british: bool, own: bool) -> str:
        """A text in the letters that the network reads; `own` ones, or those of eSpeak."""
        language = "en-gb" if british else "en-us"
        parts = re.split(r"([,;:.!?]+ *)", text)
        found = "".join(part if part[:1] in PUNCTUATION else ipa(part, language) for part in parts)
        if own:
            for letters, letter in _DIPHTHONGS.items():
                found = found.replace(letters, letter)
            for letters, letter in {} if british else _AMERICAN.items():
                found = found.replace(letters, letter)
        return found

    def style(self, who: Speaker, tokens: int) -> NDArray[np.float32]:
        """The row of a speaker for so many tokens."""
        row = min(max(tokens - 1, 0), 509)
        rows = [part * self._styles[voice][row] for voice, part in who.parts]
        return np.asarray(np.sum(rows, 0), np.float32)

    def render(
        self, what: Utterance, who: Speaker, rng: Rng, speed: float, own: bool
    ) -> list[NDArray[np.int16]]:
        """The sound of every item at 16 kHz, cut where it is softest between them."""
        letters, places = "", []
        for item, end in zip(what.items, what.ends, strict=True):
            said = self.phones(item.spoken, who.british, own)
            said = said.rstrip("".join(PUNCTUATION)) if end else said
            places.append((len(letters), len(letters) + len(said)))
            letters += said + end
        tokens, of_letter = [], []
        for letter in letters.rstrip():
            of_letter.append(len(tokens))
            if letter in LETTERS:
                tokens.append(LETTERS[letter])
        of_letter += [len(tokens)] * (len(letters) + 1 - len(of_letter))
        if not 0 < len(tokens) < 500:
            return []
        row = len(tokens) if rng.random() < 0.5 else int(rng.integers(1, len(tokens) + 1))
        sound, lengths = self._kokoro.speak(tokens, self.style(who, row), speed)
        ends = np.cumsum(lengths) * FRAME_SECONDS * RATE_HZ
        # ends[k] is where token k begins: the first length is that of what is before all tokens.
        spans = [(int(ends[of_letter[a]]), int(ends[of_letter[b]])) for a, b in places]
        edges = [0]
        for (_, end), (begin, _) in pairwise(spans):
            edges.append(_softest(sound, end, begin))
        edges.append(len(sound))
        at_rate = soxr.resample(sound, RATE_HZ, SAMPLE_RATE_HZ)
        whole = np.asarray(np.clip(at_rate * 32768, -32768, 32767), np.int16)
        cuts = [edge * SAMPLE_RATE_HZ // RATE_HZ for edge in edges]
        return [whole[a:b] for a, b in pairwise(cuts)]


def ipa(text: str, language: str) -> str:
    """What eSpeak reads a text as, with stresses."""
    if not text.strip():
        return ""
    command = ["espeak-ng", "-q", "--ipa", "-v", language, "--", text]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return " ".join("".join(one for one in said.replace("\n", " ") if one in LETTERS).split())


def _softest(sound: NDArray[np.float32], first: int, last: int) -> int:
    """The middle of the 20 ms with the least power between two phones (samples)."""
    hop = RATE_HZ // 50
    first, last = max(0, first - hop), min(len(sound), max(last, first + hop) + hop)
    power = np.convolve(sound[first:last] ** 2, np.ones(hop), "valid")
    return first + int(power.argmin()) + hop // 2 if len(power) else first


def render_shard(renderer: Renderer, folder: Path, number: int, seed: int) -> tuple[int, float]:
    """Write the corpus ``kokoro-NUMBER``; returns its clips and seconds."""
    voices = training_voices(renderer.voices)
    clips, seconds = 0, 0.0
    with CorpusWriter(folder, f"kokoro-{number:04}") as corpus:
        is_alone = number * SHARD >= ALONE
        for rng, what in utterances(seed, number * SHARD, SHARD):
            who = (farther_speaker if is_alone else speaker)(rng, voices)
            speed = float(np.exp(rng.uniform(*np.log(SPEEDS))))
            own = rng.random() < (OWN_SHARE_ALONE if is_alone else OWN_SHARE)
            sounds = renderer.render(what, who, rng, speed, own=own)
            for item, sound in zip(what.items, sounds, strict=False):
                spoken = trimmed(Rendered(sound), rng)
                if spoken is None:
                    continue
                corpus.add(spoken[0], source="kokoro", speaker=who.name, text=item.text)
                clips += 1
                seconds += len(spoken[0]) / SAMPLE_RATE_HZ
    return clips, seconds


def development_speakers(seed: int) -> list[Speaker]:
    """The left-out voices and as many blends of two of them."""
    rng = np.random.default_rng([seed, 5])
    alone = [Speaker(((name, 1.0),), name[0] == "b") for name in DEVELOPMENT]
    blends = []
    for one, other in zip(DEVELOPMENT, (*DEVELOPMENT[2:], *DEVELOPMENT[:2]), strict=True):
        part = float(rng.uniform(0.35, 0.65))
        blends.append(Speaker(((one, part), (other, 1 - part)), one[0] == "b"))
    return alone + blends


def render_development(renderer: Renderer, folder: Path, seed: int, each: int) -> None:
    """Recordings and their table in ``folder/near``: every phrase by `each` left-out voices.

    One phrase a clip, as whoever tries the ears would have it said; the silence around is cut.
    Phrases come in an order drawn by lot and the table grows with them, so what was interrupted
    can be used as it is; a later run goes on.
    """
    import soundfile

    out = folder / "near"
    out.mkdir(parents=True, exist_ok=True)
    people = development_speakers(seed)
    phrases = list(enumerate(command_phrases()))
    rows = ["file\tspeaker\ttext\n"]
    for place in np.random.default_rng([seed, 7]).permutation(len(phrases)):
        number, phrase = phrases[place]
        for turn in range(each):
            who = people[(number * each + turn) % len(people)]
            rng = np.random.default_rng([seed, 6, number, turn])
            item = line("command", phrase)
            path = out / f"{phrase.replace(' ', '-')}-{who.name}.flac"
            if not path.exists():
                speed = float(rng.choice([0.9, 1.0, 1.0, 1.1]))
                sounds = renderer.render(Utterance((item,), (".",)), who, rng, speed, own=False)
                spoken = trimmed(Rendered(sounds[0]), rng) if sounds else None
                if spoken is None:
                    continue
                part = path.with_suffix(".part")
                soundfile.write(part, spoken[0], SAMPLE_RATE_HZ, format="FLAC")
                part.replace(path)
            rows.append(f"{path.name}\t{who.name}\t{phrase}\n")
            (out / "near.tsv").write_text("".join(rows), encoding="utf-8")


def render(
    work: Path, minutes: float, seed: int, model: Path | None = None, first: int = 0
) -> None:
    """Render shards from the `first` one on until the time is over; every whole one is kept."""
    model = model or home()
    fetch(model)
    renderer = Renderer(model)
    began, number = time.monotonic(), first
    folder = work / "corpora"
    while time.monotonic() - began < minutes * 60:
        while is_complete(folder, f"kokoro-{number:04}"):
            number += 1
        used = time.process_time()
        clips, seconds = render_shard(renderer, folder, number, seed)
        used = (time.process_time() - used) / max(seconds, 1.0)
        _log.info("shard %d: %d clips, %.0f s, %.2f s a second", number, clips, seconds, used)


def main(arguments: list[str] | None = None) -> int:
    """Render in a process of its own."""
    parser = argparse.ArgumentParser(prog="train.kokoro_voices", description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="where the corpora lie")
    parser.add_argument("--minutes", type=float, default=60, help="begin no shard after so long")
    parser.add_argument("--development", type=int, help="render this many left-out voices a phrase")
    parser.add_argument("--first", type=int, default=0, help="number of the first shard")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if args.development:
        fetch(home())
        out = args.work / "kokoro-dev"
        render_development(Renderer(home()), out, args.seed, args.development)
    else:
        render(args.work, args.minutes, args.seed, first=args.first)
    return 0


if __name__ == "__main__":
    sys.exit(main())
