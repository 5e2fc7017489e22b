"""SHA-256 sums in a model's folder, so that a file that was damaged on the disk is noticed.

A model that ships has sums only of its binary files: a text file may be edited, or get other line
ends.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

SUMS_FILE = "SHA256SUMS"
"""``sha256sum -c SHA256SUMS`` reads it too."""
BINARY_FILES = ("am/*.mdl", "graph/*.fst", "graph/*.gz", "opinion/*.npz")


def write_sums(model: Path, patterns: Iterable[str] = BINARY_FILES) -> None:
    """Write the sums of the files that match these patterns into a finished model's folder."""
    matching = {path for pattern in patterns for path in model.glob(pattern)}
    paths = sorted(path for path in matching if path.is_file())
    lines = [f"{_sum(path)}  {path.relative_to(model).as_posix()}\n" for path in paths]
    (model / SUMS_FILE).write_text("".join(lines), encoding="utf-8", newline="\n")


def damaged_file(model: Path) -> str | None:
    """The first file that does not fit its sum; None where all fit, or there are no sums.

    Raises:
        OSError: a file cannot be read.
    """
    sums = model / SUMS_FILE
    if not sums.is_file():
        return None
    lines = sums.read_text(encoding="utf-8", errors="replace").splitlines()
    if not lines:
        return SUMS_FILE
    for line in lines:
        wanted, _, name = line.partition("  ")
        path = model / name
        if not path.is_file() or _sum(path) != wanted:
            return name
    return None


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
