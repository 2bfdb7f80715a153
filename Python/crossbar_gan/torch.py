"""PyTorch layers whose weights are devices of simulated arrays.

A forward pass reads the arrays, a backward pass reads them transposed, and ``ManhattanSGD`` sends
pulses: any training loop trains on the devices.
"""

from __future__ import annotations

import ctypes
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import torch

from . import _configuration, _library
from ._errors import BadInput


class _Reads(torch.autograd.Function):
    """Reads of a layer's array both ways, and the slope of its weights."""

    @staticmethod
    def forward(ctx: Any, layer: _CrossbarLayer, signal: torch.Tensor, weight: torch.Tensor,
                bias: torch.Tensor) -> torch.Tensor:
        lines = _lines(signal)
        output = np.empty((layer._units[1], lines.shape[1]), np.float32)
        _library.call("layer_forward", layer._handle.number, lines.shape[1],
                      _library.address(lines), _library.address(output))
        ctx.layer, ctx.lines, ctx.needs_input = layer, lines, signal.requires_grad
        ctx.version = layer._version
        return torch.from_numpy(output).T

    @staticmethod
    def backward(ctx: Any, delta: torch.Tensor) -> tuple[Any, ...]:
        layer = ctx.layer
        if ctx.version != layer._version:
            raise RuntimeError(
                "the array was pulsed between the forward and the backward pass: a transposed read"
                " would use other weights")
        lines = _lines(delta)
        samples = lines.shape[1]
        signal = None
        if ctx.needs_input:
            back = np.empty((layer._units[0], samples), np.float32)
            _library.call("layer_backward", layer._handle.number, samples,
                          _library.address(lines), _library.address(back))
            signal = torch.from_numpy(back).T
        gradient = np.empty((layer._lines + 1, layer._columns), np.float32)
        continues = layer.weight.grad is not None and layer._keeps
        _library.call("layer_keep", layer._handle.number, samples, _library.address(ctx.lines),
                      _library.address(lines), int(continues), _library.address(gradient))
        layer._keeps = True
        slopes = torch.from_numpy(gradient)
        return None, signal, slopes[:-1].T.reshape(layer.weight.shape), slopes[-1]


def _lines(batch: torch.Tensor) -> np.ndarray:
    """A batch, samples × units, as units × samples; no copy where it lies so in memory."""
    return np.ascontiguousarray(batch.detach().to("cpu", torch.float32).T.numpy())


class _CrossbarLayer(torch.nn.Module):
    """What layers on arrays have in common.

    ``weight`` and ``bias`` show what reads of single devices would find; ``refresh`` brings them up
    to date, and ``state_dict`` does so by itself. Only pulses move the devices: an optimiser that
    writes to ``weight`` does not.
    """

    _numbers: dict[tuple[str, int], int] = {}

    def __init__(
        self, input_shape: str, words: str, weight: torch.Tensor, bias: torch.Tensor,
        calibration: str, wires: str | None, pairing: str | None, seed: int,
        device_seed: int | None, largest_weight: float, index: int | None,
        config: Mapping[str, Any] | None,
    ):
        super().__init__()
        text = _configuration.of_array(
            calibration, wires, pairing, _library.seed(seed),
            None if device_seed is None else _library.seed(device_seed, "device_seed"), config)
        if index is None:
            # Layers of a network are numbered as they are made, so that none is another's copy.
            index = self._numbers.get((str(calibration), seed), 0)
            self._numbers[(str(calibration), seed)] = index + 1
        self.largest_weight = float(largest_weight)
        held = torch.cat([weight.reshape(weight.shape[0], -1).T, bias[None, :]]).contiguous()
        values = held.detach().to(torch.float32).numpy()
        self._handle = _library.Handle(
            "layer_open", text.encode(), input_shape.encode(), words.encode(), values.size,
            _library.address(values), self.largest_weight, index)
        sizes = (ctypes.c_size_t * 4)()
        _library.call("layer_sizes", self._handle.number, sizes)
        self._lines, self._columns, *self._units = list(sizes)
        self._version, self._keeps = 0, False
        self.weight = torch.nn.Parameter(weight.detach().clone())
        self.bias = torch.nn.Parameter(bias.detach().clone())
        self.refresh()

    def refresh(self) -> None:
        """Puts what reads of single devices would find into ``weight`` and ``bias``."""
        held = np.empty((self._lines + 1, self._columns), np.float32)
        _library.call("layer_weights", self._handle.number, _library.address(held))
        with torch.no_grad():
            self.weight.copy_(torch.from_numpy(held[:-1].T.copy()).reshape(self.weight.shape))
            self.bias.copy_(torch.from_numpy(held[-1].copy()))

    def step(self, update_probability: float) -> None:
        """Sends pulses against the slope of the batches since the last step."""
        _library.call("layer_step", self._handle.number, float(update_probability))
        self._version += 1
        self._keeps = False

    def finish_epoch(self) -> None:
        """What belongs between epochs: drift that is due, wires solved anew, weights shown."""
        _library.call("layer_finish_epoch", self._handle.number)
        self._version += 1
        self.refresh()

    @property
    def ledger(self) -> dict[str, float]:
        """Joules, pulses and seconds so far, by the names of metrics.csv."""
        return json.loads(_library.text_of("layer_report", self._handle))["ledger"]

    @property
    def conductances(self) -> np.ndarray:
        """Conductances in siemens, (devices per weight, lines + 1, columns), the bias line last."""
        count = ctypes.c_size_t()
        _library.call("layer_state", self._handle.number, _library.byref(count), None)
        state = np.empty((count.value, self._lines + 1, self._columns), np.float32)
        _library.call("layer_state", self._handle.number, _library.byref(count),
                      _library.address(state))
        return state

    def get_extra_state(self) -> dict[str, Any]:
        """The devices, which a checkpoint needs beside the weights they show."""
        return {"conductances": torch.from_numpy(self.conductances),
                "largest_weight": self.largest_weight}

    def set_extra_state(self, state: dict[str, Any]) -> None:
        """Goes on from saved devices."""
        if state["largest_weight"] != self.largest_weight:
            raise BadInput(
                f"state: its devices stand for weights up to {state['largest_weight']}, the layer's for"
                f" {self.largest_weight}; make it with that largest_weight")
        held = np.ascontiguousarray(state["conductances"].numpy())
        if held.shape[1:] != (self._lines + 1, self._columns):
            raise BadInput(f"state: devices of shape {held.shape} do not fit the layer")
        _library.call("layer_restore", self._handle.number, held.shape[0], _library.address(held))
        self._version += 1
        self.refresh()

    def state_dict(self, *args: Any, **kwargs: Any) -> Any:
        self.refresh()
        return super().state_dict(*args, **kwargs)

    def __deepcopy__(self, memo: Any) -> Any:
        raise TypeError("a layer on an array is a thing with an identity and is not copied")


class CrossbarLinear(_CrossbarLayer):
    """``torch.nn.Linear`` on an array: (…, in_features) to (…, out_features).

    Initial weights are those of ``torch.nn.Linear`` (or ``weight`` and ``bias``), written and
    verified. largest_weight: the weight of a pair that spans the window; by default one and a half
    times the largest initial one. index: place in the network, which names its devices. config: keys
    of a run configuration.
    """

    def __init__(
        self, in_features: int, out_features: int, *, calibration: str = "nili2020",
        wires: str | None = None, pairing: str | None = None, seed: int = 1,
        device_seed: int | None = None, largest_weight: float | None = None,
        index: int | None = None, weight: torch.Tensor | None = None,
        bias: torch.Tensor | None = None, config: Mapping[str, Any] | None = None,
    ):
        self.in_features = _library.integer(in_features, "in_features", 1, 1 << 24)
        self.out_features = _library.integer(out_features, "out_features", 1, 1 << 24)
        initial = torch.nn.Linear(in_features, out_features)
        shape = (out_features, in_features)
        given = weight
        weight = _given(weight, initial.weight, shape, "weight")
        bias = _given(bias, initial.bias, (out_features,), "bias")
        super().__init__(
            str(in_features), f"dense {out_features}", weight, bias, calibration, wires, pairing,
            seed, device_seed, _largest(largest_weight, given, in_features), index, config)
        self.in_features, self.out_features = in_features, out_features

    def forward(self, signal: torch.Tensor) -> torch.Tensor:
        batch = signal.reshape(-1, self.in_features)
        output = _Reads.apply(self, batch, self.weight, self.bias)
        return output.reshape(*signal.shape[:-1], self.out_features)

    def extra_repr(self) -> str:
        return f"{self.in_features}, {self.out_features}"


class CrossbarConv2d(_CrossbarLayer):
    """``torch.nn.Conv2d`` of square kernels on an array: (N, C, H, W) to (N, filters, H', W').

    size: (H, W) of the maps that enter, which an array is made for. Other arguments are those of
    ``CrossbarLinear`` and ``torch.nn.Conv2d``.
    """

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: int, size: tuple[int, int], *,
        stride: int = 1, padding: int = 0, calibration: str = "nili2020",
        wires: str | None = None, pairing: str | None = None, seed: int = 1,
        device_seed: int | None = None, largest_weight: float | None = None,
        index: int | None = None, weight: torch.Tensor | None = None,
        bias: torch.Tensor | None = None, config: Mapping[str, Any] | None = None,
    ):
        height, width = size
        initial = torch.nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding)
        shape = (out_channels, in_channels, kernel_size, kernel_size)
        given = weight
        weight = _given(weight, initial.weight, shape, "weight")
        bias = _given(bias, initial.bias, (out_channels,), "bias")
        super().__init__(
            f"{in_channels}x{height}x{width}",
            f"conv {out_channels} {kernel_size}x{kernel_size} stride {stride} padding {padding}",
            weight, bias, calibration, wires, pairing, seed, device_seed,
            _largest(largest_weight, given, in_channels * kernel_size**2), index, config)
        self.in_shape = (in_channels, height, width)
        rows = (height + 2 * padding - kernel_size) // stride + 1
        columns = (width + 2 * padding - kernel_size) // stride + 1
        self.out_shape = (out_channels, rows, columns)

    def forward(self, signal: torch.Tensor) -> torch.Tensor:
        if signal.shape[1:] != self.in_shape:
            raise BadInput(
                f"input: shape {tuple(signal.shape)}, expected (N, {', '.join(map(str, self.in_shape))})")
        output = _Reads.apply(
            self, signal.reshape(signal.shape[0], -1), self.weight, self.bias)
        return output.reshape(signal.shape[0], *self.out_shape)

    def extra_repr(self) -> str:
        return f"{self.in_shape} to {self.out_shape}"


def _largest(largest: float | None, given: torch.Tensor | None, fan_in: int) -> float:
    """W_max: one and a half times the largest initial weight, which is 1/√fan-in unless given."""
    if largest is not None:
        return float(largest)
    return 1.5 * (fan_in**-0.5 if given is None else float(given.abs().max()) or fan_in**-0.5)


def _given(tensor: torch.Tensor | None, initial: torch.Tensor, shape: tuple[int, ...],
           name: str) -> torch.Tensor:
    if tensor is None:
        return initial.detach()
    if tuple(tensor.shape) != shape:
        raise BadInput(f"{name}: shape {tuple(tensor.shape)}, expected {shape}")
    return tensor.detach()


class ManhattanSGD(torch.optim.Optimizer):
    """Sends one pulse per sampled weight by the sign of its slope: no learning rate.

    module: a network; its layers on arrays are pulsed. first, last: share of the weights that a step
    pulses at the beginning and at the end of ``steps`` steps, geometric between; with the
    configuration's ``update.sampling = "significance"``, the default, that of weights whose slope is
    as large as noise makes it.
    """

    def __init__(self, module: torch.nn.Module, first: float = 0.4, last: float | None = None,
                 steps: int | None = None):
        self.layers = [part for part in module.modules() if isinstance(part, _CrossbarLayer)]
        if not self.layers:
            raise BadInput("module: has no layer on an array")
        if not 0 < first <= 1 or last is not None and not 0 < last <= 1:
            raise BadInput("first, last: shares of weights are within 0 and 1, zero excluded")
        if last is not None and steps is None:
            raise BadInput("steps: a schedule from first to last needs their number")
        self.first, self.last, self.count = first, last, 0
        self.total = None if steps is None else _library.integer(steps, "steps", 1)
        parameters: Iterable[Any] = [p for layer in self.layers for p in layer.parameters(False)]
        super().__init__(parameters, {})

    @property
    def update_probability(self) -> float:
        """The share of the next step."""
        if self.last is None or self.total is None or self.total < 2:
            return self.first
        at = min(self.count, self.total - 1) / (self.total - 1)
        return self.first * math.pow(self.last / self.first, at)

    def step(self, closure: Any = None) -> Any:  # type: ignore[override]
        """Sends the pulses of a step."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        share = self.update_probability
        for layer in self.layers:
            layer.step(share)
        self.count += 1
        return loss

    def finish_epoch(self) -> None:
        """What belongs between epochs of every layer."""
        for layer in self.layers:
            layer.finish_epoch()


__all__ = ["CrossbarConv2d", "CrossbarLinear", "ManhattanSGD"]
