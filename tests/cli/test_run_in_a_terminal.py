"""A live session typed in a terminal, wide and narrow: words stay whole, and nothing follows it."""

import sys

import pytest
from support.terminal import Terminal
from test_run import TINY, silent  # noqa: F401 # a fixture

DRAWN = set("─━▰▱▁▂▃▄▅▆▇█>")


def session(terminal):
    """Begin, ask something, end; gives the exit code."""
    assert terminal.wait_for("Say go"), terminal.text
    terminal.type("go")
    assert terminal.wait_for("Glide along"), terminal.text
    terminal.type("how long")
    assert terminal.wait_for("» how"), terminal.text
    terminal.type("banana")
    assert terminal.wait_for("no command"), terminal.text
    return terminal.close()


def words(lines):
    """But times, which differ from one session to another, and what is drawn."""
    every = {word.strip("…") for line in lines for word in line.split()}
    return {word for word in every if not set(word) & DRAWN and not any(map(str.isdigit, word))}


@pytest.mark.skipif(sys.platform != "linux", reason="sound is taken away by ALSA's settings")
@pytest.mark.parametrize(
    "widths", [(40,), pytest.param((40, 250), marks=pytest.mark.long)], ids=["narrow", "both"]
)
def test_words_stay_whole_in_a_session_and_its_end_is_quiet(silent, tmp_path, widths):  # noqa: F811
    """In a narrow one; and, beside it, in one so wide that no word of it can be broken."""
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    command = [sys.executable, "-m", "voiceguide", "run", str(tmp_path / "tiny.yaml")]
    terminals = {}
    for width in widths:
        home = tmp_path / str(width)
        own = {"XDG_DATA_HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
        terminals[width] = Terminal(command, width, silent | own)
    codes = [session(terminal) for terminal in terminals.values()]
    assert codes == [0] * len(widths)
    lines = terminals[40].lines
    too_long = [line for line in lines if len(line) > 40 and len(line.split()) > 1]
    assert not too_long, too_long
    if 250 in terminals:
        broken = words(lines) - words(terminals[250].lines)
        assert not broken, [line for line in lines if words([line]) & broken]
    for terminal in terminals.values():
        assert "Exception" not in terminal.text
        assert "Traceback" not in terminal.text
