"""What is offered for a word that is not known."""

import pytest

from voiceguide.core.suggest import did_you_mean, likely, nearest

VOICES = ["Dutch", "Polish", "English (America)", "en-us", "en-gb", "af_heart"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("en-uss", ("en-us",)),
        ("EN_US", ("en-us",)),
        ("af-hart", ("af_heart",)),
        ("english", ("English (America)",)),
        ("nosuch", ()),
        ("", ()),
        ("x" * 1000, ()),
    ],
)
def test_only_what_is_alike_is_offered(word, meant):
    assert likely(word, VOICES, 1) == meant
    assert nearest(word, VOICES) == (meant[0] if meant else None)


def test_the_likeliest_comes_first_and_no_more_than_a_few():
    known = ["mornings", "morning", "mourning", "warning"]
    assert likely("mornin", known, 2) == ("morning", "mornings")


def test_the_question():
    assert did_you_mean(()) == ""
    assert did_you_mean(["one"]) == "did you mean one?"
    assert did_you_mean(["one", "two", "three"]) == "did you mean one, two or three?"
