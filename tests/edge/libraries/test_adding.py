"""The hint for an optional part is a command that works where this voiceguide was installed."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from voiceguide.edge.libraries.adding import (
    Installation,
    how_to_add,
    how_to_add_package,
    this_place,
)

ENVIRONMENT = Installation(
    python=Path("/home/me/guide/bin/python"),
    prefix=Path("/home/me/guide"),
    is_environment=True,
    root=Path("/home/me/guide/lib/python3.12/site-packages"),
    has_pip=True,
    is_managed=False,
    is_writable=True,
    here=Path("/home/me"),
)
SYSTEM = replace(
    ENVIRONMENT, python=Path("/usr/bin/python3"), prefix=Path("/usr"), is_environment=False,
    is_managed=True, is_writable=False,
)  # fmt: skip


def test_in_an_environment_its_own_pip_does_it():
    told = how_to_add("home", ENVIRONMENT)
    assert told == "/home/me/guide/bin/python -m pip install 'paho-mqtt>=2.1'"


def test_one_without_pip_was_made_by_uv():
    told = how_to_add("home", replace(ENVIRONMENT, has_pip=False))
    assert told == "uv pip install --python /home/me/guide/bin/python 'paho-mqtt>=2.1'"


def test_another_persons_environment_needs_sudo_and_a_folder_with_spaces_quotes():
    spaced = replace(ENVIRONMENT, is_writable=False, python=Path("/opt/my guide/bin/python"))
    told = how_to_add_package("wyoming", place=spaced)
    assert told == "sudo '/opt/my guide/bin/python' -m pip install wyoming"


def test_pipx_and_uv_tool_know_their_own(tmp_path):
    prefix = tmp_path / "voiceguide"
    prefix.mkdir()
    place = replace(ENVIRONMENT, prefix=prefix, python=prefix / "bin" / "python")
    (prefix / "uv-receipt.toml").write_text("[tool]\n")
    assert how_to_add_package("wyoming", place=place) == (
        f"uv pip install --python {prefix}/bin/python wyoming"
    )
    (prefix / "pipx_metadata.json").write_text("{}")
    assert how_to_add_package("wyoming", place=place) == "pipx inject voiceguide wyoming"


def test_the_systems_own_python_lets_pip_add_to_the_users_folder_alone():
    assert how_to_add_package("wyoming", place=SYSTEM) == (
        "/usr/bin/python3 -m pip install --user --break-system-packages wyoming"
    )
    without = how_to_add_package("wyoming", place=replace(SYSTEM, has_pip=False))
    assert without.startswith("sudo apt-get install python3-pip && /usr/bin/python3 -m pip")
    free = replace(SYSTEM, is_managed=False, is_writable=True)
    assert how_to_add_package("wyoming", place=free) == "/usr/bin/python3 -m pip install wyoming"


@pytest.mark.parametrize(
    ("here", "told"),
    [("", "scripts/extras home"), ("docs", "{root}/scripts/extras home")],
)
def test_a_checkout_has_a_script_for_its_own_environment_alone(tmp_path, here, told):
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "extras").write_text("#!/bin/sh\n")
    place = replace(ENVIRONMENT, root=tmp_path, prefix=tmp_path / ".venv", here=tmp_path / here)
    assert how_to_add("home", place) == told.format(root=tmp_path)
    elsewhere = replace(place, prefix=Path("/home/me/guide"))
    assert how_to_add("home", elsewhere).endswith("-m pip install 'paho-mqtt>=2.1'")


def test_what_another_system_needs_is_left_out():
    told = how_to_add("gpio", ENVIRONMENT)
    assert "gpiozero" in told
    assert ("lgpio" in told) == (sys.platform == "linux")


def test_an_extra_that_nobody_knows_is_named_as_such():
    assert how_to_add("cheese", ENVIRONMENT).endswith("install 'voiceguide[cheese]'")


@pytest.mark.skipif(not this_place().has_pip, reason="this environment has no pip")
def test_the_command_for_this_place_runs(tmp_path):
    """With a package that is here already: pip has nothing to fetch."""
    place = replace(this_place(), root=tmp_path)
    command = how_to_add_package("rich>=1", place=place)
    done = subprocess.run(
        ["sh", "-c", f"{command} --no-index --quiet"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_debian_package_is_added_to_by_the_systems_pip():
    prefix = Path("/usr/lib/voiceguide")
    place = replace(
        SYSTEM, python=prefix / "bin/python", prefix=prefix, is_environment=True, has_pip=False
    )
    assert how_to_add_package("piper-tts>=1.3", place=place) == (
        "sudo apt-get install python3-pip && "
        "sudo python3 -m pip --python /usr/lib/voiceguide/bin/python install 'piper-tts>=1.3'"
    )
