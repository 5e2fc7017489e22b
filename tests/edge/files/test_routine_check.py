"""``check`` names every problem at once, at its place, and says what would be right."""

import re
from pathlib import Path

import pytest

from voiceguide.core.commands import Command, Phrase, Phrasebook
from voiceguide.core.errors import ModelError, RoutineError
from voiceguide.core.routine.routine import Profile, Skin
from voiceguide.core.routine.selection import select
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_check import check_routine
from voiceguide.edge.files.vocabulary import read_vocabulary

BOOK = Phrasebook(
    "en",
    (
        Phrase("go", Command.START),
        Phrase("back", Command.BACK),
        Phrase("start over", Command.START_OVER),
        Phrase("start", Command.START),
        Phrase("hand care", Command.CHOOSE, "hand-care"),
    ),
)
WORDS = frozenset({"hand", "care", "tired", "hands"})

HEAD = """\
format: voiceguide/1
id: hand-care
name: hand care
summary: A minute for tired hands.
safety: Be gentle.
section:
"""
SECTION = "  - name: palms\n    step:\n"
STEP = "      - name: press\n        say: Press the palm.\n"
STROKE = STEP + "        stroke: "


def problems(folder: Path, text: str, words: frozenset[str] | None = WORDS) -> list[str]:
    path = folder / "routine.yaml"
    path.write_text(text, encoding="utf-8")
    report = check_routine(path, BOOK, words)
    assert (report.routine is None) or not any("missing" in p.message for p in report.problems)
    return [problem.located("F") for problem in sorted({*report.problems, *report.warnings})]


@pytest.mark.parametrize(
    ("count", "seconds", "told"),
    [
        ("aloud", "0.5 s", ["strokes shorter than 0.9 s are counted in fives: “press”"]),
        ("aloud", "1 s", []),
        ("silent", "0.5 s", []),
    ],
)
def test_what_a_count_leaves_out_is_told(tmp_path, count, seconds, told):
    path = tmp_path / "routine.yaml"
    stroke = f"{{count: 8, seconds: {seconds}}}\n        count: {count}\n"
    path.write_text(HEAD + SECTION + STROKE + stroke, encoding="utf-8")
    report = check_routine(path, BOOK, WORDS)
    assert report.problems == ()
    assert [note.message for note in report.notes] == told


def test_nothing_to_say_about_a_good_file(tmp_path):
    assert problems(tmp_path, HEAD + SECTION + STEP) == []


def test_everything_at_once_in_the_order_of_the_file(tmp_path):
    text = """\
format: voiceguide/1
id: Hand Care
name: hand cream
called: [hand cream]
summery: A minute for tired hands.
safety: Be gentle.
secshun: 3
section:
  - name: palms
    region: hand
    step:
      - name: press
        say: Now go back to the palm, and then start over.
        stroke: {count: 0, seconds: 90 s, side: lefft}
      - name: press
        say: >
          One two three four five six seven eight nine ten eleven twelve thirteen fourteen
          fifteen sixteen seventeen eighteen nineteen twenty more.
        wait: {for: word}
        hold: 5 s
  - name: fingers
    name: thumbs
    step:
      - nam: rub
        say: [Rub., 5]
      - name: pull
        say_for: {sensitve: Softly.}
        wait: {for: 0 s}
  - name: wrists
    step: []
"""
    assert problems(tmp_path, text) == [
        "F:2:5: `id` is `Hand Care`; it must be lower-case words joined by hyphens, "
        "such as `neck-and-chest`",
        "F:3:7: the recogniser does not know “cream”, so nobody could choose “hand cream”; "
        "use words it knows",
        "F:4:10: the recogniser does not know “cream”, so nobody could choose “hand cream”; "
        "use words it knows",
        "F:4:10: “hand cream” is a name on line 3 already; remove it",
        "F:5:1: `summery` is no key here; did you mean `summary`?",
        "F:7:1: `secshun` is no key here; did you mean `section`?",
        "F:10:13: `region` is `hand`, which is not known; did you mean `hands`?",
        "F:13:14: “Now go back to the palm, and …” holds the commands “start over”, “back” and "
        "“go”, which the guide would hear itself say; use another word",
        "F:14:25: `count` is `0`; use 1 to 100",
        "F:14:37: `seconds`: 1 min 30 s is out of range; use 0.4 s to 30 s",
        "F:14:49: `side` is `lefft`, which is not known; did you mean `left`?",
        "F:15:9: a step has one thing to do, here are hold and wait; make a step of each",
        "F:15:15: a step with the id `press` is on line 12 already; give this one another id",
        "F:16:14: “One two three four five six seven …” has 21 words; "
        "say it in 20 or fewer, or in two sentences",
        "F:19:15: `about` is missing: say how long this usually takes, like `about: 30 s`",
        "F:22:5: `name` is here twice, first on line 21; keep one of them",
        "F:24:9: `nam` is no key here; did you mean `name`?",
        "F:25:21: `say` must be text; put it in quotes",
        "F:26:9: `say` is missing; add it to this step",
        "F:27:19: `say_for` has `sensitve`, which is not known; did you mean `sensitive`?",
        "F:28:21: a timer must end; use 1 s to 1 h, or `for: word`",
        "F:30:11: `step` is empty; list at least one step",
    ]


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        (
            STROKE + "{count: 101, seconds: 4}",
            ["F:11:25: `count` is `101`; use 1 to 100"],
        ),
        (
            STROKE + "{count: five, seconds: fast}",
            [
                "F:11:25: `count` must be a whole number, such as 5",
                "F:11:40: `seconds`: 'fast' is no length of time; "
                "write it like `90 s`, `1.5 min` or `90`",
            ],
        ),
        (STROKE + "{count: 2.5, seconds: 4}",
         ["F:11:25: `count` must be a whole number, such as 5"]),
        (STROKE + "{}", ["F:11:17: `count` is missing; add it to this stroke",
                         "F:11:17: `seconds` is missing; add it to this stroke"]),
        (STROKE + "\n", ["F:11:9: `stroke` has no value; give it one or remove the key"]),
        (STROKE + "5", ["F:11:17: `stroke` must hold `key: value` lines"]),
        (
            STROKE + "{count: 3, seconds: 4, side: left}",
            ["F:7:5: as it stands, only the left side is worked on; add the right one, "
             "or use `side: left then right`"],
        ),
        (STEP + "        strokes: {count: 3}",
         ["F:11:9: `strokes` is no key here; did you mean `stroke`?"]),
        (STEP + "        wait: {}", ["F:11:15: `for` is missing; add it to this wait"]),
        (STEP + "        wait: {for: ever}",
         ["F:11:21: a wait is `for: word`, or for a time such as `for: 60 s`"]),
        (STEP + "        wait: {for: 2 h}",
         ["F:11:21: a timer must end; use 1 s to 1 h, or `for: word`"]),
        (STEP + "        wait: {for: 60 s, reminder: Still there?}",
         ["F:11:15: a timer needs no `reminder`; remove it, or write `for: word`"]),
        (STEP + "        wait: {for: word, about: 9 s, reminder: Go on.}",
         ["F:11:49: “Go on.” holds the command “go”, which the guide would hear itself say; "
          "use another word"]),
        (STEP + "        hold: 20 min", ["F:11:15: `seconds`: 20 min is out of range; "
                                         "use 1 s to 10 min"]),
        (STEP + "        breathe: {pattern: box}",
         ["F:11:18: breaths need either a `count` or a time, like `for: 2 min`"]),
        (STEP + "        breathe: {count: 200}", ["F:11:26: `count` is `200`; use 1 to 100"]),
        (STEP + "        breathe: {count: 2, pattern: deep}",
         ["F:11:38: 'deep' is no breath; write it like 4-0-6-0 (in, hold, out, hold), "
          "in 3 in 1 out 6, box, calm or relax"]),
        (STEP + "        breathe: 2\n        hold: 5 s",
         ["F:9:9: a step has one thing to do, here are hold and breathe; make a step of each"]),
        (STEP + "        tip: ''", ["F:11:14: `tip`: there is no sentence here; "
                                    "write one or remove the key"]),
        (STEP + "        say_for: {rosacea: Lightly back.}",
         ["F:11:28: “Lightly back.” holds the command “back”, which the guide would hear itself "
          "say; use another word"]),
        (STEP + "        if: {when: noon}",
         ["F:11:20: `when` is `noon`, which is not known; use morning or evening"]),
        (STEP + "        if: {when: morning}",
         ["F:1:1: in the evening nothing is left of this routine; add a section",
          "F:7:5: in the evening no step of this section is left; give the section the same `if`"]),
        (STEP + "        if: {skin: [acne, dry]}",
         ["F:11:27: `skin` is `dry`, which is not known; use sensitive, rosacea or acne"]),
        (STEP + "      -", ["F:11:8: this list item is empty; fill it or remove it"]),
        (STEP + "      - name: '!!'\n        say: Rest.",
         ["F:11:15: this name has no letters to make an id of; give the step an id"]),
        (STEP + "      - !!python/name:os.system\n        name: rest\n        say: Rest.",
         ["F:11:9: the tag tag:yaml.org,2002:python/name:os.system is not used here; remove it"]),
        (STEP + "      - name: rest\n        say: Rest.\n        ? [x]\n        : y",
         ["F:13:11: a key must be a word; put `{` or `[` text in quotes"]),
    ],
)  # fmt: skip
def test_single_problems(tmp_path, tail, expected):
    assert problems(tmp_path, HEAD + SECTION + tail) == expected


def test_names_are_not_checked_against_an_unknown_vocabulary(tmp_path):
    text = HEAD.replace("hand care", "zyxwv") + SECTION + STEP
    assert problems(tmp_path, text, None) == []
    assert problems(tmp_path, text) == [
        "F:3:7: the recogniser does not know “zyxwv”, so nobody could choose “zyxwv”; "
        "use words it knows"
    ]


def test_a_file_that_is_no_routine_is_one_sentence(tmp_path):
    with pytest.raises(RoutineError, match="this is a list"):
        problems(tmp_path, "- 1\n")


def test_vocabulary_of_a_model(tmp_path):
    assert read_vocabulary(tmp_path) is None
    (tmp_path / "graph").mkdir()
    listed = tmp_path / "graph" / "words.txt"
    listed.write_text("<eps> 0\nhand 1\ncare 2\n")
    assert read_vocabulary(tmp_path) == {"<eps>", "hand", "care"}
    listed.write_bytes(b"\xff\xfe")
    with pytest.raises(ModelError, match="cannot be read"):
        read_vocabulary(tmp_path)


def test_what_is_said_otherwise_than_written_is_named(tmp_path):
    path = tmp_path / "hands.yaml"
    path.write_text(
        "format: voiceguide/1\nid: hands\nname: hand care\nsummary: For hands.\n"
        "safety: Gently, please. 🙂\nclosing: '🎉'\nsection:\n  - name: palms\n    step:\n"
        "      - name: cream\n        say: 'Mix approx. 5 ml of it. **Stop** there.'\n"
        "        wait: {for: word, about: 20 s}\n",
        "utf-8",
    )
    report = check_routine(path, load_phrasebook())
    notes = [note.message for note in report.notes]
    assert "“Gently, please. 🙂” is said as: Gently, please." in notes
    assert "“🎉” holds no word, so it is not said" in notes
    assert any("approximately five millilitres" in note for note in notes)
    assert any("“stop”" in problem.message for problem in report.warnings)


def test_what_the_breath_does_to_the_length_is_noted(tmp_path):
    path = tmp_path / "routine.yaml"
    text = HEAD.replace("section:", "breathing: calm\nsection:") + SECTION + STROKE
    path.write_text(text + "{count: 6, seconds: 2 s}\n", encoding="utf-8")
    (note,) = check_routine(path, BOOK, WORDS).notes
    assert note.spot.line == HEAD.count("\n")
    assert re.match(
        r"on the breath it takes 1 min .*; by the seconds .* would take \d\d s;", note.message
    )
    path.write_text(text + "{count: 6, seconds: 2 s}\n        breathing: none\n", encoding="utf-8")
    assert check_routine(path, BOOK, WORDS).notes == ()


@pytest.mark.parametrize("key", ["short", "amount"])
def test_a_number_names_a_sentence_that_is_there(tmp_path, key):
    text = HEAD + SECTION + STEP.replace("say: Press the palm.", "say: Press the palm. Rest it.")
    assert problems(tmp_path, f"{text}        {key}: 2\n") == []
    (told,) = problems(tmp_path, f"{text}        {key}: 3\n")
    assert f"`{key}: 3`: there is no such sentence in `say` or `say_for`" in told
    assert "write a number up to 2, or sentences" in told


def test_a_number_picks_its_sentence_for_every_skin(tmp_path):
    path = tmp_path / "routine.yaml"
    step = STEP.replace("say: Press the palm.", "say: Press the palm. Rest it.")
    more = (
        "        say_for: {acne: Touch the palm. Let it be.}\n        short: 2\n        amount: 1\n"
    )
    path.write_text(HEAD + SECTION + step + more, encoding="utf-8")
    routine = check_routine(path, BOOK, WORDS).routine
    assert routine is not None
    for skin, brief, amount in (
        ((), "Rest it.", "Press the palm."),
        ((Skin.ACNE,), "Let it be.", "Touch the palm."),
    ):
        ((_, chosen),) = select(routine, Profile(skin=skin)).steps()
        assert (chosen.brief, chosen.amounts) == ((brief,), (amount,))
