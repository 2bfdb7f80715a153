# %% [markdown]
# # A PyTorch classifier whose layers are arrays
#
# `CrossbarLinear` is a `torch.nn.Module`: forward passes read the arrays, backward passes read them
# transposed, `ManhattanSGD` sends pulses.
# %%
import numpy as np
import torch
from torch import nn

import crossbar_gan as cg
from crossbar_gan.torch import CrossbarLinear, ManhattanSGD

torch.manual_seed(1)
# %% [markdown]
# Ten classes of noisy patterns of 8 × 8 pixels.
# %%
patterns = torch.rand(10, 64).round()
labels = torch.randint(0, 10, (6000,))
images = (patterns[labels] + 0.5 * torch.randn(6000, 64)).clamp(0, 1)
train, test = slice(0, 5000), slice(5000, 6000)


def accuracy(model):
    with torch.no_grad():
        return float((model(images[test]).argmax(1) == labels[test]).float().mean())


# %%
model = nn.Sequential(CrossbarLinear(64, 48, index=0), nn.ReLU(), CrossbarLinear(48, 10, index=1))
epochs, batch = 4, 50
pulses = ManhattanSGD(model, 0.4, 0.02, steps=epochs * 100)
for epoch in range(epochs):
    for chosen in torch.randperm(5000).split(batch):
        pulses.zero_grad()
        nn.functional.cross_entropy(model(images[chosen]), labels[chosen]).backward()
        pulses.step()
    pulses.finish_epoch()
    print(f"epoch {epoch + 1}: {100 * accuracy(model):.1f} %")
# %% [markdown]
# The same network in floating point.
# %%
twin = nn.Sequential(nn.Linear(64, 48), nn.ReLU(), nn.Linear(48, 10))
adam = torch.optim.Adam(twin.parameters(), 1e-3)
for epoch in range(epochs):
    for chosen in torch.randperm(5000).split(batch):
        adam.zero_grad()
        nn.functional.cross_entropy(twin(images[chosen]), labels[chosen]).backward()
        adam.step()
print(f"Adam: {100 * accuracy(twin):.1f} %")
# %% [markdown]
# ## What the arrays spent
# %%
for layer in (model[0], model[2]):
    ledger = layer.ledger
    print(f"{layer}: {ledger['pulses']} pulses, {1e6 * ledger['energy_total_J']:.1f} µJ, "
          f"{ledger['hardware_s']:.2f} s")
