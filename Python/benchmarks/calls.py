"""What calls cost from Python.

usage: python Python/benchmarks/calls.py [--badcrossbar]
"""

import argparse
import statistics
import time

import numpy as np

import crossbar_gan as cg


def median(body, repeats=5):
    body()
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        body()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


parser = argparse.ArgumentParser()
parser.add_argument("--badcrossbar", action="store_true")
given = parser.parse_args()
rng = np.random.default_rng(1)
device = cg.Calibration("nili2020")
G, V = rng.uniform(1e-5, 1e-4, 1_000_000), rng.uniform(-0.2, 0.2, 1_000_000)
print(f"Calibration.current, 10^6 devices: {1e3 * median(lambda: device.current(G, V)):.1f} ms")
G, V = rng.uniform(1e-5, 1e-4, (128, 128)), rng.uniform(-0.2, 0.2, 128)
for method in ("exact", "fast"):
    ours = median(lambda: cg.solve(G, V, 1, 1, 0, 0, method=method, nodes=False))
    print(f"solve 128 x 128, one vector, {method}: {1e3 * ours:.2f} ms")
if given.badcrossbar:
    import badcrossbar

    theirs = median(lambda: badcrossbar.compute(V[:, None], 1 / G, 1.0), 3)
    best = median(lambda: cg.solve(G, V, 1, 1, 0, 0, method="fast", nodes=False))
    print(f"badcrossbar: {1e3 * theirs:.0f} ms, {theirs / best:.0f} times")
