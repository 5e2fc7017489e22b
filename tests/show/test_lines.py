"""A line for a person: whole words, every bracket, and nothing that a terminal would obey."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from rich.console import Console
from rich.text import Text

from voiceguide.show.lines import LateConsole, fitted, harmless, print_line

PATH = "/home/somebody/a-folder[b]/with-a-long-name[/b]/and-another/session.wav"


def printed(text, columns=40, terminal=True):
    console = Console(file=io.StringIO(), width=columns, force_terminal=terminal, color_system=None)
    print_line(console, text)
    return console.file.getvalue()


@pytest.mark.parametrize("terminal", [True, False])
def test_a_path_stays_whole_brackets_and_all(terminal):
    lines = printed(f"Its sound is in {PATH}, as you asked.", terminal=terminal).splitlines()
    if terminal:
        assert lines == ["Its sound is in", f"{PATH},", "as you asked."]
    else:
        assert lines == [f"Its sound is in {PATH}, as you asked."]


def test_colours_and_the_indent_stay():
    line = Text("   ✓ ", "green").append("wide 字 " * 8)
    lines = printed(line).splitlines()
    assert lines[0].startswith("   ✓ wide 字")
    assert "".join(lines).count("字") == 8
    assert all(Text(each).cell_len <= 40 for each in lines)


@pytest.mark.parametrize("sign", ["\x1b[31m", "\x07", "\u202e", "\x9b2J", "\u2028", "\r"])
def test_what_a_terminal_would_obey_never_reaches_it(sign):
    for shown in (harmless(f"a{sign}b"), fitted(f"a{sign}b"), printed(f"a{sign}b").rstrip("\n")):
        assert not set(shown) & set("\x1b\x07\u202e\x9b\u2028\r")
    assert (
        harmless("two\nlines, a\ttab, a no\u00a0break, é")
        == "two\nlines, a\ttab, a no\u00a0break, é"
    )


def test_a_late_console_is_a_console_from_its_first_use(capsys):
    console = LateConsole()
    with console:  # as a panel does
        print_line(console, "one [b] two")
    assert not console.is_terminal
    assert capsys.readouterr().out == "one [b] two\n"


def test_two_threads_share_one_late_console():
    console, met = LateConsole(), threading.Barrier(8)

    def ask(_: int) -> Console:
        met.wait()
        return console.push_theme.__self__  # the real one

    with ThreadPoolExecutor(8) as pool:
        assert len(set(map(id, pool.map(ask, range(8))))) == 1
