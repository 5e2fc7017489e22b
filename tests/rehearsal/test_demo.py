"""What somebody without a sound card is shown first: a person who is understood."""

import pytest

from voiceguide.core.table import State
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.rehearsal.entries import Said, Uttered
from voiceguide.rehearsal.rehearsal import Scene, rehearse


@pytest.mark.parametrize(("routine_id", "seed"), [(None, 0), ("quick", 1)])
def test_every_command_of_the_demo_is_obeyed_when_it_is_said(routine_id, seed):
    done = rehearse(Scene(routine_id, load_bundled(), seed=seed))
    uttered = [entry for entry in done.entries if isinstance(entry, Uttered)]
    said = [entry for entry in done.entries if isinstance(entry, Said)]
    assert done.ended
    assert [(one.utterance.label, one.outcome.value) for one in uttered] == [
        *([("quick", "obeyed")] if routine_id is None else []),
        *((words, "obeyed") for words in ("go", "slower", "repeat", "hold on", "continue")),
        ("faster", "obeyed"),
    ]
    assert done.summary.false_accepts == 0
    for one in uttered:
        if one.utterance.state in (State.CHOOSING, State.READY):
            assert not any(each.at_seconds <= one.at_seconds < each.end_seconds for each in said)
