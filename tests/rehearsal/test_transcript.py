"""The transcript, the JSON and the picture of a made-up rehearsal."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.heard import Heard
from voiceguide.core.effects import Cue
from voiceguide.core.table import State
from voiceguide.rehearsal.entries import (
    Cued,
    Decided,
    Entered,
    Noted,
    Obeyed,
    Outcome,
    Placed,
    Said,
    Tuned,
    Uttered,
)
from voiceguide.rehearsal.person import SpokenLine
from voiceguide.rehearsal.picture import CUT, STATE_FILLS, WORD_INKS, timeline
from voiceguide.rehearsal.screenplay import parse_line
from voiceguide.rehearsal.summary import summarise
from voiceguide.rehearsal.transcript import json_text, summary_lines, transcript


def uttered(text, command, at, outcome):
    line = parse_line(text, "play:1", Path())
    return Uttered(SpokenLine(line, State.TELLING, at, at + 0.5), command, True, outcome)


def heard(text, command, at, cause="person"):
    phrase = Phrase(text, command) if command else None
    return Decided(Heard(text, phrase, "why not", at - 0.7, at - 0.2, at, 0.9, 21.0), cause)


ENTRIES = (
    Entered(0.0, State.TELLING),
    Placed(0.0, "neck", "up"),
    Said(0.5, 2.04, "Stroke <up> & out.", was_cut=True, heard="Stroke <up>"),
    uttered("1.2 next", Command.NEXT, 1.2, Outcome.OBEYED),
    heard("next", Command.NEXT, 2.0),
    Obeyed(2.0, Command.NEXT, None),
    Tuned(2.0, "strokes × 0.87"),
    Entered(2.0, State.PACING),
    Placed(2.0, "under-the-eyes", "tap"),
    Cued(2.0, Cue.HEARD),
    Cued(3.0, Cue.TICK),
    Cued(5.0, Cue.TICK),
    heard("[unk]", None, 6.0, cause="guide"),
    Cued(7.0, Cue.LAST),
    uttered("66 lovely weather", None, 66.0, Outcome.MISTAKEN),
    heard("louder", Command.LOUDER, 67.0),
    heard("stop", Command.STOP, 70.0, cause="guide"),
    Noted(80.0, "that is all"),
)


def test_the_transcript_tells_who_said_and_heard_what_when():
    lines = [line.plain for line in transcript(ENTRIES)]
    assert lines == [
        " 0:00.0  state   telling",
        " 0:00.0  step    neck › up",
        " 0:00.5  guide   Stroke <up> — (cut off at 0:02.0)",
        " 0:01.2  person  “next” (obeyed)",
        " 0:02.0  heard   “next” → next (why not; 0.20 s after, 0.90, +21 dB)",
        " 0:02.0  setting strokes × 0.87",
        " 0:02.0  state   pacing",
        " 0:02.0  step    under-the-eyes › tap",
        " 0:02.0  cue     heard, tick × 2, last",
        " 1:06.0  person  “lovely weather” (mistaken)",
        " 1:07.0  heard   “louder” → louder (why not; 0.20 s after, 0.90, +21 dB)",
        " 1:10.0  heard   “stop” → stop (why not; 0.20 s after, 0.90, +21 dB, from the guide)",
        " 1:20.0  note    that is all",
    ]


def test_the_summary_counts():
    summary = summarise(ENTRIES, 82.0)
    assert list(summary_lines(summary, 41.4)) == [
        "1:22.0 long, 1 sentence, 41 times faster than real time.",
        "1 command spoken, 1 obeyed, 0 missed, 0 taken for another, 1 other utterance, 1 obeyed, "
        "1 accepted though nobody spoke.",
        "Decided 0.20 s after the end of the word (median).",
    ]


def test_the_json_has_a_record_an_entry_and_a_summary():
    records = json.loads(json_text(ENTRIES, summarise(ENTRIES, 82.0), ended=True))
    assert len(records) == len(ENTRIES) + 1
    kinds = {record["kind"] for record in records}
    assert kinds == {
        "state",
        "step",
        "said",
        "uttered",
        "heard",
        "rejected",
        "command",
        "setting",
        "cue",
        "note",
        "summary",
    }
    assert [record["at_s"] for record in records] == sorted(record["at_s"] for record in records)
    assert records[3] == {
        "at_s": 1.2,
        "kind": "uttered",
        "end_s": 1.7,
        "text": "next",
        "command": "next",
        "state": "telling",
        "outcome": "obeyed",
    }
    assert records[-1]["ended"] is True


@pytest.fixture(scope="module")
def picture():
    return timeline(ENTRIES, 82.0, "A <small> session", "dry & quiet")


def test_the_picture_is_xml_with_every_lane(picture):
    root = ElementTree.fromstring(picture)
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "A <small> session" in texts
    assert {"neck", "under the eyes", "next", "lovely weather", "✕ stop"} <= set(texts)
    assert {"0:00", "1:00", "1:20"} <= set(texts)


def test_the_picture_colours_what_became_of_a_word(picture):
    root = ElementTree.fromstring(picture)
    inks = {
        element.text: element.get("fill")
        for element in root.iter("{http://www.w3.org/2000/svg}text")
    }
    assert inks["next"] == WORD_INKS[Outcome.OBEYED]
    assert inks["lovely weather"] == WORD_INKS[Outcome.MISTAKEN]
    fills = [element.get("fill") for element in root.iter("{http://www.w3.org/2000/svg}rect")]
    assert STATE_FILLS[State.PACING] in fills
    assert fills.count(CUT) == 2  # the sentence, and the legend


@pytest.mark.parametrize("seconds", [0.0, 5.0, 300.0, 1500.0, 7300.0])
def test_nothing_is_drawn_beyond_the_paper(seconds):
    entries = (Entered(0.0, State.READY), Said(0.0, seconds, "Hello."))
    root = ElementTree.fromstring(timeline(entries, seconds, "long"))
    width, height = float(root.get("width")), float(root.get("height"))
    for element in root.iter():
        for name, limit in (("x", width), ("x2", width), ("y", height), ("y2", height)):
            assert 0 <= float(element.get(name, 0)) <= limit
    assert height < 1800


def test_a_breath_is_a_wedge_that_rises_and_falls_over_the_rows_it_lasts():
    swells = (Cued(50.0, Cue.BREATHE_IN, 8.0), Cued(58.0, Cue.BREATHE_OUT, 6.0))
    root = ElementTree.fromstring(timeline((*ENTRIES, *swells), 82.0, "breath"))
    wedges = [
        element.get("points", "") for element in root.iter() if element.tag.endswith("polygon")
    ]
    drawn = [[tuple(map(float, pair.split(","))) for pair in one.split()] for one in wedges]
    _, rising, falling, rest = drawn  # the first is the legend
    assert rising[1][1] == rising[0][1] > rising[2][1]  # from the ground up
    assert falling[1][1] == rising[2][1] < falling[2][1] < falling[0][1]  # to the end of the row
    assert rest[1][1] == falling[2][1] + (rest[0][1] - falling[0][1])  # and on in the next one
    assert rest[2][1] == rest[0][1]
