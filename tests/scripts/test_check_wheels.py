"""The tables of wheels, with a uv that knows which packages have none."""

import os
import shutil
import subprocess

import pytest
from support.faked_tools import BASH
from support.places import ROOT

# Names what it would install of the file; apart from “odd”, and “new” from Python 3.13 on.
UV = f"""#!{BASH}
while (($#)); do
    case $1 in
    --python-version) python=$2 ;;
    --python-platform) platform=$2 ;;
    -r) file=$2 ;;
    esac
    shift
done
without=odd
[[ $python != 3.1[3-5] ]] || without='new odd'
for name in $without; do
    version=$(sed -n "s/^$name==\\([0-9.]*\\).*/\\1/p" "$file")
    if [[ -n $version ]]; then
        echo "  Because $name==$version has no wheels with a matching tag ($platform), nothing fits"
        exit 1
    fi
done
grep -q -- --hash "$file" || exit 3
sed -n 's/^\\([a-z]*==[0-9.]*\\).*/ + \\1/p' "$file"
"""


@pytest.fixture
def checkout(tmp_path):
    """A copy of the script, two locked files, and the uv."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / "requirements").mkdir()
    shutil.copy(ROOT / "scripts/check_wheels", tmp_path / "scripts")
    for name, packages in {"run": ["plain"], "test": ["plain", "new", "odd"]}.items():
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
    old, new = "2, but not odd", "1, but not new odd"
    assert systems.splitlines()[:3] == [
        "| system | Python 3.11 | 3.12 | 3.13 | 3.14 | 3.15 |",
        "|---|---|---|---|---|---|",
        f"| Linux x86-64 (glibc ≥ 2.28) | {old} | {old} | {new} | {new} | {new} |",
    ]
    assert len(systems.splitlines()) == 2 + 5
    assert files.splitlines() == [
        "| Debian 12 and newer | Python 3.11 | 3.12 | 3.13 |",
        "|---|---|---|---|",
        "| run, x86-64 | 1 | 1 | 1 |",
        "| run, aarch64 | 1 | 1 | 1 |",
        f"| test, x86-64 | {old} | {old} | {new} |",
        f"| test, aarch64 | {old} | {old} | {new} |",
    ]
