"""A session that is killed at any instant goes on at its place; one whose disk fails goes on.

The sessions run in processes of their own (crash_session.py), on virtual time, with the real
journal. A kill ends the process; the loss of power to a disk is not tried.
"""

import json
import os
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from support.places import SUPPORT

from voiceguide.core import wording, wording_faults
from voiceguide.core.events import Fault

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")

KILLS, MANY_KILLS = 16, 200
OFFER = "Last time you left the roller massage at"


def sessions(folder, *arguments):
    """What ``crash_session.py`` tells."""
    folder.mkdir(exist_ok=True)
    mode, *more = map(str, arguments)
    program = SUPPORT / "crash_session.py"
    done = subprocess.run(
        [sys.executable, program, mode, folder, *more],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def said(lines):
    return [line["says"] for line in lines if "says" in line]


def heard(lines):
    """The sentences that were heard to their end."""
    texts = {line["id"]: line["says"] for line in lines if "says" in line}
    return [texts[line["heard"]] for line in lines if "heard" in line]


def stood(lines):
    """Where the session stood last: step, completed strokes, state."""
    return next(line for line in reversed(lines) if "step" in line)


@pytest.fixture(scope="module", params=[KILLS, pytest.param(MANY_KILLS, marks=pytest.mark.long)])
def killed(request):
    """A whole session, and those that were killed."""
    # A kill leaves what was written to the system, wherever that keeps it: memory is quick.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        whole, *trials = sessions(Path(folder), "kill", 7, request.param)
    assert len(trials) == request.param
    return whole["whole"], trials


def steps_of(whole):
    """The steps in their order."""
    steps = [line["step"] for line in whole if line.get("step")]
    return list(dict.fromkeys(steps))


def test_every_one_was_killed_and_no_journal_was_hurt(killed):
    _, trials = killed
    for trial in trials:
        assert trial["killed"]
        assert trial["found"]["whole"] == ["ok"]
        assert trial["end"]["whole"] == ["ok"]
        assert trial["then"][0]["warning"] is None
        if trial["old"]:
            assert trial["found"]["places"]["morning"] == ["glide", 3]
            assert trial["end"]["places"] == {"morning": ["glide", 3]}


def test_at_most_one_stroke_is_lost(killed):
    whole, trials = killed
    steps = steps_of(whole)
    compared = 0
    for trial in trials:
        place = trial["found"]["places"].get("roller")
        if not any("step" in line for line in trial["lived"]):
            assert place is None
            continue
        last = stood(trial["lived"])
        if place is None:
            assert last["state"] in ("choosing", "ready", "closing") or last["step"] == steps[-1]
            continue
        index = steps.index(last["step"])
        assert place[0] in steps[index : index + 2], trial
        if place[0] == last["step"]:
            assert place[1] >= last["strokes"] - 1, trial
            compared += last["strokes"] > 0
    assert compared > len(trials) / 10, "too few were killed among strokes to show anything"


def test_the_next_start_offers_the_place_and_leaves_out_nothing(killed):
    whole, trials = killed
    steps = steps_of(whole)
    offered = 0
    for trial in trials:
        place, then = trial["found"]["places"].get("roller"), trial["then"]
        assert "ended" in then[-1], trial
        words = said(then)
        if place is None or place[0] == steps[0]:
            assert words == said(whole)
            continue
        offered += 1
        assert words[:1] == said(whole)[:1] and words[1].startswith(OFFER), trial
        # From the place on everything is said as if nothing had happened, and each word once.
        assert words[2:] == said(whole)[2 - len(words) :], trial
        missing = set(heard(whole)) - set(heard(trial["lived"])) - set(heard(then))
        assert not missing, trial
    assert offered > 0.3 * len(trials)


def test_nothing_before_the_place_is_said_again(killed):
    whole, trials = killed
    owner = {}
    for before, after in pairwise(line for line in whole if "says" in line or line.get("step")):
        if "says" in before and "step" in after:
            owner.setdefault(before["says"], set()).add(after["step"])
    steps = steps_of(whole)
    for trial in trials:
        place = trial["found"]["places"].get("roller")
        if place is None or place[0] == steps[0]:
            continue
        done = set(steps[: steps.index(place[0])])
        for words in said(trial["then"])[1:]:
            assert not owner.get(words, set()) or owner[words] - done, (words, trial)


@pytest.fixture(scope="module")
def disks(tmp_path_factory):
    """A whole session that nothing happens to, and those whose disk failed, by how it did."""
    whole, full, read_only = sessions(tmp_path_factory.mktemp("disks"), "disks")
    return whole["whole"], {"full": full, "read-only": read_only}


@pytest.mark.parametrize("disk", ["full", "read-only"])
def test_a_disk_that_fails_is_told_once_and_the_session_goes_on(disks, disk):
    unharmed, trial = disks[0], disks[1][disk]
    assert trial["status"] == 0
    told = trial["told"]
    assert "ended" in told[-1]
    fault, recovery = wording_faults.FAULTS[Fault.DISK], wording_faults.RECOVERIES[Fault.DISK]
    assert heard(told).count(fault) == 1
    assert heard(told).count(recovery) == 1
    assert heard(told).index(fault) < heard(told).index(recovery)
    assert set(heard(unharmed)) <= set(heard(told))
    assert trial["end"]["places"] == {}
    assert trial["end"]["whole"] == ["ok"]


@pytest.fixture(scope="module")
def killed_of(tmp_path_factory):
    """Sessions that were killed, of a guest and of somebody who follows a programme and said who
    they are; by the person.
    """
    persons = (5, 8, "anna", 6, 4, "guest")
    trials = sessions(tmp_path_factory.mktemp("persons"), "persons", *persons)
    return {who: [one for one in trials if one["person"] == who] for who in ("anna", "guest")}


def test_whoever_said_who_they_are_goes_on_at_their_own_place_after_a_kill(killed_of):
    offered = 0
    for trial in killed_of["anna"]:
        assert trial["killed"]
        assert trial["nobody"]["places"] == {}
        assert trial["nobody"]["visits"] == 0
        assert trial["anna"]["whole"] == ["ok"]
        assert "ended" in trial["then"][-1]
        place = trial["anna"]["places"].get("roller")
        steps = [line["step"] for line in trial["lived"] if line.get("step")]
        if place is None or place[0] == steps[0]:
            continue
        # Nobody has to call, or to say once more who they are.
        assert said(trial["then"])[1].startswith(OFFER)
        assert trial["end"][1]["visits"]
        offered += 1
    assert offered > 3


def test_a_day_of_a_programme_is_counted_once_however_its_session_was_killed(killed_of):
    seen = set()
    for trial in killed_of["anna"]:
        done = trial["anna"]["days"]
        seen.add(done)
        over = any(line.get("state") in ("closing", "idle") for line in trial["lived"])
        assert done == 1 or not over, trial
        assert not (done and "Day one of two." in said(trial["then"]))
        assert trial["end"][1]["days"] == 1
        assert trial["nobody"]["days"] is None
    assert 0 in seen


def test_a_guest_leaves_nothing_behind_killed_or_not(killed_of):
    assert len(killed_of["guest"]) == 4
    for trial in killed_of["guest"]:
        assert trial["killed"]
        assert "ended" in trial["then"][-1]
        assert said(trial["then"])[:2] == [wording.HELLO, wording.WHICH_REMINDER]
        for left in (trial["nobody"], trial["anna"], *trial["end"]):
            assert left["places"] == {}
            assert left["visits"] == 0
