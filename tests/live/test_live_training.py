"""``voiceguide train-me`` through real PortAudio, a synthetic person answering its knocks."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voiceguide.edge.ears.personal_file import read_personal
from voiceguide.edge.voice.voice import Voice

LIMIT_SECONDS = 120.0
REACTION_SECONDS = 0.7
KNOCK = "say it … "


@pytest.fixture
def words(tmp_path):
    """The person's words as WAV files."""
    files = {}
    with Voice(voice_name="en-us", cache_dir=tmp_path / "person") as person:
        for word in ("next", "stop"):
            clip = person.render(word, 150)
            files[word] = tmp_path / f"{word}.wav"
            soundfile.write(files[word], 0.6 * clip.samples, clip.sample_rate_hz)
    return files


def start(virtual_sound, tmp_path, *options):
    """The command, in a home of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "voiceguide", "train-me", *options],
        env=virtual_sound.home(tmp_path) | {"PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        # As in a terminal: what a shell runs in the background ignores Ctrl-C, children too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def follow(process, knocked) -> str:
    """All that is shown; ``knocked`` is called with the word at each knock."""
    shown = ""
    watchdog = threading.Timer(LIMIT_SECONDS, process.kill)
    watchdog.start()
    while byte := process.stdout.read(1):
        shown += byte.decode("latin-1")
        text = shown.encode("latin-1").decode("utf-8", errors="ignore")
        if text.endswith(KNOCK):
            shown += "\n"
            named = [line for line in text.splitlines() if " of 2: " in line and "take" not in line]
            knocked(named[-1].split(": ")[1])
    process.wait()
    watchdog.cancel()
    return shown.encode("latin-1").decode("utf-8", errors="replace")


@pytest.mark.long
def test_a_person_trains_two_words_by_ear(virtual_sound, tmp_path, words):
    def answer(word: str) -> None:
        clip = (words[word],)
        threading.Timer(REACTION_SECONDS, virtual_sound.play_into_microphone, clip).start()

    recording = virtual_sound.record_speaker(tmp_path / "speaker.wav")
    keep = tmp_path / "takes"
    with start(
        virtual_sound, tmp_path, "--words", "next,stop", "--takes", "1", "--keep", str(keep)
    ) as process:
        shown = follow(process, answer)
    recording.stop()
    assert process.returncode == 0, shown
    assert shown.count("got it\n") == 2, shown
    personal = read_personal(tmp_path / "config" / "voiceguide" / "settings.personal.toml")
    assert personal is not None
    assert personal.takes == 2
    for path in keep.iterdir():
        samples, rate = soundfile.read(path, dtype="float32")
        assert 0.8 < len(samples) / rate < 2.5
        assert np.abs(samples).max() > 0.05
    sound, rate = soundfile.read(tmp_path / "speaker.wav", dtype="float32")
    assert np.abs(sound).max() > 0.05
    assert len(sound) > 8 * rate


def test_ctrl_c_changes_nothing(virtual_sound, tmp_path, words):
    with start(virtual_sound, tmp_path, "--words", "next,stop") as process:
        shown = follow(process, lambda _: process.send_signal(signal.SIGINT))
    assert process.returncode == 130, shown
    assert "nothing was changed" in shown
    assert not list(Path(tmp_path / "config").rglob("*.personal.toml*"))
