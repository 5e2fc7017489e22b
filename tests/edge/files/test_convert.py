"""Routines as HowTo and Cooklang-like text: what these can hold comes back, the rest is named."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voiceguide.core.errors import RoutineError
from voiceguide.edge.files.convert import FORMATS, exported, imported
from voiceguide.edge.files.cooklang import cooklang_text, read_cooklang
from voiceguide.edge.files.foreign import Carried, name_from
from voiceguide.edge.files.howto import howto_text
from voiceguide.edge.files.howto_reading import read_howto
from voiceguide.edge.files.routine_file import bundled_routines, load_routine
from voiceguide.edge.files.routine_problems import validate
from voiceguide.edge.files.routine_text import file_tree, routine_text
from voiceguide.edge.files.routine_values import slug
from voiceguide.edge.files.yaml_tree import parse_document

HERE = Path("mine")
SIDES = ("left", "right", "left then right")
BOTH = {"howto": (howto_text, read_howto), "cooklang": (cooklang_text, read_cooklang)}

NAMES = st.text("abcxyzÄé09 -=@#~{}%\\[]>'&:,", min_size=1, max_size=20).map(
    lambda text: " ".join(text.split())
)
names = NAMES.filter(slug)
sentences = st.text("abc xyz-=@#~{}%\\[]>'&:,()", min_size=1, max_size=30).map(
    lambda text: " ".join(f"Say {text} it.".split())
)
said = st.lists(sentences, min_size=1, max_size=3)
seconds = st.integers(2, 100).map(lambda tenths: tenths / 5)
sides = st.sampled_from(SIDES).map(lambda side: {"side": side}) | st.just({})
strokes = st.builds(
    lambda count, length, side: {"stroke": {"count": count, "seconds": f"{length:g} s", **side}},
    st.integers(1, 100),
    seconds,
    sides,
)
holds = st.builds(
    lambda length, side: {"hold": {"seconds": f"{length + 1:g} s", **side}}, seconds, sides
)
breaths = st.sampled_from(
    [
        {"breathe": {"count": 6}},
        {"breathe": {"count": 1, "pattern": "4-0-6-0"}},
        {"breathe": {"for": "90 s", "pattern": "in 3 in 1 out 6"}},
    ]
)
waits = st.sampled_from(
    [{"wait": {"for": "word", "about": "20.5 s"}}, {"wait": {"for": "90 s"}}, {}]
)
steps = st.builds(
    lambda name, say, tip, work: {"name": name, "say": say, **tip, **work},
    names,
    said,
    st.just({}) | said.map(lambda texts: {"tip": texts}),
    strokes | holds | breaths | waits,
)
sections = st.builds(
    lambda name, steps: {"name": name, "step": steps},
    names,
    st.lists(steps, min_size=1, max_size=3, unique_by=lambda step: slug(step["name"])),
)
routines = st.builds(
    lambda name, summary, head, sections: {
        "format": "voiceguide/1",
        "id": slug(name),
        "name": name,
        "summary": summary,
        **head,
        "section": sections,
    },
    names,
    sentences,
    st.fixed_dictionaries(
        {"safety": said},
        optional={
            "called": st.lists(names, min_size=1, max_size=2),
            "language": st.just("de-at"),
            "supply": st.lists(names, min_size=1, max_size=2, unique=True),
            "tool": st.just(["gua-sha"]),
            "closing": said,
        },
    ),
    st.lists(sections, min_size=1, max_size=3, unique_by=lambda section: slug(section["name"])),
)


def as_read(tree):
    """A tree as its file is read: as a routine would be led by it."""
    file, problems = validate(parse_document(routine_text(tree), HERE))
    assert not problems
    return file_tree(file)


@pytest.mark.parametrize("kind", BOTH)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=routines)
def test_what_the_format_can_hold_comes_back(kind, tree):
    write, read = BOTH[kind]
    whole = as_read(tree)
    text, lost = write(whole)
    again, missing = read(text, HERE)
    assert as_read(again) == whole
    assert (lost, missing) == (Carried(), Carried())


@settings(max_examples=10, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["@type", "name", "text", "step", "itemListElement", "performTime"]
                ),
                inner | st.sampled_from(["HowTo", "HowToStep", "HowToTip", "HowToSection", "PT5S"]),
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_a_howto_holds_there_is_a_routine_or_one_sentence(value):
    howto = {"@type": "HowTo", "step": value}
    try:
        tree, _ = read_howto(json.dumps(howto), HERE)
    except RoutineError as error:
        assert str(error).startswith("mine:1:1: ")
    else:
        assert tree["section"] and routine_text(tree)


@settings(max_examples=10, deadline=None)
@given(st.text("ab \n-=>@#~{}%\\[]:.3", max_size=60))
def test_whatever_a_recipe_holds_there_is_a_routine_or_one_sentence(text):
    try:
        tree, _ = read_cooklang(text, HERE)
    except RoutineError as error:
        assert str(error).startswith("mine:") and str(error).count("\n") == 0
    else:
        assert tree["section"] and routine_text(tree)


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("routine_id", ["serum-ritual", "breathing", "quick"])
def test_a_bundled_routine_keeps_its_course_and_all_that_is_lost_is_named(
    kind, routine_id, tmp_path
):
    path, target = (
        bundled_routines()[routine_id],
        FORMATS[".cook" if kind == "cooklang" else ".json"],
    )
    text, told = exported(path, target)
    (tmp_path / "back.x").write_text(text, encoding="utf-8")
    back, missing = imported(tmp_path / "back.x", target)
    (tmp_path / "back.yaml").write_text(back, encoding="utf-8")
    here, there = load_routine(path), load_routine(tmp_path / "back.yaml")
    assert missing == []
    assert [section.name for section in there.sections] == [each.name for each in here.sections]
    for (_, ours), (_, theirs) in zip(here.steps(), there.steps(), strict=True):
        assert (ours.name, ours.say, ours.tip) == (theirs.name, theirs.say, theirs.tip)
        assert (ours.mode, ours.count, ours.sides) == (theirs.mode, theirs.count, theirs.sides)
    named = {sentence.split("`")[1] for sentence in told}
    whole = path.read_text("utf-8")
    for key in ("short", "amount", "say_for", "path", "hands", "region", "announce", "reminder"):
        assert (key in named) == (f"{key}:" in whole), key


def test_what_has_no_place_is_named_once_for_each_kind():
    carried = Carried()
    carried.lose("a step", ["why", "if"])
    carried.lose("a step", ["why"])
    carried.added["It does not tell how long {count} may take."] += 2
    assert carried.told("HowTo") == [
        "HowTo has no place for `why` of a step: 2 are left out.",
        "HowTo has no place for `if` of a step: it is left out.",
        "It does not tell how long 2 steps may take.",
    ]


PAGE = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebPage", "name": "no"},
        {
            "@type": "HowTo",
            "name": "Tie a scarf",
            "image": "x.png",
            "totalTime": "PT5M",
            "supply": [{"@type": "HowToSupply", "name": "a scarf", "image": "y.png"}, "a mirror"],
            "step": [
                "Fold it.",
                {"@type": "HowToStep", "text": "Lay it round the neck. Pull."},
                {
                    "@type": "HowToStep",
                    "name": "Wait",
                    "itemListElement": [
                        {"@type": "HowToDirection", "text": "Let it rest.", "performTime": "PT2M"},
                        {"@type": "HowToTip", "text": "Silk needs longer."},
                    ],
                },
            ],
        },
    ],
}


def test_a_howto_from_elsewhere_becomes_a_routine(tmp_path):
    path = tmp_path / "scarf.json"
    path.write_text(json.dumps(PAGE), encoding="utf-8")
    text, told = imported(path, FORMATS[".json"])
    (tmp_path / "scarf.yaml").write_text(text, encoding="utf-8")
    routine = load_routine(tmp_path / "scarf.yaml")
    assert (routine.id, routine.name) == ("tie-a-scarf", "Tie a scarf")
    assert [supply.name for supply in routine.supply] == ["a scarf", "a mirror"]
    (section,) = routine.sections
    assert section.announce == ()
    fold, lay, wait = section.steps
    assert (fold.name, fold.say, fold.wait.timer_seconds) == ("fold it", ("Fold it.",), None)
    assert lay.say == ("Lay it round the neck.", "Pull.")
    assert (wait.tip, wait.wait.timer_seconds) == (("Silk needs longer.",), 120)
    assert told == [
        "A routine has no place for `image` of a supply: it is left out.",
        "A routine has no place for `image` of the HowTo: it is left out.",
        "A routine has no place for `totalTime` of the HowTo: it is left out.",
        "It does not tell how long 2 steps may take: the guide waits for a word there (`wait`), "
        "and counts 30 s for it.",
        "It has no sentence on what it is: its name stands for `summary`.",
        "It has no words on what to take care of: `safety` says “Leave out whatever does not feel "
        "good.”",
    ]


RECIPE = """\
---
title: Tea
servings: 2
---
-- My grandmother's.
Boil @water{1%l} in a #kettle{}, wait for ~{3%minutes}.

== Pour ==
Pour it over @tea leaves{} and
let them draw. ~draw{4%min}
> Stir once.

Drink.
"""


def test_a_recipe_from_elsewhere_becomes_a_routine(tmp_path):
    path = tmp_path / "tea.cook"
    path.write_text(RECIPE, encoding="utf-8")
    text, told = imported(path, FORMATS[".cook"])
    (tmp_path / "tea.yaml").write_text(text, encoding="utf-8")
    routine = load_routine(tmp_path / "tea.yaml")
    assert routine.name == "Tea"
    assert [each.name for each in routine.supply] == ["1 l water", "kettle", "tea leaves"]
    first, pour = routine.sections
    assert first.steps[0].say == ("Boil water in a kettle, wait for three minutes.",)
    assert first.steps[0].wait.timer_seconds == 180
    draw, drink = pour.steps
    assert (draw.name, draw.tip) == ("draw", ("Stir once.",))
    assert draw.say == ("Pour it over tea leaves and let them draw.",)
    assert draw.wait.timer_seconds == 240
    assert (drink.name, drink.wait.timer_seconds) == ("Drink".lower(), None)
    assert told[:2] == [
        "A routine has no place for `servings` of the recipe: it is left out.",
        "A routine has no place for comments: it is left out.",
    ]


def test_a_step_without_a_name_gets_one_that_is_not_broken_off():
    """It is said as it stands: "Coming up: chop onion and fry in" would be no sentence."""
    assert name_from(["Chop the onion and fry in a pan."]) == "chop the onion and fry"
    assert name_from(["Fry it in a hot pan."]) == "fry it in a hot"
    assert name_from(["To the"]) == "to"


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("a.json", '{\n  "@type": }', "a.json:2:12: this is not JSON (Expecting value)"),
        ("a.json", '{"@type": "Recipe"}', "a.json:1:1: there is no HowTo here"),
        ("a.json", "[" * 5000, "a.json:1:1: this is nested too deep"),
        ("a.json", '{"@type": "HowTo", "name": "x"}', "a.json:1:1: this HowTo has no steps"),
        (
            "a.json",
            '{"@type": "HowTo",\n "name": "' + "x" * 201 + '",\n "step": "Go on."}',
            "a.json:2:11: `name` is too long; use at most 200 characters",
        ),
        ("a.cook", "---\ntitle: x\n", "a.cook:1:1: front matter begins here and never ends"),
        ("a.cook", "---\ntitle: 'x\n---\nMix.\n", "a.cook:2:8: a quote is opened here"),
        ("a.cook", "---\n- a\n---\nMix.\n", "a.cook:2:1: front matter is made of `key: value`"),
        ("a.cook", "---\ntitle: x\n---\n", "a.cook:4:1: there is no step here"),
        ("a.cook", "Mix.\n\nStir. ~a{900 x 3%s}\n", "a.cook:3:10: `count` is `900`; use 1 to 100"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_its_line(tmp_path, name, text, why):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(RoutineError) as refused:
        imported(tmp_path / name, FORMATS[Path(name).suffix])
    assert str(refused.value).startswith(f"{tmp_path}/{why}")


def test_a_tree_is_written_as_a_person_would():
    tree = {"say": ["No.", "12:30", "nULL", "09"], "hold": {"seconds": "5 s"}, "called": ["a"]}
    lines = routine_text(deepcopy(tree)).splitlines()[1:]
    assert lines == [
        *("say:", "  - No.", "  - '12:30'", '  - "nULL"', '  - "09"'),
        *("hold: 5 s", "called: [a]"),
    ]
