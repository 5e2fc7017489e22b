"""What a person hears of a routine, and what would make no sense to them."""

from dataclasses import replace

import pytest

from voiceguide.core.routine.routine import (
    Conditions,
    Mode,
    Profile,
    Routine,
    Section,
    Side,
    Skin,
    Step,
    Stroke,
    When,
)
from voiceguide.core.routine.selection import applies, select
from voiceguide.core.routine.variants import troubles

ALWAYS = Conditions()
MORNING = Conditions(when=When.MORNING)
EVENING = Conditions(when=When.EVENING)


def step(step_id: str, conditions: Conditions = ALWAYS, side: Side = Side.BOTH) -> Step:
    return Step(
        step_id,
        step_id,
        Mode.STROKE,
        ("Stroke.",),
        stroke=Stroke(3, 2.0, side),
        conditions=conditions,
    )


def routine(*sections: Section) -> Routine:
    return Routine("r", "r", "A routine.", sections)


def ids(selected: Routine) -> list[str]:
    return [f"{section.id}/{one.id}" for section, one in selected.steps()]


def test_a_condition_on_the_time_fails_only_against_the_other_time():
    assert applies(MORNING, Profile(when=When.MORNING))
    assert not applies(MORNING, Profile(when=When.EVENING))
    assert applies(MORNING, Profile())


def test_conditions_on_skin_and_tool():
    rosy = Profile(skin=(Skin.ROSACEA,))
    assert applies(Conditions(skin=(Skin.ROSACEA, Skin.SENSITIVE)), rosy)
    assert not applies(Conditions(skin=(Skin.ACNE,)), rosy)
    assert not applies(Conditions(not_skin=(Skin.ROSACEA,)), rosy)
    assert not applies(Conditions(tool="roller"), rosy)
    assert applies(Conditions(tool="roller"), Profile(tool="roller"))
    by_hand = Conditions(not_tool=("roller", "gua-sha"))
    assert applies(by_hand, Profile())
    assert not applies(by_hand, Profile(tool="gua-sha"))


def test_the_pressure_for_a_skin_takes_the_place_of_every_strokes_own():
    firm = replace(step("firm"), stroke=Stroke(3, 2.0, pressure="firm"))
    whole = replace(
        routine(Section("s", "s", (firm, step("plain")))),
        pressure_for=((Skin.ROSACEA, "almost weightless"), (Skin.SENSITIVE, "light")),
    )

    def pressures(*skin: Skin) -> list[str]:
        return [one.stroke.pressure for _, one in select(whole, Profile(skin=skin)).steps()]

    assert pressures() == pressures(Skin.ACNE) == ["firm", ""]
    assert pressures(Skin.SENSITIVE) == ["light", ""]
    assert pressures(Skin.SENSITIVE, Skin.ROSACEA) == ["almost weightless", ""]


def test_what_only_a_tool_leaves_out_is_tried_too():
    by_hand = Section("hand", "hand", (step("up", Conditions(not_tool=("roller",))),))
    other = Section("other", "other", (step("down"),))
    ((index, why),) = troubles((by_hand, other))
    assert index == 0
    assert "with `tool: roller` no step of this section is left" in why


def test_zones_are_left_out_by_id_and_by_region():
    whole = routine(
        Section("brows", "brows", (step("a"),), region="forehead"),
        Section("neck", "neck", (step("b"),)),
    )
    assert ids(select(whole, Profile(avoid=("forehead",)))) == ["neck/b"]
    assert ids(select(whole, Profile(avoid=("neck",)))) == ["brows/a"]


def test_a_section_without_steps_vanishes_whole():
    whole = routine(
        Section("seal", "seal", (step("sunscreen", MORNING),)),
        Section("neck", "neck", (step("b"),)),
    )
    assert ids(select(whole, Profile(when=When.EVENING))) == ["neck/b"]


def test_the_first_skin_that_matches_words_a_step():
    worded = replace(
        step("a"),
        say_for=((Skin.ROSACEA, ("Float.",)), (Skin.SENSITIVE, ("Lightly.",))),
        tip=("Breathe.",),
    )
    whole = routine(Section("neck", "neck", (worded,)))

    def told(*skin: Skin) -> tuple[str, ...]:
        return next(select(whole, Profile(skin=skin)).steps())[1].told

    assert told() == ("Stroke.", "Breathe.")
    assert told(Skin.SENSITIVE) == ("Lightly.", "Breathe.")
    assert told(Skin.SENSITIVE, Skin.ROSACEA) == ("Float.", "Breathe.")


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ([Section("a", "a", (step("x", MORNING), step("y", EVENING)))], []),
        ([Section("a", "a", (step("x", MORNING),), conditions=MORNING), Section("b", "b",
          (step("y"),))], []),
        (
            [Section("a", "a", (step("x", MORNING),)), Section("b", "b", (step("y"),))],
            [(0, "in the evening no step of this section is left; give the section the same `if`")],
        ),
        (
            [Section("a", "a", (step("x", Conditions(not_skin=(Skin.ACNE,))),)),
             Section("b", "b", (step("y"),))],
            [(0, "in the morning with `skin: acne` no step of this section is left; "
              "give the section the same `if`")],
        ),
        (
            [Section("a", "a", (step("l", side=Side.LEFT), step("r", side=Side.RIGHT)))],
            [],
        ),
        (
            [Section("a", "a", (step("l", side=Side.LEFT), step("x")))],
            [(0, "as it stands, only the left side is worked on; add the right one, "
              "or use `side: left then right`")],
        ),
        (
            [Section("a", "a", (step("l", side=Side.LEFT), step("r", EVENING, Side.RIGHT)))],
            [(0, "as it stands, only the left side is worked on; add the right one, "
              "or use `side: left then right`")],
        ),
        (
            [Section("a", "a", (step("x"),), conditions=MORNING)],
            [(None, "in the evening nothing is left of this routine; add a section")],
        ),
    ],
)  # fmt: skip
def test_what_makes_no_sense_for_somebody(sections, expected):
    assert list(troubles(sections)) == expected
