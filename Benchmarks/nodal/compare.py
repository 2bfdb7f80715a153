"""Times crossbar-gan's nodal solvers beside SciPy's splu and badcrossbar, interleaved in one run.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python3 Benchmarks/nodal/compare.py [--repetitions 5]
        [--sizes 64,128,256] [--tool .build/release/crossbar-gan]

The problem is problem.py's: 1 ohm segments and ends, conductances of 10 to 100 uS, 1 and 64 inputs
up to 0.2 V; nonlinear I = (G/5) sinh(5 V) up to 0.4 V. Times of this tool are those it reports for
the solve (factorisation or preconditioner included, files excluded), the median of 5 in a process
per repetition; the peers run in this process, once untimed. Medians; errors are against splu, relative to the largest current.
Needs numpy and scipy; badcrossbar is left out when it is not installed.
"""
import argparse, json, logging, os, statistics, subprocess, tempfile, time

import numpy as np

import exact
from problem import gen

logging.disable(logging.CRITICAL)
try:
    import badcrossbar
except ImportError:
    badcrossbar = None


def run_tool(tool, folder, device, method, tolerance):
    out = f"{folder}/I.csv"
    answer = subprocess.run(
        [tool, "array", "solve", "--conductances", f"{folder}/G.csv", "--inputs", f"{folder}/V.csv",
         "--device", device, "--word-line-ohm", "1", "--bit-line-ohm", "1", "--source-ohm", "1",
         "--sense-ohm", "1", "--method", method, "--tolerance", tolerance, "--repeats", "5",
         "--out", out, "--json"],
        check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)["seconds"], np.loadtxt(out, delimiter=",", ndmin=2)


def timed(body):
    start = time.perf_counter()
    result = body()
    return time.perf_counter() - start, result


def contenders(tool, folder, G, V, nonlinear):
    device = "sinh:5" if nonlinear else "linear"
    yield "fast 1e-10", lambda: run_tool(tool, folder, device, "fast", "1e-10")
    yield "fast 1e-6", lambda: run_tool(tool, folder, device, "fast", "1e-6")
    yield "exact", lambda: run_tool(tool, folder, device, "exact", "1e-10")
    if nonlinear:
        yield "SciPy Newton + splu", lambda: timed(lambda: exact.solve_sinh(G, V, 1.0, 5.0)[0])
        return
    yield "SciPy splu", lambda: timed(lambda: exact.solve_linear(G, V, 1.0))
    if badcrossbar is not None:
        yield "badcrossbar", lambda: timed(lambda: np.asarray(
            badcrossbar.compute(V.T, 1 / G, 1.0, all_currents=False).currents.output))


def measure(tool, N, B, nonlinear, repetitions):
    G, V = gen(N, 64, vmax=0.4 if nonlinear else 0.2)
    V = V[:B]
    with tempfile.TemporaryDirectory() as folder:
        np.savetxt(f"{folder}/G.csv", G, delimiter=",", fmt="%.17g")
        np.savetxt(f"{folder}/V.csv", V, delimiter=",", fmt="%.17g")
        entries = list(contenders(tool, folder, G, V, nonlinear))
        times, results = {name: [] for name, _ in entries}, {}
        for repetition in range(repetitions + 1):
            for name, body in entries:
                seconds, results[name] = body()
                if repetition > 0:
                    times[name].append(seconds)
    truth = results["SciPy Newton + splu" if nonlinear else "SciPy splu"]
    best = statistics.median(times["fast 1e-10"])
    for name, _ in entries:
        median = statistics.median(times[name])
        error = np.abs(results[name] - truth).max() / np.abs(truth).max()
        kind = "sinh 5" if nonlinear else "linear"
        print(f"| {kind} | {N} | {B} | {name} | {median * 1e3:.3g} | {median / best:.3g} "
              f"| {error:.1e} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="64,128,256")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--tool", default=".build/release/crossbar-gan")
    arguments = parser.parse_args()
    print("| device | N | inputs | solver | ms | over fast 1e-10 | error |")
    print("|---|---|---|---|---|---|---|")
    sizes = [int(size) for size in arguments.sizes.split(",")]
    for N in sizes:
        for B in (1, 64):
            if N > 256 and B > 1:
                continue
            measure(arguments.tool, N, B, False, arguments.repetitions)
        if N <= 128:
            measure(arguments.tool, N, 1, True, arguments.repetitions)


if __name__ == "__main__":
    main()
