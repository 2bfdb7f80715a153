"""Sources of random bits and latent vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _library


class NoiseSource:
    """A noise source as the command line names it: ``NoiseSource("switching:xor4")``.

    calibration: its device. seed decides the bits, device_seed the devices (by default the seed).
    keep_going: go on with a source that fails its health tests or is unfit by design.
    """

    def __init__(
        self, spec: str = "switching", calibration: str = "nili2020", seed: int = 1,
        device_seed: int | None = None, keep_going: bool = False,
    ):
        self.spec = spec
        seed = _library.seed(seed)
        self._handle = _library.Handle(
            "noise_open", _library.text(spec, "source"), _library.text(calibration, "calibration"),
            seed, seed if device_seed is None else _library.seed(device_seed, "device_seed"),
            int(keep_going))

    def bits(self, n: int) -> np.ndarray:
        """The next n bits, 0 or 1, as uint8 of shape (n,); those of ``noise generate``.

        A further call goes on behind the last bit.
        """
        n = _library.integer(n, "bits", 1)
        packed = np.empty((n + 7) // 8, np.uint8)
        _library.call("noise_bits", self._handle.number, n, _library.address(packed))
        return np.unpackbits(packed, count=n)

    def latent(self, shape: Any) -> np.ndarray:
        """The next latent numbers of a shape, zero mean and unit variance, float32."""
        extents = shape if isinstance(shape, tuple) else tuple(np.atleast_1d(shape).tolist())
        extents = tuple(_library.integer(extent, "shape", 1) for extent in extents)
        numbers = np.empty(extents, np.float32)
        _library.call("noise_latent", self._handle.number, numbers.size, _library.address(numbers))
        return numbers

    def close(self) -> None:
        """Releases the source."""
        self._handle.close()

    def __repr__(self) -> str:
        return f"NoiseSource({self.spec!r})"
