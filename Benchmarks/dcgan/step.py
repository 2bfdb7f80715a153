"""One training step of a convolutional preset's network in PyTorch, one thread.

    step.py WIDE NARROW KERNEL [BATCH]

The same layers as `train --network am-dcgan…`: dense, two transposed convolutions of stride 2, tanh;
two convolutions with mean pools, dense; rectifiers that clip at 1.8. A step is a discriminator's update
on real and fake images and a generator's on fakes seen again, from one latent batch, Adam.
"""
import statistics
import sys
import time

import torch
from torch import nn

wide, narrow, kernel = (int(a) for a in sys.argv[1:4])
batch = int(sys.argv[4]) if len(sys.argv) > 4 else 64
torch.set_num_threads(1)
torch.manual_seed(0)


def clipped():
    return nn.Hardtanh(0, 1.8)


pad = (kernel - 1) // 2
up = dict(stride=2, padding=pad, output_padding=kernel % 2)
generator = nn.Sequential(
    nn.Linear(100, wide * 49), clipped(), nn.Unflatten(1, (wide, 7, 7)),
    nn.ConvTranspose2d(wide, narrow, kernel, **up), clipped(),
    nn.ConvTranspose2d(narrow, 1, kernel, **up), nn.Tanh())
discriminator = nn.Sequential(
    nn.Conv2d(1, narrow, kernel, padding=pad), clipped(), nn.AvgPool2d(2),
    nn.Conv2d(narrow, wide, kernel, padding=pad), clipped(), nn.AvgPool2d(2),
    nn.Flatten(), nn.Linear(wide * 49, 1))
loss = nn.BCEWithLogitsLoss()
real_target, fake_target = torch.ones(batch, 1), torch.zeros(batch, 1)
optimizers = [torch.optim.Adam(n.parameters(), 2e-4, betas=(0.5, 0.999))
              for n in (generator, discriminator)]
images = torch.rand(1024, 1, 28, 28) * 2 - 1


def step(index):
    start = index * batch % (1024 - batch)
    fake = generator(torch.randn(batch, 100))
    discriminator.zero_grad()
    logits = discriminator(torch.cat([images[start:start + batch], fake.detach()]))
    (loss(logits[:batch], real_target) + loss(logits[batch:], fake_target)).backward()
    optimizers[1].step()
    generator.zero_grad()
    loss(discriminator(fake), real_target).backward()
    optimizers[0].step()


for index in range(2):
    step(index)
times = []
start = time.perf_counter()
while time.perf_counter() - start < 10 or len(times) < 5:
    begin = time.perf_counter()
    step(len(times))
    times.append(time.perf_counter() - begin)
print(batch / statistics.median(times))
