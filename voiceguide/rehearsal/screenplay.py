"""Screenplays: what the person of a rehearsal says, and when.

One line for each thing said (docs/rehearse.md has the whole format)::

    # a comment
    12.5 next                          at 12.5 s
    1:05 slower                        at 1 min 5 s
    when ready +1: go                  each time the guide is ready, 1 s after its words
    when pacing #2 +4: slower          only the second time strokes are paced
    after "serum" +0.5: repeat         0.5 s after the first sentence with "serum" in it
    during "chin to earlobe" +1: next  1 s into it, over the guide's voice
    during "earlobe" word 5: next      as its fifth word begins
    40 <sneeze.wav>                    a clip; words after it tell what it says
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from voiceguide.core.errors import RoutineError
from voiceguide.core.table import State
from voiceguide.edge.system.text_file import read_text

LONGEST_LINE = 200


@dataclass(frozen=True, slots=True)
class At:
    """A time of the session."""

    seconds: float


@dataclass(frozen=True, slots=True)
class InState:
    """The moment at which the guide is in a state and silent."""

    state: State
    occasion: int | None
    """Only the n-th time that the state is entered (from 1); None for every time."""
    delay_seconds: float


@dataclass(frozen=True, slots=True)
class OnWords:
    """The first sentence of the guide that contains these words."""

    part: str
    """Lower case, single spaces."""
    from_end: bool
    """Whether the delay counts from the sentence's end, not from its start."""
    delay_seconds: float
    word: int | None = None
    """The delay counts from the start of this word of the sentence (from 1), or of its last word
    if it has fewer."""


Moment = At | InState | OnWords


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that the person says, or a clip that is played in its place."""

    moment: Moment
    words: str
    """Lower case, single spaces; for a clip, the words it says, if the line gives them."""
    clip: Path | None
    source: str
    """Where it was written, for messages: ``evening.txt:3``."""


@dataclass(frozen=True, slots=True)
class Screenplay:
    """Everything a person will say."""

    lines: tuple[Line, ...]


DEFAULT_PERSON = """\
# Answers every question and every wait, and tries a few things on the way.
when choosing +1.2: quick
when offering +1.2: start over
when ready +1.2: go
when waiting +6: next step
when paused +3: continue
when stopping +1.5: undo
when pacing #1 +3: slower
when pacing #2 +3: repeat
when pacing #4 +4: hold on
when pacing #6 +3: faster
when pacing #8 +2: stop
when waiting #3 +2: help me
"""
"""The person of a rehearsal without a screenplay."""

LATEST_SECONDS = 6 * 3600.0
"""The longest time of a line: no session lasts longer."""
_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"
_COUNT = r"[0-9]{1,5}"
_TIME = re.compile(rf"(?:(?P<minutes>{_COUNT}):)?(?P<seconds>{_NUMBER})(?:\s+(?P<rest>.*))?")
_WHEN = re.compile(
    rf"when\s+(?P<state>\w+)(?:\s+#(?P<occasion>{_COUNT}))?(?:\s+\+(?P<delay>{_NUMBER}))?\s*:(?P<rest>.*)"
)
_WORDS = re.compile(
    rf'(?P<how>after|during)\s+"(?P<part>[^"]+)"(?:\s+word\s+(?P<word>{_COUNT}))?(?:\s+\+(?P<delay>{_NUMBER}))?\s*:(?P<rest>.*)'
)
_CLIP = re.compile(r"<(?P<path>[^<>]+)>\s*(?P<rest>.*)")
_SPOKEN = re.compile(r"[^\W\d_]+(?:[ ,'’-]+[^\W\d_]+)*'?[.!?]?")

_FORMS = (
    "12.5 next",
    "when waiting +2: next",
    'after "some words" +1: next',
    'during "some words" +1: next',
    'during "some words" word 5: next',
)


def read_screenplay(path: Path) -> Screenplay:
    """The screenplay in a file; clips are looked for beside it.

    Raises:
        RoutineError: it cannot be read or a line is wrong; names the file and the line.
    """
    text = read_text(path, RoutineError)
    return parse_screenplay(text, str(path), path.parent)


def parse_screenplay(text: str, name: str, folder: Path) -> Screenplay:
    """The screenplay in a text; ``name`` is for messages, clips are looked for in ``folder``.

    Raises:
        RoutineError: a line is wrong; names ``name`` and the line.
    """
    lines = [
        parse_line(line, f"{name}:{number}", folder)
        for number, raw in enumerate(text.splitlines(), 1)
        if (line := _without_comment(raw))
    ]
    if not lines:
        raise RoutineError(f"{name}:1: nobody says anything here; write a line like {_FORMS[0]!r}")
    return Screenplay(tuple(lines))


def parse_line(line: str, source: str, folder: Path) -> Line:
    """One line of a screenplay, without comment.

    Raises:
        RoutineError: it is wrong; begins with ``source``.
    """
    if len(line) > LONGEST_LINE:
        _fail(source, f"the line has {len(line)} characters; write at most {LONGEST_LINE}")
    moment, rest = _moment(line.strip(), source)
    clip = None
    if match := _CLIP.fullmatch(rest):
        clip, rest = folder / match["path"].strip(), match["rest"]
        if not clip.is_file():
            _fail(source, f"there is no sound file {clip}")
    words = " ".join(rest.lower().split())
    if not words and clip is None:
        _fail(source, f"nothing is said; write it after the time, as in {_FORMS[0]!r}")
    if words and not _SPOKEN.fullmatch(words):
        _fail(source, f"{rest!r} cannot be spoken; write words as they are said, without digits")
    return Line(moment, words, clip, source)


def parse_clip_line(line: str, source: str, folder: Path) -> Line:
    """Read ``30 clip.wav``, or any other moment and a path: the clip is played at that moment.

    Raises:
        RoutineError: it is wrong; begins with ``source``.
    """
    _, path = _moment(line.strip(), source)
    if not path:
        _fail(source, "no sound file is named; write it after the time, as in '30 clip.wav'")
    return parse_line(f"{line.strip().removesuffix(path)} <{path}>", source, folder)


def _moment(line: str, source: str) -> tuple[Moment, str]:
    if match := _TIME.fullmatch(line):
        minutes, seconds = int(match["minutes"] or 0), float(match["seconds"])
        if match["minutes"] and seconds >= 60:
            _fail(source, f"a minute has no second {match['seconds']}; write m:ss, as in 1:05")
        _check_time(60 * minutes + seconds, source)
        return At(60 * minutes + seconds), (match["rest"] or "").strip()
    if match := _WHEN.fullmatch(line):
        known = [state.value for state in State if state is not State.ENDED]
        if match["state"] not in known:
            _fail(source, f"there is no state {match['state']!r}; choose: {', '.join(known)}")
        occasion = int(match["occasion"]) if match["occasion"] else None
        if occasion == 0:
            _fail(source, "occasions are counted from #1")
        delay = float(match["delay"] or 1)
        _check_time(delay, source)
        return InState(State(match["state"]), occasion, delay), match["rest"].strip()
    if match := _WORDS.fullmatch(line):
        part = " ".join(match["part"].lower().split())
        word = int(match["word"]) if match["word"] else None
        if word is not None and (word == 0 or match["how"] == "after"):
            _fail(source, "words are counted from 1, and only during a sentence")
        delay = float(match["delay"] or (0 if word else 1))
        _check_time(delay, source)
        return OnWords(part, match["how"] == "after", delay, word), match["rest"].strip()
    forms = ", ".join(repr(form) for form in _FORMS)
    raise RoutineError(f"{source}: {line!r} does not say when; write it like one of {forms}")


def _check_time(seconds: float, source: str) -> None:
    if seconds > LATEST_SECONDS:
        hours = LATEST_SECONDS / 3600
        _fail(source, f"{seconds:.0f} s is too late: no session lasts {hours:.0f} hours")


def _without_comment(raw: str) -> str:
    """The line without its comment.

    A '#' begins a comment at the start of the line, or with a space on both sides: ``#2`` counts an
    occasion.
    """
    line = raw.strip()
    if line.startswith("#"):
        return ""
    return re.split(r"\s#\s", line, maxsplit=1)[0].strip()


def _fail(source: str, problem: str) -> NoReturn:
    raise RoutineError(f"{source}: {problem}")
