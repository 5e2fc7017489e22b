"""The tables of wheels, with a uv that knows which packages have none."""

import os
import shutil
import subprocess

import pytest
from support.faked_tools import BASH
from support.places import ROOT

# Names what it would install of the file, but not “odd” for aarch64 from Python 3.13 on.
UV = f"""#!{BASH}
while (($#)); do
    case $1 in
    --python-version) python=$2 ;;
    --python-platform) platform=$2 ;;
    -r) locked=$(<"$2") ;;
    esac
    shift
done
[[ $locked == *--hash=* ]] || exit 3
if [[ $platform$python == aarch64-m*3.1[3-5] && $locked == *odd==1.0* ]]; then
    echo "  Because odd==1.0 has no wheels with a matching tag ($platform), nothing fits"
    exit 1
fi
while read -r line; do
    [[ $line != *==* ]] || echo " + $line"
done <<<"$locked"
"""


@pytest.fixture
def checkout(tmp_path):
    """A copy of the script, two locked files, and the uv."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / "requirements").mkdir()
    shutil.copy(ROOT / "scripts/check_wheels", tmp_path / "scripts")
    for name, packages in {"run": ["plain"], "test": ["plain", "odd"]}.items():
        text = "".join(f"{one}==1.0 \\\n    --hash=sha256:{'0' * 64}\n" for one in packages)
        (tmp_path / f"requirements/{name}.txt").write_text(text)
    (tmp_path / "uv").write_text(UV)
    (tmp_path / "uv").chmod(0o755)
    return tmp_path


def test_every_file_is_asked_for_both_processors_and_what_is_missing_is_named(checkout):
    done = subprocess.run(
        [BASH, checkout / "scripts/check_wheels"],
        env=os.environ | {"PATH": f"{checkout}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    systems, files = done.stdout.split("\n\n")
    most, few = "2", "1, but not odd"
    assert systems.splitlines()[:4] == [
        "| system | Python 3.11 | 3.12 | 3.13 | 3.14 | 3.15 |",
        "|---|---|---|---|---|---|",
        f"| Linux x86-64 (glibc ≥ 2.28) | {most} | {most} | {most} | {most} | {most} |",
        f"| Linux aarch64 (glibc ≥ 2.28) | {most} | {most} | {few} | {few} | {few} |",
    ]
    assert len(systems.splitlines()) == 2 + 5
    assert files.splitlines() == [
        "| Debian 12 and newer | Python 3.11 | 3.12 | 3.13 |",
        "|---|---|---|---|",
        "| run, both | 1 | 1 | 1 |",
        f"| test, x86-64 | {most} | {most} | {most} |",
        f"| test, aarch64 | {most} | {most} | {few} |",
    ]
