"""What scripts/extras brings besides locked packages, and that its files go together."""

import re
import subprocess
from collections import defaultdict

import pytest
from support.faked_tools import BASH
from support.places import ROOT


@pytest.fixture
def machine(tmp_path):
    """An environment whose Python takes lgpio from its folder, and one of the system's to link."""
    site, system = tmp_path / "a site", tmp_path / "a system"
    for folder in (site, system):
        folder.mkdir()
    python = tmp_path / "python"
    python.write_text(
        f"""#!{BASH}
case "$*" in
*"import _lgpio"*) [[ $(cat "{site}/_lgpio.so" 2>/dev/null) == "for this Python" ]] ;;
*platlib*) echo "{site}" ;;
*) echo Python 3.14.1 ;;
esac
"""
    )
    python.chmod(0o755)
    return tmp_path


def bring(machine, *, apt="false", kernel="Linux"):
    """Bring lgpio where apt does this in the system's folder."""
    command = f"""source "$0"
        PYTHON=$1/python SYSTEM="$1/a system"
        uname() {{ echo {kernel}; }}
        apt-get() {{ :; }}
        _lgpio_of_the_system() {{ ls "$SYSTEM/lgpio.py" "$SYSTEM/_lgpio.so" 2>/dev/null || true; }}
        _apt_install() {{ echo "apt: $*"; (cd "$SYSTEM" && {apt}); }}
        _bring_lgpio"""
    setup = ROOT / "scripts/lib/setup.sh"
    done = subprocess.run(
        [BASH, "-euo", "pipefail", "-c", command, setup, machine],
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def packed(text):
    return f"echo 'for {text}' >_lgpio.so && touch lgpio.py"


def linked(machine):
    return {path.name: str(path.readlink()) for path in (machine / "a site").iterdir()}


def test_a_python_without_a_wheel_of_lgpio_gets_the_systems(machine):
    assert bring(machine, apt=packed("this Python")) == (0, "apt: python3-lgpio\n")
    system = machine / "a system"
    names = ("lgpio.py", "_lgpio.so")
    assert linked(machine) == {name: str(system / name) for name in names}
    assert bring(machine) == (0, "")


def test_a_system_that_has_lgpio_already_is_asked_for_nothing(machine):
    for name in ("lgpio.py", "_lgpio.so"):
        (machine / "a system" / name).write_text("for this Python")
    assert bring(machine) == (0, "")
    assert linked(machine).keys() == {"lgpio.py", "_lgpio.so"}


def test_without_the_systems_lgpio_one_sentence_names_its_package(machine):
    code, told = bring(machine)
    assert code == 1
    assert told == (
        "apt: python3-lgpio\n"
        "voiceguide: lgpio, which moves the pins, is not on PyPI for Python 3.14.1; install your "
        "system's and start again (on Raspberry Pi OS: sudo apt-get install python3-lgpio; Debian "
        "itself has none)\n"
    )


def test_a_lgpio_for_another_python_is_told_from_none(machine):
    code, told = bring(machine, apt=packed("another"))
    assert code == 1
    assert "lgpio is for another Python than Python 3.14.1 in .venv; remove the folder" in told


def test_elsewhere_than_on_linux_no_lgpio_is_wanted(machine):
    assert bring(machine, kernel="Darwin") == (0, "")


def test_all_files_of_requirements_go_together():
    """Whatever is installed beside what, a package has one version on one machine."""
    versions = defaultdict(set)
    for path in (ROOT / "requirements").glob("*.txt"):
        of_this_file = defaultdict(set)
        for name, version in re.findall(r"(?m)^([a-z0-9-]+)==(.+?) \\$", path.read_text("utf-8")):
            # No Python in a browser ever runs voiceguide.
            of_this_file[name].add(version.removesuffix(" ; sys_platform != 'emscripten'"))
        for name, these in of_this_file.items():
            versions[name].add(frozenset(these))
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}
