"""What a process takes, sampled over time (Linux)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MB = 1024.0
"""kB in one."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a process took at a time."""

    hours: float
    """Of sessions played until then."""
    resident_mb: float
    threads: int
    files: int
    processes: int
    """Itself and all it started."""


def sample(pid: int, hours: float) -> Sample:
    """What it takes now; memory, threads and files are its own, not its children's."""
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
    """By how many MB an hour memory grew: the straight line through the later half of the samples.

    0 where there are too few to tell. What is filled once and kept (caches) is in the first half.
    """
    later = samples[len(samples) // 2 :]
    if len(later) < 3:
        return 0.0
    mean_hours = sum(each.hours for each in later) / len(later)
    mean_mb = sum(each.resident_mb for each in later) / len(later)
    spread = sum((each.hours - mean_hours) ** 2 for each in later)
    together = sum((each.hours - mean_hours) * (each.resident_mb - mean_mb) for each in later)
    return together / spread if spread else 0.0
