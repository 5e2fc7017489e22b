"""Tells at the end of a run which tests were left out and why.

With ``--expected-skips FILE`` a run fails if one was left out for a reason that the file does not
name: it holds a reason a line, with ``*`` for what varies; ``#`` begins a comment. With
``--left-out-to=FILE`` what was left out is added to that file instead of told, so that runs beside
each other can be told of together: ``python -m support.left_out FILE``.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

OPTION = "--expected-skips"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(OPTION, type=Path, metavar="FILE", help="fail on a skip for another reason")
    parser.addoption("--left-out-to", type=Path, metavar="FILE", help="tell of skips in this file")


def expected_reasons(path: Path) -> tuple[str, ...]:
    """The patterns in a file of expected reasons."""
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return tuple(line for line in lines if line)


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why it was left out, in the words of whoever left it out."""
    reason = getattr(report, "wasxfail", "") or report.longrepr[-1]
    return str(reason).partition("\n")[0].removeprefix("Skipped: ")


def by_reason(left_out: Iterable[tuple[str, str]]) -> list[str]:
    """Lines that tell of (reason, test): the most frequent reason first, under each its files."""
    places: dict[str, Counter[str]] = {}
    for reason, name in left_out:
        places.setdefault(reason, Counter())[name.partition("::")[0]] += 1
    lines = []
    for reason, files in sorted(places.items(), key=lambda one: (-one[1].total(), one[0])):
        lines.append(f"{files.total():4d}  {reason}")
        lines += [f"        {file} ({count})" for file, count in sorted(files.items())]
    return lines


def tell(paths: Sequence[str]) -> None:
    """Print what these files of ``--left-out-to`` hold."""
    # A module that cannot be loaded is left out by each of the runs: it counts once.
    lines = sorted({line for path in paths for line in Path(path).read_text("utf-8").splitlines()})
    print("\n".join(by_reason(tuple(line.split("\t", 1)) for line in lines)) or "none")


class _Watch:
    def __init__(self, expected: tuple[str, ...] | None, path: Path | None) -> None:
        self._expected = expected
        self._path = path
        self.left_out: list[tuple[str, str]] = []

    def unexpected(self) -> list[tuple[str, str]]:
        if self._expected is None:
            return []
        return [
            one
            for one in self.left_out
            if not any(fnmatchcase(one[0], pattern) for pattern in self._expected)
        ]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped:
            self.left_out.append((reason_of(report), report.nodeid))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.unexpected() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._path:
            with self._path.open("a", encoding="utf-8") as file:
                file.writelines(f"{reason}\t{name}\n" for reason, name in self.left_out)
        for title, found in (
            ("left out", self.left_out if self._path is None else []),
            (f"left out, and not expected by {OPTION}", self.unexpected()),
        ):
            if found:
                terminalreporter.section(f"{title}: {len(found)}")
                for line in by_reason(found):
                    terminalreporter.line(line)


def pytest_configure(config: pytest.Config) -> None:
    path = config.getoption(OPTION)
    try:
        expected = expected_reasons(path) if path else None
    except OSError as error:
        raise pytest.UsageError(f"{OPTION}: {path} cannot be read ({error.strerror})") from error
    watch = _Watch(expected, config.getoption("--left-out-to"))
    config.pluginmanager.register(watch, "left out")


if __name__ == "__main__":
    tell(sys.argv[1:])
