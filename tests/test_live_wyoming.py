"""A live session with ears and voice on another machine (a real server process) that is killed.

Through real PortAudio on virtual devices; what it decided is read from what it shows and logs.
"""

import subprocess
import sys
import threading

import pytest

pytest.importorskip("wyoming")

import numpy as np
import soundfile
from wyoming_world import serving

from voiceguide.edge.voice import Voice

LIMIT_SECONDS = 120.0


def speech(voice, words, folder):
    clip = voice.render(words, 150)
    quiet = np.zeros(clip.sample_rate_hz // 10, np.float32)
    path = folder / f"{words}.wav"
    soundfile.write(path, np.concatenate((quiet, 0.6 * clip.samples, quiet)), clip.sample_rate_hz)
    return path


def test_a_session_goes_on_when_the_server_is_killed_and_uses_it_when_it_is_back(
    virtual_sound, tmp_path
):
    with Voice(voice_name="en-us", cache_dir=tmp_path / "person") as person:
        clips = {words: speech(person, words, tmp_path) for words in ("go", "slower", "pause")}
    settings = tmp_path / "settings.toml"
    with serving(tmp_path / "there") as server:
        settings.write_text(
            f'[wyoming]\nears_server = "{server.uri}"\nvoice_server = "{server.uri}"\n'
            '[log]\nlevel = "debug"\n'
        )
        guide = subprocess.Popen(
            [sys.executable, "-m", "voiceguide", "run", "quick", "--settings", settings],
            env=virtual_sound.env | {
                "XDG_CACHE_HOME": str(tmp_path / "cache"),
                "VOICEGUIDE_JOURNAL_FOLDER": str(tmp_path / "journal"),
                "PYTHONUNBUFFERED": "1",
            },
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        watchdog = threading.Timer(LIMIT_SECONDS, guide.kill)
        watchdog.start()
        lines = []

        def until(part):
            for line in guide.stdout:
                lines.append(line.rstrip())
                if part in line:
                    return
            raise AssertionError("\n".join(lines))

        def say(words, after_seconds):
            threading.Timer(
                after_seconds, virtual_sound.play_into_microphone, (clips[words],)
            ).start()

        until("Say go when")
        say("go", 3.6)
        until("» start")
        until("Flat hands")
        server.end()
        say("slower", 4.2)
        until("» slower")
        server.start()
        until("is back")
        until("Fingertips")
        say("pause", 3.6)
        until("» pause")
        guide.terminate()
        lines += guide.stdout.read().splitlines()
        code = guide.wait()
        watchdog.cancel()
    shown = "\n".join(lines)
    print(shown)
    assert code == 0, shown
    assert f"the Wyoming server {server.uri} is away" in shown
    assert list((tmp_path / "cache").rglob("*.clip")), "nothing was rendered"


@pytest.mark.parametrize(
    "address", ["http://somewhere:1", "tcp://somewhere", "bath", "tcp://a b:1"]
)
def test_an_address_that_is_none_is_one_sentence(tmp_path, address):
    settings = tmp_path / "settings.toml"
    settings.write_text(f'[wyoming]\nears_server = "{address}"\n')
    done = subprocess.run(
        [sys.executable, "-m", "voiceguide", "run", "quick", "--settings", settings],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith(f"voiceguide: {settings}:2:1: `ears_server` must be an address")
    assert done.stderr.count("\n") == 1
