"""The recogniser: hears under a grammar, and learns words that its model lacks."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from voiceguide.core.commands import Phrase
from voiceguide.core.errors import ModelError
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.ears.recogniser_port import Load, Stream
from voiceguide.edge.ears.second_opinion import second_opinion
from voiceguide.edge.ears.vosk_model import VoskModel
from voiceguide.edge.lexicon.graph_files import can_grow
from voiceguide.edge.lexicon.joined import as_known, joined_lexicon, runs_of, said_in_one_go
from voiceguide.edge.models.model_probe import probe_model
from voiceguide.edge.system.log import Log

__all__ = ["EAR_RATE_HZ", "Recogniser", "load_here"]

Words = dict[str, Sequence[str]]
"""Words with their pronunciations."""

_log = Log("ears")


def load_here(folder: Path) -> VoskModel:
    """Load a model into this process; a crash of the model ends the process.

    Raises:
        ModelError: Vosk is missing, or the model is broken, half there or of another kind.
    """
    # A damaged file can make Kaldi end the whole process, so another process tries it first.
    probe_model(folder)
    return VoskModel(folder)


class Recogniser:
    """A loaded model, and the recognisers made from it.

    `check` teaches words to a model that carries the sources of its graph.
    """

    def __init__(
        self,
        folder: Path,
        pronunciations: Mapping[str, Sequence[str]] | None = None,
        load: Load = load_here,
    ) -> None:
        """Load a model folder.

        Args:
            folder: the model.
            pronunciations: how the person says words, ``{"serum": ["S EH R AH M"]}``. `check`
                adds them to those of the model when it meets the word.
            load: loads the model; into this process by default.

        Raises:
            ModelError: Vosk is missing, or the model is broken, half there or of another kind.
        """
        self.folder = folder
        self._load = load
        self._own = dict(pronunciations or {})
        self._learnt: Words = {}
        self._checked: set[Phrase] = set()
        self.second_opinion = second_opinion(folder)
        """None where the model has none."""
        self._model = load(folder)
        self._vocabulary: dict[str, bool] = {}
        """Whether the model has these words: a model in another process is asked once for all."""

    def knows(self, word: str) -> bool:
        """Whether the model's vocabulary has this word."""
        self._look_up((word,))
        return self._vocabulary[word]

    def known(self, words: Iterable[str]) -> tuple[str, ...]:
        """Those of these words that the model's vocabulary has, in their order."""
        asked = tuple(words)
        self._look_up(asked)
        return tuple(word for word in asked if self._vocabulary[word])

    def _look_up(self, words: Iterable[str]) -> None:
        new = [word for word in dict.fromkeys(words) if word not in self._vocabulary]
        if new:
            known = self._model.known(new)
            self._vocabulary |= {word: word in known for word in new}

    def check(self, phrases: Iterable[Phrase]) -> None:
        """Make sure that the model knows every word of these phrases.

        It learns those it lacks, if it can, and phrases of several words as wholes. That takes a
        second the first time, and streams made before do not know them.

        Raises:
            ModelError: a word is still unknown; names the first one, and its phrase.
        """
        asked = [phrase for phrase in phrases if phrase not in self._checked]
        texts = [phrase.text for phrase in asked]
        self._look_up(run for text in texts for run in runs_of(text))
        if can_grow(self.folder / "graph"):
            learnt = self._learnt | self._lacking(word for text in texts for word in text.split())
            learnt |= self._lacking_wholes(asked, learnt)
            if learnt != self._learnt:
                # What builds graphs is loaded by those few who have words of their own.
                from voiceguide.edge.lexicon.own_words import model_with_words

                self._model = self._load(model_with_words(self.folder, learnt))
                self._vocabulary.clear()
                self._learnt = learnt
        for text in texts:
            for word in text.split():
                if not self.knows(word):
                    raise ModelError(
                        f"the model {self.folder.name} does not know the word {word!r} of the "
                        f"phrase {text!r}; use another word for it, or another model."
                    )
        self._checked.update(asked)

    def _lacking(self, words: Iterable[str]) -> Words:
        """The words that the model is to learn, with their pronunciations."""
        missing = [
            word
            for word in dict.fromkeys(words)
            if word not in self._learnt and (word in self._own or not self.knows(word))
        ]
        if not missing:
            return {}
        from voiceguide.edge.lexicon.pronouncing import pronounce

        found = pronounce(missing, self._own)
        for word, pronunciation in found.items():
            how = "guessed" if pronunciation.guessed else "known"
            _log.info("word", "learnt", word=word, how=how, spoken=pronunciation.spoken[0])
        return {word: one.spoken for word, one in found.items()}

    def _lacking_wholes(self, phrases: Iterable[Phrase], learnt: Words) -> Words:
        """The phrases that the model is to learn as one word each."""

        def knows(word: str) -> bool:
            return word in learnt or self.knows(word)

        def is_new(text: str) -> bool:
            # The model may hold the phrase, but not as the person says one of its words.
            is_own = " " in text and not self._own.keys().isdisjoint(text.split())
            return is_own or " " in as_known(text, knows)

        new = list(filter(is_new, dict.fromkeys(filter(None, map(said_in_one_go, phrases)))))
        if not new:
            return {}
        from voiceguide.edge.lexicon.graph_build import read_sources

        known = read_sources(self.folder / "graph").lexicon
        ways = {
            word: (*learnt.get(word, ()), *known.get(word, ()))
            for text in new
            for word in text.split()
        }
        return dict(
            joined_lexicon((text for text in new if all(map(ways.get, text.split()))), ways)
        )

    def stream(self, grammar: Iterable[str]) -> Stream:
        """A recogniser that can write only these phrases (and what is in between)."""
        return self._model.stream(grammar)
