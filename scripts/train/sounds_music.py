"""Little pieces of music and General MIDI's sound effects, played by FluidSynth when installed.

Debian's packages ``fluidsynth`` and ``fluid-soundfont-gm`` (MIT licence) are enough. Without them
the notes are synthesised here.
"""

import shutil
import struct
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from train.corpus import SAMPLE_RATE_HZ
from train.sounds_dsp import Rng, Wave, harmonics, log_uniform, oscillator, samples_of, shaped_noise

SOUNDFONTS = (
    Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"),
    Path("/usr/local/share/sounds/sf2/FluidR3_GM.sf2"),
)
SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9), (0, 3, 5, 6, 7, 10))
EFFECTS = (8, 9, 10, 11, 12, 13, 14, 15, 47, 55, 72, 75, 79, 107, 108, 112, 113, 114, 115)
EFFECTS += (116, 117, 118, 119, 120, 121, 122, 123, 124, 126, 46, 24, 0, 56)
"""Programs (from 0) for single events: bells, bars, percussion, whistles, telephone, birds …"""
HELD_OUT_EFFECTS = (78, 98, 110, 125, 127, 109)
"""Whistle, crystal, fiddle, helicopter, gunshot and bagpipe: never in training."""
_TICKS = 480
_RATE_HZ = 48_000
_DRUMS = 9


@dataclass(frozen=True, slots=True)
class Note:
    """A note: start and length in seconds, channel (9 is percussion), key and velocity."""

    start: float
    length: float
    channel: int
    key: int
    velocity: int


def soundfont() -> Path | None:
    """The soundfont to play with, or None when it or FluidSynth is missing."""
    if shutil.which("fluidsynth") is None:
        return None
    return next((path for path in SOUNDFONTS if path.exists()), None)


def _variable_length(value: int) -> bytes:
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | 0x80)
    return bytes(reversed(groups))


def midi_file(notes: Sequence[Note], programs: dict[int, int]) -> bytes:
    """A standard MIDI file (format 0, 120 beats a minute) of notes and the channels' programs."""
    events = [(0, bytes((0xC0 | channel, program))) for channel, program in programs.items()]
    for note in notes:
        start, end = (round(at * 2 * _TICKS) for at in (note.start, note.start + note.length))
        events.append((start, bytes((0x90 | note.channel, note.key, note.velocity))))
        events.append((max(end, start + 1), bytes((0x80 | note.channel, note.key, 0))))
    track, now = b"", 0
    for at, message in sorted(events, key=lambda event: event[0]):
        track += _variable_length(at - now) + message
        now = at
    track += b"\x00\xff\x2f\x00"
    header = b"MThd" + struct.pack(">IHHH", 6, 0, 1, _TICKS)
    return header + b"MTrk" + struct.pack(">I", len(track)) + track


def played(notes: Sequence[Note], programs: dict[int, int], font: Path) -> Wave:
    """The notes as FluidSynth plays them, 16 kHz mono.

    Raises:
        subprocess.CalledProcessError: FluidSynth failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        score, sound = Path(folder, "score.mid"), Path(folder, "sound.wav")
        score.write_bytes(midi_file(notes, programs))
        command = ["fluidsynth", "-niq", "-g", "0.4", "-r", str(_RATE_HZ), "-O", "float"]
        command += ["-T", "wav", "-F", str(sound), str(font), str(score)]
        subprocess.run(command, check=True, capture_output=True)
        samples, rate = soundfile.read(sound, dtype="float64", always_2d=True)
    wave: Wave = soxr.resample(samples.mean(axis=1), rate, SAMPLE_RATE_HZ)
    return wave


def piece(rng: Rng, seconds: float) -> tuple[list[Note], dict[int, int]]:
    """A random piece: chords, a bass, a melody that prefers steps, sometimes drums."""
    beat = 60 / rng.uniform(60, 165)
    scale = SCALES[int(rng.integers(len(SCALES)))]
    root = int(rng.integers(40, 52))
    programs = {0: int(rng.integers(0, 32)), 1: int(rng.integers(32, 40))}
    programs |= {2: int(rng.integers(0, 112))}
    roots = [0, *rng.integers(0, len(scale), 3).tolist()]
    parts = rng.random(4) < (0.8, 0.75, 0.85, 0.5)
    if not parts[:3].any():
        parts[2] = True

    def key(degree: int, octave: int) -> int:
        turns, step = divmod(degree, len(scale))
        return int(np.clip(root + scale[step] + 12 * (turns + octave), 21, 108))

    notes, degree, bar = [], int(rng.integers(0, 7)), 0
    rhythm = rng.choice([0.5, 1, 1, 1.5, 2], 6)
    while bar * 4 * beat < seconds:
        start, base = bar * 4 * beat, roots[bar % 4]
        if parts[0]:
            chord = [key(base + step, 1) for step in (0, 2, 4)]
            notes += [Note(start, 3.9 * beat, 0, tone, 70) for tone in chord]
        if parts[1]:
            notes += [Note(start + n * beat, beat * 0.9, 1, key(base, 0), 85) for n in range(4)]
        at, turn = 0.0, 0
        while parts[2] and at < 4:
            length = float(rhythm[turn % len(rhythm)])
            degree = int(np.clip(degree + rng.choice([-3, -2, -1, -1, 0, 1, 1, 2, 4]), -3, 12))
            if rng.random() < 0.85:
                velocity = int(rng.integers(65, 120))
                notes.append(Note(start + at * beat, length * beat, 2, key(degree, 2), velocity))
            at, turn = at + length, turn + 1
        if parts[3]:
            for half in range(8):
                hits = [42] + [36] * (half in (0, 4)) + [38] * (half in (2, 6))
                at = start + half * beat / 2
                notes += [Note(at, 0.1, _DRUMS, hit, int(rng.integers(50, 110))) for hit in hits]
        bar += 1
    return notes, programs


def music(rng: Rng, size: int) -> Wave:
    """A random piece of music, by FluidSynth or, without it, by simple synthesis."""
    seconds = size / SAMPLE_RATE_HZ
    notes, programs = piece(rng, seconds)
    font = soundfont()
    wave = simple(rng, notes) if font is None else played(notes, programs, font)
    return np.pad(wave, (0, max(0, size - len(wave))))[:size]


def simple(rng: Rng, notes: Sequence[Note]) -> Wave:
    """Notes without a soundfont: each channel an own mix of harmonics; noise for drums."""
    end = max(note.start + note.length for note in notes)
    wave = np.zeros(samples_of(end + 1.2))
    colours = [rng.random(12) * np.arange(1, 13) ** -rng.uniform(0.5, 2) for _ in range(16)]
    fall = [log_uniform(rng, 0.5, 8) for _ in range(16)]
    for note in notes:
        hertz = 440 * 2 ** ((note.key - 69) / 12)
        size = samples_of(min(note.length + 0.2, 2))
        time = np.arange(size) / SAMPLE_RATE_HZ
        if note.channel == _DRUMS:
            colour = np.array([50.0, 40 * (note.key - 34), 8000])
            sound = shaped_noise(rng, size, colour, np.array([0.0, 0, -20])) * np.exp(-20 * time)
        else:
            sound = harmonics(oscillator(hertz, size), colours[note.channel], hertz)
            sound *= np.exp(-fall[note.channel] * time) * np.minimum(1, time / 0.01)
            sound *= np.clip((size / SAMPLE_RATE_HZ - time) / 0.1, 0, 1)
        start = samples_of(note.start)
        wave[start : start + size] += sound[: len(wave) - start] * note.velocity / 127
    return wave


def effects(rng: Rng, count: int, held_out: bool) -> list[tuple[str, Wave]]:
    """Single sounds of the soundfont (program or drum number, wave); none without it."""
    font = soundfont()
    if font is None or count == 0:
        return []
    slot, notes, names, programs = 3.2, [], [], {}
    choice = HELD_OUT_EFFECTS if held_out else EFFECTS
    channels = [channel for channel in range(16) if channel != _DRUMS]
    drums = np.arange(27, 88)
    drums = drums[drums % 5 == 0] if held_out else drums[drums % 5 != 0]
    for channel in channels:
        programs[channel] = int(rng.choice(choice))
    for number in range(count):
        start, velocity = number * slot + 0.05, int(rng.integers(60, 127))
        if rng.random() < 0.35:
            key = int(rng.choice(drums))
            names.append(f"drum-{key}")
            turns = range(int(rng.integers(1, 5)))
            notes += [Note(start + t * 0.18, 0.15, _DRUMS, key, velocity) for t in turns]
            continue
        channel = int(rng.choice(channels))
        names.append(f"program-{programs[channel]}")
        at = 0.0
        for _ in range(int(rng.integers(1, 4))):
            length = log_uniform(rng, 0.1, 1.0)
            key = int(rng.integers(40, 96))
            notes.append(Note(start + at, length, channel, key, velocity))
            at += length * rng.uniform(0.6, 1.2)
    wave = played(notes, programs, font)
    wave = np.pad(wave, (0, max(0, samples_of(count * slot) - len(wave))))
    size = samples_of(slot)
    return [(name, wave[n * size : (n + 1) * size]) for n, name in enumerate(names)]
