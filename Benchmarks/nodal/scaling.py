"""Cost of a fast solve against size: medians over processes, and the exponent of a power law.

    python3 Benchmarks/nodal/scaling.py [--tool .build/release/crossbar-gan] [--plot cost.png]
"""
import argparse, statistics, tempfile

import numpy as np

from compare import run_tool
from problem import gen


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tool", default=".build/release/crossbar-gan")
    parser.add_argument("--sizes", default="16,32,64,128,256,512,1024")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--plot")
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.sizes.split(",")]
    medians = []
    for N in sizes:
        G, V = gen(N, 1)
        with tempfile.TemporaryDirectory() as folder:
            np.savetxt(f"{folder}/G.csv", G, delimiter=",", fmt="%.17g")
            np.savetxt(f"{folder}/V.csv", V, delimiter=",", fmt="%.17g")
            times = [run_tool(arguments.tool, folder, "linear", "fast", "1e-10")[0]
                     for _ in range(arguments.repetitions)]
        medians.append(statistics.median(times))
        print(f"| {N} | {medians[-1] * 1e3:.3g} |", flush=True)
    print("exponent", round(np.polyfit(np.log(sizes), np.log(medians), 1)[0], 2))
    if arguments.plot:
        import matplotlib
        matplotlib.use("Agg")
        import matplotlib.pyplot as plt
        plt.loglog(sizes, np.array(medians) * 1e3, "o-")
        plt.xlabel("lines per side")
        plt.ylabel("ms per solve at 1e-10")
        plt.savefig(arguments.plot, dpi=120)


if __name__ == "__main__":
    main()
