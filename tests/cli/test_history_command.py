"""``voiceguide history``: a calendar, CSV, a plot, and one command that deletes it all."""

import csv
import io
from datetime import datetime, timedelta

import pytest

from voiceguide.__main__ import main
from voiceguide.cli.history import calendar, level
from voiceguide.core.history import Visit, seconds_by_day
from voiceguide.core.history import weeks as last_weeks
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.journal.visits import note_visit, read_visits
from voiceguide.edge.libraries.adding import how_to_add

NOW = datetime.now().astimezone().replace(hour=7, microsecond=0)
VISITS = [
    Visit(NOW - timedelta(days=back), "quick", 62.0 + back, ("neck", "jaw"), 1.15, True)
    for back in (0, 1, 2, 9, 10, 11, 12)
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEGUIDE_JOURNAL_FOLDER", str(tmp_path))
    monkeypatch.setenv("VOICEGUIDE_JOURNAL_DAY_ENDS", "0")  # whenever the tests run
    monkeypatch.delenv("VOICEGUIDE_SETTINGS", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


@pytest.fixture
def filled(folder):
    with Journal(folder / "journal.sqlite") as journal:
        for visit in VISITS:
            note_visit(journal, visit)
    return folder


def test_an_empty_history_says_so_and_makes_no_journal(folder, capsys):
    assert main(["history"]) == 0
    assert main(["history", "--delete", "--yes"]) == 0
    assert capsys.readouterr().out == ("No session is in the history yet.\nDeleted: 0 sessions.\n")
    assert list(folder.iterdir()) == []


def test_a_journal_that_is_off_is_said_to_be(folder, capsys, monkeypatch):
    monkeypatch.setenv("VOICEGUIDE_JOURNAL_KEEP", "false")
    assert main(["history"]) == 0
    assert "journal.keep is off" in capsys.readouterr().out


def test_the_calendar_has_a_row_a_weekday_and_the_sums_below(filled, capsys):
    assert main(["history", "--weeks", "5"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("░") == len(VISITS) + 1, "one a day, and the key"
    assert [line[:3] for line in shown.splitlines()[1:8]] == [
        *("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    ]
    assert "In a row: 3 days; the most there ever were: 4." in shown
    assert "7 sessions on 7 days, 8 minutes in all." in shown
    assert "Most often: quick (7)." in shown


@pytest.mark.parametrize("weeks", [1, 2, 26, 104])
def test_a_calendar_of_any_length_is_no_wider_than_its_weeks(weeks):
    today = NOW.date()
    lines = calendar(seconds_by_day(VISITS), today, weeks)
    assert len(lines) == 10
    assert all(len(line.plain) <= 5 + 2 * weeks + 2 for line in lines[:8])
    assert len(lines[1 + today.weekday()].plain) == 4 + 2 * weeks
    assert lines[0].plain.strip()[:3] == f"{last_weeks(today, weeks)[-1][0]:%b}" or weeks > 1


def test_months_stand_apart_whatever_the_day():
    for back in range(366):
        head = calendar({}, NOW.date() - timedelta(days=back), 26)[0].plain
        assert all(len(word) == 3 for word in head.split()), head


def test_the_signs_grow_with_the_minutes():
    minutes = (0, 0.1, 5, 10, 20, 300)
    assert "".join(level(60 * each)[0] for each in minutes) == "·░▒▓██"


def test_csv_is_printed_or_written(filled, capsys, tmp_path):
    assert main(["history", "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == len(VISITS)
    assert rows[-1]["began_at"] == NOW.isoformat(timespec="seconds")
    assert rows[-1] | {"began_at": ""} == {
        "began_at": "",
        "routine": "quick",
        "minutes": "1.03",
        "zones_done": "2",
        "zones": "neck jaw",
        "tempo": "1.15",
        "finished": "yes",
    }
    target = tmp_path / "mine.csv"
    assert main(["history", "--csv", str(target)]) == 0
    assert len(target.read_text("utf-8").splitlines()) == 1 + len(VISITS)
    assert main(["history", "--csv", str(tmp_path / "no" / "folder.csv")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_one_command_deletes_it_all(filled, capsys):
    (filled / "journal.broken-1.sqlite").write_text("old")
    assert main(["history", "--delete", "--yes"]) == 0
    shown = capsys.readouterr().out
    assert "Deleted: 7 sessions." in shown
    assert "journal.broken-1.sqlite" in shown
    with Journal(filled / "journal.sqlite") as journal:
        assert read_visits(journal) == ()


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_a_plot_is_written_in_the_format_of_its_name(filled, capsys, tmp_path, ending):
    pytest.importorskip("matplotlib")
    target = tmp_path / f"plot{ending}"
    assert main(["history", "--plot", str(target)]) == 0
    head = target.read_bytes()[:400]
    assert {".png": b"PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}[ending] in head
    assert str(target) in capsys.readouterr().out


def test_a_plot_without_matplotlib_or_of_another_format_is_one_plain_line(
    filled, capsys, tmp_path, monkeypatch
):
    assert main(["history", "--plot", str(tmp_path / "plot.gif")]) == 2
    assert "plot.gif ends in none of them" in capsys.readouterr().err
    for name in ("matplotlib", "matplotlib.dates", "matplotlib.figure"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    assert main(["history", "--plot", str(tmp_path / "plot.png")]) == 2
    assert how_to_add("plot") in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--weeks", "0"], ["--weeks", "105"], ["--weeks", "x"]])
def test_senseless_weeks_are_refused(words, capsys):
    with pytest.raises(SystemExit):
        main(["history", *words])
    assert "is not a number of weeks" in capsys.readouterr().err


def test_deleting_asks(filled, capsys, monkeypatch):
    assert main(["history", "--delete"]) == 2
    assert "--yes" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: "no")
    assert main(["history", "--delete"]) == 0
    assert "Nothing was deleted" in capsys.readouterr().out
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    assert main(["history", "--delete"]) == 0
    assert "Deleted: 7 sessions" in capsys.readouterr().out


def test_a_day_that_ends_after_midnight_counts_for_the_day_before(folder, capsys, monkeypatch):
    late = NOW.replace(hour=1, minute=0) - timedelta(days=4)
    with Journal(folder / "journal.sqlite") as journal:
        for back, hour in ((1, 22), (0, 23)):
            began = late.replace(hour=hour) - timedelta(days=back)
            note_visit(journal, Visit(began, "quick", 600.0, ("neck",), 1.0, True))
        note_visit(journal, Visit(late, "quick", 600.0, ("neck",), 1.0, True))
    most = "the most there ever were: {}."
    assert main(["history"]) == 0
    assert most.format(2) in capsys.readouterr().out
    monkeypatch.setenv("VOICEGUIDE_JOURNAL_DAY_ENDS", "3")
    assert main(["history"]) == 0
    assert "3 sessions on 2 days" in capsys.readouterr().out
