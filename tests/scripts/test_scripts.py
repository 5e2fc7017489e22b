"""The scripts, the locked dependencies and the wheel."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from support.faked_tools import BASH, faked
from support.places import ROOT

SCRIPTS = sorted(
    path
    for path in [*(ROOT / "scripts").rglob("*"), ROOT / ".ci/run"]
    if path.is_file()
    and (path.suffix == ".sh" or path.read_bytes().startswith(b"#!/usr/bin/env bash"))
)
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PYPROJECT["project"]["optional-dependencies"]
LOCKS = ("build", "run", "test", *(f"extra-{name}" for name in EXTRAS))


def bash(*arguments: str | Path, **options) -> subprocess.CompletedProcess[str]:
    command = [BASH, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)


# ------------------------------------------------------------------ the scripts


def test_the_scripts_are_found():
    names = {str(path.relative_to(ROOT)) for path in SCRIPTS}
    assert {"scripts/run", "scripts/test", "scripts/lib/setup.sh", ".ci/run"} <= names


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_sound(script):
    assert bash("-n", script).stderr == ""
    if script.suffix != ".sh":
        assert os.access(script, os.X_OK)
        assert "\nset -euo pipefail\n" in script.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["test", "lock", "check_install", "check_wheels", "check_arm64", "extras", "build_deb"]
)
def test_help_has_an_example_and_sets_nothing_up(name, tmp_path):
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    copy = tmp_path / "scripts" / name
    answer = bash(copy, "--help")
    assert answer.returncode == 0
    assert f"example: scripts/{name}" in answer.stdout
    assert not (tmp_path / ".venv").exists()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A set-up copy, with a space in its path, whose voiceguide only tells how it was called."""
    root = tmp_path / "a folder" / "voiceguide"
    (root / ".venv/bin").mkdir(parents=True)
    besides = shutil.ignore_patterns("__pycache__", "bench", "simulation", "train")
    shutil.copytree(ROOT / "scripts", root / "scripts", ignore=besides)
    shutil.copytree(ROOT / "requirements", root / "requirements")
    shutil.copy(ROOT / "pyproject.toml", root)
    (root / ".venv/pyvenv.cfg").write_text("version = 3.11.2\n")
    told = '#!/bin/sh\nprintf "<%s>" "$@" "$PWD" "$(cat)"\nexit 7\n'
    for name in ("python", "voiceguide"):
        (root / ".venv/bin" / name).write_text(told)
        (root / ".venv/bin" / name).chmod(0o755)
    in_checkout(root, '_set_up_sum run >"$VENV/.set-up-for-run"')
    return root


def in_checkout(root: Path, command: str, **options) -> subprocess.CompletedProcess[str]:
    return bash("-c", f'source "$0"; {command}', root / "scripts/lib/setup.sh", **options)


_TOOLS = (
    *("bash", "env", "sh", "readlink", "dirname", "cat"),
    *("cksum", "uname", "grep", "find", "flock", "ldconfig"),
)


@pytest.fixture
def bare_tools(tmp_path: Path) -> dict[str, str]:
    """An environment without python, pip, uv and apt: what a second start may need, no more."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in _TOOLS:
        if found := shutil.which(name, path=f"{os.environ['PATH']}:/sbin:/usr/sbin"):
            (folder / name).symlink_to(found)
    return {"PATH": str(folder)}


def test_a_second_start_only_starts(checkout, bare_tools, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(checkout / "scripts/run")
    answer = bash(link, "two words", "--x", input="typed", cwd=tmp_path, env=bare_tools)
    assert answer.stdout == f"<run><two words><--x><{tmp_path}><typed>"
    assert answer.returncode == 7
    assert "set" not in answer.stderr


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "pyproject.toml").write_text(""),
        lambda root: (root / "requirements/run.txt").write_text(""),
        lambda root: (root / ".venv/pyvenv.cfg").write_text("version = 3.13.0\n"),
        lambda root: (root / ".venv/.unfinished").touch(),
        lambda root: (root / ".venv/bin/python").unlink(),
        lambda root: (root / ".venv/.set-up-for-run").unlink(),
    ],
    ids=["project", "lock", "python", "interrupted", "python gone", "never done"],
)
def test_what_makes_a_start_set_up_again(checkout, change):
    assert in_checkout(checkout, "_is_set_up run").returncode == 0
    assert in_checkout(checkout, "_is_set_up test").returncode == 1
    change(checkout)
    assert in_checkout(checkout, "_is_set_up run").returncode == 1


def test_a_moved_checkout_is_set_up_again(checkout):
    moved = checkout.rename(checkout.with_name("moved"))
    assert in_checkout(moved, "_is_set_up run").returncode == 1


def test_the_page_brings_what_it_needs_once(checkout, bare_tools):
    install = '[[ "$*" == *extra-page.txt ]] && echo installed >&2'
    run = (checkout / "scripts/run").read_text(encoding="utf-8")
    stubbed = run.replace("\nset_up run\n", f"\n_install() {{ {install}; }}\nset_up run\n")
    (checkout / "scripts/run").write_text(stubbed, encoding="utf-8")
    for options, installs in ((["--plain"], False), (["--page"], True), (["--page=x"], False)):
        answer = bash(checkout / "scripts/run", *options, env=bare_tools)
        assert answer.stdout.startswith(f"<run><{options[0]}>"), answer.stderr
        assert ("installed" in answer.stderr) == installs, options


def test_an_extra_that_is_none_is_one_plain_sentence(checkout):
    answer = bash(checkout / "scripts/extras", "cheese")
    assert answer.returncode == 1
    listed = " ".join(sorted(EXTRAS))
    assert answer.stderr == f"voiceguide: there is no extra cheese; there are: {listed}\n"


def test_no_python_is_one_plain_sentence(checkout, bare_tools):
    shutil.rmtree(checkout / ".venv")
    answer = bash(checkout / "scripts/run", env=bare_tools)
    assert answer.returncode == 1
    assert re.fullmatch(r"voiceguide: no Python 3\.11 to 3\.14 found; .*\n", answer.stderr)


def test_a_32_bit_system_is_refused_before_anything_is_made(checkout, bare_tools):
    shutil.rmtree(checkout / ".venv")
    # Raspberry Pi OS 32-bit has a 64-bit kernel: its programs tell.
    env = faked(bare_tools, getconf='sh:[[ "$1" == LONG_BIT ]] && echo 32', uname="Linux")
    answer = bash(checkout / "scripts/run", env=env)
    assert answer.returncode == 1
    assert re.fullmatch(
        r"voiceguide: this is a 32-bit system, for which espeakng-loader, numpy, pyyaml and soxr "
        r"have no packages; install a 64-bit one .*\n",
        answer.stderr,
    )
    assert not (checkout / ".venv").exists()


ON_A_PI = 'sh:[[ "${1:-}" == -m ]] && echo aarch64 || echo Linux'
NOTHING_THERE = "_has_library() { return 1; }"


@pytest.mark.parametrize(
    ("machine", "missing"),
    [
        (ON_A_PI, "libportaudio2 libatomic1 + libespeak-ng1"),
        (ON_A_PI.replace("aarch64", "x86_64"), "libportaudio2 +"),
        (ON_A_PI.replace("Linux", "Darwin"), "+"),
    ],
)
def test_the_packages_of_the_system_that_a_machine_needs(checkout, bare_tools, machine, missing):
    told = in_checkout(
        checkout,
        f"{NOTHING_THERE}; _missing_system_packages run; echo $MISSING + $WELCOME",
        env=faked(bare_tools, uname=machine),
    )
    assert told.stdout.strip() == missing


def test_apt_brings_what_is_missing_and_what_is_better(checkout, bare_tools):
    """And asks again only an hour later where that did not help."""
    env = faked(bare_tools, uname=ON_A_PI, apt_get="nothing", sudo="nothing", rm="nothing")
    install = f"{NOTHING_THERE}; _apt_install() {{ echo $*; }}; set_up run"
    first, second = (in_checkout(checkout, install, env=env) for _ in range(2))
    assert first.stdout.strip() == "libportaudio2 libatomic1 libespeak-ng1"
    assert second.stdout.strip() == ""
    for answer in (first, second):
        assert answer.stderr == (
            "voiceguide: it neither sounds nor hears until you type: "
            "sudo apt-get install libportaudio2 libatomic1\n"
        )


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ("libatomic.so.1", "no sound until you type: sudo apt-get install libportaudio2"),
        ("libportaudio.so.2", "it hears nothing until you type: sudo apt-get install libatomic1"),
    ],
)
def test_without_root_one_sentence_names_the_package(checkout, bare_tools, there, said):
    env = faked(bare_tools, uname=ON_A_PI, apt_get="nothing", sudo="sh:exit 1")
    only = f"_has_library() {{ [[ $1 == {there} ]]; }}; _find_root() {{ return 1; }}; set_up run"
    answer = in_checkout(checkout, only, env=env)
    assert (answer.stdout, answer.stderr) == ("", f"voiceguide: {said}\n")


def test_a_system_without_apt_is_told_what_to_look_for(checkout, bare_tools):
    env = faked(bare_tools, uname=ON_A_PI)
    answer = in_checkout(checkout, f"{NOTHING_THERE}; set_up run", env=env)
    assert answer.stderr.endswith("what Debian calls: libportaudio2 libatomic1\n")


POLICY = """sh:for each in "${@:2}"; do
    case $each in
    rhvoice*) continue ;;
    newer) [[ -e ${0%/*}/renewed ]] || continue ;;
    esac
    candidate=1.0
    [[ $each != chromium ]] || candidate='(none)'
    printf '%s:\\n  Installed: (none)\\n  Candidate: %s\\n  Version table:\\n' "$each" "$candidate"
done"""
"""What ``apt-cache policy`` tells: no word of what nobody ever heard of."""
APT = """
_has_apt_lists() { true; }
_find_root() { AS_ROOT=(); }
_apt() { echo "$*"; [[ $1 != update ]] || : >"${PATH%%:*}/renewed"; }
"""


@pytest.mark.parametrize(
    ("wanted", "done", "said"),
    [
        (
            "flite rhvoice rhvoice-english festival",
            "update\ninstall flite festival\n",
            "renewing apt's list of packages first\n"
            "apt knows no rhvoice rhvoice-english here; going on without\n"
            "installing flite festival with apt-get\n",
        ),
        (
            "mosquitto chromium",
            "update\ninstall mosquitto\n",
            "renewing apt's list of packages first\n"
            "apt knows no chromium here; going on without\n"
            "installing mosquitto with apt-get\n",
        ),
        (
            "flite newer",
            "update\ninstall flite newer\n",
            "renewing apt's list of packages first\ninstalling flite newer with apt-get\n",
        ),
        ("flite", "install flite\n", "installing flite with apt-get\n"),
        (
            "rhvoice",
            "update\n",
            "renewing apt's list of packages first\napt knows no rhvoice here; going on without\n",
        ),
    ],
    ids=["one system has none", "known by name alone", "a newer list has it", "known", "none left"],
)
def test_what_apt_does_not_know_keeps_nothing_else_away(checkout, bare_tools, wanted, done, said):
    env = faked(bare_tools, apt_get="nothing", apt_cache=POLICY)
    answer = in_checkout(checkout, f"{APT} _apt_install {wanted} || true", env=env)
    assert answer.stdout == done
    assert answer.stderr == "".join(f"voiceguide: {line}\n" for line in said.splitlines())


def test_what_cannot_be_fetched_is_asked_for_again_with_a_new_list(checkout, bare_tools):
    env = faked(bare_tools, apt_get="nothing", apt_cache=POLICY)
    stale = '_apt() { echo "$*"; [[ $1 == update || -n ${tried:-} ]] || { tried=yes; false; }; }'
    answer = in_checkout(checkout, f"{APT} {stale}; _apt_install flite; echo $?", env=env)
    assert answer.stdout == "install flite\nupdate\ninstall flite\n0\n"


@pytest.mark.parametrize(
    ("purpose", "missing", "said"),
    [
        (
            "train",
            "flite rhvoice",
            "some voices are left out of training until you type: sudo apt-get install flite; "
            "apt knows no rhvoice here",
        ),
        ("train", "rhvoice", "some voices are left out of training: apt knows no rhvoice here"),
        (
            "train",
            "fluidsynth",
            "music of instruments is left out of training until you type: "
            "sudo apt-get install fluidsynth",
        ),
        ("test", "chromium", "some tests are left out: apt knows no chromium here"),
        (
            "test",
            "mosquitto",
            "some tests are left out until you type: sudo apt-get install mosquitto",
        ),
    ],
)
def test_the_last_sentence_tells_what_is_left_out(checkout, bare_tools, purpose, missing, said):
    """And asks nobody to type a command that would install nothing."""
    env = faked(bare_tools, apt_get="nothing", apt_cache=POLICY)
    lacking = f"_missing_system_packages() {{ MISSING=' {missing}' WELCOME=''; }}"
    name = f"{APT} {lacking}; _name_missing_system_packages {purpose}"
    answer = in_checkout(checkout, name, env=env)
    assert (answer.stdout, answer.stderr) == ("", f"voiceguide: {said}\n")


def test_a_library_that_only_the_loader_knows_is_there(checkout, bare_tools):
    cached = "\tlibelsewhere.so.1 (libc6,AArch64) => /opt/odd/libelsewhere.so.1"
    env = faked(bare_tools, ldconfig=cached)
    for name, code in (("libelsewhere.so.1", 0), ("libelsewhere.so", 1), ("elsewhere.so.1", 1)):
        assert in_checkout(checkout, f"_has_library {name}", env=env).returncode == code


# ------------------------------------------------------------------ the locked dependencies


def locked(name: str) -> dict[str, Requirement]:
    """The requirements of one file that count for this machine."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    lines = [line.removesuffix(" \\") for line in text.splitlines() if "==" in line]
    requirements = map(Requirement, lines)
    return {
        canonicalize_name(one.name): one
        for one in requirements
        if one.marker is None or one.marker.evaluate()
    }


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_versions_and_hashes_and_nothing_else(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    line = re.compile(
        r"[a-z0-9-]+==[0-9.]+(post[0-9]+)?( ; [a-zA-Z0-9_ .'<>=!]+)? \\"
        r"|    --hash=sha256:[0-9a-f]{64}( \\)?"
    )
    assert [one for one in text.splitlines() if not line.fullmatch(one)] == []


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("build", PYPROJECT["build-system"]["requires"]),
        ("run", PYPROJECT["project"]["dependencies"]),
        ("test", PYPROJECT["project"]["dependencies"] + PYPROJECT["dependency-groups"]["dev"]),
        *(
            (f"extra-{name}", PYPROJECT["project"]["dependencies"] + wanted)
            for name, wanted in EXTRAS.items()
        ),
    ],
)
def test_a_lock_covers_the_project(name, wanted):
    have = locked(name)
    for requirement in map(Requirement, wanted):
        if requirement.marker is None or requirement.marker.evaluate():
            (version,) = have[canonicalize_name(requirement.name)].specifier
            assert requirement.specifier.contains(version.version), requirement


def test_the_locks_agree():
    files = {name: locked(name) for name in LOCKS}
    assert set(files["run"]) <= set(files["test"])
    for name, requirement in files["test"].items():
        for other in LOCKS:
            assert str(files[other].get(name, requirement)) == str(requirement)
