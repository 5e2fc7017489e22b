"""What the Kokoro voices say: several things in one breath, to be cut apart, and sentences."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from train.texts import Line, decoys, line, narration, sentence, without_homophones, words_of
from train.texts_words import COMMON, NEAR_CALLS
from train.vocabulary import NAMED, command_phrases, taught_phrases

Rng = np.random.Generator

WEAK = frozenset(
    {
        "slower", "repeat", "next", "pause", "undo", "resume", "back", "skip", "quieter", "softer",
        "faster", "stop", "start", "go", "help", "no", "yes", "louder", "hey guide", "restart",
        "continue", "why", "where", "previous", "rewind", "begin", "remaining", "clearer",
    }
)  # fmt: skip
"""Phrases of one word, and the call: they have least to be known by."""
WORST = frozenset(
    {
        "slower", "repeat", "next", "pause", "undo", "resume", "back", "skip", "go", "done",
        "okay", "finished", "what", "what was that", "which side", "how much", "yeah",
        "techniques",
    }
)  # fmt: skip
"""What was missed most by voices that no training had heard."""
TIMES = {"worst": 8.0, "weak": 4.0, "other": 1.0}
"""How often each is said."""
KINDS = {"command": 0.66, "wanted": 0.1, "decoy": 0.2, "near a call": 0.02, "swapped": 0.02}
"""How much of what is cut apart is of each kind."""
LATER = 70_000
"""The utterances from this number on have other kinds."""
LATER_KINDS = {
    "command": 0.3, "wanted": 0.05, "decoy": 0.1, "near a call": 0.02, "swapped": 0.08,
    "lone": 0.2, "everyday": 0.25,
}  # fmt: skip
"""More of what is no command: "one", which begins no command, had been taken for "why"."""
ALONE = 80_000
"""Utterances from this number on hold a single phrase or word. Kokoro pronounces a lone word
differently, and people say commands alone."""
ALONE_KINDS = {
    "command": 0.7, "wanted": 0.05, "decoy": 0.05, "near a call": 0.01, "swapped": 0.06,
    "lone": 0.05, "everyday": 0.08,
}  # fmt: skip
ALONE_ENDS = {".": 0.8, "": 0.1, "!": 0.1}
SHARD = 100
"""Utterances in a shard."""
ENDS = {". ": 0.6, ", ": 0.2, "! ": 0.1, "? ": 0.04, "; ": 0.06}
"""What stands between things that are said in one breath."""
SENTENCE_SHARE = 0.1
"""Utterances that are one sentence, not cut."""
MINUTES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty", "thirty",
)  # fmt: skip
OTHERS = (
    "adam", "alex", "alice", "amy", "carla", "carlos", "chris", "david", "diana", "elena", "emily",
    "eric", "eva", "felix", "grace", "helen", "henry", "irene", "jack", "james", "jane", "jim",
    "john", "laura", "linda", "lisa", "lucas", "lucy", "mark", "martin", "mary", "max", "maya",
    "mia", "michael", "mike", "nina", "nora", "olivia", "oscar", "paul", "robert", "rosa", "sara",
    "simon", "sofia", "susan", "tanya", "thomas", "tina", "zoe",
)  # fmt: skip
"""Names whose call is not taught, but that people may say."""
NAMES = tuple(sorted((*NAMED, *OTHERS)))
"""Every name, in an order that does not change: names are drawn from it by number."""

WANTED = (
    "okay", "done", "ready", "i'm ready", "got it", "not yet", "wait", "thank you", "thanks",
    "what's next", "how many", "how many left", "how much", "how much time", "what do i need",
    "which side", "what was that", "what", "tell me everything", "later", "not today",
    "stop the timer", "timer", "tap off", "tap on", "i'm back", "i'm done", "never mind",
    "good morning", "good night", "what time is it", "more", "less", "again", "finished",
)  # fmt: skip
"""What a product like this is likely to learn next, and what people say anyway."""
SWAPPED = (
    "slow her", "slow word", "lower", "slowly", "blower", "neck's", "nest", "text", "neck", "necks",
    "rapid", "repaint", "re heat", "repeal", "paws", "pores", "pose", "pulse", "applause", "new do",
    "on due", "and do", "untie", "assume", "presume", "rezoom", "bag", "bake", "buck", "pack",
    "black", "attack", "ski", "skit", "scope", "skin", "quiet", "quite a", "require", "wire",
    "stop it", "stopped", "top", "step", "shop", "start it", "star", "dart", "chart", "state",
    "help her", "held", "health", "elbow", "know", "note", "now", "nose", "goat", "ghost", "goal",
    "yet", "yesterday", "chess", "guess", "faster than", "fasten", "master", "after", "ladder",
    "lauder", "bigger", "begging", "beginner", "continued", "container", "remain", "pre view",
    "revision", "re wind it", "clear", "cleaner", "soft", "sofa", "off there", "why not", "wise",
    "we're", "wear", "were", "go bag", "no back", "hold him", "fold on", "old one", "carry him",
)  # fmt: skip
"""Phrases with a sound or two changed: they are no commands."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Things said in one breath, and what stands behind each."""

    items: tuple[Line, ...]
    ends: tuple[str, ...]


def wanted(rng: Rng) -> str:
    """Something that people will want to say."""
    kind = rng.random()
    if kind < 0.2:
        number = str(rng.choice(MINUTES))
        minutes = "minute" if number == "one" else "minutes"
        ways = ("timer {} {}", "set a timer for {} {}", "{} {}", "wake me in {} {}")
        return str(rng.choice(ways)).format(number, minutes)
    if kind < 0.4:
        way = str(rng.choice(("it is {}", "it's {}", "i am {}", "this is {}", "{}")))
        return way.format(rng.choice(NAMES))
    return str(rng.choice(WANTED))


@cache
def lone() -> tuple[str, ...]:
    """The words of phrases that are no phrase by themselves, "one" and "zone"; no homophones."""
    phrases = frozenset(taught_phrases())
    words = dict.fromkeys(word for phrase in command_phrases() for word in phrase.split())
    return without_homophones((word for word in words if word not in phrases), phrases)


@cache
def everyday() -> tuple[str, ...]:
    """Ordinary words, those of the routines' sentences among them; no homophones."""
    said = (word for sentence in narration() for word in words_of(sentence))
    return without_homophones(dict.fromkeys((*sorted(COMMON), *said)), frozenset(taught_phrases()))


def _times(phrase: str) -> float:
    return TIMES["worst" if phrase in WORST else "weak" if phrase in WEAK else "other"]


def _item(rng: Rng, kinds: Mapping[str, float]) -> Line:
    kind = str(rng.choice(list(kinds), p=list(kinds.values())))
    if kind == "command":
        phrases = taught_phrases()
        weights = np.array([_times(phrase) for phrase in phrases])
        return line(kind, phrases[rng.choice(len(phrases), p=weights / weights.sum())])
    if kind == "wanted":
        return line(kind, wanted(rng))
    if kind == "near a call":
        return line(kind, str(rng.choice(NEAR_CALLS)).rstrip(".?!"))
    others = {"swapped": lambda: SWAPPED, "lone": lone, "everyday": everyday}
    return line(kind, str(rng.choice(others.get(kind, decoys)())))


def utterance(rng: Rng, kinds: Mapping[str, float] = KINDS) -> Utterance:
    """Something to say, drawn with `rng`."""
    if rng.random() < SENTENCE_SHARE:
        text = str(rng.choice(narration())) if rng.random() < 0.3 else sentence(rng)
        return Utterance((line("sentence", text),), ("",))
    n = int(rng.integers(4, 8))
    ends = rng.choice(list(ENDS), n, p=list(ENDS.values()))
    return Utterance(tuple(_item(rng, kinds) for _ in range(n)), tuple(str(end) for end in ends))


def alone(rng: Rng) -> Utterance:
    """One phrase or word, drawn with `rng`."""
    end = str(rng.choice(list(ALONE_ENDS), p=list(ALONE_ENDS.values())))
    return Utterance((_item(rng, ALONE_KINDS),), (end,))


def utterances(seed: int, first: int, n: int) -> Iterator[tuple[np.random.Generator, Utterance]]:
    """Utterances by their numbers, each with the generator that its speaker is drawn with."""
    for number in range(first, first + n):
        rng = np.random.default_rng([seed, 4, number])
        if number >= ALONE:
            yield rng, alone(rng)
        else:
            yield rng, utterance(rng, KINDS if number < LATER else LATER_KINDS)
