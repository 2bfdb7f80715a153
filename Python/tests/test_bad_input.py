"""Bad input is an exception with the command line's sentence, never a crash."""

import os
import random

import numpy as np
import pytest

import crossbar_gan as cg


def test_missing_calibration(tool):
    with pytest.raises(FileNotFoundError) as error:
        cg.Calibration("no-such-device")
    said = tool("device", "show", "no-such-device", fails=True)
    assert said.strip() == f"crossbar-gan: {error.value}"
    assert error.value.code == 66


def test_outside_the_measured_range(tool):
    with pytest.raises(ValueError) as error:
        cg.Calibration("nili2020").current(5e-5, 3.0)
    said = tool("device", "current", "--conductance", "5e-5", "--voltage", "3", fails=True)
    assert said.strip() == f"crossbar-gan: {error.value}"
    assert np.isfinite(cg.Calibration("nili2020").current(5e-5, 3.0, extrapolate=True))


@pytest.mark.parametrize("arguments", [
    ([[1e-5]], [[np.nan]]), ([[np.inf]], [[0.1]]), ([[-1e-5]], [[0.1]]), ([[1e-5]], [[0.1, 0.2]]),
    ([1e-5], [0.1]), ([["x"]], [[0.1]]), ([[1j]], [[0.1]]), (np.zeros((0, 3)), [[0.1]]),
    ([[1e-5], [1e-5, 2e-5]], [0.1, 0.1]),
])
def test_solve_refuses(arguments):
    with pytest.raises(ValueError):
        cg.solve(*arguments)


@pytest.mark.parametrize("options", [
    {"word_ohm": -1}, {"sense_ohm": float("nan")}, {"device": "sinh:-1"}, {"method": "guess"},
    {"tolerance": 2}, {"drive": "triple"}, {"temperature": float("inf")},
])
def test_solve_refuses_options(options):
    with pytest.raises(ValueError):
        cg.solve([[1e-5]], [0.1], **options)


def test_solve_wants_the_calibration(tmp_path):
    with pytest.raises(FileNotFoundError):
        cg.solve([[1e-5]], [0.1], device="nobody")


def test_closed_handles():
    device, array, noise = cg.Calibration(), cg.Crossbar(2, 2, wires="off"), cg.NoiseSource()
    for thing in (device, array, noise):
        thing.close()
        thing.close()
    with pytest.raises(ValueError, match="closed"):
        device.current(5e-5, 0.1)
    with pytest.raises(ValueError, match="closed"):
        array.forward([0.1, 0.1])
    with pytest.raises(ValueError, match="closed"):
        noise.bits(8)


def test_handles_of_another_kind():
    device, array = cg.Calibration(), cg.Crossbar(2, 2, wires="off")
    device._handle, array._handle = array._handle, device._handle
    with pytest.raises(ValueError):
        device.current(5e-5, 0.1)
    with pytest.raises(ValueError):
        array.weights


@pytest.mark.parametrize("bad", [
    lambda a: a.forward(np.zeros(3)), lambda a: a.forward([np.nan, 0]), lambda a: a.forward("x"),
    lambda a: a.backward(np.zeros((2, 5))), lambda a: a.program([[2, 0, 0], [0, 0, 0]]),
    lambda a: a.program([[0.5, 0, 0], [0, 0, 0]]), lambda a: a.program(np.zeros((3, 2))),
    lambda a: a.write(np.full((2, 3), np.inf)), lambda a: a.write(np.zeros(6)),
])
def test_crossbar_refuses(bad):
    with pytest.raises(ValueError):
        bad(cg.Crossbar(2, 3, wires="off"))


@pytest.mark.parametrize("options", [
    {"wires": "copper"}, {"pairing": "triple"}, {"seed": -1}, {"seed": 1.5}, {"rows": 0},
    {"largest_weight": -1.0}, {"config": {"weights.no_such_key": 1}},
    {"config": {"weights.window_S": [1e-4, 1e-5]}}, {"config": {"nonsense": 1}},
])
def test_crossbar_refuses_options(options):
    with pytest.raises(ValueError):
        cg.Crossbar(**{"rows": 2, "columns": 2, **options})


def test_train_refuses_with_the_sentence(tool):
    with pytest.raises(ValueError) as error:
        cg.train(epochs=0)
    assert tool("train", "--epochs", "0", fails=True).strip() == f"crossbar-gan: {error.value}"
    with pytest.raises(ValueError):
        cg.train(no_such_option=3)
    with pytest.raises(FileNotFoundError):
        cg.train(config="no-such.toml")
    with pytest.raises(FileNotFoundError):
        cg.Run("no-such-run")


def test_a_failing_callback_is_raised(tmp_path):
    def callback(row):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        cg.train({"data.limit": 100, "evaluation.epoch_fakes": 50}, callback,
                 out=tmp_path / "run", epochs=3, batch=50)
    with pytest.raises(cg.Interrupted):
        cg.train({"data.limit": 100, "evaluation.epoch_fakes": 50}, lambda row: True,
                 out=tmp_path / "stopped", epochs=3, batch=50)


def test_random_calls():
    """What no one would write on purpose; CROSSBAR_GAN_RANDOM_CALLS says how many."""
    generator = random.Random(int(os.environ.get("CROSSBAR_GAN_RANDOM_SEED", "1")))
    values = [0, 1, -1, 2, 3, 1e-5, 5e-5, 1e300, -0.1, float("nan"), float("inf"), None, "x", "",
              "\0", [], [[]], [1e-5], [1e-5, 5e-5], [[1e-5, 2e-5], [3e-5, 4e-5]],
              np.zeros((2, 2), np.int8), np.ones(3, np.float16), np.zeros((0, 2)),
              np.array(["a"]), 1j, True, {}, object(), np.full((2, 2), 5e-5)[:, ::-1],
              np.asfortranarray(np.full((2, 3), 3e-5)), 1 << 70, b"x"]

    def pick():
        return generator.choice(values)

    device, array = cg.Calibration(), cg.Crossbar(2, 3, wires="off")
    noise = cg.NoiseSource("lfsr16")
    calls = [
        lambda: device.current(pick(), pick(), pick()), lambda: device.pulse(pick(), pick(), pick(), pick()),
        lambda: device.sample(pick(), pick()), lambda: cg.solve(pick(), pick()),
        lambda: cg.solve(pick(), pick(), pick(), pick(), pick(), pick()),
        lambda: array.forward(pick()), lambda: array.backward(pick()), lambda: array.program(pick()),
        lambda: array.write(pick()), lambda: noise.latent(pick()), lambda: cg.NoiseSource(pick()),
        lambda: cg.Calibration(pick()), lambda: device.current(pick(), pick(), devices=device.sample(3)),
        lambda: noise.bits(pick() if generator.random() < 0.5 else 7),
        lambda: cg.Crossbar(pick(), pick(), config={"run.seed": pick()}, wires=pick(), pairing=pick()),
    ]
    for _ in range(int(os.environ.get("CROSSBAR_GAN_RANDOM_CALLS", "400"))):
        try:
            generator.choice(calls)()
        except (cg.CrossbarError, TypeError, OverflowError):
            pass
        except MemoryError:
            pass
