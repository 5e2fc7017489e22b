"""Draws the history with matplotlib, which is an extra: minutes, zones and tempo over the days."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from voiceguide.core.errors import SettingsError
from voiceguide.core.history import Visit, days_done, longest_streak, seconds_by_day
from voiceguide.edge.libraries.adding import how_to_add
from voiceguide.edge.system.whole_file import whole_file

FORMATS = (".png", ".svg", ".pdf")


def write_plot(path: Path, visits: Sequence[Visit]) -> None:
    """Write a picture of at least one visit, in the format of the file's name.

    Raises:
        SettingsError: matplotlib is not installed, or the file cannot be written.
    """
    if path.suffix.lower() not in FORMATS:
        raise SettingsError(f"--plot writes {', '.join(FORMATS)}; {path.name} ends in none of them")
    try:
        from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
        from matplotlib.figure import Figure
        from matplotlib.ticker import MaxNLocator
    except ImportError as error:
        raise SettingsError(
            f"--plot needs matplotlib; install it with: {how_to_add('plot')}"
        ) from error
    minutes = {day: seconds / 60 for day, seconds in seconds_by_day(visits).items()}
    zones: dict[date, int] = {}
    for visit in visits:
        zones[visit.day] = zones.get(visit.day, 0) + len(visit.zones)
    figure = Figure(figsize=(9, 7), layout="constrained")
    rows = figure.subplots(3, sharex=True)
    days = [date2num(day) for day in minutes]
    rows[0].bar(days, list(minutes.values()), width=0.8, color="#2a78b8")
    rows[0].set_ylabel("minutes a day")
    rows[1].bar([date2num(day) for day in zones], list(zones.values()), width=0.8, color="#3a9a6b")
    rows[1].set_ylabel("zones done a day")
    rows[1].yaxis.set_major_locator(MaxNLocator(integer=True))
    tempi = [visit.tempo for visit in visits]
    rows[2].plot(
        [date2num(visit.day) for visit in visits], tempi, "o-", color="#b8602a", markersize=4
    )
    rows[2].set_ylabel("tempo of the strokes\n(1 = as planned)")
    rows[2].set_ylim(min(0.8, *tempi) - 0.05, max(1.2, *tempi) + 0.05)
    locator = AutoDateLocator(minticks=3, maxticks=9)
    rows[2].xaxis.set_major_locator(locator)
    rows[2].xaxis.set_major_formatter(ConciseDateFormatter(locator))
    rows[2].set_xlim(min(days) - 1, max(days) + 1)
    for row in rows:
        row.spines[["top", "right"]].set_visible(False)
        row.grid(axis="y", alpha=0.3)
    figure.suptitle(_sums(visits, minutes))
    with whole_file(path) as part:
        figure.savefig(part, dpi=120)


def _sums(visits: Sequence[Visit], minutes: dict[date, float]) -> str:
    days = f"{len(minutes)} day{'s' if len(minutes) > 1 else ''}"
    longest = longest_streak(days_done(visits))
    return f"{round(sum(minutes.values()))} minutes on {days}; most days in a row: {longest}"
