"""What somebody without a sound card is shown first: a person who is understood."""

import io

from rich.console import Console

from voiceguide.cli.rehearse import perform
from voiceguide.core.table import State
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.rehearsal.entries import Said, Uttered
from voiceguide.rehearsal.rehearsal import Scene


def test_every_command_of_the_demo_is_obeyed_when_it_is_said():
    shown = io.StringIO()
    done = perform(Scene(None, load_bundled()), Console(file=shown))
    uttered = [entry for entry in done.entries if isinstance(entry, Uttered)]
    said = [entry for entry in done.entries if isinstance(entry, Said)]
    assert done.ended
    words = ("quick", "go", "slower", "repeat", "hold on", "continue", "faster")
    assert [one.utterance.label for one in uttered] == list(words)
    assert {one.outcome.value for one in uttered} == {"obeyed"}
    assert done.summary.false_accepts == 0
    for one in uttered:
        assert f"person  “{one.utterance.label}” (obeyed)" in shown.getvalue()
        if one.utterance.state in (State.CHOOSING, State.READY):
            assert not any(each.at_seconds <= one.at_seconds < each.end_seconds for each in said)
