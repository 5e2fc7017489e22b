"""What the doctor says of compiled libraries, with modules made for the test."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from voiceguide.doctor.libraries import COMPILED, Compiled, check_libraries

WITHOUT_LIBATOMIC = (
    "raise OSError('cannot load library libvosk.so: libatomic.so.1: "
    "cannot open shared object file: No such file or directory')"
)
WITHOUT_PORTAUDIO = "raise OSError('PortAudio library not found')"


@pytest.fixture
def world(tmp_path, monkeypatch):
    """Give a module's name and what it does when it is loaded; on a Debian."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("voiceguide.edge.libraries.packages._family", lambda: "debian")

    def module(name, does):
        (tmp_path / f"{name}.py").write_text(does)

    return module


def test_all_of_this_installation_can_be_loaded():
    finding = check_libraries(devices_needed=False)
    assert finding.ok, finding
    assert "espeak-ng 1." in finding.detail


def test_every_missing_library_is_named_with_its_package(world):
    world("ears_made_up", WITHOUT_LIBATOMIC)
    world("sound_made_up", WITHOUT_PORTAUDIO)
    world("well_made_up", "")
    parts = [
        Compiled("well_made_up", "Well"),
        Compiled("ears_made_up", "Vosk", 4),
        Compiled("sound_made_up", "PortAudio", 3),
    ]
    finding = check_libraries(parts)
    assert not finding.ok
    assert finding.exit_code == 4
    assert finding.detail.splitlines() == [
        "Vosk cannot be loaded: libatomic.so.1 is missing",
        "PortAudio cannot be loaded: libportaudio.so.2 is missing",
    ]
    assert finding.advice == "install them (sudo apt-get install libatomic1 libportaudio2)"


def test_what_ends_the_process_that_loads_it_is_told_and_the_rest_is_tried(world):
    world("too_new", "import os, signal; os.kill(os.getpid(), signal.SIGILL)")
    world("after_it", "raise ImportError('half there')")
    finding = check_libraries([Compiled("too_new", "NumPy"), Compiled("after_it", "Vosk", 4)])
    assert finding.detail.splitlines() == [
        "NumPy cannot be loaded: it has instructions that this processor does not know",
        "Vosk cannot be loaded: half there",
    ]
    assert finding.exit_code == 1
    assert finding.advice.startswith("set up voiceguide again")


def test_without_devices_a_missing_portaudio_is_no_failure(world):
    world("sounddevice", WITHOUT_PORTAUDIO)
    parts = [Compiled("sounddevice", "PortAudio", 3)]
    finding = check_libraries(parts, devices_needed=False)
    assert (finding.ok, finding.exit_code) == (True, 0)
    assert "libportaudio2" in finding.advice
    assert not check_libraries(parts).ok


def test_an_extra_that_is_not_installed_is_not_tried(world):
    parts = [Compiled("never_heard_of_it", "It", optional=True)]
    assert check_libraries(parts).detail == "all 0 can be loaded"
    world("never_heard_of_it", "raise ImportError('half there')")
    assert not check_libraries(parts).ok


def test_trying_lgpio_leaves_no_pipe_where_one_stands(world, tmp_path, monkeypatch):
    pytest.importorskip("gpiozero", reason="gpiozero not installed")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    world("lgpio", "open('.lgd-nfy0', 'x').close()")
    assert check_libraries([Compiled("lgpio", "lgpio", optional=True)]).ok
    assert list(here.iterdir()) == []


def test_every_extra_with_compiled_parts_is_known():
    modules = {part.module.partition(".")[0] for part in COMPILED}
    assert {"piper", "onnxruntime", "lgpio", "matplotlib"} <= modules


def test_the_doctor_still_tells_what_is_wrong_where_numpy_cannot_be_loaded(world, tmp_path):
    world("numpy", "raise ImportError('libatomic.so.1: cannot open shared object file: No such')")
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "voiceguide", "doctor", "--quiet", "--json"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PATH": "/bin", "HOME": str(tmp_path), "PYTHONPATH": f"{tmp_path}:{root}"},
    )
    assert done.returncode == 1, done.stderr
    (finding,) = json.loads(done.stdout)["findings"]
    assert "NumPy cannot be loaded: libatomic.so.1 is missing" in finding["detail"]
