"""Reads a phrase file."""

import re
from pathlib import Path
from typing import NoReturn

import yaml

from voiceguide.core.commands import FROM_ELSEWHERE, TIMER_MINUTES, Command, Phrase, Phrasebook
from voiceguide.core.errors import RoutineError
from voiceguide.core.numbers import number
from voiceguide.edge.files.phrase_file import PhraseFile
from voiceguide.edge.files.yaml_tree import is_of_format
from voiceguide.edge.lexicon.respell import as_phones
from voiceguide.edge.system.text_file import read_text

FORMAT = "voiceguide-phrases/1"
_PHRASE = re.compile(r"[^\W\d_]+(['’-][^\W\d_]+)*'?( [^\W\d_]+(['’-][^\W\d_]+)*'?)*")
_KEYS = ("format", "language", "commands", "decoys", "pronunciations")

MOST_DEPTH = 10
MOST_EVENTS = 100_000


def is_phrase_file(path: Path) -> bool:
    """Whether a file says that it holds phrases, and is not a routine, for instance."""
    return is_of_format(path, "voiceguide-phrases")


def read_phrase_file(path: Path) -> PhraseFile:
    """The contents of this file.

    Raises:
        RoutineError: it cannot be read or used; names the line.
    """
    text = read_text(path, RoutineError)
    try:
        _check_depth(path, text)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or "cannot be read"
        raise RoutineError(f"{path}:{line}: this is not YAML: {problem}.") from error
    return _Reader(path).file(root)


def _check_depth(path: Path, text: str) -> None:
    """Refuse nesting so deep that the parser would run out of stack or time."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
        opens = isinstance(event, yaml.CollectionStartEvent)
        depth += opens - isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH or count > MOST_EVENTS:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise RoutineError(f"{path}:{line}: this is nested too deep or too long; shorten it.")


class _Reader:
    """Turns the nodes of one file into a book; every complaint names the node's line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: dict[str, int] = {}
        self._said: dict[str, str] = {}

    def file(self, root: yaml.Node | None) -> PhraseFile:
        if root is None:
            raise RoutineError(f"{self._path}:1: the file is empty; begin with 'format: {FORMAT}'.")
        sections: dict[str, yaml.Node] = {}
        for key, node in self._pairs(root, "the file"):
            name = self._text(key)
            if name not in _KEYS:
                self._fail(key, f"{name!r} is not known here; use one of {', '.join(_KEYS)}")
            if name in sections:
                self._fail(key, f"{name!r} is here twice; keep one")
            sections[name] = node
        for name in ("format", "language", "commands"):
            if name not in sections:
                self._fail(root, f"{name!r} is missing; add it")
        if self._text(sections["format"]) != FORMAT:
            self._fail(sections["format"], f"the format is not known; write 'format: {FORMAT}'")
        language = self._text(sections["language"])
        phrases = self._phrases(sections["commands"])
        taken = {phrase.text for phrase in phrases}
        decoys = self._decoys(sections.get("decoys"), taken)
        return PhraseFile(
            Phrasebook(language, phrases, decoys),
            self._pronunciations(sections.get("pronunciations")),
            self._said,
            self._lines,
        )

    def _phrases(self, node: yaml.Node) -> tuple[Phrase, ...]:
        commands = {command.value: command for command in Command if command not in FROM_ELSEWHERE}
        first_seen: dict[str, tuple[Command, int]] = {}
        done: set[Command] = set()
        phrases: list[Phrase] = []
        for key, values in self._pairs(node, "'commands'"):
            name = self._text(key)
            if name not in commands:
                self._fail(key, f"there is no command {name!r}; known are {', '.join(commands)}")
            command = commands[name]
            if command in done:
                self._fail(key, f"the command {name!r} is here twice; join its phrases")
            done.add(command)
            texts = self._items(values, f"the phrases of {name!r}")
            if not texts:
                self._fail(values, f"the command {name!r} has no phrase; give it one")
            for item, text in texts:
                if text in first_seen:
                    other, line = first_seen[text]
                    self._fail(
                        item,
                        f"the phrase {text!r} already asks for {other.value!r} (line {line});"
                        " a phrase can ask for one command only, once",
                    )
                first_seen[text] = (command, _line(item))
                made = _timers(text) if command is Command.TIMER else (Phrase(text, command),)
                for word in " ".join(phrase.text for phrase in made).split():
                    self._lines.setdefault(word, _line(item))
                phrases += made
        missing = [name for name, command in commands.items() if command not in done]
        if missing:
            self._fail(node, f"no phrase asks for {', '.join(missing)}; add one for each")
        return tuple(phrases)

    def _decoys(self, node: yaml.Node | None, taken: set[str]) -> tuple[str, ...]:
        if node is None:
            return ()
        decoys: list[str] = []
        for item, text in self._items(node, "'decoys'"):
            if text in taken:
                self._fail(item, f"the decoy {text!r} is also a phrase; remove one of the two")
            if text in decoys:
                self._fail(item, f"the decoy {text!r} is here twice; keep one")
            decoys.append(text)
        return tuple(decoys)

    def _pronunciations(self, node: yaml.Node | None) -> dict[str, tuple[str, ...]]:
        if node is None:
            return {}
        found: dict[str, tuple[str, ...]] = {}
        for key, value in self._pairs(node, "'pronunciations'"):
            word = self._spoken(key)
            if " " in word or word in found:
                self._fail(key, f"{word!r} must be one word, once; give each word its own line")
            values = value.value if isinstance(value, yaml.SequenceNode) else [value]
            found[word] = tuple(self._phones(one, word) for one in values)
            if not found[word]:
                self._fail(value, f"{word!r} has no pronunciation; give one or remove the word")
            self._said[word] = self._text(values[0])
        return found

    def _phones(self, node: yaml.Node, word: str) -> str:
        try:
            return as_phones(self._text(node))
        except ValueError as error:
            self._fail(node, f"the pronunciation of {word!r} cannot be used: {error}")

    def _items(self, node: yaml.Node, what: str) -> list[tuple[yaml.Node, str]]:
        if not isinstance(node, yaml.SequenceNode):
            self._fail(node, f"{what} must be a list, as in [go, let's go]")
        return [(item, self._spoken(item)) for item in node.value]

    def _spoken(self, node: yaml.Node) -> str:
        text = " ".join(self._text(node).lower().split())
        if not _PHRASE.fullmatch(text):
            self._fail(node, f"{text!r} is not a phrase; write words as they are spoken, no digits")
        return text

    def _pairs(self, node: yaml.Node, what: str) -> list[tuple[yaml.Node, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode):
            self._fail(node, f"{what} must hold 'name: value' lines")
        return list(node.value)

    def _text(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._fail(node, "a single word or text belongs here")
        # YAML 1.1 takes a bare yes or no for a truth value; the word itself is meant.
        return str(node.value)

    def _fail(self, node: yaml.Node, problem: str) -> NoReturn:
        raise RoutineError(f"{self._path}:{_line(node)}: {problem}.")


def _timers(word: str) -> tuple[Phrase, ...]:
    """A phrase for each length of a timer, beginning with this word: "timer three minutes"."""
    return tuple(
        Phrase(
            f"{word} {number(minutes)} {'minute' if minutes == 1 else 'minutes'}",
            Command.TIMER,
            minutes=minutes,
        )
        for minutes in TIMER_MINUTES
    )


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
