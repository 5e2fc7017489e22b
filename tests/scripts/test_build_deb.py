"""The parts of the Debian package; scripts/packaging/try_deb tries the whole."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from support.places import ROOT

PARTS = ROOT / "scripts/packaging/debian"


def locked(python, architecture, *more):
    command = [sys.executable, PARTS / "locked.py", "--python", python]
    command += ["--architecture", architecture, *more]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def test_the_packages_are_those_of_the_other_python_and_have_their_sums():
    older = locked("3.11", "amd64", "run", "extra-home")
    newer = locked("3.13", "arm64", "run", "extra-home", "--without", "srt")
    versions = {}
    for name, lines in (("older", older), ("newer", newer)):
        assert all(re.search(r" --hash=sha256:[0-9a-f]{64}", line) for line in lines)
        pins = [Requirement(line.split(" --hash")[0]) for line in lines]
        versions[name] = {pin.name: str(pin.specifier) for pin in pins}
        assert len(versions[name]) == len(lines)
    assert versions["older"]["numpy"] != versions["newer"]["numpy"]
    assert versions["older"]["vosk"] == versions["newer"]["vosk"] == "==0.3.45"
    assert "colorama" not in versions["older"]  # Windows alone wants it
    assert "paho-mqtt" in versions["newer"]
    assert versions["older"].keys() - versions["newer"].keys() == {"srt"}
    assert [line.split("==")[0] for line in locked("3.11", "amd64", "run", "--only", "srt")] == [
        "srt"
    ]


@pytest.mark.parametrize("name", ["preinst", "postinst", "prerm", "postrm"])
def test_a_maintainer_script_is_sound(name):
    script = PARTS / name
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    shell = shutil.which("dash") or "sh"
    assert subprocess.run([shell, "-n", script], capture_output=True, text=True).stderr == ""


def test_the_dependencies_are_those_that_the_installer_brings():
    setup = (ROOT / "scripts/lib/setup.sh").read_text(encoding="utf-8")
    control = (PARTS / "control").read_text(encoding="utf-8")
    for package in ("libportaudio2", "libatomic1"):
        assert package in setup
        assert re.search(rf"^Depends: .*\b{package}\b", control, re.MULTILINE)


def test_the_unit_and_the_settings_name_places_that_the_package_changes():
    build = (ROOT / "scripts/build_deb").read_text(encoding="utf-8")
    unit = (ROOT / "scripts/speaker/voiceguide.service").read_text(encoding="utf-8")
    given = (ROOT / "scripts/speaker/settings.toml").read_text(encoding="utf-8")
    assert unit.count("/opt/voiceguide") == unit.count("/opt/voiceguide/.venv/bin") == 1
    assert given.count("/opt/voiceguide") == given.count("/opt/voiceguide/docs") == 1
    assert "s|/opt/voiceguide/.venv/bin|/usr/bin|" in build
    assert "s|/opt/voiceguide/docs|/usr/share/doc/voiceguide|" in build
    assert Path("/usr/lib/voiceguide").as_posix() in build
