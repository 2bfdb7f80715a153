# %% [markdown]
# # Fit your device
#
# From current–voltage sweeps and pulses to a calibration that arrays and trainings use. The data here
# is what a virtual laboratory measures on `nili2020`; give paths of your own files, or a DataFrame,
# instead.
# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import crossbar_gan as cg

folder = Path(tempfile.mkdtemp())
cg.command("measure", "iv", "--devices", "100", "--out", folder / "iv.csv")
cg.command("measure", "pulses", "--devices", "60", "--out", folder / "pulses.csv");
# %% [markdown]
# ## The static characteristic
# %%
static = cg.fit.iv(folder / "iv.csv")
print(static.kind, static.model)
for name, fitted in static.parameters.items():
    print(f"{name:28} {fitted.value: .4g} {fitted.unit}, 95 %: {fitted.interval}")
static.plot();
# %%
V = np.linspace(-0.2, 0.2, 81)
for G in (2e-5, 5e-5, 9e-5):
    plt.plot(V, 1e6 * static.calibration.current(G, V), label=f"{1e6 * G:.0f} µS, fitted")
    plt.plot(V, 1e6 * cg.Calibration("nili2020").current(G, V), "k:", linewidth=1)
plt.xlabel("voltage / V"), plt.ylabel("current / µA"), plt.legend();
# %% [markdown]
# ## The pulse response
#
# `base` gives the sections that are not fitted here.
# %%
static.save(folder / "mine.toml")
pulses = cg.fit.pulses(folder / "pulses.csv", base=folder / "mine.toml")
print(pulses.kind, pulses.model)
pulses.notes[:5]
# %%
for source, style in (("nili2020", "k:"), (pulses.calibration, "-")):
    device = cg.Calibration(source) if isinstance(source, str) else source
    for voltage in (1.0, -1.4):
        plt.plot(1e6 * device.pulse(5e-5, voltage, 1e-3, 60, extrapolate=True), style,
                 label=f"{device.name}, {voltage} V")
plt.xlabel("pulse"), plt.ylabel("conductance / µS"), plt.legend();
# %% [markdown]
# ## An array of it
# %%
pulses.save(folder / "mine.toml")
array = cg.Crossbar(16, 8, folder / "mine.toml", wires="off")
W = np.random.default_rng(1).uniform(-0.5, 0.5, (16, 8))
array.write(W)
plt.plot(W.ravel(), array.weights.ravel(), "."), plt.xlabel("wanted"), plt.ylabel("read")
print(f"{1e9 * array.energy:.1f} nJ, {array.hardware_seconds:.3f} s")
