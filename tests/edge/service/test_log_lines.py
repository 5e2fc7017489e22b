"""The log, for systemd's journal and for a terminal; in a process of its own."""

import subprocess
import sys

CODE = """
import logging, sys
from voiceguide.edge.service.log_lines import set_up_log

set_up_log("info", {"JOURNAL_STREAM": "8:1"} if sys.argv[1] == "journal" else {})
log = logging.getLogger("voiceguide.session")
log.info("two\\nlines")
log.warning("the disk is full")
log.debug("not shown")
logging.getLogger("another").info("not shown either")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("broken")
"""


def logged(where):
    done = subprocess.run([sys.executable, "-c", CODE, where], capture_output=True, text=True)
    return done.stderr.splitlines()


def test_in_the_journal_each_line_begins_with_its_priority():
    lines = logged("journal")
    assert lines[:4] == ["<6>two", "<6>lines", "<4>the disk is full", "<3>broken"]
    assert all(line.startswith("<3>") for line in lines[4:])
    assert lines[-1] == "<3>ZeroDivisionError: division by zero"


def test_elsewhere_lines_have_a_time_and_a_name():
    lines = logged("terminal")
    assert lines[0].endswith(" voiceguide.session two")
    assert lines[0][:2] == "20"


STUCK = """
import logging
from voiceguide.edge.service.log_lines import dropped_lines, set_up_log

set_up_log("debug", {})
log = logging.getLogger("voiceguide.session")
for number in range(10_000):
    log.debug("%d %s", number, "x" * 100)
print(dropped_lines(), flush=True)
"""


def test_lines_that_nobody_takes_are_counted():
    command = [sys.executable, "-c", STUCK]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **streams) as stuck:
        dropped = int(stuck.stdout.readline())  # before anybody reads what it logs
        written = len(stuck.stderr.readlines())
    assert 5_000 < dropped < 10_000
    assert written + dropped <= 10_000
