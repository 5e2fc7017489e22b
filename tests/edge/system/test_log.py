"""Log lines: a subject, a verb and fields; every line of the package has that form."""

import ast
import logging
import re

import pytest
from support.places import ROOT

from voiceguide.edge.system.log import Log, line

LEVELS = ("debug", "info", "warning", "error", "exception")
WORDS = re.compile(r"[a-z]+( [a-z]+)*")
FILES = sorted((ROOT / "voiceguide").rglob("*.py"))
SETS_UP = {
    *("cli/fleet_broker.py", "edge/devices/native_lines.py", "edge/service/log_lines.py"),
    *("edge/system/log.py", "live/upkeep.py", "show/page/server.py"),
}
"""Those that set loggers up, or ask for the handlers that there are."""


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "session asleep"),
        ({"reason": "silence"}, "session asleep reason=silence"),
        ({"reason": "no word\nfor long"}, 'session asleep reason="no word for long"'),
        ({"word": "“go” = 1"}, 'session asleep word="“go” = 1"'),
        ({"text": 'say "go"'}, 'session asleep text="say \\"go\\""'),
        ({"text": "no\\nsuch \x1b[0m"}, 'session asleep text="no\\nsuch ?[0m"'),
        ({"empty": "", "gone": None}, 'session asleep empty=""'),
        ({"seconds": 0.25, "whole": 2.0}, "session asleep seconds=0.25 whole=2"),
        ({"loud": True, "count": 3}, "session asleep loud=yes count=3"),
        ({"live": ["next", "back"]}, 'session asleep live="next, back"'),
    ],
)
def test_a_line_is_a_subject_a_verb_and_fields(fields, expected):
    assert line("session", "asleep", fields) == expected


def test_levels_and_names_are_those_of_the_log(caplog):
    log = Log("session")
    with caplog.at_level(logging.INFO, logger="voiceguide"):
        log.debug("not", "shown")
        log.info("disk", "full", share="100%")
        try:
            raise OSError("gone")
        except OSError:
            log.exception("journal", "failed")
        assert not log.shows_debug
    first, second = caplog.records
    assert (first.name, first.getMessage()) == ("voiceguide.session", "disk full share=100%")
    assert (second.levelname, second.exc_info[0]) == ("ERROR", OSError)


def calls(tree):
    """Every call of a log in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            is_log = isinstance(owner, ast.Name) and owner.id in ("_log", "log", "logging")
            if is_log and node.func.attr in LEVELS:
                yield node


def form_of(call):
    """What is wrong with a call, or None."""
    subject, verb = (*call.args, None, None)[:2]
    if call.func.value.id != "_log" or len(call.args) != 2:
        return "it takes a subject and a verb of `_log`"
    if not isinstance(verb, ast.Constant) or not WORDS.fullmatch(verb.value):
        return "its verb is a few plain words"
    if isinstance(subject, ast.Constant) and not re.fullmatch("[a-z]+", subject.value):
        return "its subject is one plain word"
    if isinstance(subject, ast.JoinedStr) or any(word.arg is None for word in call.keywords):
        return "what varies stands in fields"
    return None


@pytest.mark.parametrize(
    "code",
    [
        '_log.info("the disk is full")',
        '_log.info("disk", f"full {x}")',
        '_log.info("Disk", "full")',
        '_log.info(f"{x}", "full")',
        'logging.info("disk", "full")',
        '_log.warning("%s", "full")',
        '_log.warning("disk", "full", x)',
    ],
)
def test_another_form_is_noticed(code):
    (call,) = calls(ast.parse(code))
    assert form_of(call)


def test_every_log_call_of_the_package_has_the_form():
    seen, wrong = 0, []
    for path in FILES:
        text = path.read_text("utf-8")
        for call in calls(ast.parse(text)) if "log" in text else ():
            seen += 1
            if form_of(call):
                wrong.append(f"{path.relative_to(ROOT)}:{call.lineno}: {form_of(call)}")
    assert wrong == []
    assert seen > 50


def test_nobody_else_makes_a_logger():
    found = {
        str(path.relative_to(ROOT / "voiceguide"))
        for path in FILES
        if "getLogger(" in path.read_text("utf-8")
    }
    assert found == SETS_UP
