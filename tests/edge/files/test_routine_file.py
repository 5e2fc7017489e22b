"""Reading routine files: what a good one becomes, and one plain sentence for every bad one."""

import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voiceguide.core.commands import Command, Phrase, Phrasebook
from voiceguide.core.errors import RoutineError
from voiceguide.core.routine.breath import parse_breath
from voiceguide.core.routine.on_breath import with_breath
from voiceguide.core.routine.routine import Conditions, Mode, Side, Skin, When
from voiceguide.edge.files import yaml_tree
from voiceguide.edge.files.durations import format_seconds, parse_seconds
from voiceguide.edge.files.routine_check import check_routine
from voiceguide.edge.files.routine_file import (
    FOLDER,
    bundled_routines,
    find_routine,
    load_bundled,
    load_routine,
)
from voiceguide.edge.files.routine_models import schema_text
from voiceguide.edge.files.routine_values import slug
from voiceguide.edge.files.yaml_tree import parse_document, read_document

BOOK = Phrasebook("en", (Phrase("go", Command.START), Phrase("back", Command.BACK)))

GOOD = """\
format: voiceguide/1
id: hand-care
name: hand care
called: hands
summary: A minute for tired hands.
supply: [hand cream]
safety: Be gentle. Leave sore joints alone.
pressure_for: {sensitive: feather light}
closing: Enjoy your hands.
why: It may warm the joints.
section:
  - name: Palms & décolletage
    region: hands
    why: [They work all day.]
    if: {when: evening}
    step:
      - name: press
        say: >
          Press the thumb into the palm.
          Breathe out.
        say_for:
          sensitive: Rest the thumb in the palm.
        tip: Not on a bruise.
        count: aloud
        stroke: {count: 5, seconds: 1.5, side: left then right, hands: thumb}
      - name: rest
        id: still
        say: [Hold still.]
        hold: 0.5 min
      - {name: cream, say: Take some cream., wait: {for: word, about: 20 s, reminder: Cream.}}
      - name: sink in
        if: {skin: acne, not_tool: [roller]}
        say: Let it sink in.
        wait: {for: PT1M30S}
      - {name: end, say: That was it.}
"""


def write(folder: Path, content: str | bytes, name: str = "routine.yaml") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_file_becomes_frozen_values(tmp_path):
    text = GOOD.replace("called: hands", "called: [hands]")
    routine = load_routine(write(tmp_path, text))
    assert routine.spoken_names == ("hand care", "hands")
    assert routine.safety == ("Be gentle.", "Leave sore joints alone.")
    (section,) = routine.sections
    assert (section.id, section.region) == ("palms-decolletage", "hands")
    assert section.conditions == Conditions(when=When.EVENING)
    press, still, cream, sink, end = section.steps
    assert press.say == ("Press the thumb into the palm.", "Breathe out.")
    assert press.say_for == ((Skin.SENSITIVE, ("Rest the thumb in the palm.",)),)
    assert press.told[-1] == "Not on a bruise."
    assert press.stroke
    assert (press.mode, press.stroke.count, press.stroke.seconds) == (Mode.STROKE, 5, 1.5)
    assert (press.stroke.side, press.stroke.count_aloud) == (Side.LEFT_THEN_RIGHT, True)
    assert still.id == "still" and still.hold and still.hold.seconds == 30
    assert cream.wait and (cream.wait.about_seconds, cream.wait.timer_seconds) == (20, None)
    assert sink.wait and (sink.wait.about_seconds, sink.wait.timer_seconds) == (90, 90)
    assert (sink.conditions.skin, sink.conditions.not_tool) == ((Skin.ACNE,), ("roller",))
    assert routine.pressure_for == ((Skin.SENSITIVE, "feather light"),)
    assert end.mode is Mode.SAY


def test_breaths_are_counted_or_timed_and_have_a_pattern_of_their_own_or_the_routines(tmp_path):
    text = GOOD.replace("called: hands\n", "breathing: 4-0-4-0\n")
    steps = """      - {name: six, say: Breathe., breathe: 6}
      - {name: a while, say: Breathe., breathe: {for: 1 min}}
      - {name: boxes, say: Breathe., breathe: {for: 1 min, pattern: box}}
      - {name: gasps, say: Breathe., breathe: {count: 3, pattern: "in 3, in 1, out 6"}}
"""
    routine = load_routine(write(tmp_path, text + steps))
    assert str(routine.breath) == "in 4 out 4"
    found = [step.breathe for _, step in routine.steps() if step.breathe]
    assert [(each.count, each.breath and str(each.breath)) for each in found] == [
        (6, None),
        (8, None),
        (4, "in 4 hold 4 out 4 hold 4"),
        (3, "in 3 in 1 out 6"),
    ]
    boxed = with_breath(routine, parse_breath("relax"))
    assert [step.count for _, step in boxed.steps() if step.breathe] == [6, 3, 3, 3]


def test_a_section_or_a_step_is_left_out_of_the_breath(tmp_path):
    text = GOOD.replace("called: hands\n", "breathing: 4-0-4-0\n")
    routine = load_routine(write(tmp_path, text))
    assert all(step.on_breath for _, step in routine.steps())
    out = load_routine(
        write(tmp_path, text.replace("    step:\n", "    breathing: none\n    step:\n"))
    )
    assert not any(step.on_breath for _, step in out.steps())
    one = "      - {name: tap, say: Tap., hold: 3 s, breathing: none}\n"
    last = [step for _, step in load_routine(write(tmp_path, text + one)).steps()][-1]
    assert (last.name, last.on_breath) == ("tap", False)
    for wrong, why in (
        ("{name: tap, say: Tap., hold: 3 s, breathing: box}", "use 'none'|`breathing`"),
        ("{name: air, say: Breathe., breathe: 3, breathing: none}", "only strokes and holds"),
    ):
        with pytest.raises(RoutineError, match=why):
            load_routine(write(tmp_path, f"{text}      - {wrong}\n"))


def test_counting_aloud_is_inherited_until_it_is_silenced(tmp_path):
    text = GOOD.replace("called: hands\n", "").replace("language", "language")
    loud = text.replace("summary:", "count: aloud\nsummary:").replace("        count: aloud\n", "")
    quiet = loud.replace("    region: hands\n", "    region: hands\n    count: silent\n")
    for number, (content, expected) in enumerate(((loud, True), (quiet, False))):
        routine = load_routine(write(tmp_path, content, f"{number}.yaml"))
        stroke = routine.sections[0].steps[0].stroke
        assert stroke and stroke.count_aloud is expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "this file is empty"),
        ("# only a remark\n", "this file is empty"),
        ("- a\n- b\n", ":1:1: this is a list, no routine; begin with `format: voiceguide/1`."),
        ("just words", ":1:1: this is a single value"),
        ("id: x\n", ":1:1: `format` is missing"),
        ("format: voiceguide/2\n", ":1:9: this format is not known; write `format: voiceguide/1`"),
        ("format: voiceguide/1\n---\nformat: voiceguide/1\n", ":2:1: a second document begins"),
        ("format:\n\tx: 1\n", ":2:1: a tab stands here; indent with spaces."),
        ("name: a: b\n", ":1:8: a `: ` inside a text needs quotes"),
        ('name: "a\n', ":1:7: a quote is opened here and never closed."),
        (r'name: "C:\users"', "`\\` means something else in double quotes"),
        (r'name: "a\d"', "`\\` means something else in double quotes"),
        ("name: @a\n", ":1:7: a text that begins with `@` needs quotes."),
        ("a: 1\n- b\n", ":2:1: this line does not fit"),
        ("a: *nobody\n", ":1:4: *nobody means nothing here"),
        ("a: &a [*a]\n", ":1:8: *a means nothing here"),
        ("[" * 100_000, "nested more than 40 levels deep"),
        ("{a: " * 5_000, "nested more than 40 levels deep"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is a binary file, and no text in UTF-8."),
        (b"name: caf\xe9\n", ":1:1: this is no text in UTF-8"),
        ("name: \x07\n", ":1:1: a control character"),
        ("a: " + "x" * 1_000_000, "is too large: it may have 1 MB."),
    ],
    ids=range(22),
)
@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
def test_one_plain_sentence_for_what_is_no_routine(
    tmp_path, content, expected, loader, monkeypatch
):
    yaml = yaml_tree.yaml
    monkeypatch.setattr(yaml_tree, "Loader", getattr(yaml, loader, yaml.SafeLoader))
    path = write(tmp_path, content)
    with pytest.raises(RoutineError) as raised:
        load_routine(path)
    message = str(raised.value)
    assert expected in message
    assert message.startswith(str(path))
    assert message.endswith(".") and "\n" not in message
    assert raised.value.exit_code == 2


def test_an_alias_bomb_is_refused_at_once(tmp_path):
    letters = "abcdefghi"
    lines = ["a: &a [" + ", ".join(["x"] * 10) + "]"]
    lines += [f"{b}: &{b} [" + ", ".join([f"*{a}"] * 10) + "]"
              for a, b in pairwise(letters)]  # fmt: skip
    with pytest.raises(RoutineError, match="unfolds to more than"):
        load_routine(write(tmp_path, "\n".join(lines)))


def test_paths_that_are_no_file(tmp_path, monkeypatch):
    with pytest.raises(RoutineError, match="it is a folder"):
        load_routine(tmp_path)
    with pytest.raises(RoutineError, match="there is no such file"):
        load_routine(tmp_path / "none.yaml")
    with pytest.raises(RoutineError, match="cannot be read"):
        load_routine("nul\0.yaml")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.yaml")
        with pytest.raises(RoutineError, match="not an ordinary file"):
            load_routine(tmp_path / "pipe.yaml")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path, GOOD)
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(RoutineError, match="cannot be read: Permission denied"):
        load_routine(path)


def test_the_first_problem_is_named_and_the_others_counted(tmp_path):
    path = write(tmp_path, GOOD.replace("called: hands", "called: hands\ncalld: [x]"))
    with pytest.raises(RoutineError) as raised:
        load_routine(path)
    assert str(raised.value) == (
        f"{path}:4:9: `called` must be a list, one `- ` line for each "
        f"(1 more: voiceguide check {path})."
    )


def test_a_marked_file_is_read(tmp_path):
    text = GOOD.replace("called: hands\n", "")
    marked = write(tmp_path, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load_routine(marked).id == "hand-care"


def test_bundled_routines_are_found_by_id(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "morning").mkdir()
    assert find_routine("morning") == bundled_routines()["morning"]
    assert load_routine("morning") is load_bundled()["morning"]
    with pytest.raises(RoutineError, match=r"no routine called 'mornin'; did you mean morning\?"):
        load_routine("mornin")
    with pytest.raises(RoutineError, match="there are serum-ritual, morning"):
        load_routine("xyzzy")


def test_the_published_schema_is_fresh():
    published = (FOLDER / "schema.json").read_text("utf-8")
    assert published == schema_text(), "run scripts/make_schema"


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (90, 90),
        (1.5, 1.5),
        ("90", 90),
        ("90 s", 90),
        ("90s", 90),
        ("1.5 min", 90),
        ("1 min 30 s", 90),
        ("2 minutes", 120),
        ("1 h", 3600),
        ("500 ms", 0.5),
        ("PT1M30S", 90),
        (" pt0.5h ", 1800),
    ],
)
def test_durations(written, seconds):
    assert parse_seconds(written) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "written", ["", "soon", "5 parsecs", "1 2", "1 min 30", "-5 s", "PT", "1e3", True, None, []]
)
def test_durations_that_are_none(written):
    with pytest.raises(ValueError, match=r"use s, min or h|write it like"):
        parse_seconds(written)


@pytest.mark.parametrize("text", ["1" * 200 + "x", "1 s " * 200 + "!", "9" * 400])
def test_long_durations_are_refused_quickly(text):
    with pytest.raises(ValueError, match="write it like"):
        parse_seconds(text)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.4, "0 s"), (59.4, "59 s"), (60, "1 min"), (845, "14 min 5 s"), (3600, "1 h"),
     (3720, "1 h 2 min")],
)  # fmt: skip
def test_lengths_for_the_eye(seconds, shown):
    assert format_seconds(seconds) == shown


def test_ids_made_from_names():
    assert slug("Smile-line pinch, à la Zoë!") == "smile-line-pinch-a-la-zoe"


PIECES = st.sampled_from(
    ["", " ", "\n", "\t", "- ", ": ", "{", "]", '"', "*a", "&a ", "!!int ", "0", "-1", "word",
     "step:", "null", "\u2028", "é", "? ", "---\n", "if: {when: noon}\n", "x" * 300]
)  # fmt: skip


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_no_mutation_of_a_file_ends_in_a_traceback(data, tmp_path):
    text = GOOD
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        text = text[:start] + data.draw(PIECES) + text[end:]
    path = write(tmp_path, text)
    try:
        report = check_routine(path, BOOK, frozenset({"hand", "care"}))
    except RoutineError as error:
        assert str(error).startswith(str(path))
        return
    lines = text.splitlines()
    for problem in report.problems:
        assert 1 <= problem.spot.line <= len(lines) + 1
        assert "\n" not in problem.message
    try:
        load_routine(path)
    except RoutineError:
        assert report.problems


def test_tree_knows_where_everything_stands():
    root = parse_document("a:\n  - b: 1\n    c: [x, y]\n", Path("f")).root
    assert root.plain() == {"a": [{"b": 1, "c": ["x", "y"]}]}
    spot = root.spot_of(("a", 0, "c", 1))
    assert (spot.line, spot.column) == (3, 12)
    assert root.spot_of(("a", 0, "missing", 7)) == root.spot_of(("a", 0))
    assert root.spot_of(("a", 0, "c"), key=True).column == 5


@pytest.mark.parametrize("mark", ["\\e[31m", "\\x07", "\\u202e", "\\x9b", "\\u200f", "\\uffff"])
def test_what_a_terminal_would_obey_is_refused(tmp_path, mark):
    file = tmp_path / "odd.yaml"
    file.write_text(f'format: voiceguide/1\nname: "red{mark} name"\n')
    (problem,) = read_document(file).problems
    assert "control character" in problem.message
    with pytest.raises(RoutineError):
        load_routine(file)


@pytest.mark.parametrize("name", ["quick massage", "Quick Massage", "quick", "serum ritual"])
def test_a_routine_is_found_by_its_name_too(name):
    assert load_routine(name).id == name.lower().replace(" massage", "").replace(" ", "-")


def washing(folder: Path, say: str, wait: str) -> Path:
    """A routine of one step."""
    path = folder / "wash.yaml"
    path.write_text(
        "format: voiceguide/1\nid: wash\nname: wash\nsummary: A wash.\nsafety: Be gentle.\n"
        "section:\n  - name: face\n    step:\n      - name: wash\n"
        f"        say: {say}\n        wait: {wait}\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("say", "wait", "by_tap"),
    [
        ("Rinse well.", "{for: word, about: 20 s}", True),
        ("Now rinse it off.", "{for: word, about: 20 s}", True),
        ("Rinse well.", "{for: word, about: 20 s, tap: false}", False),
        ("Wash your hands.", "{for: word, about: 20 s}", False),
        ("Wash your hands.", "{for: word, about: 20 s, tap: true}", True),
        ("Rinse well.", "{for: 30 s}", False),
    ],
)
def test_a_step_that_says_rinse_ends_with_the_tap(tmp_path, say, wait, by_tap):
    ((_, step),) = load_routine(washing(tmp_path, say, wait)).steps()
    assert step.wait.by_tap is by_tap


def test_a_timer_cannot_end_with_the_tap(tmp_path):
    path = washing(tmp_path, "Wash.", "{for: 30 s, tap: true}")
    with pytest.raises(RoutineError, match="a timer cannot end with the `tap`"):
        load_routine(path)
