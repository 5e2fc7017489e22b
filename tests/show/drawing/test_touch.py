"""The hand that is shown is the one that is named, and it comes from where an arm can come."""

import xml.etree.ElementTree as ET

import pytest

from voiceguide.core.routine.routine import Hold, Mode, Side, Step, Stroke
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.show.drawing.figure import definitions, figure, scene
from voiceguide.show.drawing.hands import HANDS
from voiceguide.show.drawing.scenes import SCENES, WORDS, scene_of
from voiceguide.show.drawing.touch import HANDS as NAMES
from voiceguide.show.drawing.touch import hand, hand_of, is_behind, pressure_words, touches
from voiceguide.show.drawing.tracing import step_lines

LIBRARY = load_bundled()
STEPS = [(section, step) for each in LIBRARY.values() for section, step in each.steps()]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("both hands, flat", "palm"),
        ("index and middle finger of both hands", "two"),
        ("index and middle fingers, hooked", "hook"),
        ("fingertips of both hands", "fingertips"),
        ("fingers of both hands, flat", "fingertips"),
        ("thumb and index finger of both hands", "pinch"),
        ("heels of both hands", "heel"),
        ("knuckles of light fists", "fist"),
        ("ring fingers", "ring"),
        ("middle fingers", "middle"),
        ("gua sha stone, flat", "stone"),
        ("small roller", "roller"),
        ("", ""),
    ],
)
def test_hands_and_tools_have_their_pictures(words, kind):
    assert hand(words) == kind


def test_every_stroke_of_the_bundled_routines_is_done_by_a_hand_that_is_drawn():
    for _, step in STEPS:
        if step.stroke and step.stroke.hands:
            assert hand_of(step) in HANDS, step.stroke.hands
    assert {kind for _, kind in NAMES} <= set(HANDS)


def stroke(path, hands, side=Side.BOTH):
    return Step("a", "a", Mode.STROKE, ("Go.",), stroke=Stroke(3, 2, side, hands, path))


def test_either_hand_works_on_its_own_side_unless_it_reaches_over():
    own = stroke("chin → ear", "fingertips of both hands")
    left, right = touches(own, step_lines(own, "jaw"))
    assert (left.flip, right.flip) == (-1, 1)
    over = stroke("neck → tip of the shoulder", "right hand on the left shoulder")
    (across,) = touches(over, step_lines(over, "shoulders", Side.LEFT))
    assert across.flip == 1
    assert across.turn < -45, "it lies across"


def test_what_lies_behind_is_seen_from_behind():
    nape = stroke("circles in the hollows below the skull", "fingertips of both hands")
    assert is_behind(nape)
    assert not is_behind(stroke("chin → ear", "palm"))
    assert not is_behind(None)
    root = ET.fromstring(figure("shoulders", step_lines(nape, "shoulders"), behind=True))
    assert "#back" in {each.get("href") for each in root.iter("use")}


def test_a_hold_without_a_named_hand_takes_it_from_its_sentences():
    hold = Step("a", "a", Mode.HOLD, ("Cup your palms over your eyes.",), hold=Hold(5, path="eyes"))
    assert hand_of(hold) == "cup"


def test_how_hard_stands_alone():
    assert pressure_words("medium") == "medium pressure"
    assert pressure_words("feather light, no pulling") == "feather light, no pulling"
    assert pressure_words("") == ""


def test_every_step_that_is_no_stroke_has_a_scene_and_few_the_same():
    named = {scene_of(step) for _, step in STEPS if not (step.stroke or step.hold)}
    assert named <= set(SCENES)
    assert len(named) >= 14
    assert {name for _, name in WORDS} <= set(SCENES)


@pytest.mark.parametrize(
    ("name", "said", "wanted"),
    [
        ("cleansing oil", "Take a coin of it.", "cleanser"),
        ("foam", "Work it into a lather.", "lather"),
        ("rinse", "Rinse well, then pat dry.", "rinse"),
        ("lay the stone down", "Lay it aside.", "lay-stone"),
        ("warm serum", "Let drops fall.", "serum"),
        ("sunscreen", "Squeeze a line.", "sunscreen"),
        ("let it sink in", "Let your hands rest.", "rest"),
    ],
)
def test_a_scene_shows_what_the_step_is_about(name, said, wanted):
    assert scene_of(Step("a", name, Mode.SAY, (said,))) == wanted


def test_a_massage_of_the_hands_shows_two_hands():
    assert scene_of(stroke("wrist → fingertips", "thumb"), "hands") == "hands"


@pytest.mark.parametrize("name", SCENES)
def test_every_scene_is_well_formed_and_brings_all_that_it_uses(name):
    made = scene(name, "what is seen")
    root = ET.fromstring(f"<all>{made}<svg>{definitions(made)}</svg></all>")
    used = {each.get("href")[1:] for each in root.iter("use")}
    named = {each.get("id") for each in root.iter()}
    assert used <= named
    assert "style" not in {key for each in root.iter() for key in each.attrib}
