"""The speaker's installer and its systemd unit: as far as they can be tried without booting.

The files are really placed, below a folder of the test; what belongs to a running system
(starting the service, system users of this machine) is only recorded.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from support.places import ROOT

INSTALLER = ROOT / "scripts/install-speaker"
UNIT = ROOT / "scripts/speaker/voiceguide.service"
BASH = shutil.which("bash") or "bash"

pytestmark = pytest.mark.skipif(shutil.which("install") is None, reason="no GNU tools here")


@pytest.fixture
def tools(tmp_path):
    """An environment in which systemd's tools only write down how they were called."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("systemctl", "systemd-sysusers", "userdel", "python-of-the-venv"):
        tool = folder / name
        tool.write_text(f'#!/bin/sh\necho "{name} $*" >>"{tmp_path}/calls"\n')
        tool.chmod(0o755)
    return os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"}


@pytest.fixture
def image(tmp_path):
    """A folder to install below, whose environment is already set up."""
    home = tmp_path / "an image" / "opt/voiceguide"
    (home / ".venv/bin").mkdir(parents=True)
    besides = shutil.ignore_patterns("__pycache__", "bench", "simulation", "train")
    for part in ("scripts", "requirements"):
        shutil.copytree(ROOT / part, home / part, ignore=besides)
    shutil.copy(ROOT / "pyproject.toml", home)
    for name in ("python", "voiceguide"):
        (home / ".venv/bin" / name).symlink_to(tmp_path / "bin/python-of-the-venv")
    (home / ".venv/pyvenv.cfg").write_text("version = 3.11.2\n")
    (home / ".venv/.apt-tried-run").touch()
    stamp = '_set_up_sum run >"$VENV/.set-up-for-run"'
    subprocess.run([BASH, "-c", f'source "$0"; {stamp}', home / "scripts/lib/setup.sh"], check=True)
    return tmp_path / "an image"


def install(tools, *arguments):
    return subprocess.run(
        [BASH, INSTALLER, *map(str, arguments)],
        env=tools, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def contents(image):
    """Every installed file with its content, but the copied program's."""
    return {
        str(path.relative_to(image)): path.read_bytes()
        for path in image.rglob("*")
        if path.is_file() and "opt" not in path.parts
    }


def test_it_places_everything_and_a_second_time_changes_nothing(tools, image, tmp_path):
    for _ in range(2):
        done = install(tools, "--root", image)
        assert done.returncode == 0, done.stderr
        placed = contents(image)
        assert sorted(placed) == [
            "etc/systemd/system/voiceguide.service",
            "etc/sysusers.d/voiceguide.conf",
            "etc/voiceguide/settings.toml",
        ]
        assert placed["etc/systemd/system/voiceguide.service"] == UNIT.read_bytes()
    assert (image / "opt/voiceguide/voiceguide/__main__.py").is_file()
    assert (image / "opt/voiceguide/models/voiceguide-en-1").is_dir()
    calls = (tmp_path / "calls").read_text().splitlines()
    assert f"systemctl --root={image} enable voiceguide.service" in calls
    assert f"systemd-sysusers --root={image} voiceguide.conf" in calls
    assert not any("restart" in call or "userdel" in call for call in calls)


def test_what_is_asked_for_besides_is_placed_kept_and_taken_away(tools, image, tmp_path):
    more = "etc/systemd/system/voiceguide.service.d"
    assert install(tools, "--root", image, "--broker").returncode == 0
    assert f"{more}/broker.conf" in contents(image)
    assert install(tools, "--root", image, "--pins").returncode == 0
    assert install(tools, "--root", image).returncode == 0
    placed = contents(image)
    for part in ("broker.conf", "pins.conf"):
        assert placed[f"{more}/{part}"] == (ROOT / "scripts/speaker" / part).read_bytes()
    made = (tmp_path / "calls").read_text()
    for extra in ("home", "gpio"):
        assert f"opt/voiceguide/requirements/extra-{extra}.txt" in made
    assert install(tools, "--root", image, "--uninstall").returncode == 0
    assert not (image / more).exists()


def test_settings_of_ones_own_survive_an_update_and_are_purged_only_when_asked(tools, image):
    own = image / "etc/voiceguide/settings.toml"
    own.parent.mkdir(parents=True)
    own.write_text("[voice]\n")
    kept = image / "var/lib/voiceguide/journal.sqlite"
    kept.parent.mkdir(parents=True)
    kept.touch()
    install(tools, "--root", image)
    assert own.read_text() == "[voice]\n"
    assert install(tools, "--root", image, "--uninstall").returncode == 0
    assert sorted(contents(image)) == [
        "etc/voiceguide/settings.toml", "var/lib/voiceguide/journal.sqlite",
    ]  # fmt: skip
    assert not (image / "opt/voiceguide").exists()
    assert install(tools, "--root", image, "--uninstall", "--purge").returncode == 0
    assert contents(image) == {}
    assert install(tools, "--root", image, "--uninstall", "--purge").returncode == 0


@pytest.mark.parametrize("action", [(), ("--uninstall", "--purge")])
def test_a_dry_run_shows_all_and_does_nothing(tools, image, tmp_path, action):
    before = sorted(image.rglob("*"))
    done = install(tools, "--dry-run", *action)
    assert done.returncode == 0, done.stderr
    assert "/etc/systemd/system/voiceguide.service" in done.stdout
    assert ("systemctl restart" if not action else "userdel voiceguide") in done.stdout
    below = install(tools, "--dry-run", "--root", image, *action)
    assert str(image).replace(" ", "\\ ") in below.stdout
    assert sorted(image.rglob("*")) == before
    assert not (tmp_path / "calls").exists()
    assert not Path("/etc/systemd/system/voiceguide.service").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--purge"], "--uninstall only"),
        (["--root"], "needs a folder"),
        (["--root", "/no/such/folder"], "no folder"),
        (["--quickly"], "not known"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(tools, arguments, words):
    done = install(tools, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_help_has_an_example(tools):
    assert "example: sudo scripts/install-speaker" in install(tools, "--help").stdout


@pytest.mark.skipif(shutil.which("systemd-sysusers") is None, reason="no systemd here")
def test_the_user_is_in_the_group_that_may_use_sound(tmp_path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/group").write_text("audio:x:29:\n")
    (tmp_path / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/bash\n")
    for _ in range(2):
        subprocess.run(
            ["systemd-sysusers", f"--root={tmp_path}", ROOT / "scripts/speaker/sysusers.conf"],
            check=True, capture_output=True,
        )  # fmt: skip
    assert "audio:x:29:voiceguide\n" in (tmp_path / "etc/group").read_text()
    (user,) = re.findall(r"^voiceguide:.*", (tmp_path / "etc/passwd").read_text(), re.M)
    assert user.endswith(":/var/lib/voiceguide:/usr/sbin/nologin")


analyze = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")


@pytest.fixture
def unit(tmp_path):
    """The unit, with a program that exists here."""
    path = tmp_path / "voiceguide.service"
    program = re.sub("^ExecStart=.*", "ExecStart=/bin/true", UNIT.read_text(), flags=re.M)
    path.write_text(program)
    return path


@analyze
def test_systemd_finds_nothing_wrong_with_the_unit(unit):
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit],
        capture_output=True, text=True,
    )  # fmt: skip
    # What it says of other units of this machine is not about ours.
    assert [line for line in done.stderr.splitlines() if "voiceguide" in line] == []
    assert done.returncode == 0, done.stderr


@analyze
@pytest.mark.parametrize("part", ["broker", "pins"])
def test_systemd_finds_nothing_wrong_with_what_is_added(unit, part):
    more = unit.with_name(f"{unit.name}.d")
    more.mkdir()
    shutil.copy(ROOT / f"scripts/speaker/{part}.conf", more)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit],
        capture_output=True, text=True,
    )  # fmt: skip
    assert [line for line in done.stderr.splitlines() if "voiceguide" in line] == []


@analyze
def test_the_unit_is_shut_in_as_the_docs_say(unit):
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", unit],
        capture_output=True, text=True,
    )  # fmt: skip
    found = re.search(r"exposure level for voiceguide.service: ([0-9.]+)", done.stdout)
    if found is None:
        pytest.skip("this systemd-analyze judges no file")
    assert float(found[1]) <= 1.5
