"""The scores that `voiceguide train-me` found for a person, in a file beside the settings."""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.errors import SettingsError
from voiceguide.edge.ears.second_opinion import FILE as OPINION
from voiceguide.settings.load import find_settings, settings_path
from voiceguide.settings.toml import SettingsFile, read_settings_file

FORMAT = "voiceguide-personal/1"
LOWEST, HIGHEST = 0.30, 1.0
"""The range of a score: one outside it is a slip of the pen."""
TRAIN = "voiceguide train-me"

_HEAD = """\
# What each word must score to be obeyed, for one person and one model.
# Made by `voiceguide train-me`; `voiceguide train-me --reset` goes back to the usual scores.
"""
_KEYS = ("format", "made", "takes", "model", "model_sha256", "scores")
_HEARD_WITH = ("am/final.mdl", "graph/HCLr.fst", "graph/Gr.fst", "graph/HCLG.fst", OPINION)
"""The files of a model that a word's score depends on."""


@dataclass(frozen=True, slots=True)
class Personal:
    """The scores of a person, and how they were found."""

    made: date
    takes: int
    """How many takes the scores were found from, all words together."""
    model: str
    """The model's name, for messages."""
    model_sha256: str
    """Identifies the model (`model_digest`): with another one words score differently."""
    scores: Mapping[str, float]
    """Phrase to the score it needs. Any other phrase needs the usual score."""


def personal_path(settings: Path | None, environment: Mapping[str, str]) -> Path:
    """The file of the scores: beside the settings file that is in use, or would be.

    Args:
        settings: the file named on the command line.
        environment: may name one too (``VOICEGUIDE_SETTINGS``).
    """
    beside = find_settings(settings, environment) or settings_path()
    return beside.with_name(f"{beside.stem}.personal.toml")


def read_personal(path: Path) -> Personal | None:
    """The scores in this file; None where there is no file.

    Raises:
        SettingsError: the file cannot be read or used; names the line.
    """
    if not path.exists():
        return None
    file = read_settings_file(path)
    return _Reader(file).personal()


def write_personal(path: Path, personal: Personal) -> None:
    """Write the file, whole or not at all.

    Raises:
        SettingsError: it cannot be written.
    """
    lines = [
        _HEAD,
        f"format = {_text(FORMAT)}",
        f"made = {personal.made.isoformat()}",
        f"takes = {personal.takes}",
        f"model = {_text(personal.model)}",
        f"model_sha256 = {_text(personal.model_sha256)}",
        "",
        "[scores]",
        *(f"{_text(phrase)} = {score:.2f}" for phrase, score in personal.scores.items()),
    ]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=path.name, suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as part:
                part.write("\n".join(lines) + "\n")
                part.flush()
                os.fsync(part.fileno())
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise _unwritable(path, error) from error


def check_place(path: Path) -> None:
    """Check that a file can be written there, as far as that shows beforehand.

    Raises:
        SettingsError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise _unwritable(path, error) from error


def remove_personal(path: Path) -> bool:
    """Delete the file; False when there was none.

    Raises:
        SettingsError: it cannot be deleted.
    """
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise SettingsError(f"{path} cannot be deleted: {error.strerror}.") from error
    return True


def model_digest(folder: Path) -> str:
    """SHA-256 of the files of a model that a word's score depends on."""
    digest = hashlib.sha256()
    for name in _HEARD_WITH:
        path = folder / name
        if path.is_file():
            digest.update(f"{name}:{path.stat().st_size};".encode())
            with path.open("rb") as file:
                while chunk := file.read(1 << 20):
                    digest.update(chunk)
    return digest.hexdigest()


def personal_thresholds(path: Path, model: Path) -> tuple[Thresholds, str | None]:
    """The thresholds for the person whose file this is, with this model.

    Returns:
        The thresholds; and where the file is ignored, one sentence that says why, else None.

    Raises:
        SettingsError: the file cannot be read or used; names the line.
    """
    personal = read_personal(path)
    usual = Thresholds()
    if personal is None:
        return usual, None
    if personal.model_sha256 != model_digest(model):
        return usual, other_model(personal, model)
    return replace(usual, personal=dict(personal.scores)), None


def other_model(personal: Personal, model: Path) -> str:
    """The sentence that says that somebody's scores were found with another model."""
    own = personal.model if personal.model != model.name else f"another {personal.model}"
    return (
        f"Your personal scores are for the model {own}, so the usual ones hold; "
        f"for yours type: {TRAIN}"
    )


class _Reader:
    """Turns a file's values into scores; every complaint names its line."""

    def __init__(self, file: SettingsFile) -> None:
        self._file = file

    def personal(self) -> Personal:
        values = self._file.values
        if values.get("format") != FORMAT:
            raise self._wrong(
                ("format",),
                f'this is no file of personal scores (`format = "{FORMAT}"`)',
            )
        for key in values:
            if key not in _KEYS:
                raise self._wrong((key,), f"there is no key {key!r} here")
        for key in _KEYS:
            if key not in values:
                raise self._wrong((), f"the key {key!r} is missing")
        made, takes, scores = values["made"], values["takes"], values["scores"]
        if type(made) is not date:
            raise self._wrong(("made",), "this must be a date such as 2026-01-31")
        if type(takes) is not int or takes < 1:
            raise self._wrong(("takes",), "this must be a whole number from 1 on")
        for key in ("model", "model_sha256"):
            if not isinstance(values[key], str):
                raise self._wrong((key,), "this must be a text in quotes")
        if not isinstance(scores, dict):
            raise self._wrong(("scores",), 'this must be a table of lines such as "next" = 0.55')
        for phrase, score in scores.items():
            if type(score) not in (int, float) or not LOWEST <= score <= HIGHEST:
                raise self._wrong(
                    ("scores", phrase),
                    f"the score of “{phrase}” must be a number from {LOWEST} to {HIGHEST}",
                )
        return Personal(
            made=made,
            takes=takes,
            model=values["model"],
            model_sha256=values["model_sha256"],
            scores={phrase: float(score) for phrase, score in scores.items()},
        )

    def _wrong(self, key: tuple[str, ...], problem: str) -> SettingsError:
        place = self._file.located(key, problem)
        return SettingsError(f"{place}; correct it, or type: {TRAIN} --reset")


def _unwritable(path: Path, error: OSError) -> SettingsError:
    return SettingsError(
        f"{path} cannot be written ({error.strerror}); it lies beside the settings: "
        "give others with --settings."
    )


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
