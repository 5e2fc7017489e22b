"""Prints the locked packages that one Python on one processor needs, with their hashes.

pip judges the markers of a requirement by the Python that it runs in itself, also where it is told
to fetch for another; so they are judged here, and left out.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement

REQUIREMENTS = Path(__file__).resolve().parents[3] / "requirements"
PROCESSORS = {"amd64": "x86_64", "arm64": "aarch64"}


def locked(text: str, python: str, processor: str) -> Iterator[tuple[str, str]]:
    """Name, and requirement with its hashes, of each package that a lock file has for Linux.

    Args:
        text: of the file.
        python: ``3.11``.
        processor: as the kernel calls it, ``aarch64``.
    """
    environment = default_environment() | {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "platform_machine": processor,
        "platform_system": "Linux",
        "sys_platform": "linux",
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    for entry in re.findall(r"^[\w.-]+==.*(?:\n[ \t]+.*)*", text, re.MULTILINE):
        first, *hashes = re.sub(r"#.*", "", entry).replace("\\\n", "\n").splitlines()
        wanted = Requirement(first.strip())
        if wanted.marker is None or wanted.marker.evaluate(environment):
            sums = " ".join(each.strip() for each in hashes if each.strip())
            yield wanted.name, f"{wanted.name}{wanted.specifier} {sums}"


def main() -> int:
    """Print one requirement a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", required=True)
    parser.add_argument("--architecture", required=True, choices=PROCESSORS)
    parser.add_argument("--only", action="append")
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("files", nargs="+", metavar="FILE", help="of requirements, without .txt")
    args = parser.parse_args()
    found: dict[str, str] = {}
    for name in args.files:
        text = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")
        found |= locked(text, args.python, PROCESSORS[args.architecture])
    for name, line in found.items():
        if name not in args.without and (args.only is None or name in args.only):
            print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
