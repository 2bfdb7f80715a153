"""Devices, arrays and noise as NumPy sees them."""

import numpy as np
import pytest

import crossbar_gan as cg


def test_broadcasting():
    device = cg.Calibration()
    G, V = np.array([2e-5, 5e-5])[:, None], np.array([0.05, 0.1, 0.15])
    table = device.current(G, V)
    assert table.shape == (2, 3)
    assert table[1, 2] == device.current(5e-5, 0.15)
    assert device.pulse(G, 1.0, 1e-3, 4).shape == (2, 1, 4)
    assert np.ndim(device.current(5e-5, 0.1)) == 0


def test_samples_are_frozen_and_standard():
    device = cg.Calibration()
    chip = device.sample(4000, seed=2)
    assert np.array_equal(chip.read, device.sample(4000, seed=2).read)
    assert abs(chip.read.mean()) < 4 / np.sqrt(4000) and abs(chip.read.std() - 1) < 0.05
    spread = device.current(5e-5, 0.1, devices=chip)
    assert spread.shape == (4000,) and spread.std() > 0
    steps = device.pulse(5e-5, 1.0, 1e-3, devices=chip)
    assert steps.shape == (4000, 1) and steps.std() > 0


def test_parameters_and_text():
    device = cg.Calibration("ideal")
    assert device.name == "ideal"
    assert all(p.unit and p.source for p in device.parameters.values())
    assert device.to_toml() == open(device.path, encoding="utf-8").read()


def test_crossbar_multiplies():
    array = cg.Crossbar(5, 3, "ideal", wires="off", config={"run.device_seed": 4})
    W = np.linspace(-0.6, 0.6, 15).reshape(5, 3)
    array.write(W)
    assert np.allclose(array.weights, W, atol=0.01)
    V = np.random.default_rng(1).uniform(-0.05, 0.05, (7, 5))
    G = array.conductances
    assert np.allclose(array.forward(V), V @ (G[0] - G[1]), rtol=1e-4, atol=1e-12)
    E = np.random.default_rng(2).uniform(-0.05, 0.05, (4, 3))
    assert np.allclose(array.backward(E), E @ (G[0] - G[1]).T, rtol=1e-4, atol=1e-12)
    assert array.forward(V[0]).shape == (3,) and array.forward(V[None]).shape == (1, 7, 3)
    assert array.energy > 0 and array.hardware_seconds > 0


def test_strides_do_not_matter():
    V = np.random.default_rng(1).uniform(-0.05, 0.05, (8, 6)).astype(np.float32)
    expected = cg.Crossbar(6, 2).forward(V)
    for same in (np.asfortranarray(V), np.repeat(V, 2, 0)[::2], V[::-1][::-1], V.astype(float)):
        assert np.array_equal(cg.Crossbar(6, 2).forward(same), expected)


def test_pulses_move_weights():
    array = cg.Crossbar(4, 4, wires="off", pairing="two-sided")
    before = array.weights
    signs = np.ones((4, 4), int)
    signs[2:] = -1
    array.program(signs)
    moved = array.weights - before
    assert (moved[:2] >= 0).all() and (moved[2:] <= 0).all() and (moved != 0).any()


def test_noise_is_a_sequence():
    whole = cg.NoiseSource("lfsr32", seed=3).bits(512)
    source = cg.NoiseSource("lfsr32", seed=3)
    assert np.array_equal(np.concatenate([source.bits(256), source.bits(256)]), whole)
    latent = cg.NoiseSource("gaussian").latent((200, 50))
    assert latent.shape == (200, 50) and latent.dtype == np.float32
    assert abs(latent.mean()) < 0.05 and abs(latent.std() - 1) < 0.05


def test_threads_share_an_array():
    from concurrent.futures import ThreadPoolExecutor

    array = cg.Crossbar(16, 8, "ideal", wires="off")
    V = np.full((4, 16), 0.05, np.float32)
    expected = array.forward(V)
    with ThreadPoolExecutor(8) as pool:
        for result in pool.map(lambda _: array.forward(V), range(64)):
            assert np.allclose(result, expected, rtol=1e-3, atol=1e-9)
