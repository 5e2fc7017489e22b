"""One long session in real time: PortAudio, virtual PulseAudio devices, a synthetic person."""

import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import numpy as np
import soundfile
from bench.pulse import VirtualSound, missing
from bench.soak.audition import WIRE_GAIN, Known
from bench.soak.pauses import Pauses
from bench.soak.report import Found
from bench.soak.resources import sample
from bench.soak.spoken import NOTHING

from voiceguide.core.commands import Command
from voiceguide.edge.voice.voice import Voice

ROOT = Path(__file__).resolve().parents[3]
VOICE = "en-us"
"""The person's voice, unless it is a row."""
WORDS = {
    "slower": "slower",
    "pause": "pause",
    "resume": "resume",
    "faster": "faster",
    "repeat": "repeat",
    "next": "next",
    "back": "back",
}
"""What the person says over and over, and the command that must follow."""
NEEDED = (Command.START, *map(Command, WORDS.values()))
"""The commands for which the person of a live row must have words."""
ROUTINE = ("techniques", "--minutes", "60")
ANSWER_SECONDS = 5.0
"""A command that is not obeyed within this time was missed, and is said again."""
REST_SECONDS = 2.5
"""How long after the guide has obeyed the person says the next thing."""
LISTENING_SECONDS = 30.0
"""The longest wait for the first words of the guide."""
TRIES = 3
"""How often a word is said before the next one."""
MOST_MISSES = 10
"""After so many missed words in a row the soak is given up."""
PAUSE_SECONDS = 1.0
"""In a row the person waits until the guide has been silent for this long …"""
MOST_TALK_SECONDS = 60.0
"""… but no longer than this for it."""


REFUSED = re.compile(
    r'utterance heard words="?(?P<heard>[^"=]*?)"? command=none reason="?(?P<why>[^"=]*?)"? '
    r"confidence=(?P<score>[\d.]+)"
)
"""A line of the guide's log."""


class Guide:
    """The process of the guide, with its output line by line."""

    def __init__(self, sound: VirtualSound, home: Path, model: str | None) -> None:
        environment = sound.home(home) | {
            "VOICEGUIDE_LOG_LEVEL": "debug",
            "PYTHONPATH": str(ROOT),
        }
        options = ("--model", model) if model else ()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "voiceguide", "run", *ROUTINE, *options],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.refused = ""
        """What the ears heard last that was not obeyed, and why it was not."""
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def commands(self, seconds: float) -> Iterator[str]:
        """Each command that is obeyed within this time, as soon as it is obeyed."""
        for line in self._within(seconds):
            if refused := REFUSED.search(line):
                self.refused = f"{refused['heard']!r}: {refused['why']}, {refused['score']}"
            if "» " in line:
                yield line.split("» ")[1]

    def wait_for(self, part: str, seconds: float) -> bool:
        """Wait for a line with this text; return whether it came in time."""
        return any(part in line for line in self._within(seconds))

    def end(self) -> int:
        """Interrupt the guide; return its exit code."""
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(15.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def _within(self, seconds: float) -> Iterator[str]:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                line = self._lines.get(timeout=left)
            except queue.Empty:
                return
            if line is None:
                return
            yield line

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line.rstrip())
        self._lines.put(None)


@dataclass(frozen=True, slots=True)
class Part:
    """The person: their voice, their words with the commands that must follow, how they wait."""

    voice: str = VOICE
    first: str = "go"
    """The word that begins the session."""
    words: Mapping[str, str] = field(default_factory=lambda: WORDS)
    waits: bool = False
    """Whether they wait for the guide to pause."""


def part_of(voice: str, known: Known) -> Part:
    """The person of a row, with words that the ears know."""
    words = {known[Command(name)][0]: name for name in WORDS.values()}
    return Part(voice, known[Command.START][0], words, waits=True)


def live(
    minutes: float,
    tell: Callable[[str], None],
    part: Part | None = None,
    model: str | None = None,
) -> Found:
    """Speak to a live session for some minutes; ends the program if there is no virtual sound."""
    if reason := missing():
        raise SystemExit(reason)
    part = part or Part()
    kind = "a row live, virtual devices" if part.waits else "live, virtual devices"
    found = Found(kind, sessions=1, in_row=part.waits)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clips = _clips(folder, part)
        with VirtualSound(folder / "sound") as sound, Pauses(sound.env, PAUSE_SECONDS) as pauses:
            guide = Guide(sound, folder, model)
            try:
                _converse(guide, sound, clips, part, pauses, minutes, found, tell)
            finally:
                code = guide.end()
    if code:
        found.problems.append(f"the guide ended with exit code {code}")
        found.unfinished = 1
    return found


def _converse(
    guide: Guide,
    sound: VirtualSound,
    clips: dict[str, Path],
    part: Part,
    pauses: Pauses,
    minutes: float,
    found: Found,
    tell: Callable[[str], None],
) -> None:
    if not guide.wait_for("Say go when", LISTENING_SECONDS):
        raise SystemExit("the guide has not begun")
    began = told = time.monotonic()
    words = cycle(part.words)
    word, misses, tries = part.first, 0, 0
    list(guide.commands(3.0))
    while time.monotonic() - began < 60 * minutes and misses < MOST_MISSES:
        if part.waits and not pauses.wait(MOST_TALK_SECONDS):
            found.problems.append(f"no pause at {time.monotonic() - began:.0f} s")
        outcome = _say(guide, sound, clips[word], part.words.get(word, "start"))
        found.add([outcome])
        if outcome != "obeyed":
            at = f"{word!r} at {time.monotonic() - began:.0f} s"
            found.problems.append(f"{at} was {outcome} ({guide.refused or NOTHING})")
        if outcome == "obeyed":
            word, misses, tries = next(words), 0, 0
        else:
            misses, tries = misses + 1, tries + 1
            word, tries = (next(words), 0) if tries == TRIES else (word, tries)
        found.out_of_nothing += len(list(guide.commands(REST_SECONDS)))
        found.hours = (time.monotonic() - began) / 3600
        if guide.process.poll() is not None:
            found.problems.append("the guide ended by itself")
            found.unfinished = 1
            return
        found.samples.append(now := sample(guide.process.pid, found.hours))
        if time.monotonic() - told > 60:
            told = time.monotonic()
            tell(
                f"{60 * found.hours:.0f} min, {len(found.outcomes)} commands, "
                f"{now.resident_mb:.0f} MB, {now.threads} threads, {now.files} files"
            )
    found.unfinished = int(misses >= MOST_MISSES)


def _say(guide: Guide, sound: VirtualSound, clip: Path, command: str) -> str:
    """Say a word; return how it was taken."""
    guide.refused = ""
    sound.play_into_microphone(clip).wait()
    for obeyed in guide.commands(ANSWER_SECONDS):
        return "obeyed" if obeyed == command else "wrong"
    return "missed"


def _clips(folder: Path, part: Part) -> dict[str, Path]:
    clips: dict[str, Path] = {}
    with Voice(part.voice, cache_dir=folder / "person") as person:
        for words in (part.first, *part.words):
            clip = person.render(words, 150)
            quiet = np.zeros(clip.sample_rate_hz // 10, np.float32)
            path = folder / f"{words.replace(' ', '-')}.wav"
            samples = np.concatenate((quiet, WIRE_GAIN * clip.samples, quiet))
            soundfile.write(path, samples, clip.sample_rate_hz)
            clips[words] = path
    return clips
