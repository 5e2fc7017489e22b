"""The bundled routines hold what they must: zones, strokes, counts, times, cautions, lengths."""

import re
from itertools import product

import pytest
from support.playing import Play

from voiceguide.core.lint import breath_words, sentences
from voiceguide.core.numbers import number
from voiceguide.core.routine.breath import parse_breath
from voiceguide.core.routine.routine import (
    Mode,
    Profile,
    Routine,
    Side,
    Skin,
    Step,
    When,
)
from voiceguide.core.routine.selection import select
from voiceguide.core.session.preferences import Manner
from voiceguide.core.table import State
from voiceguide.core.timeline.plan import StretchKind, make_plan
from voiceguide.core.wording_breath import BREATH_ON, BREATH_SOUNDS
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_check import check_routine
from voiceguide.edge.files.routine_file import bundled_routines, load_bundled, load_routine
from voiceguide.edge.files.vocabulary import read_vocabulary
from voiceguide.edge.files.yaml_tree import read_document
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.show.drawing.card import card

MASSAGES = ("serum-ritual", "morning", "evening", "weekly", "quick", "techniques", "gua-sha",
            "roller")  # fmt: skip
MINUTES = {
    "serum-ritual": (12, 20),
    "morning": (6, 9),
    "evening": (10, 15),
    "weekly": (20, 25),
    "quick": (0.75, 1),
    "techniques": (4, 10),
    "gua-sha": (4, 6),
    "roller": (4, 6),
    "breathing": (3, 10),
}
SKINS = ((), *((skin,) for skin in Skin))
BOTH, EACH = Side.BOTH, Side.LEFT_THEN_RIGHT

FULL_MASSAGE = {
    # section: (step, side, least and most repetitions on each side)
    "neck-and-decolletage": [("upward-strokes", BOTH, 5, 5), ("sideways-sweep", EACH, 3, 3)],
    "jaw-and-chin": [("hook-glide", EACH, 5, 5), ("jaw-circles", BOTH, 8, 8)],
    "cheeks-and-smile-lines": [
        ("cheek-sweep", BOTH, 5, 7),
        ("knuckle-lift", BOTH, 3, 5),
        ("smile-line-pinch", BOTH, 5, 5),
    ],
    "under-the-eyes": [("tapping", BOTH, 5, 5), ("light-sweep", BOTH, 3, 3)],
    "forehead": [
        ("horizontal-sweep", BOTH, 5, 7),
        ("zig-zag", BOTH, 4, 4),
        ("frown-release", BOTH, 5, 5),
    ],
}


def steps(routine: Routine) -> dict[str, Step]:
    return {f"{section.id}/{step.id}": step for section, step in routine.steps()}


def text(step: Step) -> str:
    return " ".join(step.told).lower()


def heard(routine_id: str, **profile: object) -> Routine:
    return select(load_routine(routine_id), Profile(**profile))


def test_every_routine_is_there():
    assert set(bundled_routines()) == set(MINUTES)
    assert next(iter(bundled_routines())) == "serum-ritual"
    for routine_id, routine in load_bundled().items():
        assert routine.id == routine_id


@pytest.mark.parametrize("routine_id", MINUTES)
def test_check_finds_nothing(routine_id):
    path = bundled_routines()[routine_id]
    vocabulary = read_vocabulary(resolve_model())
    assert vocabulary, "the shipped model lists its words"
    report = check_routine(path, load_phrasebook(), vocabulary)
    assert [problem.located(path.name) for problem in report.problems] == []


@pytest.mark.parametrize("routine_id", MINUTES)
def test_length_is_in_range_for_everybody(routine_id):
    low, high = MINUTES[routine_id]
    for when, skin, tool in product(When, SKINS, (None, "roller", "gua-sha")):
        routine = heard(routine_id, when=when, skin=skin, tool=tool)
        minutes = make_plan(routine).total_seconds / 60
        assert low <= minutes <= high, f"{when} {skin} {tool}: {minutes:.2f} min"


@pytest.mark.parametrize("routine_id", MINUTES)
def test_sentences_are_short_and_files_know_their_schema(routine_id):
    routine = load_routine(routine_id)
    said = [*routine.safety, *routine.closing]
    for section, step in routine.steps():
        said += [*step.told, *step.why, *section.why, *(t for _, v in step.say_for for t in v)]
    assert max(map(breath_words, said)) <= 20
    assert sum(breath_words(one) <= 14 for one in said) >= 0.75 * len(said)
    first_line = bundled_routines()[routine_id].read_text("utf-8").splitlines()[0]
    assert first_line == "# yaml-language-server: $schema=schema.json"


def test_every_name_chooses_one_routine():
    names = [name for routine in load_bundled().values() for name in routine.spoken_names]
    assert len(names) == len(set(names))
    assert not {phrase.text for phrase in load_phrasebook().phrases} & set(names)


@pytest.mark.parametrize("routine_id", MASSAGES)
def test_safety_comes_first_in_two_breaths(routine_id):
    safety = load_routine(routine_id).safety
    assert len(safety) <= 2 and all(len(sentences(each)) == 1 for each in safety)
    sentence = " ".join(safety)
    for word in ("bright red", "sore", "breakouts", "inflamed", "rosacea", "sensitive", "eyes"):
        assert word in sentence.lower()


@pytest.mark.parametrize("routine_id", MINUTES)
def test_reasons_are_claims_not_promises(routine_id):
    routine = load_routine(routine_id)
    reasons = list(routine.why)
    for section, step in routine.steps():
        reasons += [*section.why, *step.why]
    assert routine.why, "there is an answer to why in every step"
    assert any(" may " in reason for reason in routine.why)
    for reason in reasons:
        assert not any(word in reason for word in ("cure", "heals", "prevent", "guarantee"))


@pytest.mark.parametrize("routine_id", ["serum-ritual", "weekly"])
@pytest.mark.parametrize("section_id", FULL_MASSAGE)
def test_the_full_massage_has_every_stroke(routine_id, section_id):
    found = steps(heard(routine_id))
    strokes = [
        (name.split("/")[1], step.stroke.side, step.stroke.count)
        for name, step in found.items()
        if name.startswith(f"{section_id}/") and step.stroke
    ]
    expected = FULL_MASSAGE[section_id]
    assert [(name, side) for name, side, _ in strokes] == [
        (name, side) for name, side, _, _ in expected
    ]
    for (_, _, count), (name, _, least, most) in zip(strokes, expected, strict=True):
        assert least <= count <= most, name
        stroke = found[f"{section_id}/{name}"].stroke
        assert stroke.hands and stroke.path and stroke.pressure


def test_the_said_count_is_the_paced_count():
    numbers = [number(count) for count in range(1, 13)]
    for routine_id, routine in load_bundled().items():
        for name, step in steps(routine).items():
            for said in (text(step), *(" ".join(v).lower() for _, v in step.say_for)):
                words = said.replace(",", " ").replace(".", " ").split()
                spoken = [numbers.index(word) + 1 for word in words if word in numbers[2:]]
                if step.stroke and spoken and routine_id != "breathing":
                    assert step.stroke.count in spoken, f"{routine_id} {name}"


def test_zones_follow_the_ritual_in_order():
    order = [section.id for section in heard("serum-ritual", when=When.EVENING).sections]
    assert order == ["first-cleanse", "gel-cleanse", "toner", "serum", *FULL_MASSAGE, "seal"]


def test_cautions_stand_where_they_matter():
    ritual = steps(load_routine("serum-ritual"))
    assert "dry skin" in text(ritual["serum/warm-serum"])
    assert "neck and jaw" in text(ritual["neck-and-decolletage/upward-strokes"])
    assert "inflamed" in text(ritual["cheeks-and-smile-lines/cheek-sweep"])
    assert "never press or pull" in text(ritual["under-the-eyes/tapping"])
    assert "fraction of a drop" in text(ritual["under-the-eyes/a-trace-of-serum"])
    assert "breathe slowly" in text(ritual["serum/rhythm"])
    for tool in ("gua-sha", "roller"):
        told = " ".join(text(step) for step in steps(load_routine(tool)).values())
        assert "under your eyes" in told
        assert "dry skin" in told


@pytest.mark.parametrize(
    ("routine_id", "first", "second"),
    [("serum-ritual", "first-cleanse", "gel-cleanse"), ("evening", "first-cleanse",
      "second-cleanse")],
)  # fmt: skip
def test_in_the_evening_both_cleanses_take_their_time(routine_id, first, second):
    found = steps(heard(routine_id, when=When.EVENING))
    assert found[f"{first}/one-minute-of-circles"].wait.timer_seconds == 60
    # A quarter of a minute for the lather, then 30 to 45 seconds of circles.
    assert 45 <= found[f"{second}/foam"].wait.timer_seconds <= 60
    for word in ("dry", "oil", "balm", "micellar water"):
        assert word in text(found[f"{first}/cleansing-oil"])
    for word in ("forehead", "nose", "chin", "clogged pores"):
        assert word in text(found[f"{first}/one-minute-of-circles"])
    assert "lukewarm" in text(found[f"{first}/oil-rinse"])
    assert {"lather", "gel", "cream"} <= set(text(found[f"{second}/foam"]).split())


def test_the_oil_cleanse_and_the_sunscreen_know_the_time():
    morning, evening = (steps(heard("serum-ritual", when=when)) for when in When)
    assert "first-cleanse/cleansing-oil" not in morning
    assert "seal/sunscreen" in morning
    assert "seal/sunscreen" not in evening
    assert "protect/sunscreen" in steps(load_routine("morning"))
    for routine_id in ("evening", "weekly"):
        assert not any("sunscreen" in name for name in steps(load_routine(routine_id)))
    for step in (morning["seal/sunscreen"], steps(load_routine("morning"))["protect/sunscreen"]):
        for word in (
            "index finger",
            "middle finger",
            "broad-spectrum",
            "SPF thirty or higher",
            "ears",
            "nape",
        ):
            assert word in " ".join(step.say)
        assert "Choose" in step.say[0] and "Squeeze" in step.say[1], "chosen before it is squeezed"


def test_toner_serum_and_moisturiser_are_pressed_on():
    ritual = steps(load_routine("serum-ritual"))
    toner = text(ritual["toner/toner-or-essence"])
    assert "damp, not wet" in toner and "cotton pads aside" in toner and "upper chest" in toner
    serum = text(ritual["serum/warm-serum"])
    assert "three to five drops" in serum and "warm" in serum
    assert 60 <= ritual["seal/let-it-sink-in"].wait.timer_seconds <= 120
    assert "press, never rub" in text(ritual["seal/moisturizer"])


@pytest.mark.parametrize("routine_id", MINUTES)
def test_what_needs_hands_waits_for_a_word(routine_id):
    for name, step in steps(load_routine(routine_id)).items():
        if any(word in text(step).split()[0] for word in ("rinse", "squeeze", "lather")):
            assert step.mode is Mode.WAIT and step.wait.timer_seconds is None, name
        if step.wait and step.wait.timer_seconds is None:
            assert step.wait.reminder, name


HARD = re.compile(r"\b(firm\w*|medium|hard|squeeze\w*|knead\w*|press and lift|press upward)\b")
SOFT = re.compile(r"weightless|float|barely|light|softly|own weight|only the weight")


@pytest.mark.parametrize("skin", [Skin.SENSITIVE, Skin.ROSACEA])
@pytest.mark.parametrize("tool", [None, "gua-sha", "roller"])
@pytest.mark.parametrize("routine_id", MASSAGES)
def test_nothing_is_hard_on_skin_that_needs_little(routine_id, skin, tool):
    routine = heard(routine_id, skin=(skin,), tool=tool)
    for name, step in steps(routine).items():
        for sentence in () if step.wait else step.told:
            assert not HARD.search(sentence.lower()), f"{name}: {sentence}"
        if step.stroke and step.stroke.pressure:
            assert step.stroke.pressure == "almost weightless", name
    told = " ".join(text(step) for step in steps(routine).values())
    assert SOFT.search(told)
    assert "weightless" in card(routine, load_phrasebook()) or routine_id == "techniques"


@pytest.mark.parametrize("tool", ["gua-sha", "roller"])
def test_a_tool_does_its_strokes_of_the_ritual_and_hands_the_rest(tool):
    plain, tooled = steps(heard("serum-ritual")), steps(heard("serum-ritual", tool=tool))
    word = tool.split("-")[0] if tool == "roller" else "stone"
    added = [name for name in tooled if name not in plain]
    dropped = [name for name in plain if name not in tooled]
    assert added and all(word in text(tooled[name]) for name in added)
    zones = [name.split("/")[0] for name in dropped]
    wanted = ["jaw-and-chin", "cheeks-and-smile-lines", "forehead"]
    assert zones == (wanted if tool == "roller" else wanted[:2])
    for name in added:
        if step := tooled[name].stroke:
            assert step.side is EACH and step.path and name.split("/")[0] in zones
            assert "broad side" in text(tooled[name]) or tool == "roller"
    for name in ("under-the-eyes/tapping", "under-the-eyes/light-sweep"):
        assert tooled[name] == plain[name], "no tool under the eyes"


def test_a_roller_cools_the_morning():
    routine = heard("morning", tool="roller")
    rolled = [step.name for _, step in routine.steps() if step.stroke and "roller" in step.name]
    assert rolled == ["roller along the jaw", "roller over the cheeks", "roller over the forehead"]
    assert "upward strokes" in [step.name for _, step in routine.steps()], "the neck"


def test_the_quick_one_fits_its_minute_at_any_tempo_and_for_any_skin():
    for skin, tempo, rate in product(SKINS, (0.5, 0.75, 1.0, 1.5, 2.0), range(110, 221, 10)):
        routine = heard("quick", skin=skin)
        plan = make_plan(routine, tempo=tempo, words_per_minute=rate)
        assert plan.total_seconds <= 60, (skin, tempo, rate)


def test_sensitive_skin_is_barely_touched():
    for skin in (Skin.SENSITIVE, Skin.ROSACEA):
        ritual = heard("serum-ritual", skin=(skin,))
        told = " ".join(text(step) for step in steps(ritual).values())
        assert "almost weightless" in told
        assert "firm" not in told and "medium pressure" not in told
    plain = steps(load_routine("serum-ritual"))
    for skin in (Skin.ACNE, Skin.ROSACEA):
        left_out = set(plain) - set(steps(heard("serum-ritual", skin=(skin,))))
        assert "cheeks-and-smile-lines/smile-line-pinch" in left_out
        assert "cheeks-and-smile-lines/knuckle-lift" in left_out


@pytest.mark.parametrize("routine_id", [name for name in MASSAGES if name != "quick"])
def test_breakouts_are_left_alone(routine_id):
    told = " ".join(text(step) for step in steps(heard(routine_id, skin=(Skin.ACNE,))).values())
    assert "breakout" in told


def test_zones_can_be_left_out():
    for zone in ("neck", "jaw", "cheeks", "eyes", "forehead"):
        for routine_id in ("serum-ritual", "morning", "evening", "weekly", "quick"):
            regions = {section.region for section in heard(routine_id, avoid=(zone,)).sections}
            assert zone not in regions
            assert zone in {section.region for section in load_routine(routine_id).sections}


def massage_minutes(routine: Routine) -> float:
    plan = make_plan(routine)
    zones = [section for section in routine.sections if section.region]
    return sum(plan.section_seconds(section.id) for section in zones) / 60


def test_morning_is_upward_strokes_and_circles():
    routine = heard("morning")
    assert 3 <= massage_minutes(routine) <= 5
    names = [step.name for _, step in routine.steps() if step.stroke]
    assert sum("circles" in name for name in names) >= 3
    assert sum("strokes" in name or "upward" in name for name in names) >= 3
    order = [section.id for section in routine.sections]
    assert order[:2] == ["cleanse", "toner"] and order[-1] == "protect"
    assert [step.id for step in routine.sections[-1].steps] == [
        "serum", "moisturizer", "sunscreen"]  # fmt: skip


def test_evening_drains_first_and_ends_with_a_rich_layer():
    routine = heard("evening", when=When.EVENING)
    assert 5 <= massage_minutes(routine) <= 10
    ids = [section.id for section in routine.sections]
    assert ids == ["first-cleanse", "second-cleanse", "toner-or-serum", "neck", "jaw",
                   "under-the-eyes", "cheeks", "forehead", "last-layer"]  # fmt: skip
    assert "lymph" in " ".join(routine.sections[3].why).lower()
    assert "sleeping mask" in text(steps(routine)["last-layer/moisturizer-or-sleeping-mask"])
    for tool in ("roller", "gua-sha"):
        assert heard("evening", tool=tool).sections[-1].id == tool


def test_weekly_is_mask_oil_massage_then_neck_and_shoulders():
    ids = [section.id for section in load_routine("weekly").sections]
    assert ids == ["mask", "facial-oil", *FULL_MASSAGE, "nape-and-shoulders", "rest"]
    assert steps(load_routine("weekly"))["mask/mask-rest"].wait.timer_seconds >= 300


def test_quick_is_one_stroke_a_zone_within_a_minute():
    routine = load_routine("quick")
    assert [section.region for section in routine.sections] == [
        "neck", "jaw", "cheeks", "eyes", "forehead"]  # fmt: skip
    assert all(step.stroke.count == 1 for _, step in routine.steps())
    strokes = [item for item in make_plan(routine).items if item.kind is StretchKind.STROKE]
    assert sum(item.duration_seconds for item in strokes) >= 25, "hands move about half of it"


def test_techniques_teaches_four_families():
    routine = load_routine("techniques")
    ids = [section.id for section in routine.sections]
    assert ids == ["prepare", "upward-strokes", "circles", "pinching-and-tapping",
                   "pressure-points"]  # fmt: skip
    points = {step.id for step in routine.sections[-1].steps if step.hold}
    assert points == {"temples", "between-the-brows", "under-the-cheekbones"}
    told = " ".join(text(step) for _, step in routine.steps())
    for ordinal in ("first", "second", "third", "fourth"):
        assert f"the {ordinal} family" in told


def test_tools_follow_jaw_and_cheekbones():
    gua_sha = steps(load_routine("gua-sha"))
    for name in ("jaw/jaw-sweep", "cheekbones/cheekbone-sweep"):
        assert "broad side" in text(gua_sha[name])
        assert gua_sha[name].stroke.side is EACH
    roller = " ".join(text(step) for step in steps(load_routine("roller")).values())
    assert "cool" in roller and "light" in roller
    assert "puffy" in load_routine("roller").summary


def test_breathing_is_breath_alone():
    routine = load_routine("breathing")
    assert not any(step.stroke for _, step in routine.steps())
    breaths = [step.breathe for _, step in routine.steps() if step.breathe]
    assert [(each.count, str(each.breath)) for each in breaths] == [
        (6, "in 4 out 4"),
        (12, "in 4 out 6"),
        (3, "in 4 out 6"),
    ]
    for _, step in routine.steps():  # the guide tells how to breathe, as it is paced
        assert not re.search(r"\b(two|three|four|six|seven|eight|twelve)\b", text(step))


def test_files_are_plain_to_read():
    for path in bundled_routines().values():
        assert len(path.read_text("utf-8").splitlines()) < 480
        assert read_document(path).problems == ()


@pytest.mark.parametrize("routine_id", bundled_routines())
def test_the_sounds_of_a_breath_are_explained_before_the_first_of_them(routine_id):
    box = parse_breath("box")
    play = Play(load_bundled(), routine_id, manner=Manner(when=When.MORNING, breath=box))
    play.at(60, "start")
    while not play.heard("breathe-in") and not play.session.has_ended:
        when, event = play.upcoming()
        if play.session.state is State.WAITING:
            play.say("next", after=1)
        else:
            assert when is not None
            play.now = max(play.now, when)
            play.tell(event)
    first = min(play.heard("breathe-in"))
    told = [line.at for line in play.lines if line.text in (BREATH_ON, BREATH_SOUNDS)]
    assert told, "nothing is said of the breath"
    assert min(told) < first
