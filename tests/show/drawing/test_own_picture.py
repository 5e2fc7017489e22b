"""A routine that is not about the face brings a picture of its own."""

import xml.etree.ElementTree as ET

import pytest
from support.own_picture import FEET

from voiceguide.core.errors import RoutineError
from voiceguide.core.routine.routine import Side
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_routine
from voiceguide.show.drawing.card import card
from voiceguide.show.drawing.figure import figure
from voiceguide.show.drawing.tracing import step_lines


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "feet.yaml"
        path.write_text(text, "utf-8")
        return load_routine(path)

    return read


def test_its_places_are_drawn_and_those_of_the_face_are_not(read):
    feet = read(FEET)
    long, circles, chin = feet.sections[0].steps
    (left,) = step_lines(long, "feet", Side.LEFT, feet.picture)
    assert left.points == ((85, 260), (82, 40))
    assert len(step_lines(circles, "feet", picture=feet.picture)) == 2
    assert step_lines(chin, "feet", picture=feet.picture) == ()
    assert step_lines(chin, "feet") != ()


def test_the_figure_is_its_own(read):
    feet = read(FEET)
    root = ET.fromstring(figure("feet", (), picture=feet.picture))
    drawn = [node.get("d") for node in root.iter("path")]
    assert len(drawn) == 4
    assert drawn[-1] == feet.picture.outline[-1]
    assert len(list(ET.fromstring(figure("neck", (), picture=feet.picture)).iter("path"))) == 2


def test_the_card_shows_it(read):
    made = card(read(FEET), load_phrasebook())
    assert "M150,30 C180,60 170,230 150,270" in made
    assert "data-zone" not in made.partition("<body>")[2]


@pytest.mark.parametrize(
    ("line", "instead", "message"),
    [
        ("- M90,30 C60,60 70,230 90,270", "- <script>alert(1)</script>", "SVG path data"),
        ("- M90,30 C60,60 70,230 90,270", "- url(https://evil.example)", "SVG path data"),
        ("- M90,30 C60,60 70,230 90,270", f"- M{'1 ' * 3000}", "SVG path data"),
        ("heel: [35, 260]", "heel: [35]", "[out, down]"),
        ("heel: [35, 260]", "heel: [350, 260]", "[out, down]"),
        ("heel: [35, 260]", "heel: here", "heel"),
        ("feet: [", "hooves: [", "hooves"),
        ("outline:", "outlines:", "did you mean `outline`"),
    ],
)
def test_what_is_no_picture_is_refused_with_its_place(read, line, instead, message):
    assert line in FEET
    with pytest.raises(RoutineError) as told:
        read(FEET.replace(line, instead, 1))
    assert message in str(told.value)
    assert "feet.yaml:" in str(told.value)
