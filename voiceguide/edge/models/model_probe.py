"""Tries a model in another process first, for a damaged file can make Kaldi crash the process."""

import hashlib
import subprocess
import sys
from pathlib import Path

from voiceguide.core.errors import ModelError
from voiceguide.edge.models.model_sums import damaged_file
from voiceguide.edge.system.children import environment_for_children
from voiceguide.edge.system.folders import cache_folder

PROBE_SECONDS = 120.0
"""Longer than the slowest model takes to load on a small machine."""

MOST_SUMMED_BYTES = 64_000_000
"""The sums of larger models are checked only when they are new: 0.02 s a megabyte would delay each
start."""

_PROBE = (
    "import sys; from voiceguide.edge.ears.vosk_model import try_model; try_model(sys.argv[1]); "
    "print('whole')"
)


def probe_model(folder: Path) -> None:
    """Check that the model loads and decodes; that is remembered until one of its files changes.

    Raises:
        ModelError: it does not; holds the recogniser's first complaint.
    """
    stamp = cache_folder() / "models-tried" / model_stamp(folder)
    now = _sum_where_cheap(folder)
    if _kept(stamp) == now:
        return
    try:
        damaged = damaged_file(folder)
    except OSError as error:
        damaged = f"a file, {error.strerror}"
    if damaged:
        raise ModelError(
            f"the model {folder} is broken ({damaged} is damaged); copy or fetch it again"
        )
    try:
        done = subprocess.run(
            [sys.executable, "-c", _PROBE, str(folder)],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PROBE_SECONDS,
            check=False,
            cwd=Path.cwd(),
            env=environment_for_children(),
        )
        complaint, whole = _first_error(done.stderr), done.stdout.strip().endswith("whole")
    except subprocess.TimeoutExpired as error:
        raise ModelError(
            f"the model {folder} did not load within {PROBE_SECONDS:g} s: this machine is too busy "
            "or too slow for it; start again, or take a smaller model"
        ) from error
    if not whole or complaint:
        reason = complaint or "the recogniser crashed on it"
        raise ModelError(f"the model {folder} is broken ({reason}); copy or fetch it again")
    try:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(now, encoding="ascii")
    except OSError:
        # It cannot be remembered, so the next start tries the model again and is a little slower.
        return


def _kept(stamp: Path) -> str | None:
    """The sum of the files when they were tried; None where they never were."""
    try:
        return stamp.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None


def _sum_where_cheap(folder: Path) -> str:
    """The sum of all that is in the files: blocks go bad while size and time stay the same."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    digest = hashlib.sha256()
    try:
        if sum(path.stat().st_size for path in files) > MOST_SUMMED_BYTES:
            return ""
        for path in files:
            digest.update(path.name.encode() + path.read_bytes())
    except OSError as error:
        raise ModelError(
            f"the model {folder} cannot be read ({error.strerror}); copy or fetch it again"
        ) from error
    return digest.hexdigest()


def _first_error(text: str) -> str:
    """The recogniser's first complaint, without the place in its source."""
    for line in text.splitlines():
        if line.startswith(("ERROR", "ASSERTION_FAILED")):
            said = line.split(") ", 1)[-1] if "(VoskAPI" in line else line.split(": ", 1)[-1]
            return " ".join("".join(c if c.isprintable() else "?" for c in said).split())[:160]
    return ""


def model_stamp(folder: Path) -> str:
    """A name that changes with the path, size or time of any file of the model."""
    digest = hashlib.sha256(str(folder.resolve()).encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            facts = path.stat()
            digest.update(f"{path.name}:{facts.st_size}:{facts.st_mtime_ns};".encode())
    return digest.hexdigest()[:32]
