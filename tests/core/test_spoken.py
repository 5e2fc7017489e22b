"""Text as people write it is said as they mean it."""

import time

import pytest

from voiceguide.core.lint import sentences
from voiceguide.core.session.sayings import pack_sayings
from voiceguide.core.spoken import as_spoken
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_bundled

SAID = {
    "Relax your hands. 🙂": "Relax your hands.",
    "🎉": "",
    "***": "",
    "**Rest** here *now* 🛑 and breathe.": "Rest here now and breathe.",
    "# Title": "Title",
    "See [the page](https://example.org/a_b).": "See the page.",
    "Mix 5 ml of oil (approx. 1 tsp.) with water, e.g. at 7 a.m. or so.": "Mix five millilitres of "
    "oil (approximately one teaspoon) with water, for example at seven in the morning or so.",
    "Ask Dr. Brown, No. 5, for 2–3 min. of rest.": "Ask Doctor Brown, number five, for two to "
    "three minutes of rest.",
    "1. Wash your face. 2. Dry it.": "First, wash your face. Second, dry it.",
    "Leave it for 10 min. Then rinse.": "Leave it for ten minutes. Then rinse.",
    "Press & hold, 20% more, at 37 °C.": "Press and hold, twenty percent more, at thirty-seven "
    "degrees Celsius.",
    "At 7:30 p.m. rest.": "At seven thirty in the evening rest.",
    "It ends at 7 p.m.": "It ends at seven in the evening.",
    "Use it 2x a day, etc. Then rest.": "Use it two times a day, and so on. Then rest.",
    "Wait 1.5 min and/or more.": "Wait one point five minutes or more.",
    "Wait 1 min.": "Wait one minute.",
    "AHA/BHA": "AHA or BHA",
    "B5 and SPF 30": "B5 and SPF thirty",
    "1,200 strokes": "one thousand two hundred strokes",
    "12345678 strokes": "12345678 strokes",
}


@pytest.mark.parametrize(("written", "said"), SAID.items())
def test_it_is_said_in_words(written: str, said: str):
    assert as_spoken(written) == said


@pytest.mark.parametrize("said", SAID.values())
def test_words_stay_words(said: str):
    assert as_spoken(said) == said


def test_what_the_guide_says_is_in_words_already():
    for text in pack_sayings(load_bundled(), load_phrasebook()):
        assert as_spoken(text) == text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Relax. 🙂 Breathe.", ("Relax.", "Breathe.")),
        ("Mix it with approx. 1 tsp. of water. Rest.", 2),
        ("At 7 a.m. wash. At 9 p.m. sleep.", 2),
        ("Ask Dr. Brown. She knows, e.g., No. 5.", 2),
        ("1. Wash. 2. Dry.", ("First, wash.", "Second, dry.")),
        ("…", ()),
    ],
)
def test_only_sentences_end_sentences(text: str, parts: tuple[str, ...] | int):
    found = sentences(text)
    assert found == parts if isinstance(parts, tuple) else len(found) == parts


@pytest.mark.parametrize(
    "text",
    [
        *("ma" + "9" * 5000, "9" * 5000, "1," * 2500 + "1"),
        *("[-" * 20000 + "a", "<a" * 20000, "\n" * 40000 + "a", "[a](" * 10000),
    ],
    ids=range(7),
)
def test_thousands_of_digits_brackets_or_lines_take_no_time(text):
    began = time.process_time()
    assert as_spoken(text)
    assert time.process_time() - began < 1.0
