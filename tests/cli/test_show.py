"""``voiceguide routines``, ``voiceguide show`` and the options they share with others."""

import argparse
import json
from xml.etree import ElementTree

import pytest

from voiceguide.cli import routines, show
from voiceguide.cli.profile import add_profile_options, profile_from
from voiceguide.core.errors import RoutineError, SettingsError
from voiceguide.core.routine.routine import Profile, Skin, When
from voiceguide.core.routine.selection import select
from voiceguide.core.timeline.plan import make_plan
from voiceguide.edge.files.routine_file import bundled_routines, load_routine


def voiceguide(*arguments: str) -> int:
    parser = argparse.ArgumentParser(prog="voiceguide")
    subparsers = parser.add_subparsers(required=True)
    for command in (routines, show):
        command.add(subparsers)
    args = parser.parse_args(arguments)
    return args.run(args)


def profile(*arguments: str) -> Profile:
    parser = argparse.ArgumentParser()
    add_profile_options(parser)
    return profile_from(parser.parse_args(arguments))


def test_profile_options():
    assert profile() == Profile()
    assert profile(
        "--when", "evening", "--skin", "acne", "--skin", "sensitive", "--skin", "acne",
        "--avoid", "Forehead, under the eyes", "--avoid", "neck", "--tool", "Gua Sha",
    ) == Profile(
        When.EVENING,
        (Skin.ACNE, Skin.SENSITIVE),
        ("forehead", "under-the-eyes", "neck"),
        "gua-sha",
    )  # fmt: skip


def test_list(capsys):
    assert voiceguide("routines") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["id", "name", "length", "what", "it", "is"]
    assert [line.split()[0] for line in lines[1:]] == list(bundled_routines())
    assert all(" min" in line for line in lines[1:])


def test_list_as_json(capsys):
    assert voiceguide("routines", "--json") == 0
    listed = {entry["id"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert list(listed) == list(bundled_routines())
    low, high = listed["serum-ritual"]["seconds"]
    planned = {
        when: make_plan(select(load_routine("serum-ritual"), Profile(when=when))).total_seconds
        for when in (None, *When)
    }
    assert low == pytest.approx(planned[When.MORNING], abs=0.1)
    assert high == pytest.approx(planned[None], abs=0.1), "the parts of morning and evening"


def test_show_counts_breaths_where_strokes_ride_on_them(capsys):
    assert voiceguide("show", "techniques", "--breathing", "calm") == 0
    shown = capsys.readouterr().out
    assert "jaw strokes  5 breaths of in 4 out 6\n" in shown
    assert "temples  hold 1 breath of in 4 out 6\n" in shown
    assert voiceguide("show", "breathing", "--breathing", "box") == 0
    assert "flowing breaths  12 breaths of in 4 hold 4 out 4 hold 4\n" in capsys.readouterr().out


def test_show_tells_every_stroke(capsys):
    assert voiceguide("show", "serum-ritual", "--when", "morning") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Serum ritual, ")
    for line in (
        "upward strokes  5 × 5 s\n",
        "both hands, flat · base of the décolletage → chin · firm, not aggressive\n",
        "sideways sweep  3 × 4 s, left then right\n",
        "let it sink in  timer 1 min 30 s\n",
        "sunscreen  waits for you, about 45 s\n",
        "rhythm  told\n",
    ):
        assert line in shown
    assert "first cleanse" not in shown


def test_show_leaves_out_what_is_not_for_this_person(capsys):
    voiceguide("show", "serum-ritual", "--when", "evening", "--skin", "acne", "--avoid", "forehead")
    shown = capsys.readouterr().out
    assert "first cleanse" in shown
    for missing in ("sunscreen", "forehead", "smile-line pinch"):
        assert missing not in shown.split("\n", 2)[2]


def test_show_as_json_adds_up(capsys):
    assert voiceguide("show", "techniques", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    for section in shown["section"]:
        steps = sum(step["seconds"] for step in section["step"])
        assert steps == pytest.approx(section["seconds"], abs=0.1 * len(section["step"]))
    parts = sum(section["seconds"] for section in shown["section"])
    assert parts < shown["seconds"] < parts + 15, "the rest are the last words"
    holds = [step["hold"] for section in shown["section"] for step in section["step"]
             if step["mode"] == "hold"]  # fmt: skip
    assert holds == [{"seconds": 8, "side": "both"}] * 3


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (["mornin"], RoutineError, "did you mean morning?"),
        (["serum ritul"], RoutineError, "did you mean serum-ritual?"),
        (["xyzzy"], RoutineError, "there are serum-ritual, morning, "),
        (["morning", "--avoid", "forhead"], SettingsError, "did you mean 'forehead'?"),
        (["morning", "--avoid", "xyzzy"], SettingsError, "known: .*neck"),
        (["evening", "--tool", "rollr"], SettingsError, "did you mean 'roller'?"),
        (["weekly", "--tool", "hammer"], SettingsError, "leave --tool out"),
    ],
)
def test_wrong_words_get_a_hint(arguments, error, message):
    with pytest.raises(error, match=message):
        voiceguide("show", *arguments)


def test_a_zone_that_the_routine_does_not_touch_may_be_avoided(capsys):
    assert voiceguide("show", "breathing", "--avoid", "forehead") == 0
    assert capsys.readouterr().out.startswith("Slow breathing")


def test_a_routine_of_which_nothing_is_left_is_refused():
    with pytest.raises(SettingsError, match="Nothing is left of the routine 'breathing'"):
        voiceguide("show", "breathing", "--avoid", "breath")


@pytest.mark.parametrize("extra", [[], ["--breathing", "box"]])
@pytest.mark.parametrize("routine_id", ["breathing", "gua-sha", "serum-ritual", "quick"])
def test_the_timeline_draws_every_zone_sentence_and_stroke(routine_id, extra, tmp_path, capsys):
    path = tmp_path / "plan.svg"
    assert voiceguide("show", routine_id, "--timeline", str(path), *extra) == 0
    root = ElementTree.fromstring(path.read_text("utf-8"))
    titles = [node.text for node in root.iter("{http://www.w3.org/2000/svg}title")]
    routine = select(load_routine(routine_id), Profile())
    for section, step in routine.steps():
        assert section.name in titles
        assert set(step.told) <= set(titles)
        if step.count:
            assert any(str(title).endswith(f"{step.count} of {step.count}") for title in titles)
    shapes = [node.tag.rpartition("}")[2] for node in root.iter()]
    assert ("polygon" in shapes) == bool(extra or routine_id == "breathing")


def test_a_timeline_is_svg_and_lies_where_it_can(tmp_path):
    with pytest.raises(SettingsError, match=r"ends in \.svg, not plan\.png"):
        voiceguide("show", "quick", "--timeline", str(tmp_path / "plan.png"))
    with pytest.raises(SettingsError, match="cannot be written"):
        voiceguide("show", "quick", "--timeline", str(tmp_path / "nowhere" / "plan.svg"))
