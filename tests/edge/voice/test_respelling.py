"""All that the guide says is pronounced well: checked by the phonemes that espeak-ng reads."""

import re
import subprocess
import sys

import pytest

from voiceguide.core.lint import commands_within
from voiceguide.core.numbers import number
from voiceguide.core.session.sayings import pack_sayings
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.lexicon.guessing import guess
from voiceguide.edge.lexicon.pronouncing import dictionary
from voiceguide.edge.voice.respelling import as_written, lexicon, respelled

# In a process of its own: the library keeps state, and must not be in the one that runs the tests.
PHONEMES = """
import ctypes, sys
import espeakng_loader
data = espeakng_loader.get_data_path().encode()
espeak = ctypes.CDLL(espeakng_loader.get_library_path())
assert espeak.espeak_Initialize(2, 0, data, 0) > 0
assert espeak.espeak_SetVoiceByName(b"gmw/en-us") == 0
espeak.espeak_TextToPhonemes.restype = ctypes.c_char_p
for text in sys.argv[1:]:
    left, parts = ctypes.c_char_p(text.encode()), []
    while left.value:
        parts.append(espeak.espeak_TextToPhonemes(ctypes.byref(left), 1, 2).decode())
    print(" ".join(parts))
"""
SAID = {
    "bakuchiol": "bˈækuːtʃiˈɑːl",
    "ceramides": "sˈɛɹɐmˌaɪdz",
    "frontalis": "fɹˈʌntˈeɪlˈɪs",
    "nasolabial": "nˈeɪzoʊlˈeɪbɪəl",
    "niacinamide": "nˈaɪəsˈɪnɐmˌaɪd",
    "squalane": "skwˈeɪleɪn",
    "then use less": "ðˈɛn jˈuːz lˈɛs",
    "with each use": "wɪð ˈiːtʃ jˈuːs",
    "the use of it": "ðə jˈuːs ʌv ɪt",
    "rosacea": "ɹˈoʊzˈeɪʃə",
    "sebum": "sˈiːbəm",
    "micellar": "maɪsˈɛlɚ",
    "jojoba": "hoʊhˈoʊbə",
    "hyaluronic": "hˈaɪɐlˈuːɹˈɑːnɪk",
    "décolletage": "dˌeɪkɑːltˈɑːʒ",
    "gua sha": "ɡwˈɑː ʃˈɑː",
    "serum": "sˈɪɹəm",
    "left": "lˈɛft",
    "right": "ɹˈaɪt",
    "Left side first.": "lˈɛft sˈaɪd fˈɜːst",
    "Now the right side.": "nˈaʊ ðə ɹˈaɪt sˈaɪd",
    "twelve": "twˈɛlv",
    "90 seconds": "nˈaɪnti sˈɛkəndz",
    "about fifteen minutes": "ɐbˌaʊt fˈɪftiːn mˈɪnɪts",
    "One minute left.": "wˈʌn mˈɪnɪt lˈɛft",
    "Close your eyes.": "klˈoʊz jʊɹ ˈaɪz",
    "Use the left hand.": "jˈuːz ðə lˈɛft hˈænd",
    "close to the nose": "klˈoʊs tə ðə nˈoʊz",
}
"""What matters most, phoneme by phoneme."""
NO_DICTIONARY_HAS = {
    "briskest": "B R IH S K IH S T",
    "cleanses": "K L EH N Z IH Z",
    "clenching": "K L EH N CH IH NG",
    "collarbones": "K AA L ER B OW N Z",
    "commonest": "K AA M AH N IH S T",
    "earlobe": "IH R L OW B",
    "earlobes": "IH R L OW B Z",
    "elastin": "IH L AE S T IH N",
    "gua": "G W AA",
    "hydrating": "HH AY D R EY T IH NG",
    "jawline": "JH AO L AY N",
    "loveliest": "L AH V L IY IH S T",
    "micellar": "M AY S EH L ER",
    "nape": "N EY P",
    "pinches": "P IH N CH IH Z",
    "puffiness": "P AH F IY N AH S",
    "rosacea": "R OW Z EY SH AH",
    "sebum": "S IY B AH M",
    "spf": "EH S P IY EH F",
}
"""Read by a person and found right; a new word that no dictionary has comes here."""
OTHERWISE = {"horizontal", "yeah"}
"""Said right, and written otherwise in the dictionary."""
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
IMPERATIVE = re.compile(r"(?:^|[.;:] )(Close|Use)\b")


def everything() -> list[str]:
    """Every sentence that the guide can say, and what of the routines and commands it may name."""
    library, book = load_bundled(), load_phrasebook()
    texts = [*pack_sayings(library, book), *(phrase.text for phrase in book.phrases)]
    for routine in library.values():
        texts += [routine.name, routine.summary, *routine.called]
        texts += [step.name for _, step in routine.steps()]
    return list(dict.fromkeys(texts))


def phonemes(texts: list[str]) -> list[str]:
    command = [sys.executable, "-c", PHONEMES, *map(respelled, texts)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def apart(one: str, other: str) -> int:
    """Phones to put in, leave out or replace."""
    first, second = one.split(), other.split()
    row = list(range(len(second) + 1))
    for place, phone in enumerate(first, 1):
        before, row[0] = row[0], place
        for at, against in enumerate(second, 1):
            better = min(row[at] + 1, row[at - 1] + 1, before + (phone != against))
            before, row[at] = row[at], better
    return row[-1]


english = pytest.mark.skipif(sys.platform != "linux", reason="the engine is another one")


@english
def test_the_words_that_matter_are_pronounced_well():
    assert dict(zip(SAID, phonemes(list(SAID)), strict=True)) == SAID


@english
def test_every_word_the_guide_says_is_read_as_a_dictionary_has_it():
    said = {word.lower() for text in everything() for word in WORD.findall(text)}
    assert len(said) > 600
    read = guess(respelled(word).replace("’", "'") for word in said)
    for word in sorted(said - OTHERWISE):
        phones = read[respelled(word).replace("’", "'")]
        listed = (NO_DICTIONARY_HAS[word],) if word in NO_DICTIONARY_HAS else dictionary(word)
        assert listed, f"no dictionary has “{word}”; is {phones} right?"
        most = 0 if word in NO_DICTIONARY_HAS else 1
        assert min(apart(phones, one) for one in listed) <= most, f"{word}: {phones}"
    assert set(NO_DICTIONARY_HAS) <= said


@english
def test_sentences_are_read_to_their_end_and_verbs_as_verbs():
    texts = everything()
    for text, read in zip(texts, phonemes(texts), strict=True):
        assert len(read) >= 0.4 * sum(map(str.isalpha, text)), text
        if found := IMPERATIVE.search(text):
            verb = {"Close": "klˈoʊz", "Use": "jˈuːz"}[found[1]]
            assert verb in read and verb[:-1] + "s " not in read, f"{text}: {read}"
    closing = [text for text in texts if re.search(r"\b(close|use)\b", text)]
    assert all("close to" in text for text in closing), closing


@english
def test_numbers_in_figures_are_read_as_their_words():
    tens = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
    figures, words = [], []
    for count in range(21, 100):
        figures.append(f"{count} seconds left.")
        rest = f" {number(count % 10)}" if count % 10 else ""
        words.append(f"{tens[count // 10 - 2]}{rest} seconds left.")
    plain = str.maketrans("", "", "ˈˌ ")
    for figure, word in zip(phonemes(figures), phonemes(words), strict=True):
        assert figure.translate(plain) == word.translate(plain)


def test_only_whole_words_are_respelled_and_some_only_where_a_sentence_begins():
    assert respelled("Rosacea, and “sebum”; sebums.") == "roe-zaisha, and “seebum”; sebums."
    assert respelled("Close them, close to it.") == "Cloze them, close to it."
    assert respelled("Let it be.") == "Let it be."
    assert respelled("sebum", "de") == as_written("sebum", "de") == "sebum"


def test_what_was_respelled_is_known_as_it_was_written():
    for text in ("the serum ritual", "rosacea,", "let it be", "use it"):
        assert as_written(respelled(text)) == text
    assert as_written("Yooze the seerum").lower() == "use the serum"


def test_no_respelling_is_a_command():
    book = load_phrasebook("en")
    for text in lexicon("en").values():
        assert commands_within(text, book) == ()
