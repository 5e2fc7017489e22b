"""A widened network says at first what the narrow one said, and can learn from then on."""

import pytest

torch = pytest.importorskip("torch")

from train.network import Shape, Tdnn  # noqa: E402
from train.widening import can_widen, widened  # noqa: E402

NARROW = Shape(width=12, bottleneck=4, blocks=((1, 1), (2, 0)), inputs=6, outputs=5)
WIDE = Shape(width=20, bottleneck=7, blocks=((1, 1), (2, 0)), inputs=6, outputs=5)


def _learnt() -> Tdnn:
    torch.manual_seed(3)
    net = Tdnn(NARROW)
    net.train()
    for _ in range(3):
        net(torch.randn(4, 60, 6))
    return net.eval()


def test_says_what_the_narrow_one_says() -> None:
    net = _learnt()
    features = torch.randn(2, 60, 6)
    with torch.no_grad():
        before, after = net(features), widened(net, WIDE).eval()(features)
    assert torch.allclose(before, after, atol=1e-5)


def test_every_new_weight_can_learn_within_two_steps() -> None:
    wide = widened(_learnt(), WIDE)
    optimiser = torch.optim.SGD(wide.parameters(), lr=0.1)
    begun = {name: weight.detach().clone() for name, weight in wide.named_parameters()}
    for _ in range(3):
        features = torch.randn(4, 60, 6)
        wide(features).square().sum().backward()
        torch.nn.utils.clip_grad_norm_(wide.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
    still = {name for name, weight in wide.named_parameters() if torch.equal(weight, begun[name])}
    assert not still
    # The new outputs of the first layer are heard by the last.
    assert wide.last.weight[:, NARROW.width :].abs().min() > 0


def test_only_wider_shapes_will_do() -> None:
    assert not can_widen(WIDE, NARROW)
    assert not can_widen(NARROW, Shape(width=20, bottleneck=7, blocks=((1, 1),), inputs=6))
    with pytest.raises(ValueError, match="cannot be widened"):
        widened(_learnt(), Shape(width=8, bottleneck=4, blocks=NARROW.blocks, inputs=6, outputs=5))
