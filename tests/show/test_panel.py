"""The terminal's live display: what its lines say in every situation, and at any width."""

import io

import pytest
from rich.console import Console
from support.viewing import Seen

from voiceguide.core.events import Fault, Faulted, NoiseChanged
from voiceguide.core.table import State
from voiceguide.edge.files.routine_file import load_routine
from voiceguide.show.panel import NARROW_COLUMNS, Panel, draw


def shown(play, noise_dbfs=-60.0, width=80, after=0.0):
    console = Console(file=io.StringIO(), width=width)
    is_narrow = width < NARROW_COLUMNS
    console.print(draw(play.seen(), play.now + after, noise_dbfs, is_narrow=is_narrow))
    return console.file.getvalue()


def at_step(step, **more):
    play = Seen(**more)
    play.at(12, "start")
    while play.session.snapshot().step_id != step:
        play.say("next", after=0.5)
    return play


def test_before_a_routine_is_chosen_its_names_are_the_words():
    play = Seen(routine_id=None)
    play.until(1)
    text = shown(play)
    assert "Which routine?" in text
    assert "say  small routine · other routine" in text


def test_strokes_are_counted_with_a_bar_and_their_side():
    play = at_step("glide")
    play.until_state(State.PACING)
    play.until(play.now + 4)
    text = shown(play)
    assert "2/2 jaw" in text
    assert "glide  1 of 3 ▰" in text or "glide  2 of 3 ▰" in text
    assert "left side" in text
    assert "then press" in text
    assert "left\n" in text.splitlines()[1] + "\n"


def test_a_timer_of_ones_own_has_a_line_as_long_as_it_runs():
    play = at_step("glide")
    assert "your timer" not in shown(play)
    play.say("timer", minutes=3)
    assert "your timer  3:00" in shown(play)
    assert "your timer  2:25" in shown(play, after=35, width=40)
    play.say("timer_off", after=1)
    assert "your timer" not in shown(play)


def test_waits_timers_pauses_and_holds():
    play = at_step("rinse")
    play.until_state(State.WAITING)
    assert "waiting for you" in shown(play)
    play = at_step("settle")
    play.until_state(State.WAITING)
    assert "settle  90 s" in shown(play)
    assert "settle  60 s" in shown(play, after=30)
    assert "settle  0 s" in shown(play, after=300)
    play.say("pause", after=1)
    assert "resting · settle" in shown(play)
    play = at_step("press")
    play.until_state(State.PACING)
    play.until(play.now + 3)
    assert "press  hold ▰" in shown(play)


def test_a_breath_fills_and_empties():
    library = {"breathing": load_routine("breathing")}
    play = Seen(library=library, routine_id="breathing")
    play.at(20, "start")
    while not (play.seen().breath and play.seen().session.counted.number) and play.now < 300:
        play.until(play.now + 0.5)
    period = play.seen().session.counted.period_seconds
    start = play.seen().session.counted.onset_seconds - play.now
    bars = [shown(play, after=start + share * period) for share in (0.02, 0.45, 0.6, 0.98)]
    ways = ["in" if "breathe in" in bar else "out" for bar in bars]
    lines = [next(line for line in bar.splitlines() if "breathe" in line) for bar in bars]
    assert ways == ["in", "in", "out", "out"]
    assert lines[0].count("▰") < lines[1].count("▰") > lines[3].count("▰")


def test_the_last_command_is_shown_for_a_while():
    play = at_step("up")
    assert "heard “next”" in shown(play)
    assert "heard" not in shown(play, after=20)


def test_faults_and_noise():
    play = at_step("up")
    assert "noise " in shown(play)
    assert "noise" not in shown(play, noise_dbfs=None)
    play.tell(Faulted(Fault.MICROPHONE))
    play.tell(NoiseChanged(True))
    assert "! microphone" in shown(play)
    assert "too loud to hear you" in shown(play)


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("noise_dbfs", [float("-inf"), -200.0, 0.0, None])
def test_no_line_is_wider_than_the_terminal(width, noise_dbfs):
    play = at_step("glide")
    for line in shown(play, noise_dbfs, width).splitlines():
        assert len(line) <= width


@pytest.mark.parametrize("width", [40, 60, 80])
def test_no_word_is_broken_and_in_a_narrow_terminal_all_of_the_place_is_read(width):
    library = {"serum-ritual": load_routine("serum-ritual")}
    play = Seen(library=library, routine_id="serum-ritual")
    play.at(20, "start")
    seen = 0
    while play.seen().session.state is not State.ENDED and seen < 60:
        whole = set(shown(play, width=400).split())
        text = shown(play, width=width)
        broken = [
            word
            for word in text.replace("…", " ").split()
            if word not in whole and not set(word) & set("─▰▱━")
        ]
        assert not broken, text
        section = play.seen().session.section
        if width == 40 and section:
            read = " ".join(text.split())
            assert "…" not in text
            for name in (section.name, play.seen().step):
                assert all(word in read for word in name.split()), text
        seen += 1
        play.say("next", after=0.5)
    assert seen > 20


def test_lines_stay_above_the_panel_and_the_terminal_is_left_as_it_was():
    play = at_step("glide")
    console = Console(file=io.StringIO(), force_terminal=True, width=60, color_system=None)
    with Panel(console, lambda: play.now, lambda: None) as panel:
        panel.show(play.seen())
        console.print("a line")
    text = console.file.getvalue()
    assert "a line" in text
    assert text.rstrip().endswith(("\x1b[2K", "\x1b[?25h")), "the panel is wiped at the end"
    assert text.count("\x1b[?25l") == text.count("\x1b[?25h") == 1, "the cursor is back"


@pytest.mark.parametrize("width", [20, 40, 80])
def test_what_is_being_typed_shows_at_a_prompt(width):
    play = at_step("glide")
    console = Console(file=io.StringIO(), width=width)
    for typed, line in (("", ">"), ("whe", "> whe"), ("say it again " * 9, "again")):
        console.print(draw(play.seen(), play.now, None, typed))
        lines = console.file.getvalue().splitlines()
        assert lines[-1].rstrip().endswith(line)
        assert max(map(len, lines)) <= width
    assert "> " not in shown(play, width=width), "nothing can be typed"
