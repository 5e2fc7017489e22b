"""A minute and more of a real session: real PortAudio, real Vosk, real pyttsx3, a synthetic person.

What the person says waits for what the guide shows, never for a time; what the guide did is read
from what it shows and from the recorded sound of its speaker.
"""

import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
from support.spoken import speech

from voiceguide.edge.voice.voice import Voice

LIMIT_SECONDS = 180.0
BUSY_UNDERRUNS = 3
"""So many that ALSA tells of show that other programs took the processor."""
ATTEMPTS = 3
HISS_RATE_HZ = 16_000


@dataclass
class Turn:
    """What the guide must have shown before the person speaks, and how long after."""

    shown: str
    after_seconds: float
    words: str


PLAY = (
    Turn("Say go when", 2.6, "go"),
    Turn("with flat hands", 3.2, "slower"),
    Turn("hooked fingers", 0.8, "repeat"),
    Turn("hooked fingers", 3.4, "pause"),
    Turn("» pause", 1.0, "resume"),
    Turn("your fingertips", 1.0, "next"),
    Turn("ring fingers", 3.6, "where am i"),
    Turn("your palms", 3.4, "stop"),
    Turn("That is all", 2.8, "undo"),
)
"""Said into a session of the quick routine: while it explains, strokes run, or it rests."""
OBEYED = ["start", "slower", "repeat", "pause", "resume", "next", "where", "stop", "undo"]


def session(virtual_sound, folder: Path, clips: dict[str, Path]) -> list[str]:
    """What the guide shows while the person plays their part, and its exit code as last line."""
    environment = virtual_sound.env | {
        "XDG_CACHE_HOME": str(folder / "cache"),
        "VOICEGUIDE_JOURNAL_FOLDER": str(folder / "journal"),
        "PYTHONUNBUFFERED": "1",
    }
    recording = virtual_sound.record_speaker(folder / "speaker.wav")
    # A real microphone is never wholly silent; one that is counts as muted.
    hiss = np.random.default_rng(0).normal(0.0, 3e-4, round(LIMIT_SECONDS * HISS_RATE_HZ))
    soundfile.write(folder / "hiss.wav", hiss, HISS_RATE_HZ)
    virtual_sound.play_into_microphone(folder / "hiss.wav")
    lines: list[str] = []
    turns = list(PLAY)
    with subprocess.Popen(
        [sys.executable, "-m", "voiceguide", "run", "quick"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as guide:
        watchdog = threading.Timer(LIMIT_SECONDS, guide.kill)
        watchdog.start()
        assert guide.stdout
        for line in guide.stdout:
            lines.append(line.rstrip())
            if turns and turns[0].shown in line:
                turn = turns.pop(0)
                clip = (clips[turn.words],)
                threading.Timer(
                    turn.after_seconds, virtual_sound.play_into_microphone, clip
                ).start()
        code = guide.wait()
        watchdog.cancel()
    recording.stop()
    return [*lines, f"exit code {code}"]


def obeyed(lines: list[str]) -> list[str]:
    return [line.split("» ")[1] for line in lines if "» " in line]


def test_a_session_through_real_portaudio_is_driven_by_voice_alone(virtual_sound, tmp_path):
    with Voice(voice_name="en-us", cache_dir=tmp_path / "person") as person:
        clips = {turn.words: speech(person, turn.words, tmp_path) for turn in PLAY}
    for attempt in range(ATTEMPTS):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        lines = session(virtual_sound, folder, clips)
        # A machine too busy for real time cuts holes into what is said; then it is said again.
        if obeyed(lines) == OBEYED or sum("underrun" in line for line in lines) < BUSY_UNDERRUNS:
            break
    shown = "\n".join(lines)
    assert obeyed(lines) == OBEYED, shown
    assert "That was your minute." in shown
    assert "failed" not in shown
    assert lines[-2].endswith("(end)"), shown
    assert lines[-1] == "exit code 0", shown
    samples, rate = soundfile.read(folder / "speaker.wav", dtype="float32")
    assert len(samples) > 60 * rate
    blocks = np.abs(samples[: len(samples) // rate * rate].reshape(-1, rate)).max(axis=1)
    assert np.count_nonzero(blocks > 0.05) > 25, "the guide was hardly heard"
    assert np.abs(samples).max() < 1.0


@pytest.mark.parametrize("option", ["--input-device", "--output-device"])
def test_a_device_that_is_not_there_is_one_sentence(virtual_sound, option):
    done = subprocess.run(
        [sys.executable, "-m", "voiceguide", "run", "quick", option, "Nowhere"],
        env=virtual_sound.env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 3
    assert done.stderr.startswith("voiceguide: ")
    assert "Nowhere" in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
