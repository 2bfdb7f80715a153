"""A PyTorch classifier whose layers are arrays, beside the same network with Adam.

usage: python Python/benchmarks/mnist.py DATA [--epochs 20] [--seeds 1 2 3] [--aihwkit]

DATA is a folder with MNIST's four files. Prints test accuracy and seconds per epoch of 784-128-10,
batch 64, tensors in memory: PyTorch with Adam, arrays of nili2020 behind the default wires with one
pulse by the sign of the slope, and with --aihwkit the ReRam preset of aihwkit.
"""

import argparse
import gzip
import pathlib
import time

import numpy as np
import torch
from torch import nn

from crossbar_gan.torch import CrossbarLinear, ManhattanSGD

BATCH = 64


def idx(path: pathlib.Path) -> np.ndarray:
    path = path if path.exists() else path.with_name(path.name + ".gz")
    data = (gzip.open if path.suffix == ".gz" else open)(path, "rb").read()
    shape = [int.from_bytes(data[4 + 4 * k:8 + 4 * k], "big") for k in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def images(folder: pathlib.Path, name: str) -> tuple[torch.Tensor, torch.Tensor]:
    pixels = idx(folder / f"{name}-images-idx3-ubyte").reshape(-1, 784).astype(np.float32) / 255
    return torch.from_numpy(pixels), torch.from_numpy(
        idx(folder / f"{name}-labels-idx1-ubyte").astype(np.int64))


@torch.no_grad()
def accuracy(model, x, y) -> float:
    model.eval()
    return float((torch.cat([model(part) for part in x.split(1000)]).argmax(1) == y).float().mean())


def fit(model, optimiser, train, test, epochs, seed, after=lambda: None):
    x, y = train
    order = torch.Generator().manual_seed(seed)
    seconds = []
    for _ in range(epochs):
        model.train()
        began = time.perf_counter()
        for batch in torch.randperm(len(x), generator=order).split(BATCH):
            if len(batch) < BATCH:
                continue
            optimiser.zero_grad()
            nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
            optimiser.step()
        after()
        seconds.append(time.perf_counter() - began)
    return accuracy(model, *test), float(np.median(seconds))


def digital(seed, *data, epochs):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    return fit(model, torch.optim.Adam(model.parameters()), *data, epochs, seed)


def arrays(seed, *data, epochs, first, last, scales, config):
    torch.manual_seed(seed)
    model = nn.Sequential(
        CrossbarLinear(784, 128, seed=seed, index=0, largest_weight=scales[0], config=config),
        nn.ReLU(),
        CrossbarLinear(128, 10, seed=seed, index=1, largest_weight=scales[1], config=config))
    steps = epochs * (len(data[0][0]) // BATCH)
    pulses = ManhattanSGD(model, first, last, steps=steps)
    return fit(model, pulses, *data, epochs, seed, pulses.finish_epoch)


def aihwkit(seed, *data, epochs):
    from aihwkit.nn import AnalogLinear
    from aihwkit.optim import AnalogSGD
    from aihwkit.simulator.presets import ReRamESPreset

    torch.manual_seed(seed)
    model = nn.Sequential(AnalogLinear(784, 128, rpu_config=ReRamESPreset()), nn.ReLU(),
                          AnalogLinear(128, 10, rpu_config=ReRamESPreset()))
    optimiser = AnalogSGD(model.parameters(), lr=0.1)
    optimiser.regroup_param_groups(model)
    return fit(model, optimiser, *data, epochs, seed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--first", type=float, default=0.4)
    parser.add_argument("--last", type=float, default=0.013)
    parser.add_argument("--scales", type=float, nargs=2, default=[0.5, 1.0])
    parser.add_argument("--threshold", type=float)
    parser.add_argument("--aihwkit", action="store_true")
    parser.add_argument("--only", choices=["Adam", "arrays"])
    given = parser.parse_args()
    config = {} if given.threshold is None else {"update.gradient_threshold": given.threshold}
    data = images(given.data, "train"), images(given.data, "t10k")
    kinds = {"Adam": digital,
             "arrays": lambda *a, **k: arrays(*a, **k, first=given.first, last=given.last,
                                              scales=given.scales, config=config)}
    if given.aihwkit:
        kinds["aihwkit ReRamES"] = aihwkit
    print("| seed | network | test accuracy | seconds per epoch |\n|---|---|---|---|")
    for seed in given.seeds:
        for name, kind in kinds.items():
            if given.only in (None, name):
                found, seconds = kind(seed, *data, epochs=given.epochs)
                print(f"| {seed} | {name} | {100 * found:.2f} % | {seconds:.2f} |", flush=True)


main()
