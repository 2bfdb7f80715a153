"""Everything in Python equals the command line to the last bit."""

import json

import numpy as np
import pytest

import crossbar_gan as cg

TINY = ["--epochs", "2", "--batch", "50", "--seed", "3"]
KEYS = {"data.limit": 200, "evaluation.epoch_fakes": 100, "evaluation.final_fakes": 100,
        "networks.generator": ["16", "dense 24", "dense 784"],
        "networks.discriminator": ["784", "dense 24", "dense 1"]}


def test_current(tool):
    V = [0.05, 0.1, -0.15]
    words = ["device", "current", "--conductance", "5e-5", "--voltage=0.05,0.1,-0.15", "--json"]
    expected = json.loads(tool(*words))["current_A"]
    assert cg.Calibration("nili2020").current(5e-5, V).tolist() == expected


@pytest.mark.parametrize("voltage", [1.0, -1.4])
def test_pulses(tool, voltage):
    expected = json.loads(tool(
        "device", "pulse", "--conductance", "5e-5", f"--voltage={voltage}", "--width", "1e-3",
        "--count", "7", "--json"))["conductance_S"]
    assert cg.Calibration("nili2020").pulse(5e-5, voltage, 1e-3, 7).tolist() == expected


@pytest.mark.parametrize("device,method", [("linear", "exact"), ("linear", "fast"),
                                           ("sinh:3", "exact"), ("nili2020", "exact")])
def test_solve(tool, tmp_path, device, method):
    rng = np.random.default_rng(1)
    G, V = rng.uniform(1e-5, 1e-4, (6, 4)), rng.uniform(-0.2, 0.2, (3, 6))
    np.savetxt(tmp_path / "G.csv", G, "%.17g", ",")
    np.savetxt(tmp_path / "V.csv", V, "%.17g", ",")
    tool("array", "solve", "--conductances", "G.csv", "--inputs", "V.csv", "--device", device,
         "--method", method, "--word-line-ohm", "3", "--bit-line-ohm", "2", "--out", "I.csv")
    found = cg.solve(G, V, word_ohm=3, bit_ohm=2, device=device, method=method)
    assert np.array_equal(found.currents, np.loadtxt(tmp_path / "I.csv", delimiter=","))
    assert found.node_voltages.shape == (3, 2, 6, 4)
    assert abs(found.node_voltages).max() <= abs(V).max()


@pytest.mark.parametrize("source", ["switching", "lfsr32", "telegraph", "gaussian"])
def test_bits(tool, tmp_path, source):
    try:
        tool("noise", "generate", "--source", source, "--bits", "1001", "--seed", "5", "--out",
             "bits.bin")
    except AssertionError as refused:
        with pytest.raises(ValueError) as error:
            cg.NoiseSource(source, seed=5).bits(1001)
        assert str(error.value) in str(refused)
        return
    expected = np.unpackbits(np.fromfile(tmp_path / "bits.bin", np.uint8), count=1001)
    assert np.array_equal(cg.NoiseSource(source, seed=5).bits(1001), expected)


def test_training_in_process(tool, tmp_path):
    from crossbar_gan._configuration import toml

    (tmp_path / "run.toml").write_text(toml(KEYS))
    tool("train", "--config", "run.toml", *TINY, "--out", "there", "--quiet")
    rows = []
    run = cg.train(KEYS, rows.append, out=tmp_path / "here", epochs=2, batch=50, seed=3)
    there = cg.Run(tmp_path / "there")
    assert [row["epoch"] for row in rows] == [1, 2]
    assert (run.path / "checkpoint").read_bytes() == (there.path / "checkpoint").read_bytes()
    assert [p.read_bytes() for p in run.sheets] == [p.read_bytes() for p in there.sheets]
    tool("sample", "--run", "there", "--count", "20", "--out", "s.npy")
    assert np.array_equal(run.samples(20), np.load(tmp_path / "s.npy"))
    assert run.manifest["configuration"] == there.manifest["configuration"]


def test_fit(tool, tmp_path):
    tool("measure", "iv", "--devices", "20", "--cycles", "4", "--out", "iv.csv")
    expected = json.loads(tool("fit", "iv", "iv.csv", "--model", "sinh", "--json"))
    columns = cg.runs.read_csv(str(tmp_path / "iv.csv"))
    for data in (tmp_path / "iv.csv", columns):
        found = cg.fit.iv(data, model="sinh")
        assert {n: p.value for n, p in found.parameters.items()} == {
            n: p["value"] for n, p in expected["parameters"].items()}
    assert found.calibration.current(5e-5, 0.1) == pytest.approx(5e-6, rel=0.2)
    assert "[static]" in found.toml
