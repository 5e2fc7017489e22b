"""Speech engines that are programs of their own: what voices they have, how they are asked.

Each ``render`` gives samples at 16 kHz and, where the engine tells its phones, their end times.
"""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar, Protocol

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from train.corpus import SAMPLE_RATE_HZ

Rng = np.random.Generator
Timing = list[tuple[str, float]]
"""Phones as the engine names them, each with its end in seconds."""
_PATIENCE_SECONDS = 30.0


class EngineError(Exception):
    """An engine did not give what it was asked for; one plain sentence."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """Speech at 16 kHz, shape (samples,), and its phones where they are known."""

    samples: NDArray[np.int16]
    timing: Timing | None = None


class Engine(Protocol):
    """A speech engine."""

    name: str
    licence: str
    share: float
    """How much of a corpus it should speak, in relation to the others."""

    def missing(self) -> str | None:
        """What has to be installed for it, None when it is there."""

    def voices(self) -> list[str]:
        """Names of its voices, the same in every run."""

    def render(self, text: str, voice: str, rng: Rng) -> Rendered:
        """Speak a text with a rate, pitch and the like drawn from `rng`.

        Raises:
            EngineError: the program failed.
        """


@cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix=f"voices-{os.getpid()}-")


def _file(name: str) -> Path:
    return Path(_scratch().name) / name


def _run(command: list[str], said: str | None = None) -> str:
    try:
        done = subprocess.run(
            command, input=said, capture_output=True, text=True, timeout=_PATIENCE_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError(f"{command[0]} did not come to an end.") from error
    if done.returncode:
        raise EngineError(f"{command[0]} failed: {done.stderr.strip()[:200]}")
    return done.stdout


def _read(path: Path) -> NDArray[np.int16]:
    """The sound in a file at 16 kHz; the file is removed, so that it is never read twice."""
    try:
        samples, rate = soundfile.read(path, dtype="float32")
    except (OSError, soundfile.LibsndfileError) as error:
        raise EngineError(f"{path.name} holds no sound.") from error
    path.unlink()
    if rate != SAMPLE_RATE_HZ:
        samples = soxr.resample(samples, rate, SAMPLE_RATE_HZ)
    return np.asarray(np.clip(samples * 32768, -32768, 32767), np.int16)


def _absent(program: str, package: str) -> str | None:
    return None if shutil.which(program) else f"{program} is not installed (package {package})"


class Espeak:
    """espeak-ng: formant synthesis, eight accents by some seventy voice variants."""

    name = "espeak-ng"
    licence = "eSpeak NG, a GPL-3.0-or-later program whose speech is free of its licence"
    share = 0.27
    ACCENTS = (
        "en-us",
        "en-gb",
        "en-gb-scotland",
        "en-gb-x-rp",
        "en-gb-x-gbclan",
        "en-gb-x-gbcwmd",
        "en-029",
        "en-us-nyc",
    )
    VARIANTS = (  # noqa: SIM905
        "m1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f4 f5 klatt klatt2 klatt3 klatt4 Alex Alicia Andrea Andy "
        "Annie Denis Diogo Gene Gene2 Henrique Hugo Jacky Lee Marco Mario Michael Mike Nguyen adam "
        "anika antonio aunty belinda benjamin boris caleb david ed edward edward2 grandma grandpa "
        "gustave iven iven2 iven3 iven4 john linda marcelo max michel miguel norbert pablo paul "
        "pedro quincy rob robert sandro shelby steph steph2 steph3 travis victor whisper zac"
    ).split()

    def missing(self) -> str | None:
        return _absent("espeak-ng", "espeak-ng")

    def voices(self) -> list[str]:
        return [f"{accent}+{variant}" for accent in self.ACCENTS for variant in self.VARIANTS]

    def render(self, text: str, voice: str, rng: Rng) -> Rendered:
        path = _file("espeak.wav")
        knobs = ["-s", str(rng.integers(115, 205)), "-p", str(rng.integers(20, 81))]
        _run(["espeak-ng", "-v", voice, *knobs, "-w", str(path), text])
        return Rendered(_read(path))


class Flite:
    """flite: voices of CMU (diphones, and statistical ones of the Arctic recordings)."""

    name = "flite"
    licence = "Flite and its voices, BSD-like; Carnegie Mellon University"
    share = 0.2
    PITCHES_HZ: ClassVar = {
        "kal16": (80, 150),
        "slt": (140, 240),
        "rms": (80, 140),
        "awb": (90, 160),
    }

    def missing(self) -> str | None:
        return _absent("flite", "flite")

    def voices(self) -> list[str]:
        return list(self.PITCHES_HZ)

    def render(self, text: str, voice: str, rng: Rng) -> Rendered:
        path = _file("flite.wav")
        knobs = {
            "duration_stretch": rng.uniform(0.8, 1.4),
            "int_f0_target_mean": rng.uniform(*self.PITCHES_HZ[voice]),
            "int_f0_target_stddev": rng.uniform(8, 30),
        }
        chosen = [word for key, at in knobs.items() for word in ("--setf", f"{key}={at:.3f}")]
        out = _run(["flite", "-voice", voice, *chosen, "-psdur", "-t", text, "-o", str(path)])
        pairs = (entry.rsplit(":", 1) for entry in out.split())
        return Rendered(_read(path), [(phone, float(end)) for phone, end in pairs])


class Rhvoice:
    """RHVoice: statistical voices. Those with terms against commercial use are left out."""

    name = "RHVoice"
    licence = (
        "RHVoice and its voices alan, bdl, clb and slt, LGPL-2.1-or-later, whose speech is free "
        "of its licence; bdl, clb and slt from CMU Arctic (free for any use)"
    )
    share = 0.25

    def missing(self) -> str | None:
        return _absent("RHVoice-test", "rhvoice and rhvoice-english")

    def voices(self) -> list[str]:
        return ["alan", "bdl", "clb", "slt"]

    def render(self, text: str, voice: str, rng: Rng) -> Rendered:
        path = _file("rhvoice.wav")
        knobs = ["-r", str(rng.integers(75, 141)), "-t", str(rng.integers(75, 131))]
        _run(["RHVoice-test", "-p", voice, *knobs, "-R", "24000", "-o", str(path)], text)
        return Rendered(_read(path))


class Pico:
    """SVOX Pico: one American and one British woman."""

    name = "pico"
    licence = (
        "SVOX Pico, Apache-2.0 (the voices are given without the sources they were made from); "
        "SVOX AG and The Android Open Source Project"
    )
    share = 0.16

    def missing(self) -> str | None:
        return _absent("pico2wave", "libttspico-utils")

    def voices(self) -> list[str]:
        return ["en-US", "en-GB"]

    def render(self, text: str, voice: str, rng: Rng) -> Rendered:
        path = _file("pico.wav")
        pitch, speed = rng.integers(65, 131), rng.integers(75, 131)
        marked = f'<pitch level="{pitch}"><speed level="{speed}">{text}</speed></pitch>'
        _run(["pico2wave", "-l", voice, "-w", str(path), marked])
        return Rendered(_read(path))


class Festival:
    """Festival: two men of diphones, and a woman of HTS whose vocal tract is made to vary."""

    name = "festival"
    licence = (
        "Festival's voices kal, ked (BSD-like; Carnegie Mellon University, University of "
        "Edinburgh) and slt (BSD-like; Nagoya Institute of Technology, Carnegie Mellon University)"
    )
    share = 0.1
    PITCHES_HZ: ClassVar = {"kal_diphone": (80, 150), "ked_diphone": (80, 150)}
    HTS = "cmu_us_slt_arctic_hts"
    HTS_FILE = Path("/usr/share/festival/voices/us", HTS, "hts", f"{HTS}.htsvoice")

    def missing(self) -> str | None:
        need = "festival, festvox-kallpc16k, festvox-kdlpc16k, festvox-us-slt-hts and htsengine"
        if not self.HTS_FILE.is_file():
            return f"the voice {self.HTS} is not installed (package festvox-us-slt-hts)"
        return _absent("festival", need) or _absent("hts_engine", need)

    def voices(self) -> list[str]:
        return [*self.PITCHES_HZ, self.HTS]

    @staticmethod
    def _ask(scheme: str) -> None:
        script = _file("festival.scm")
        script.write_text(scheme, encoding="utf-8")
        _run(["festival", "-b", str(script)])

    def render(self, text: str, voice: str, rng: Rng) -> Rendered:
        wave, segments = _file("festival.wav"), _file("festival.segs")
        plain = text.replace('"', "").replace("\\", "")
        if voice == self.HTS:
            return self._hts(plain, wave, rng)
        stretch, std = rng.uniform(0.8, 1.4), rng.uniform(8, 28)
        mean = rng.uniform(*self.PITCHES_HZ[voice])
        self._ask(
            f"(voice_{voice}) (Parameter.set 'Duration_Stretch {stretch:.3f})"
            f"(set! int_lr_params '((target_f0_mean {mean:.1f}) (target_f0_std {std:.1f})"
            "(model_f0_mean 170) (model_f0_std 34)))"
            f'(set! u (SynthText "{plain}")) (utt.save.segs u "{segments}")'
            f'(utt.save.wave u "{wave}" \'riff)'
        )
        samples = _read(wave)
        rows = segments.read_text(encoding="utf-8").split("#", 1)[1].splitlines()
        timing = [(row.split()[2], float(row.split()[0])) for row in rows if row.strip()]
        return Rendered(samples, timing)

    def _hts(self, text: str, wave: Path, rng: Rng) -> Rendered:
        """Labels by festival, sound by hts_engine, which alone can warp the spectrum."""
        features, times = _file("hts.lab"), _file("hts.times")
        self._ask(
            f"(voice_{self.HTS}) (Parameter.set 'Duration_Stretch 1.0)"
            f'(set! u (SynthText "{text}"))'
            f'(hts_dump_feats u hts_feats_list "{features}")'
        )
        knobs = {"-a": 0.55 + rng.normal(0, 0.04), "-fm": rng.uniform(-9, 4)}
        knobs |= {"-r": rng.uniform(0.75, 1.3), "-jf": rng.uniform(0.6, 1.4)}
        chosen = [word for key, at in knobs.items() for word in (key, f"{at:.3f}")]
        asked = ["-m", str(self.HTS_FILE), *chosen, "-ow", str(wave), "-od", str(times)]
        _run(["hts_engine", *asked, str(features)])
        rows = [row.split() for row in times.read_text(encoding="utf-8").splitlines() if row]
        timing = [(_middle(row[2]), int(row[1]) / 1e7) for row in rows if len(row) > 2]
        return Rendered(_read(wave), timing)


def _middle(label: str) -> str:
    """The phone that a full-context label of HTS is about (``a^b-PHONE+c=d``)."""
    return label.split("-", 1)[1].split("+", 1)[0]


ENGINES: tuple[Engine, ...] = (Espeak(), Flite(), Festival(), Rhvoice(), Pico())
