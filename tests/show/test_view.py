"""What can be seen of a session: place, stroke, picture, words, mood; and never any talk."""

from dataclasses import replace

import pytest
from support.page_states import EVENING, a_library
from support.playing import small_routine
from support.staging import PROGRAMME
from support.viewing import Seen

from voiceguide.core.commands import Phrase
from voiceguide.core.decision.heard import Heard, Reason
from voiceguide.core.events import NoiseChanged, ProgrammeChosen
from voiceguide.core.routine.breath import parse_breath
from voiceguide.core.routine.routine import Breathe, Mode, Section, Side, Step
from voiceguide.core.table import State


def heard(text, phrase=None, why=Reason.UNSURE):
    return Heard(text, phrase, why, 1.0, 1.5, 2.0, 0.4, 20.0)


def underway(**more):
    play = Seen(**more)
    play.at(12, "start")
    return play


def until_step(play, step):
    for _ in range(90):
        if play.session.snapshot().step_id == step:
            break
        play.say("next", after=0.5)
    assert play.session.snapshot().step_id == step
    return play


def test_the_question_shows_the_names_and_waits():
    play = Seen(routine_id=None)
    play.until(1)
    shown = play.seen()
    assert shown.is_speaking
    assert shown.words == ("small routine", "other routine")
    assert shown.caption.startswith("Which routine")
    assert (shown.title, shown.zones, shown.step, shown.session.seconds_left) == ("", (), "", 0)


def test_a_routine_that_is_ready_shows_its_length_and_how_to_begin():
    play = Seen()
    play.until(1)
    shown = play.seen()
    assert (shown.title, shown.zones) == ("Small routine", ("neck", "jaw"))
    assert shown.words[0] == "start"
    assert shown.session.seconds_left > 100
    assert shown.session.progress == 0


def test_strokes_show_their_number_side_onset_and_tempo():
    play = until_step(underway(), "glide")
    play.until_state(State.PACING)
    first = play.seen()
    counted = first.session.counted
    assert (counted.number, counted.count, counted.side) == (0, 3, Side.LEFT)
    play.until(play.now + 3.2)
    counted = play.seen().session.counted
    assert counted.number == 1
    assert counted.onset_seconds <= play.now <= counted.onset_seconds + 2
    assert counted.period_seconds == 2
    play.say("faster")
    play.until(play.now + 3)
    assert play.seen().session.counted.period_seconds == pytest.approx(2 / 1.15)
    assert play.seen().session.tempo == pytest.approx(1.15)
    shown = play.seen()
    assert (shown.session.section.name, shown.step, shown.next) == ("jaw", "glide", "press")


def test_the_picture_shows_the_side_that_is_worked_on():
    play = Seen(library=a_library(), routine_id="serum-ritual", manner=EVENING)
    play.at(30, "start")
    until_step(play, "hook-glide")
    play.until_state(State.PACING)
    left = play.seen()
    assert (left.region, left.session.counted.side) == ("jaw", Side.LEFT)
    assert len(left.lines) == 1
    assert all(x < 120 for x, _ in left.lines[0].points)
    play.until(play.now + 28)
    right = play.seen()
    assert right.session.counted.side is Side.RIGHT
    assert all(x > 120 for x, _ in right.lines[0].points)


def test_what_follows_is_the_step_or_the_zone_that_does():
    play = until_step(underway(), "rinse")
    assert play.seen().next == "jaw"
    until_step(play, "end")
    assert play.seen().next == ""


def test_a_wait_with_a_timer_shows_its_end():
    play = until_step(underway(), "settle")
    play.until_state(State.WAITING)
    assert play.seen().session.timer_end_seconds == pytest.approx(play.now + 90, abs=0.1)


def test_progress_grows_from_nothing_to_all_and_the_time_left_shrinks():
    play = underway()
    seen = [play.seen().session]
    for step in ("up", "rinse", "glide", "settle", "end"):
        until_step(play, step)
        seen.append(play.seen().session)
    assert [one.progress for one in seen] == sorted(one.progress for one in seen)
    assert [-one.seconds_left for one in seen] == sorted(-one.seconds_left for one in seen)
    play.until_state(State.ENDED)
    assert play.seen().session.progress == 1.0


def test_a_stop_in_the_middle_shows_how_far_one_came():
    play = until_step(underway(), "glide")
    play.say("stop", after=1)
    play.until_state(State.ENDED)
    assert 0.1 < play.seen().session.progress < 0.9


def test_a_sentence_is_spoken_until_it_has_ended():
    play = until_step(underway(), "up")
    play.until_state(State.TELLING)
    seen = play.seen()
    assert seen.is_speaking
    assert seen.caption
    play.until_state(State.PACING)
    play.until(play.now + 3)
    assert not play.seen().is_speaking
    assert play.seen().caption, "it can still be read"


def test_the_caption_is_the_sentence_that_sounds_or_sounded_last():
    play = until_step(underway(), "hello")
    for _ in range(80):
        play.until(play.now + 0.25)
        spoken = [li.text for li in play.lines if li.utterance_id and li.at <= play.now]
        coming = [li.text for li in play.lines if li.utterance_id and li.at > play.now]
        assert play.seen().caption in (spoken[-1], *coming[:1])


def test_only_obeyed_commands_are_shown_and_the_routine_by_its_name():
    play = Seen(routine_id=None)
    play.at(3, "choose", "other")
    assert play.seen().heard.text == "other routine"
    play.at(12, "start")
    assert play.seen().heard.text == "start"


def test_talk_is_never_shown_not_even_while_debugging():
    play = underway(with_rejected=True)
    for text in ("my bank card number is", "[unk]", "next my dear"):
        play.view.hear(heard(text))
    assert play.seen().rejected is None
    play.view.hear(heard("next"))
    assert (play.seen().rejected.text, play.seen().rejected.why) == ("next", "not sure enough")
    play.say("pause")
    assert play.seen().rejected is None


def test_nothing_rejected_is_shown_without_being_asked_for():
    play = underway()
    play.view.hear(heard("next"))
    play.view.hear(heard("next", Phrase("next", "next"), Reason.AGREED))
    assert play.seen().rejected is None


def test_noise_that_is_too_loud_is_shown():
    play = underway()
    play.tell(NoiseChanged(True))
    assert play.seen().session.is_loud


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("4-0-6-0", [("in", 0.4, 0, 1), ("out", 0.6, 1, 0)]),
        (
            "4-4-4-4",
            [("in", 0.25, 0, 1), ("hold", 0.25, 1, 1), ("out", 0.25, 1, 0), ("hold", 0.25, 0, 0)],
        ),
        ("in 3 in 1 out 6", [("in", 0.3, 0, 0.75), ("in", 0.1, 0.75, 1), ("out", 0.6, 1, 0)]),
    ],
)
def test_a_breath_is_shown_as_shares_that_fill_and_empty(pattern, parts):
    step = Step("b", "b", Mode.BREATHE, ("Breathe.",), breathe=Breathe(6, parse_breath(pattern)))
    routine = replace(small_routine(), sections=(Section("air", "air", (step,)),))
    play = Seen(library={"small": routine})
    play.at(12, "start")
    play.until_state(State.PACING)
    shown = play.seen().breath
    assert [(p.way, p.share, p.begins_full, p.ends_full) for p in shown] == [
        (way, pytest.approx(share), pytest.approx(begins), pytest.approx(ends))
        for way, share, begins, ends in parts
    ]
    assert play.seen().session.counted.count == 6
    assert not play.seen().session.counted.is_hold


def test_taking_a_look_changes_nothing():
    plain, looked = underway(routine_id="small"), underway(routine_id="small")
    for _ in range(400):
        plain.until(plain.now + 0.5)
        looked.until(looked.now + 0.5)
        looked.seen()
    assert plain.lines == looked.lines
    assert small_routine() == looked.library["small"]


def test_a_word_that_means_nothing_now_is_not_shown_as_heard():
    play = Seen()
    play.say("resume", after=2)
    assert play.seen().heard is None


def test_a_timer_is_shown_with_the_minutes_that_were_said():
    play = Seen()
    play.say("timer", after=2, minutes=3)
    assert play.seen().heard.text == "timer 3"


def test_programmes_can_be_chosen_while_a_routine_is_but_by_no_guest():
    play = Seen(routine_id=None, programmes={PROGRAMME.id: PROGRAMME})
    assert play.seen().programmes == (("programme two-days", "Follow: two days"),)
    play.tell(ProgrammeChosen("two-days"))
    assert play.seen().programmes == (("programme none", "Leave: two days"),)
    play.introduce("guest")
    assert play.seen().programmes == ()
    play.introduce("anna")
    play.say("stop", after=1)
    assert play.seen().programmes == ()
