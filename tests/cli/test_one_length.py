"""Whatever tells how long a routine takes tells the same."""

import json
import re
import shlex
from html import unescape

import pytest
from support.places import ROOT

from voiceguide.__main__ import main
from voiceguide.core.effects import Say
from voiceguide.core.events import SpeechEnded, Started
from voiceguide.core.routine.breath import parse_breath
from voiceguide.core.routine.routine import Profile, When
from voiceguide.core.routine.selection import select
from voiceguide.core.routine.variants import depends_on_hour
from voiceguide.core.session.preferences import Manner
from voiceguide.core.session.session import Session
from voiceguide.core.wording import how_long, minutes
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import bundled_routines, load_routine

BOOK = load_phrasebook()
OPTIONS = ("", "--when morning", "--when evening", "--breathing box", "--skin rosacea")


def told(capsys, line: str) -> str:
    assert main(shlex.split(line)) == 0
    return capsys.readouterr().out


def seconds(text: str) -> list[int]:
    """The lengths in a text such as ``14 min to 16 min 15 s``, in seconds."""
    found = re.findall(r"\b(?:(\d+) min)?(?:(?: |\b)(\d+) s)?\b", text)
    return [60 * int(m or 0) + int(s or 0) for m, s in found if m or s]


def head(capsys, options: str) -> list[int]:
    """Shortest and longest as `show` tells them; the same twice where there is one."""
    line = told(capsys, f"show {options}").splitlines()[0]
    assert ("by the time of day" in line) == (len(seconds(line)) == 2)
    return (seconds(line) * 2)[:2]


def introduction(routine, manner: Manner | None = None) -> list[str]:
    """What the guide says before "go"."""
    session = Session({routine.id: routine}, BOOK, routine_id=routine.id, manner=manner)
    said, at, effects = [], 0.0, session.handle(Started(), 0.0)
    while says := [effect for effect in effects if isinstance(effect, Say)]:
        said += [say.text for say in says]
        at += 1.0
        effects = session.handle(SpeechEnded(says[-1].utterance_id, at), at)
    return said


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("name", bundled_routines())
def test_a_routine_has_one_length_wherever_it_is_told(name, options, tmp_path, capsys):
    least, most = head(capsys, f"{name} {options}")
    described = json.loads(told(capsys, f"show {name} {options} --json"))
    lengths = [*described["seconds_by_time"].values()]
    assert [min(lengths), max(lengths)] == pytest.approx([least, most], abs=0.51)

    page = tmp_path / "card.html"
    told(capsys, f"card {name} {options} -o {page}")
    spans = [minutes(seconds) for seconds in (min(lengths), max(lengths))]
    written = unescape(re.search(r"<p class='length'>(.*?);", page.read_text("utf-8"))[1])
    assert written.startswith(spans[0].removesuffix(" minutes"))
    assert spans[1].removeprefix("about ") in written

    when = re.search(r"--when (\w+)", options)
    skin = load_routine(name) if "skin" not in options else None
    if skin is None:
        return
    routine = select(skin, Profile(when=When(when[1]) if when else None))
    breath = parse_breath("box") if "box" in options else None
    hours = tuple(When) if depends_on_hour(routine) else (None,)
    for hour in (When(when[1]),) if when else hours:
        told_at = introduction(routine, Manner(breath, when=hour))
        length = described["seconds_by_time"].get(hour and hour.value, described["seconds"])
        assert told_at[2] == how_long(length)
    if options:
        return
    listed = {each["id"]: each for each in json.loads(told(capsys, "routines --json"))}
    assert listed[name]["seconds"] == [min(lengths), max(lengths)]
    row = next(line for line in told(capsys, "routines").splitlines() if line.startswith(name))
    whole = sorted({max(1, round(each / 60)) for each in lengths})
    span = re.search(r"  ([\d–]+) min ", row)[1]
    assert [*map(int, span.split("–"))] == [whole[0], whole[-1]][: len(span.split("–"))]
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"| “{routine.name}” | {span} min |" in readme
    checked = told(capsys, f"check {name}")
    assert (seconds(checked.split(", ")[-1]) * 2)[:2] == [least, most]


def test_a_session_that_is_to_last_some_minutes_says_so():
    said = introduction(load_routine("breathing"), Manner(length_seconds=600.0))
    assert said[2] == "About ten minutes."
