"""What programs that we start are given, and what a killed guide leaves."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from voiceguide.edge.system.children import environment_for_children, scratch_folder, sweep_scratch


def test_no_secret_is_handed_on():
    given = {
        "PATH": "/bin", "HOME": "/h", "VOICEGUIDE_MQTT_PASSWORD": "x", "GITHUB_TOKEN": "x",
        "MY_SECRET": "x", "PULSE_SERVER": "p", "openai_api_key": "x",
    }  # fmt: skip
    assert set(environment_for_children(given)) == {"PATH", "HOME", "PULSE_SERVER"}


def test_scratch_of_the_dead_is_swept_and_nothing_else(tmp_path):
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                          capture_output=True, text=True, check=True).stdout.strip()  # fmt: skip
    left = tmp_path / f"voiceguide-{dead}-abc"
    left.mkdir()
    (left / "speech.wav").write_text("x")
    for name in (f"voiceguide-{os.getpid()}-abc", "voiceguide-card", "other"):
        (tmp_path / name).mkdir()
    (tmp_path / f"voiceguide-{dead}-link").symlink_to(tmp_path / "other")
    assert sweep_scratch(tmp_path) == 1
    assert not left.exists()
    assert len(list(tmp_path.iterdir())) == 4
    assert sweep_scratch(tmp_path / "none") == 0


def test_a_scratch_folder_says_whose_it_is():
    with scratch_folder() as folder:
        assert f"voiceguide-{os.getpid()}-" in folder


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can do that")
def test_a_program_of_an_event_ends_with_a_killed_guide(tmp_path):
    told = tmp_path / "pid"
    (tmp_path / "child.py").write_text(
        f"import os, pathlib, time\npathlib.Path({str(told)!r}).write_text(str(os.getpid()))\n"
        "time.sleep(60)"
    )
    (tmp_path / "guide.py").write_text(
        "import sys, time\nfrom voiceguide.home.event_program import EventProgram\n"
        f"program = EventProgram((sys.executable, {str(tmp_path / 'child.py')!r}), 60.0)\n"
        "program.tell({'event': 'x'})\ntime.sleep(60)"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, tmp_path / "guide.py"], env=environment) as guide:
        until = time.monotonic() + 20
        while not (told.exists() and told.read_text()):
            assert time.monotonic() < until
        child = int(told.read_text())
        assert _runs(child)
        guide.kill()
    while _runs(child):
        assert time.monotonic() < until


def _runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
