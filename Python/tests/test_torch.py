"""Layers on arrays inside PyTorch."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from crossbar_gan.torch import CrossbarConv2d, CrossbarLinear, ManhattanSGD  # noqa: E402

LINEAR = {"calibration": "ideal", "wires": "off"}


def largest_error(found, expected):
    found, expected = found.detach(), expected.detach()
    return float((found - expected).abs().max() / expected.abs().max())


@pytest.mark.parametrize("index", [0, 1])
def test_gradients_equal_autograd(index):
    torch.manual_seed(1)
    layer = CrossbarLinear(20, 7, index=index, **LINEAR)
    x = torch.randn(11, 20).clamp(-1, 1).requires_grad_()
    twin = x.detach().clone().requires_grad_()
    weight = layer.weight.detach().clone().requires_grad_()
    bias = layer.bias.detach().clone().requires_grad_()
    target = torch.randn(11, 7)
    ((layer(x) - target) ** 2).sum().backward()
    expected = torch.nn.functional.linear(twin, weight, bias)
    ((expected - target) ** 2).sum().backward()
    assert largest_error(layer(x.detach()), expected) < 1e-5
    for found, right in [(x.grad, twin.grad), (layer.weight.grad, weight.grad),
                         (layer.bias.grad, bias.grad)]:
        assert largest_error(found, right) < 1e-5


def test_convolution_equals_autograd():
    torch.manual_seed(2)
    layer = CrossbarConv2d(2, 3, 3, (6, 5), stride=1, padding=1, index=1, **LINEAR)
    x = torch.randn(4, 2, 6, 5).requires_grad_()
    twin = x.detach().clone().requires_grad_()
    weight = layer.weight.detach().clone().requires_grad_()
    bias = layer.bias.detach().clone().requires_grad_()
    target = torch.randn(4, 3, 6, 5)
    ((layer(x) - target) ** 2).sum().backward()
    ((torch.nn.functional.conv2d(twin, weight, bias, padding=1) - target) ** 2).sum().backward()
    for found, right in [(x.grad, twin.grad), (layer.weight.grad, weight.grad),
                         (layer.bias.grad, bias.grad)]:
        assert largest_error(found, right) < 1e-5


def blobs(count=256):
    generator = torch.Generator().manual_seed(3)
    labels = torch.randint(0, 3, (count,), generator=generator)
    centres = torch.eye(3).repeat(1, 4)
    return (centres[labels] + 0.2 * torch.randn(count, 12, generator=generator)).clamp(-1, 1), labels


def trained(seed=1):
    torch.manual_seed(4)
    model = torch.nn.Sequential(
        CrossbarLinear(12, 16, index=0, seed=seed), torch.nn.ReLU(),
        CrossbarLinear(16, 3, index=1, seed=seed))
    x, y = blobs()
    pulses = ManhattanSGD(model, 0.4, 0.05, steps=60)
    losses = []
    for _ in range(60):
        pulses.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        pulses.step()
        losses.append(loss.item())
    pulses.finish_epoch()
    return model, losses, float((model(x).argmax(1) == y).float().mean())


def test_pulses_train_a_classifier():
    model, losses, accuracy = trained()
    assert losses[-1] < 0.7 * losses[0] and accuracy > 0.9
    assert model[0].ledger["pulses"] > 0


def test_equal_seeds_are_equal_bits():
    first, second = trained()[0], trained()[0]
    assert np.array_equal(first[0].conductances, second[0].conductances)


def test_a_checkpoint_holds_the_devices():
    model = trained()[0]
    state = model.state_dict()
    other = torch.nn.Sequential(
        CrossbarLinear(12, 16, index=0), torch.nn.ReLU(), CrossbarLinear(16, 3, index=1))
    other.load_state_dict(state)
    assert np.array_equal(other[0].conductances, model[0].conductances)
    assert torch.equal(other[2].weight, model[2].weight)
    scaled = CrossbarLinear(12, 16, index=0, largest_weight=3.0)
    with pytest.raises(ValueError, match="largest_weight"):
        scaled.load_state_dict(model[0].state_dict())


def test_batches_accumulate():
    x, y = blobs(64)
    results = []
    for parts in (1, 2):
        layer = CrossbarLinear(12, 3, index=0, **LINEAR, config={"update.sampling": "random"},
                               weight=torch.zeros(3, 12), bias=torch.zeros(3), largest_weight=0.5)
        pulses = ManhattanSGD(layer, 1.0)
        pulses.zero_grad()
        for xs, ys in zip(x.chunk(parts), y.chunk(parts)):
            torch.nn.functional.cross_entropy(layer(xs), ys, reduction="sum").backward()
        pulses.step()
        results.append(layer.conductances)
    assert np.array_equal(*results)


def test_misuse_is_an_exception():
    layer = CrossbarLinear(3, 2, index=0, **LINEAR)
    out = layer(torch.ones(1, 3))
    ManhattanSGD(layer).step()
    with pytest.raises(ValueError):
        CrossbarLinear(0, 3)
    with pytest.raises(ValueError):
        CrossbarLinear(3, 2, weight=torch.zeros(3, 2))
    with pytest.raises(ValueError):
        layer(torch.full((1, 3), float("nan")))
    with pytest.raises(ValueError):
        ManhattanSGD(torch.nn.Linear(2, 2))
    with pytest.raises(RuntimeError, match="between the forward and the backward"):
        out.sum().backward()
