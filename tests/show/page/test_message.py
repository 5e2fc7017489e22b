"""What the page is told in each state: which picture, whose hand, what is needed."""

import json

import pytest
from support.page_states import STATES, fixture

from voiceguide.show.drawing.hands import HANDS
from voiceguide.show.drawing.scenes import SCENES


@pytest.mark.parametrize(
    ("name", "show", "scene"),
    [
        ("choosing", "scene", "ready"),
        ("hour", "scene", "hour"),
        ("offering", "scene", "ready"),
        ("ready", "scene", "ready"),
        ("telling", "figure", ""),
        ("telling-scene", "scene", "serum"),
        ("pacing", "figure", ""),
        ("hold", "figure", ""),
        ("breath", "breath", ""),
        ("waiting", "scene", "rinse"),
        ("timer", "scene", "mask"),
        ("paused", "scene", "paused"),
        ("stopped", "scene", "rest"),
        ("asleep", "scene", "asleep"),
        ("finished", "scene", "finished"),
        ("fault", "scene", "microphone"),
        ("fault-pacing", "figure", ""),
    ],
)
def test_each_state_has_its_picture(name, show, scene):
    told = fixture(name)["shown"]
    assert (told["show"], told["scene"]) == (show, scene)


@pytest.mark.parametrize("name", STATES)
def test_all_that_is_named_is_drawn_and_all_of_it_is_json(name):
    told = fixture(name)["shown"]
    assert told["scene"] in (*SCENES, "")
    assert {line["hand"] for line in told["lines"]} <= {*HANDS, ""}
    assert json.loads(json.dumps(told)) == told


def test_strokes_of_one_side_and_from_behind_are_told_apart():
    one, both, behind = (
        fixture(name)["shown"] for name in ("pacing", "pacing-both", "pacing-behind")
    )
    assert (one["half"], len(one["lines"]), one["lines"][0]["flip"]) == ("left", 1, -1)
    assert (both["half"], [line["flip"] for line in both["lines"]]) == ("", [-1, 1])
    assert (one["behind"], behind["behind"]) == (False, True)


def test_what_is_needed_how_hard_and_how_long_a_rest_is():
    assert "serum" in fixture("ready")["shown"]["needs"]
    assert fixture("pacing")["shown"]["pressure"] == "medium pressure"
    assert fixture("timer")["shown"]["timer_total"] == 420
    assert fixture("waiting")["shown"]["reminder"]
