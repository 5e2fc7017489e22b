"""``--breathing`` and ``--minutes`` as typed."""

import argparse

import pytest

from voiceguide.cli.manner import add_manner_options, manner_from
from voiceguide.core.errors import SettingsError
from voiceguide.core.routine.breath import CALM, parse_breath
from voiceguide.core.session.preferences import Manner


def manner(*argv: str) -> Manner:
    parser = argparse.ArgumentParser()
    add_manner_options(parser)
    return manner_from(parser.parse_args(argv))


def test_without_them_the_routine_decides():
    assert manner() == Manner()


def test_a_pattern_may_be_given_or_left_to_be_the_usual_one():
    assert manner("--breathing").breath == CALM
    assert manner("--breathing", "box").breath == parse_breath("4-4-4-4")
    assert manner("--minutes", "7.5").length_seconds == 450


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (("--breathing", "evening"), "--breathing: 'evening' is no breath; write it like"),
        (("--minutes", "0.5"), "--minutes must be a number from 1 to 120, not 0.5."),
        (("--minutes", "ten"), "--minutes must be a number from 1 to 120, not ten."),
    ],
)
def test_what_cannot_be_is_one_sentence(argv, why):
    with pytest.raises(SettingsError) as caught:
        manner(*argv)
    assert why in str(caught.value)
