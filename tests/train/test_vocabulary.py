"""How phrases are said, for the graph of the model that ships."""

from train.vocabulary import LET_GO, OTHERWISE_SAID, further_ways, phrase_lexicon

from voiceguide.edge.lexicon.graph_build import read_sources
from voiceguide.edge.models.shipped import shipped_folder


def test_a_phrase_that_ends_in_a_consonant_may_be_let_go_of_with_a_vowel():
    ways = further_ways()
    assert ways["back"] == ("B AE K AH",)
    assert "Y EH S P L IY Z AH" in ways["yes_please"]
    assert not {"go", "slower", "thank_you", "please"} & ways.keys()  # a vowel; no phrase


def test_a_command_that_costs_something_must_sound_as_usual():
    assert not {"stop", "skip", "stop_the_session"} & further_ways().keys()


def test_what_is_let_go_of_is_no_other_phrase():
    known = {way for ways in phrase_lexicon().values() for way in ways}
    found = further_ways()
    assert not known & {way for ways in found.values() for way in ways}
    for word, ways in found.items():
        for way in set(ways) - set(OTHERWISE_SAID.get(word, ())):
            assert way.removesuffix(f" {LET_GO}") in phrase_lexicon()[word]


def test_the_model_that_ships_has_all_of_them_at_their_cost():
    sources = read_sources(shipped_folder("models") / "voiceguide-en-1" / "graph")
    costs = sources.knobs.pronunciation_costs
    found = {
        (word, way): costs.get((word, way)) for word, ways in further_ways().items() for way in ways
    }
    assert set(found.values()) == {-2.0}
    assert costs["skip", "S K IH P"] == 1.5
    assert costs["stop", "S T AA P"] == -0.5
