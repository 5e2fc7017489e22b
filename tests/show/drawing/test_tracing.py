"""Paths in words become lines on the picture; what is not understood becomes none."""

import itertools
import xml.etree.ElementTree as ET

import pytest

from voiceguide.core.routine.routine import Hold, Mode, Side, Step, Stroke
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.files.routine_values import REGIONS
from voiceguide.show.drawing.figure import figure
from voiceguide.show.drawing.landmarks import HEIGHT, MIDDLE, PLACES, WIDTH, place
from voiceguide.show.drawing.tracing import Motion, lines, step_lines, svg_path, trace
from voiceguide.show.drawing.zones import BACK_ZONES, ZONES

IN_WORDS = {"up → down"}
"""Paths of bundled routines that no picture of a face could show."""


def spots(path, region=""):
    made = trace(path, region)
    assert made
    return [next(n for n, spot in PLACES.items() if spot == each) for each in made.spots]


@pytest.mark.parametrize("name", PLACES)
def test_every_place_is_found_by_its_name_and_lies_on_the_picture(name):
    for words in (name, f"the {name}s", name.upper()):
        assert place(words) == PLACES[name], words
    assert 0 <= PLACES[name].out <= MIDDLE
    assert 0 <= PLACES[name].down <= HEIGHT


def test_a_path_goes_from_by_way_of_to():
    assert spots("chin → earlobe, along the jaw") == ["chin", "jawline", "earlobe"]
    assert spots("outer corner, under the eye → nose") == ["outer corner", "under the eye", "nose"]
    assert spots("temples → ears → upper chest") == ["temple", "ear", "upper chest"]


def test_what_goes_without_saying_is_passed():
    assert spots("chin → ears") == ["chin", "jawline", "ear"]
    assert spots("temples → ears → collarbones") == [
        *("temple", "ear", "side of the neck", "collarbone")
    ]


def test_the_centre_is_that_of_the_region():
    assert trace("centre → temples", "forehead").spots[0].down < 80
    assert trace("centre → ears", "neck").spots[0].down > 190


@pytest.mark.parametrize(
    ("path", "motion"),
    [
        ("chin → ear", Motion.GLIDE),
        ("small circles in front of the ears", Motion.CIRCLE),
        ("circles on the orbital bone", Motion.CIRCLE),
        ("all over the forehead", Motion.ZIGZAG),
        ("between the brows", Motion.PRESS),
    ],
)
def test_the_kind_of_movement_is_read_from_the_words(path, motion):
    assert trace(path).motion is motion


@pytest.mark.parametrize(
    "path",
    ["", "→", "chin →", "→ chin", "up → down", "wrist → elbow", "chin → elbow", "chin → chin", "*"],
)
def test_what_is_not_understood_is_not_drawn(path):
    assert trace(path) is None


def test_left_is_left_as_in_a_mirror():
    made = trace("side of the nose → temple")
    (left,), (right,) = lines(made, Side.LEFT), lines(made, Side.RIGHT)
    assert all(x < MIDDLE for x, _ in left.points)
    assert [(2 * MIDDLE - x, y) for x, y in left.points] == list(right.points)
    assert lines(made, Side.BOTH) == lines(made, Side.LEFT_THEN_RIGHT) == (left, right)


def test_a_stroke_across_ends_on_the_other_half():
    (line,) = lines(trace("one side of the neck → the other, level"), Side.LEFT)
    (start, _), (end, _) = line.points
    assert start < MIDDLE < end


def test_circles_turn_outward_on_either_half():
    (left, right) = lines(trace("circles on the temples"), Side.BOTH)
    assert left.points[1][0] < left.points[0][0], "from the top toward the ear"
    assert right.points[1][0] > right.points[0][0]


def test_both_hands_meet_where_the_place_is_in_the_middle():
    assert len(lines(trace("between the brows"), Side.BOTH)) == 1


def test_a_smooth_path_passes_its_points():
    points = ((0.0, 0.0), (10.0, 5.0), (20.0, 0.0))
    assert svg_path(points).startswith("M0.0,0.0C")
    for x, y in points[1:]:
        assert f" {x:.1f},{y:.1f}" in svg_path(points)
    assert svg_path(points, is_closed=True).endswith("0.0,0.0Z")


def test_steps_without_a_picture_have_no_lines():
    tell = Step("a", "a", Mode.SAY, ("Sit.",))
    assert step_lines(tell, "neck") == ()
    hold = Step("a", "a", Mode.HOLD, ("Press.",), hold=Hold(5, path="temples"))
    assert len(step_lines(hold, "eyes")) == 2
    stroke = Step("a", "a", Mode.STROKE, ("Go.",), stroke=Stroke(3, 2, path="chin → ear"))
    assert len(step_lines(stroke, "jaw", Side.LEFT)) == 1


def test_every_path_of_the_bundled_routines_can_be_drawn_inside_the_picture():
    drawn = 0
    for routine in load_bundled().values():
        for section, step in routine.steps():
            if step.stroke and step.stroke.path not in IN_WORDS:
                made = step_lines(step, section.region)
                assert made, f"{routine.id}: {step.stroke.path}"
                points = [point for line in made for point in line.points]
                assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in points)
                drawn += 1
    assert drawn > 50


def stroke(name, path, hands=""):
    return Step("a", name, Mode.STROKE, ("Go.",), stroke=Stroke(3, 2, path=path, hands=hands))


@pytest.mark.parametrize(
    ("name", "path", "motion"),
    [
        ("zig-zag", "brows → hairline, across the forehead", Motion.ZIGZAG),
        ("tapping", "orbital bone, inner corner → temple", Motion.TAP),
        ("forehead taps", "all over the forehead", Motion.TAP),
        ("smile-line pinch", "sides of the nose → corners of the mouth", Motion.PINCH),
        ("feather circles", "orbital bone, inner corner → temple", Motion.LOOP),
        ("temple circles", "circles on the temples", Motion.CIRCLE),
        ("nape strokes", "sides of the nape, squeezing inward", Motion.GLIDE),
        ("sideways sweep", "one side of the neck → the other, level", Motion.GLIDE),
    ],
)
def test_a_step_is_drawn_in_its_manner(name, path, motion):
    drawn = step_lines(stroke(name, path), "forehead")
    assert {line.motion for line in drawn} == {motion}


def test_a_zig_zag_goes_to_and_fro_outward():
    (left, right) = step_lines(
        stroke("zig-zag", "brows → hairline, across the forehead"), "forehead"
    )
    xs, ys = zip(*right.points, strict=True)
    assert list(xs) == sorted(xs)
    turns = [b - a for a, b in itertools.pairwise(ys)]
    assert all(a * b < 0 for a, b in itertools.pairwise(turns))
    assert left.is_left
    assert "C" not in right.d, "with corners"


def test_squeezing_inward_goes_inward():
    (left, right) = step_lines(
        stroke("nape strokes", "sides of the nape, squeezing inward"), "neck"
    )
    assert left.points[0][0] < left.points[1][0] < right.points[1][0] < right.points[0][0]


def test_zones_of_the_picture_are_regions_of_the_format():
    assert set(ZONES) < set(REGIONS)
    assert set(BACK_ZONES) < set(REGIONS)


@pytest.mark.parametrize("region", [*REGIONS, "", "elbow"])
def test_a_figure_is_well_formed_and_lights_at_most_one_zone(region):
    made = lines(trace("chin → ear"), Side.BOTH)
    root = ET.fromstring(figure(region, made, "Chin & ear <'\">"))
    assert root.get("aria-label") == "Chin & ear <'\">"
    lit = [node for node in root.iter() if node.get("class") == "zone lit"]
    assert [node.get("data-zone") for node in lit] == ([region] if region in ZONES else [])
    assert sum(node.get("class") == "stroke" for node in root.iter()) == 2
