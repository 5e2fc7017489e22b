"""A routine of one's own, chosen by its name: with the real voice and ears, in the room."""

from pathlib import Path

from support.own_routines import write_routine

from voiceguide.edge.files.shelf import open_shelf
from voiceguide.rehearsal.entries import Entered, Said
from voiceguide.rehearsal.rehearsal import Scene, rehearse
from voiceguide.rehearsal.screenplay import parse_screenplay
from voiceguide.settings.tables import RoutinesSettings, Settings

PLAY = """\
when choosing +1.2: finger school
when ready +1.2: go
"""


def test_its_name_starts_it_among_all_the_others(tmp_path):
    write_routine(tmp_path, "my-hands", "finger school")
    shelf = open_shelf(Settings(routines=RoutinesSettings(tmp_path)), None, {})
    done = rehearse(
        Scene(
            None,
            shelf.routines,
            screenplay=parse_screenplay(PLAY, "play", Path()),
        )
    )
    states = [entry.state.value for entry in done.entries if isinstance(entry, Entered)]
    said = [entry.text for entry in done.entries if isinstance(entry, Said)]
    assert states[:3] == ["choosing", "ready", "telling"]
    assert done.ended
    assert "Finger school." in said
    assert "Close both fists, gently." in said
    assert done.summary.wrong == 0
