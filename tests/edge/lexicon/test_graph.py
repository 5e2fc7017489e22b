"""Graphs built here: what they hold, what each state leads to, and that Vosk reads them."""

import os
import shutil
import subprocess
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.graph_reading import read_lookahead, read_unigrams
from support.places import EARS_DATA

from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.edge.lexicon.graph_build import build_graph, read_sources, rebuild
from voiceguide.edge.lexicon.graph_files import can_grow
from voiceguide.edge.lexicon.graph_filler import Filler, Knobs, read_filler, write_filler
from voiceguide.edge.lexicon.graph_fst import Fst, Reach
from voiceguide.edge.lexicon.pronouncing import PHONES, pronounce
from voiceguide.edge.models.shipped import shipped_folder

MODEL = shipped_folder("models") / "voiceguide-en-1"
RECORDINGS = sorted(EARS_DATA.glob("*.flac"))
LEXICON = {
    "stop": ["S T AA P"],
    "start": ["S T AA R T", "S T AA T"],
    "go": ["G OW"],
    "to": ["T UW"],
    "two": ["T UW"],
    "a": ["AH", "EY"],
    "i": ["AY"],
    "over": ["OW V ER", "OW V AH"],
    "either": ["IY DH ER", "AY DH ER"],
    "eye": ["AY"],
}
FILLER = Filler.counted([["S T AA P", "G OW"], ["OW V ER", "T UW", "AY"]])
BEFORE_WORD = 1
UNKNOWN = 1
Arc = tuple[int, int, float, int]


def outgoing(fst: Fst) -> dict[int, list[Arc]]:
    leaving: dict[int, list[Arc]] = defaultdict(list)
    for source, arc in zip(fst.sources.tolist(), fst.arcs.tolist(), strict=True):
        leaving[source].append(arc)
    return leaving


def spelled(fst: Fst, labels: dict[str, int]) -> dict[str, set[tuple[str, float]]]:
    """The pronunciations in the graph, found by walking its tree, each with its cost."""
    words = {label: word for word, label in labels.items()}
    leaving = outgoing(fst)
    found: dict[str, set[tuple[str, float]]] = defaultdict(set)
    waiting: list[tuple[int, tuple[int, ...]]] = [(BEFORE_WORD, ())]
    while waiting:
        state, path = waiting.pop()
        for ilabel, olabel, weight, target in leaving[state]:
            if olabel:
                places = [(phone - 2) % 4 for phone in path]
                assert places == ([3] if len(path) == 1 else [0, *[2] * (len(path) - 2), 1])
                phones = " ".join(PHONES[(phone - 2) // 4] for phone in path)
                found[words[olabel]].add((phones, round(weight, 3)))
            elif target == state:
                assert ilabel == 2 * path[-1] - 1
            elif state != BEFORE_WORD or weight == 0:  # What costs leads into the filler.
                waiting.append((target, (*path, ilabel // 2)))
    return found


def reached(reach: Reach) -> list[set[int]]:
    ends = np.cumsum(reach.per_state)
    parts = np.split(reach.intervals, ends[:-1])
    return [{label for begin, end in part for label in range(begin, end)} for part in parts]


def led_to(fst: Fst, final_label: int) -> list[set[int]]:
    """What each state leads to before another word label is written; by plain iteration."""
    leaving = outgoing(fst)
    sets: list[set[int]] = [
        {final_label} if np.isfinite(final) else set() for final in fst.states["final"]
    ]
    changing = True
    while changing:
        changing = False
        for state, arcs in leaving.items():
            for _, olabel, _, target in arcs:
                more = {olabel} if olabel else sets[target]
                if not more <= sets[state]:
                    sets[state] |= more
                    changing = True
    return sets


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    build_graph(LEXICON, FILLER, Knobs(), tmp_path)
    return tmp_path


def test_the_tree_holds_the_lexicon(graph: Path) -> None:
    fst, _ = read_lookahead(graph / "HCLr.fst")
    labels, costs = read_unigrams(graph / "Gr.fst")
    assert spelled(fst, labels) == {
        word: {(one, 0.0) for one in spoken} for word, spoken in LEXICON.items()
    }
    listed = dict(line.split() for line in (graph / "words.txt").read_text("utf-8").splitlines())
    assert {word: int(label) for word, label in listed.items()} == labels
    assert sorted(labels.values()) == list(range(len(LEXICON) + 2))
    assert set(costs) == set(LEXICON) | {"[unk]"}


def test_every_state_leads_where_its_set_says(graph: Path) -> None:
    fst, reach = read_lookahead(graph / "HCLr.fst")
    assert reached(reach) == led_to(fst, reach.final_label)
    for arcs in outgoing(fst).values():
        written = [olabel for _, olabel, _, _ in arcs]
        assert written == sorted(written)


def test_what_a_state_leads_to_is_few_intervals(graph: Path) -> None:
    _, reach = read_lookahead(MODEL / "graph" / "HCLr.fst")
    assert reach.per_state.mean() < 1.1


def test_costs_stand_where_they_belong(tmp_path: Path) -> None:
    knobs = Knobs(
        unk_entry=3.0,
        word_costs={"go": 0.5},
        pronunciation_costs={("either", "AY DH ER"): 0.25, ("go", "G OW"): 0.1},
    )
    build_graph(LEXICON, FILLER, knobs, tmp_path, unigrams={"go": 2.5})
    fst, _ = read_lookahead(tmp_path / "HCLr.fst")
    labels, unigrams = read_unigrams(tmp_path / "Gr.fst")
    found = spelled(fst, labels)
    assert found["go"] == {("G OW", 0.6)}
    assert found["either"] == {("IY DH ER", 0.0), ("AY DH ER", 0.25)}
    assert unigrams["go"] == 2.5
    assert unigrams["stop"] == pytest.approx(np.log(len(LEXICON)))
    entries = [weight for _, _, weight, _ in outgoing(fst)[BEFORE_WORD] if weight]
    assert len(entries) == 2 * len(PHONES)
    assert min(entries) > 3.0


def test_the_filler_costs_what_its_bigram_says(graph: Path) -> None:
    fst, _ = read_lookahead(graph / "HCLr.fst")
    leaving, knobs = outgoing(fst), Knobs()
    first, second = PHONES.index("S"), PHONES.index("T")
    begin = 2 + 4 * first
    (entry,) = [arc for arc in leaving[BEFORE_WORD] if arc[0] == 2 * begin and arc[2] > 0]
    assert entry[2] == pytest.approx(knobs.unk_entry + knobs.unk_scale * FILLER.first[first])
    ((_, _, inside, _),) = [arc for arc in leaving[entry[3]] if arc[0] == 2 * (4 + 4 * second)]
    ((_, _, ending, _),) = [arc for arc in leaving[entry[3]] if arc[0] == 2 * (3 + 4 * second)]
    assert inside == pytest.approx(knobs.unk_scale * FILLER.following[first, second])
    assert ending - inside == pytest.approx(knobs.unk_exit)
    assert FILLER.following[first, second] == FILLER.following[first].min()


def test_the_same_graph_is_built_again_from_what_lies_beside_it(tmp_path: Path) -> None:
    knobs = Knobs(unk_scale=0.55, silence=1.0, word_costs={"go": 1 / 3})
    build_graph(LEXICON, FILLER, knobs, tmp_path / "one", unigrams={"go": 1 / 3})
    assert can_grow(tmp_path / "one")
    rebuild(read_sources(tmp_path / "one"), {}, tmp_path / "two")
    for path in (tmp_path / "one").rglob("*.*"):
        again = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert again.read_bytes() == path.read_bytes(), path.name


def test_words_are_added_and_the_others_stay(graph: Path, tmp_path: Path) -> None:
    built = rebuild(
        read_sources(graph), {"gua": ["G W AA"], "go": ["G AO", "G OW"]}, tmp_path / "more"
    )
    fst, reach = read_lookahead(tmp_path / "more" / "HCLr.fst")
    labels, _ = read_unigrams(tmp_path / "more" / "Gr.fst")
    found = {word: {one for one, _ in spoken} for word, spoken in spelled(fst, labels).items()}
    expected = {word: set(spoken) for word, spoken in LEXICON.items()}
    assert found == expected | {"gua": {"G W AA"}, "go": {"G OW", "G AO"}}
    assert reached(reach) == led_to(fst, reach.final_label)
    assert built.words == len(LEXICON) + 1


def test_what_a_new_pronunciation_costs_may_be_given(graph: Path, tmp_path: Path) -> None:
    sources = read_sources(graph)
    given = replace(sources.knobs, pronunciation_costs={("go", "G AO"): -2.0})
    added = {"go": ["G AO", "G AA"]}
    rebuild(replace(sources, knobs=given), added, tmp_path / "more", phone_cost=-0.5)
    costs = read_sources(tmp_path / "more").knobs.pronunciation_costs
    assert costs == {("go", "G AO"): -2.0, ("go", "G AA"): -1.0}


@pytest.mark.parametrize(
    ("lexicon", "complaint"),
    [
        ({}, "no words"),
        ({"stop": []}, "no pronunciation of"),
        ({"stop": [""]}, "no pronunciation of"),
        ({"stop": ["S T OP"]}, "'OP' is no phone"),
        ({"two words": ["T UW"]}, "no words: "),
        ({"[unk]": ["T UW"]}, "no words: "),
    ],
)
def test_a_lexicon_that_cannot_be_built(
    tmp_path: Path, lexicon: dict[str, list[str]], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        build_graph(lexicon, FILLER, Knobs(), tmp_path / "graph")
    assert not (tmp_path / "graph").exists()


@pytest.mark.parametrize(
    "text",
    ["{}", "[]", "nonsense", '{"format": "voiceguide-graph/1", "phones": "A B"}'],
)
def test_a_filler_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "filler.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError):
        read_filler(tmp_path / "filler.json")


def test_a_filler_with_a_strange_knob_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "filler.json"
    write_filler(path, FILLER, Knobs())
    path.write_text(path.read_text("utf-8").replace("unk_exit", "unk_exits"), encoding="utf-8")
    with pytest.raises(ValueError, match="not as it should be"):
        read_filler(path)


def test_vosk_hears_the_same_with_the_shipped_graph_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICEGUIDE_CACHE_DIR", str(tmp_path / "cache"))
    shutil.copytree(MODEL, tmp_path / "again", ignore=shutil.ignore_patterns("SHA256SUMS"))
    rebuild(read_sources(MODEL / "graph"), {"xyzzy": ["Z IH Z IY"]}, tmp_path / "again" / "graph")
    old, new = Recogniser(MODEL), Recogniser(tmp_path / "again")
    assert new.knows("xyzzy") and not old.knows("xyzzy")
    grammar = ["stop", "start", "go", "no", "yes", "help", "repeat", "start over", "[unk]"]
    texts = []
    for path in RECORDINGS:
        samples = read_sound(path, EAR_RATE_HZ).samples
        sound = (np.clip(samples, -1, 1) * 32767).astype(np.int16)
        heard = [one.stream(grammar).whole(sound.tobytes()) for one in (old, new)]
        assert heard[0] == heard[1], path.name
        texts.append(heard[0].text)
    assert {"stop", "yes", "no", "go"} <= set(texts)


@pytest.mark.skipif(shutil.which("fstconvert") is None, reason="needs libfst-tools")
def test_openfst_finds_the_same_sets(tmp_path: Path) -> None:
    several = ["a", "either", "lead", "live", "read", "so", "sew", "their", "there", "warrior"]
    words = pronounce(several)
    build_graph({word: one.spoken for word, one in words.items()}, FILLER, Knobs(), tmp_path)
    plugins = sorted(map(str, Path("/usr/lib").glob("*/fst/*")))
    environment = dict(os.environ, LD_LIBRARY_PATH=":".join(plugins))

    def tool(*command: str) -> str:
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        if "cannot open shared object" in done.stderr:
            pytest.skip("needs libfst22-plugins-base")
        assert done.returncode == 0, done.stderr
        return done.stdout

    # fstinfo computes what the file says of itself and complains where that is wrong.
    assert "output label sorted                               y" in tool(
        "fstinfo", "--fst_verify_properties", "HCLr.fst"
    )
    tool("fstinfo", "--fst_verify_properties", "Gr.fst")
    tool("fstconvert", "--fst_type=vector", "HCLr.fst", "plain.fst")
    tool("fstarcsort", "--sort_type=olabel", "plain.fst", "sorted.fst")
    convert = "--fst_type=olabel_lookahead"
    tool("fstconvert", convert, "--save_relabel_opairs=pairs", "sorted.fst", "reference.fst")
    fst, reach = read_lookahead(tmp_path / "HCLr.fst")
    reference, theirs = read_lookahead(tmp_path / "reference.fst")
    pairs = (map(int, line.split()) for line in (tmp_path / "pairs").read_text().splitlines())
    ours = {new: old for old, new in pairs} | {theirs.final_label: reach.final_label}
    assert [{ours[label] for label in one} for one in reached(theirs)] == reached(reach)
    assert len(theirs.intervals) >= len(reach.intervals)
    assert (reference.states == fst.states).all()
