"""Runs a training: words, devices or files, measuring, the report and the file of scores."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.text import Text

from voiceguide.core.commands import Phrase, Phrasebook
from voiceguide.core.decision.personal import essential, lowered
from voiceguide.core.errors import DeviceError, SettingsError
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.core.routine.routine import Routine
from voiceguide.core.suggest import did_you_mean, likely
from voiceguide.edge.devices.input import Input
from voiceguide.edge.devices.microphone import Microphone
from voiceguide.edge.devices.output import open_output
from voiceguide.edge.ears.personal_file import (
    Personal,
    check_place,
    model_digest,
    read_personal,
    write_personal,
)
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.edge.voice.choice import engine_voice
from voiceguide.rehearsal.air import TAP
from voiceguide.settings.tables import Settings
from voiceguide.sound.cues import load_cues
from voiceguide.teaching import prompts
from voiceguide.teaching.folder import TakeFile, find_takes, keep_takes, make_folder
from voiceguide.teaching.lesson import Lesson, Told
from voiceguide.teaching.measuring import CONDITIONS, Findings, Measuring, NamedTake
from voiceguide.teaching.report import obeyed, print_report
from voiceguide.teaching.studio import LiveStudio, Studio
from voiceguide.teaching.takes import Flaw, flaw_of, take_of


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """What the command line and the settings ask of a training."""

    path: Path
    """The file for the scores."""
    settings: Settings
    words: tuple[str, ...] = ()
    """Texts of phrases; empty for the essential ones or, with ``folder``, for all in it."""
    takes: int = 3
    folder: Path | None = None
    """The folder of takes that are recorded already; None to have them said."""
    keep: Path | None = None
    noise: Path | None = None
    """A sound file of the person's own noise; None for the running tap."""
    model: str | None = None
    voice: str | None = None
    input_device: str | None = None
    input_channel: int | None = None
    output_device: str | None = None
    library: Mapping[str, Routine] = field(default_factory=load_bundled)
    """The routines whose names can be said."""


def train(options: TrainingOptions, console: Console, studio: Studio | None = None) -> Findings:
    """Record the words, find their scores, show them and write them.

    Args:
        studio: where words are said; if left out, with the devices of the options.

    Raises:
        VoiceguideError: a word, a file, a device, the model or the voice cannot be used; then
            nothing is written.
    """
    training = _Training(options, console)
    try:
        if training.files:
            training.read()
            return training.finish()
        return training.listen(studio)
    finally:
        training.close()


class _Training:
    """One training; everything that can be checked is checked before anybody speaks."""

    def __init__(self, options: TrainingOptions, console: Console) -> None:
        self._options = options
        self._console = console
        book = load_phrasebook(options.settings.ears.language).with_library(options.library)
        self._book = book
        phrases = chosen(book, options.words)
        self.files: tuple[TakeFile, ...] = ()
        if options.folder:
            self.files = find_takes(options.folder, book, phrases if options.words else ())
            phrases = tuple(dict.fromkeys(file.phrase for file in self.files))
        self._phrases = phrases
        check_place(options.path)
        if options.keep:
            make_folder(options.keep)
        noise = read_sound(options.noise or TAP, EAR_RATE_HZ).samples
        if not noise.any():
            raise SettingsError(f"{options.noise} is silent; give a sound with noise in it.")
        self._model = resolve_model(options.model)
        self._digest = model_digest(self._model)
        recogniser = Recogniser(self._model)
        recogniser.check(book.phrases)
        self._measuring = Measuring(
            recogniser, book.phrases, book.decoys, phrases, noise, self._scores_to_keep()
        )
        self._said: list[NamedTake] = []

    def read(self) -> None:
        """Read the takes from files; those of no use are named and left out.

        Raises:
            DeviceError: a file cannot be read.
            SettingsError: no take is of any use.
        """
        for file in self.files:
            take = take_of(read_sound(file.path, EAR_RATE_HZ).samples)
            flaw = take if isinstance(take, Flaw) else flaw_of(take, file.phrase)
            if isinstance(take, Flaw) or flaw:
                self._console.print(Text(f"{file.path}: {flaw}, left out", "yellow"))
            else:
                self._take(NamedTake(file.phrase, take))
        if not self._said:
            raise SettingsError(f"no take in {self._options.folder} is of any use.")

    def listen(self, studio: Studio | None) -> Findings:
        """Have the words said.

        Raises:
            DeviceError: there is no microphone, it is gone, or it hears nothing.
            SpeechError: the voice failed.
        """
        options = self._options
        with ExitStack() as stack:
            voice = engine_voice(options.voice)
            stack.callback(voice.close)
            rate = options.settings.voice.words_per_minute
            voice.prepare(prompts.introduction(len(self._phrases), options.takes), rate)
            if studio is None:
                studio = self._open(stack)
            studio.mixer.set_gain_db(options.settings.sound.gain_db)
            lesson = Lesson(studio, voice, load_cues(None), rate, self._measuring.quiet, self._show)
            try:
                lesson.run(self._phrases, options.takes, self._take)
            except DeviceError:
                self._console.print()
                raise
            if lesson.repeats:
                why = Counter(flaw.value for flaw in lesson.repeats)
                counted = ", ".join(f"{reason} {count}" for reason, count in why.items())
                self._console.print(Text(f"Asked for again: {counted}."))
            lesson.say(prompts.THANKS)
            findings = self.finish()
            lesson.say(
                prompts.result(
                    [obeyed(findings.before, snr_db) for snr_db in CONDITIONS],
                    [obeyed(findings.after, snr_db) for snr_db in CONDITIONS],
                    len(self._said),
                    len(lowered(findings.bars)),
                )
            )
        return findings

    def finish(self) -> Findings:
        """Find the scores, show them and write the file.

        Raises:
            DiskError, SettingsError: a file cannot be written.
        """
        with self._console.status("Comparing") as status:
            findings = self._measuring.find(
                lambda done, of: status.update(f"Comparing: {done} of {of}")
            )
        print_report(findings, self._book, self._console)
        write_personal(
            self._options.path,
            Personal(
                made=date.today(),
                takes=len(self._said),
                model=self._model.name,
                model_sha256=self._digest,
                scores=dict(findings.kept) | lowered(findings.bars),
            ),
        )
        self._console.print(
            Text(f"Saved in {self._options.path}; from now on `run` and `hear` use it.")
        )
        # This comes last, so that the scores are not lost if the takes cannot be kept.
        if self._options.keep:
            keep_takes(self._options.keep, self._said)
            self._console.print(Text(f"The takes are in {self._options.keep}."))
        return findings

    def close(self) -> None:
        """Drop all takes that are still being heard."""
        self._measuring.close()

    def _open(self, stack: ExitStack) -> Studio:
        options = self._options
        output = open_output(options.output_device)
        stack.callback(output.close)
        try:
            microphone = Microphone(options.input_device, options.input_channel)
        except DeviceError as error:
            raise DeviceError(
                f"{error}; takes recorded elsewhere will do as well: "
                "voiceguide train-me --from FOLDER"
            ) from error
        source = Input(microphone, options.input_device, None)
        stack.callback(source.close)
        if output.problem:
            self._console.print(Text(output.problem, "yellow"))
        return LiveStudio(output, source)

    def _scores_to_keep(self) -> dict[str, float]:
        """The scores of phrases that are not trained now, if they are for the same model."""
        if not self._options.words:
            return {}
        before = read_personal(self._options.path)
        if before is None or before.model_sha256 != self._digest:
            return {}
        trained = {phrase.text for phrase in self._phrases}
        return {text: score for text, score in before.scores.items() if text not in trained}

    def _take(self, said: NamedTake) -> None:
        self._said.append(said)
        self._measuring.add(said)

    def _show(self, told: Told) -> None:
        self._console.print(Text(told.text), end="" if told.more else "\n")


def chosen(book: Phrasebook, words: Sequence[str]) -> tuple[Phrase, ...]:
    """The phrases with these words; the essential ones if there are none.

    Raises:
        SettingsError: a word is no phrase, or is named twice.
    """
    if not words:
        return essential(book)
    phrases: list[Phrase] = []
    for word in words:
        phrase = book.find(word)
        if phrase is None:
            texts = [each.text for each in book.phrases]
            some = ", ".join(texts[:5])
            hint = did_you_mean(likely(word, texts)) or f"some are: {some}, …"
            raise SettingsError(f"“{word}” is no phrase; {hint}")
        if phrase in phrases:
            raise SettingsError(f"“{word}” is there twice; name it once.")
        phrases.append(phrase)
    return tuple(phrases)
