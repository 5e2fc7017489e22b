"""What the guide says to a person whose words are being trained."""

from collections.abc import Sequence

from voiceguide.core.commands import Phrase
from voiceguide.core.numbers import number
from voiceguide.teaching.takes import Flaw

THANKS = "Thank you. That was all. Give me a moment to compare."
NOTHING_HEARD = "I do not hear anything, so I end here. Nothing was changed."
AGAIN = {
    Flaw.SILENT: "I heard nothing. Once more.",
    Flaw.SOFT: "That was too soft. Once more, a little louder.",
    Flaw.CLIPPED: "That was too loud for the microphone. Once more, a little softer.",
    Flaw.LONG: "That was too long. Once more, only the word.",
    Flaw.OTHER: "That sounded like another word. Once more.",
}
GIVEN_UP = "Never mind. Let us go on."


def introduction(words: int, takes: int) -> tuple[str, ...]:
    """Sentences that tell what is going to happen."""
    count = f"{number(words)} word{'s' if words > 1 else ''}"
    return (
        f"Let us train {count}.",
        f"I name a word. Say it after each knock, {times(takes)} in all, in your everyday voice.",
        "Two bells mean that I have got it.",
    )


def naming(phrase: Phrase, first: bool) -> str:
    """The sentence that names the word to say."""
    return f"{'The first one is' if first else 'Now'}: {spoken(phrase)}."


def again(flaw: Flaw, heard: Phrase | None, wanted: Phrase) -> str:
    """The sentence that asks for a take once more, with the reason."""
    if flaw is Flaw.OTHER and heard is not None:
        return f"That sounded like: {spoken(heard)}. Once more: {spoken(wanted)}."
    return AGAIN[flaw]


def result(before: Sequence[int], after: Sequence[int], takes: int, changed: int) -> str:
    """The sentence that tells the result.

    Args:
        before: how many takes were obeyed in each condition with the usual scores; the hardest
            condition is last.
        after: the same with the personal scores.
        takes: how many takes there were.
        changed: how many words have a score of their own now.
    """
    if not changed:
        return "Done. No word needed a score of its own."
    return (
        f"Done. Close to the tap I now understand {number(after[-1])} of your {number(takes)} "
        f"takes; before, it was {number(before[-1])}."
    )


def times(count: int) -> str:
    """A count in words: once, twice, three times."""
    return {1: "once", 2: "twice"}.get(count, f"{number(count)} times")


def spoken(phrase: Phrase) -> str:
    """The words of a phrase as people write them."""
    return " ".join("I" if word == "i" else word for word in phrase.text.split())
