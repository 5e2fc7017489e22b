"""What programs are given that the guide starts, and the removal of what a killed guide left."""

import contextlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

_SECRET = re.compile(r"PASSW|SECRET|TOKEN|CREDENTIAL|PRIVATE|API_?KEY", re.IGNORECASE)
_SCRATCH = "voiceguide-{}-"
_LEFT = re.compile(r"voiceguide-(\d{1,10})-\w+")
_PR_SET_PDEATHSIG, _SIGKILL = 1, 9


def environment_for_children(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment without secrets, such as a broker's password."""
    return {name: value for name, value in environment.items() if not _SECRET.search(name)}


def dies_with_us() -> Callable[[], None] | None:
    """A function for ``preexec_fn`` that has the child killed when the thread that started it ends;
    None where the system cannot do that.
    """
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    prctl = ctypes.CDLL(None).prctl
    # Only this one call between fork and exec: nothing there may take a lock.
    return lambda: prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)


def scratch_folder() -> "tempfile.TemporaryDirectory[str]":
    """A temporary folder; where this process is killed, the next start removes it.

    Raises:
        OSError: the folder cannot be made.
    """
    return tempfile.TemporaryDirectory(prefix=_SCRATCH.format(os.getpid()))


def sweep_scratch(home: Path | None = None) -> int:
    """Remove the temporary folders of processes that are gone; gives how many there were."""
    swept = 0
    with contextlib.suppress(OSError):
        for entry in os.scandir(home or tempfile.gettempdir()):
            found = _LEFT.fullmatch(entry.name)
            ours = found and entry.is_dir(follow_symlinks=False) and _is_ours(entry)
            if found and ours and not _is_running(int(found[1])):
                shutil.rmtree(entry.path, ignore_errors=True)
                swept += 1
    return swept


def _is_ours(entry: "os.DirEntry[str]") -> bool:
    return not hasattr(os, "getuid") or entry.stat(follow_symlinks=False).st_uid == os.getuid()


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
