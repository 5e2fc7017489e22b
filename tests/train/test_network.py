"""The network in training, its loss and its alignments; only where PyTorch is installed."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from train.corpus import PHONES  # noqa: E402
from train.features import Mfcc  # noqa: E402
from train.network import SHAPES, Shape, Tdnn, describe  # noqa: E402
from train.pools import FILLER, FREE, NO_PHRASE  # noqa: E402
from train.realigning import viterbi, without_silence, word_chain  # noqa: E402
from train.sequence import SequenceLoss, phone_bigram, phrase_graph  # noqa: E402

from voiceguide.edge.ears.layers import context, log_softmax, outputs  # noqa: E402
from voiceguide.sound.mfcc import mfcc  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore:Sparse:UserWarning")  # PyTorch: beta, unchecked

PHRASES = {"go": [[["G", "OW"]]], "go back": [[["G", "OW"]], [["B", "AE", "K"]]]}


def test_features_in_batches_are_those_of_numpy() -> None:
    samples = np.random.default_rng(0).normal(0, 500, (2, 8000)).astype(np.int16)
    found = Mfcc()(torch.from_numpy(samples.astype(np.float32))).numpy()
    for row, sound in zip(found, samples, strict=True):
        np.testing.assert_allclose(row, mfcc(sound), atol=2e-3)


@pytest.mark.parametrize("name", SHAPES)
def test_the_exported_layers_are_the_network(name: str) -> None:
    torch.manual_seed(0)
    net = Tdnn(SHAPES[name])
    net.mean.fill_(3.0)
    net.spread.fill_(20.0)
    features = torch.randn(4, 250, 40) * 20
    for _ in range(3):
        net.train()(features)  # so that the normalisations have something to fold
    with torch.no_grad():
        expected = net.eval()(features[:1]).log_softmax(2)[0].numpy()
    layers = describe(net)
    assert context(layers) == (net.shape.left, net.shape.right)
    # Outputs of the net begin where its context is whole; the twin's begin at the first frame.
    first = net.shape.left // 3
    found = log_softmax(outputs(layers, features[0].numpy()))[first : first + len(expected)]
    np.testing.assert_allclose(found, expected, atol=1e-4)


def spoken(*runs: tuple[str, int, int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Labels and phrases from runs of (phone, phrase, outputs)."""
    labels = [PHONES.index(phone) for phone, _, count in runs for _ in range(count)]
    phrases = [phrase for _, phrase, count in runs for _ in range(count)]
    return torch.tensor([labels], dtype=torch.uint8), torch.tensor([phrases], dtype=torch.int16)


def certain(labels: torch.Tensor, sure: float = 8.0) -> torch.Tensor:
    """Scores of a network that knows every label."""
    scores = torch.full((*labels.shape, len(PHONES)), -sure)
    return scores.scatter_(2, labels.long()[:, :, None], 0.0)


@pytest.fixture
def loss() -> SequenceLoss:
    labels = np.repeat(np.array([0, 5, 7, 9, 0], np.uint8), 4)
    return SequenceLoss(phrase_graph(PHRASES, phone_bigram(labels)))


GO = spoken(("SIL", FREE, 8), ("G", 0, 4), ("OW", 0, 8), ("SIL", FREE, 8))


def test_a_phrase_heard_well_costs_little(loss: SequenceLoss) -> None:
    labels, phrases = GO
    right = loss(certain(labels), labels, phrases)
    other = spoken(("SIL", FREE, 8), ("B", 0, 4), ("AE", 0, 8), ("SIL", FREE, 8))[0]
    wrong = loss(certain(other), labels, phrases)
    assert 0 <= right < 0.02
    assert wrong > right + 0.5


def test_a_phrase_costs_more_when_it_was_other_speech(loss: SequenceLoss) -> None:
    labels, phrases = GO
    as_talk = torch.where(phrases >= 0, torch.full_like(phrases, FILLER), phrases)
    scores = certain(labels)
    assert loss(scores, labels, as_talk) > loss(scores, labels, phrases) + 0.02


def test_strange_sounds_may_be_silence_or_speech_but_no_phrase(loss: SequenceLoss) -> None:
    labels, phrases = GO
    strange = torch.where(phrases >= 0, torch.full_like(phrases, NO_PHRASE), phrases)
    silent = certain(torch.zeros_like(labels))
    as_silence, as_phrase = loss(silent, labels, strange), loss(certain(labels), labels, strange)
    assert as_silence < 0.03
    assert as_phrase > as_silence + 0.02


def test_nobody_knows_costs_nothing(loss: SequenceLoss) -> None:
    labels, _ = GO
    free = torch.full(labels.shape, FREE, dtype=torch.int16)
    unknown = torch.full_like(labels, 255)
    assert float(loss(certain(labels), unknown, free)) == pytest.approx(0.0, abs=1e-5)


def test_the_loss_teaches_the_right_outputs(loss: SequenceLoss) -> None:
    labels, phrases = GO
    scores = torch.zeros((*labels.shape, len(PHONES)), requires_grad=True)
    loss(scores, labels, phrases).backward()
    assert scores.grad is not None
    middle = scores.grad[0, 15]  # within OW: more of it would cost less, more of others not
    assert int(middle.argmin()) == PHONES.index("OW")
    assert float(middle[PHONES.index("OW")]) < 0


def test_its_gradient_is_that_of_small_steps(loss: SequenceLoss) -> None:
    labels, phrases = GO
    torch.manual_seed(0)
    scores = torch.randn((*labels.shape, len(PHONES)), requires_grad=True)
    loss(scores, labels, phrases).backward()
    assert scores.grad is not None
    for output, phone in ((3, 0), (9, PHONES.index("G")), (15, PHONES.index("OW")), (15, 0)):
        step = torch.zeros_like(scores)
        step[0, output, phone] = 0.05
        with torch.no_grad():
            up, down = (loss(scores + sign * step, labels, phrases) for sign in (1, -1))
        assert float(scores.grad[0, output, phone]) == pytest.approx(
            float(up - down) / 0.1, abs=2e-3
        )


def test_alignment_finds_pauses_and_pronunciations() -> None:
    lexicon = {"go": [["G", "OW"]], "either": [["AY", "DH", "ER"], ["IY", "DH", "ER"]]}
    phones, before = word_chain(["go", "either"], lexicon)
    truth = ["SIL", "SIL", "G", "OW", "OW", "SIL", "SIL", "IY", "DH", "ER", "ER", "SIL"]
    scores = np.full((len(truth), len(PHONES)), -6.0, np.float32)
    for row, phone in zip(scores, truth, strict=True):
        row[PHONES.index(phone)] = 1.0
    states, mean = viterbi(scores, phones, before)
    assert [PHONES[phones[state]] for state in states] == truth
    assert mean == pytest.approx(1.0)


def test_a_clip_cut_at_its_first_sound_is_aligned() -> None:
    phones, before = word_chain(["go"], {"go": [["G", "OW"]]})
    scores = np.full((4, len(PHONES)), -6.0, np.float32)
    for row, phone in zip(scores, ["G", "G", "OW", "OW"], strict=True):
        row[PHONES.index(phone)] = 1.0
    states, _ = viterbi(scores, phones, before)
    assert [PHONES[phones[state]] for state in states] == ["G", "G", "OW", "OW"]


def test_context_is_what_the_shape_says() -> None:
    shape = Shape(blocks=((1, 1), (2, 0)))
    assert (shape.left, shape.right) == (3 + 3 * 3, 3 + 3)


def test_stops_do_not_grow_into_pauses() -> None:
    def runs(*parts: tuple[str, int]) -> np.ndarray:
        return np.array([PHONES.index(phone) for phone, n in parts for _ in range(n)], np.uint8)

    grown = runs(("SIL", 5), ("G", 20), ("OW", 15), ("SIL", 4), ("AH", 9), ("P", 30))
    expected = runs(
        ("SIL", 17), ("G", 8), ("OW", 15), ("SIL", 4), ("AH", 9), ("P", 11), ("SIL", 19)
    )
    np.testing.assert_array_equal(without_silence(grown), expected)
    untouched = runs(("S", 30), ("T", 25), ("AA", 9), ("P", 5), ("SIL", 3))
    np.testing.assert_array_equal(without_silence(untouched), untouched)
    unknown = np.full(9, 255, np.uint8)
    np.testing.assert_array_equal(without_silence(unknown), unknown)
