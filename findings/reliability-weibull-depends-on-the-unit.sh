#!/usr/bin/env bash
# Expected: the Weibull slope of switching times is a number without a unit: times in seconds and the same
#   times in microseconds give the same slope, and the likelihood's maximum both times.
# What happens: reliability, the usual Python package for life data, returns other slopes for times around
#   1e-6 than for the same times times 10⁶, off by percents to tens of percents from the maximum of the
#   likelihood, with a confidence interval about the wrong value. It reports success and says nothing.
#   Times of 1 and more are fitted right, up to 1e12 and with censoring.
# Version: reliability 0.9.0 with numpy 2.4.6 and scipy 1.17.1.
# Why it matters: SET and RESET times of memristors are written in seconds and are micro- or nanoseconds
#   long; their Weibull slope is read as a property of the filament and compared between papers.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  reliability==0.9.0 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 matplotlib==3.11.2

MPLBACKEND=Agg "$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata

import numpy as np
from reliability.Fitters import Fit_Weibull_2P
from scipy.optimize import brentq

print("reliability", importlib.metadata.version("reliability"))


def likeliest(failures, censored):
    """Slope at the maximum of the likelihood, from its one equation; times are scaled first."""
    scale = np.median(failures)
    f, every = failures / scale, np.concatenate([failures, censored]) / scale

    def slope_equation(b):
        powers = every**b
        return (powers * np.log(every)).sum() / powers.sum() - 1 / b - np.log(f).mean()

    return brentq(slope_equation, 0.05, 50)


worst = 0.0
for slope in (0.4, 0.8, 1.5, 3.0, 8.0):
    # Quantiles of a Weibull distribution of 1 µs; what is longer than the sixtieth percentile is censored.
    shares = (np.arange(40) + 0.5) / 40
    times = 1e-6 * (-np.log1p(-shares)) ** (1 / slope)
    failures, censored = times[:24], np.full(16, times[23])
    fits = [
        Fit_Weibull_2P(
            failures=failures * unit, right_censored=censored * unit,
            show_probability_plot=False, print_results=False,
        ).beta
        for unit in (1, 1e6)
    ]
    truth = likeliest(failures, censored)
    worst = max(worst, abs(fits[0] / truth - 1))
    print(f"slope by the likelihood {truth:.4f}; from seconds {fits[0]:.4f}, from microseconds {fits[1]:.4f}")
    assert abs(fits[1] / truth - 1) < 1e-3
print(f"largest error from seconds: {100 * worst:.0f} %")
assert worst > 0.05
PYTHON
