"""What the live guide prints: times that go on, sentences that were cut, whole words."""

import io

from rich.console import Console
from support.playing import Play

from voiceguide.core.commands import Command
from voiceguide.core.effects import Cue, Hush, PlayCue, Say
from voiceguide.core.events import CommandHeard, SpeechEnded
from voiceguide.core.session.snapshot import Snapshot
from voiceguide.core.table import State
from voiceguide.loop import Moment
from voiceguide.show.console import Display


def shown(*moments, width=80, terminal=False):
    out = io.StringIO()
    display = Display(Console(file=out, width=width, force_terminal=terminal, color_system=None))
    for at, event, effects in moments:
        display.show(Moment(at, event, effects, Snapshot(State.TELLING)))
    return out.getvalue().splitlines()


GO = CommandHeard(Command.NEXT)


def test_times_never_run_backwards():
    lines = shown(
        (1.0, GO, (Say(1, "First.", 3.0),)), (2.0, GO, ()), (1.9, SpeechEnded(1, 1.9), ()),
        (2.5, GO, (Say(2, "Second.", 2.5),)),
    )  # fmt: skip
    times = [line.split()[0] for line in lines]
    assert times == sorted(times) == ["0:01.0", "0:01.0", "0:02.0", "0:02.5", "0:02.5"]


def test_a_sentence_that_was_cut_is_shown_cut_and_one_that_ended_is_not():
    lines = shown(
        (1.0, GO, (Say(1, "Whole.", 1.0),)), (2.0, SpeechEnded(1, 2.0), ()),
        (2.0, GO, (Say(2, "This one is going to be cut in its middle.", 2.0),)),
        (3.0, GO, (Hush(),)),
    )  # fmt: skip
    cut = [line for line in lines if "cut off" in line]
    assert len(cut) == 1
    assert "cut off: This one is going to be cut …" in cut[0]


def test_a_narrow_terminal_breaks_no_word():
    sentence = "Pinch along the smile lines, little by little, upward and outward."
    lines = shown((1.0, GO, (Say(1, sentence, 1.0),)), width=30, terminal=True)
    words = " ".join(" ".join(lines).split())
    assert sentence in words
    assert len(lines) > 2


def test_a_command_that_means_nothing_now_is_not_shown_as_obeyed():
    lines = shown((1.0, GO, ()), (2.0, GO, (PlayCue(Cue.HEARD, 2.0),)))
    assert [line.split("  ", 1)[1].strip() for line in lines] == [
        "“next” means nothing now.",
        "» next",
    ]


def test_what_a_session_obeys_is_told_from_what_it_does_not():
    session = Play(routine_id=None).session
    found = {}
    for command in (Command.RESUME, Command.TIMER, Command.HELP, Command.LOUDER, Command.UNDO):
        event = CommandHeard(command)
        moment = Moment(9.0, event, tuple(session.handle(event, 9.0)), session.snapshot())
        found[command.value] = moment.was_obeyed
    assert found == {"resume": False, "timer": False, "help": True, "louder": True, "undo": True}
