# %% [markdown]
# # Train the GAN and look
#
# A generator and a discriminator on arrays, trained in this process by pulses. Built-in digits; give
# `data="…"` a folder with MNIST's files.
# %%
import tempfile

import matplotlib.pyplot as plt

import crossbar_gan as cg

folder = tempfile.mkdtemp() + "/run"
run = cg.train(
    {"data.limit": 6000},
    lambda row: print(f"epoch {row['epoch']}: Fréchet distance {row['frechet']:.1f}, "
                      f"{1e3 * row['energy_program_selected_J']:.3g} mJ"),
    out=folder, epochs=3, seed=1)
# %%
figure, axes = plt.subplots(4, 10, figsize=(8, 3.3))
for image, axis in zip(run.samples(40), axes.flat):
    axis.imshow(image, cmap="gray"), axis.axis("off")
# %% [markdown]
# ## What it cost
# %%
metrics = run.metrics
for name in ("frechet", "coverage", "pulses", "hardware_s"):
    print(f"{name:12}", [float(f"{value:.4g}") for value in metrics[name]])
# %% [markdown]
# ## What the arrays hold
# %%
weights = run.weights
W, G = weights["generator.0.weight"], weights["generator.0.plus"]
plt.subplot(121), plt.hist(W.ravel(), 80), plt.xlabel("weight")
plt.subplot(122), plt.hist(1e6 * G.ravel(), 80), plt.xlabel("conductance / µS");
# %% [markdown]
# ## On flawed arrays
# %%
for stuck in (0.0, 0.05):
    found = run.evaluate(transfer=True, stuck_off=stuck)
    print(f"{100 * stuck:.0f} % stuck: Fréchet distance {found['frechet']:.1f}")
