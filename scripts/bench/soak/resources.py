"""Samples what a process takes over time (Linux)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MB = 1024.0
"""kB in a MB."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a process took at one time."""

    hours: float
    """Hours of sessions until then."""
    resident_mb: float
    threads: int
    files: int
    processes: int
    """The process and all that it started."""


def sample(pid: int, hours: float) -> Sample:
    """What a process takes now; memory, threads and files without those of its children."""
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
    )
    return Sample(
        hours=hours,
        resident_mb=int(status["VmRSS"].split()[0]) / MB,
        threads=int(status["Threads"]),
        files=len(list(Path(f"/proc/{pid}/fd").iterdir())),
        processes=_family(pid),
    )


def _family(pid: int) -> int:
    children: list[str] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            children += (task / "children").read_text().split()
        except OSError:
            continue
    return 1 + sum(_family(int(child)) for child in children if Path(f"/proc/{child}").exists())


def slope(samples: Sequence[Sample]) -> float:
    """By how many MB an hour memory grew: the slope of a line through the later samples.

    The first half is left out, for caches are filled then.

    Returns:
        MB an hour; 0 if there are too few samples.
    """
    later = samples[len(samples) // 2 :]
    if len(later) < 3:
        return 0.0
    mean_hours = sum(each.hours for each in later) / len(later)
    mean_mb = sum(each.resident_mb for each in later) / len(later)
    spread = sum((each.hours - mean_hours) ** 2 for each in later)
    together = sum((each.hours - mean_hours) * (each.resident_mb - mean_mb) for each in later)
    return together / spread if spread else 0.0
