"""Prints mean ± standard deviation over seeds of the last row of every run's metrics.csv."""
import csv, statistics, sys

out, seeds = sys.argv[1], sys.argv[2:]


def last(condition, seed):
    with open(f"{out}/{condition}-{seed}/metrics.csv") as file:
        return list(csv.DictReader(file))[-1], list(csv.DictReader(open(file.name)))


def spread(values, digits):
    deviation = statistics.stdev(values) if len(values) > 1 else 0
    return f"{statistics.mean(values):.{digits}f} ± {deviation:.{digits}f}"


print("| condition | Fréchet | score | precision | recall | density | coverage | classes | joules |")
print("|---|---|---|---|---|---|---|---|---|")
means = {}
for condition in (
    "crossbar", "crossbar-no-wires", "crossbar-no-static", "digital", "digital-noise"
):
    runs = [last(condition, seed) for seed in seeds]
    column = lambda key: [float(final[key]) for final, _ in runs]
    energy = [
        sum(float(row[key]) for row in rows for key in row if key.startswith("energy_"))
        for _, rows in runs
    ]
    means[condition] = statistics.mean(column("frechet"))
    cells = [spread(column("frechet"), 1), spread(column("score"), 2)]
    cells += [spread(column(key), 2) for key in ("precision", "recall", "density", "coverage")]
    cells += ["/".join(str(int(v)) for v in column("classes_over_1pct")), spread(energy, 3)]
    print("| " + " | ".join([condition] + cells) + " |")
print()
print(f"crossbar over digital: {means['crossbar'] / means['digital']:.2f}")
