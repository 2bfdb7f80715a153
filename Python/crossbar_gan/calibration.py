"""Calibrated devices."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import _library
from ._command import command
from ._errors import BadInput


@dataclass(frozen=True)
class Parameter:
    """A number of a calibration: key, values, unit, source and the range that makes sense."""

    key: str
    values: tuple[float, ...]
    unit: str
    source: str
    range: tuple[float, float]

    @property
    def value(self) -> float:
        """The one value of a parameter that has one."""
        if len(self.values) != 1:
            raise BadInput(f"{self.key}: has {len(self.values)} values")
        return self.values[0]


@dataclass(frozen=True)
class Devices:
    """Frozen deviations of devices, standard normal numbers of shape (n,).

    read: of the static characteristic; set, reset: of the steps that pulses make.
    """

    read: np.ndarray
    set: np.ndarray
    reset: np.ndarray

    def __len__(self) -> int:
        return len(self.read)


class Calibration:
    """A calibrated device: ``Calibration("nili2020")``, or the path of a file.

    Raises FileNotFoundError for a name or file that does not exist, ValueError for a bad one.
    """

    def __init__(self, name_or_path: str | os.PathLike[str] = "nili2020"):
        self._name = os.fspath(name_or_path)
        self._handle = _library.Handle(
            "calibration_open", _library.text(name_or_path, "calibration"))
        self._description: dict[str, Any] | None = None

    def _describe(self) -> dict[str, Any]:
        if self._description is None:
            self._description = json.loads(
                command("device", "show", self._name, "--json", on_notice=lambda line: None))
        return self._description

    @property
    def name(self) -> str:
        """The name that runs and manifests use."""
        return self._describe()["name"]

    @property
    def path(self) -> str:
        """The file."""
        return self._describe()["file"]

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Every number with unit and source, by its key, such as ``static.a0``."""
        return {
            entry["key"]: Parameter(
                entry["key"], tuple(entry["values"]), entry["unit"], entry["source"],
                tuple(entry["range"]))
            for entry in self._describe()["parameters"]
        }

    def current(
        self, G: Any, V: Any, T: float = 25.0, *, devices: Devices | None = None,
        extrapolate: bool = False,
    ) -> np.ndarray:
        """Current in amperes of devices of conductance G (S) at voltage V (V) and T (°C).

        G and V broadcast. With ``devices`` of shape (n,), the last axis is those devices; without,
        the mean device. Outside the measured range: ValueError, unless ``extrapolate``.
        """
        G, V = _library.numbers(G, "conductance"), _library.numbers(V, "voltage")
        z = None if devices is None else devices.read
        arrays = _broadcast({"conductance": G, "voltage": V, "devices": z})
        G, V = arrays["conductance"], arrays["voltage"]
        z = arrays.get("devices")
        result = np.empty(G.shape)
        if result.size:
            _library.call(
                "calibration_current", self._handle.number, G.size, _library.address(G),
                _library.address(V), _library.address(z), _temperature(T), int(extrapolate),
                _library.address(result))
        return result if result.ndim else result[()]

    def pulse(
        self, G: Any, V: Any, width: Any, n: int = 1, *, devices: Devices | None = None,
        extrapolate: bool = False,
    ) -> np.ndarray:
        """Conductances in siemens after each of n equal pulses, the last axis the pulses.

        G (S), V (V, its sign says SET or RESET) and width (s) broadcast; ``devices`` as in
        ``current``. The result has their shape and one more axis of n.
        """
        n = _library.integer(n, "n", 1, 10_000_000)
        G, V = _library.numbers(G, "conductance"), _library.numbers(V, "voltage")
        z = None
        if devices is not None:
            z = np.where(np.asarray(V) > 0, devices.set, devices.reset)
        arrays = _broadcast({
            "conductance": G, "voltage": V, "width": _library.numbers(width, "width"),
            "devices": z})
        G, V, width = arrays["conductance"], arrays["voltage"], arrays["width"]
        result = np.empty((*G.shape, n))
        if result.size:
            _library.call(
                "calibration_pulse", self._handle.number, G.size, _library.address(G),
                _library.address(V), _library.address(width),
                _library.address(arrays.get("devices")), n, int(extrapolate),
                _library.address(result))
        return result

    def sample(self, n: int, seed: int = 1) -> Devices:
        """n devices of a chip with their frozen variation; equal seeds are equal chips."""
        n = _library.integer(n, "n", 1)
        parts = [np.empty(n) for _ in range(3)]
        _library.call("calibration_sample", self._handle.number, n, _library.seed(seed),
                      *(_library.address(part) for part in parts))
        return Devices(*parts)

    def to_toml(self) -> str:
        """The text of the file."""
        return _library.text_of("calibration_text", self._handle)

    def close(self) -> None:
        """Releases the calibration; it cannot be asked afterwards."""
        self._handle.close()

    def __repr__(self) -> str:
        return f"Calibration({self._name!r})"


def _temperature(T: Any) -> float:
    array = _library.numbers(T, "temperature")
    if array.ndim or not np.isfinite(array):
        raise BadInput(f"temperature: {T!r} is no single temperature in °C")
    return float(array)


def _broadcast(arrays: dict[str, np.ndarray | None]) -> dict[str, np.ndarray]:
    """Arrays of one shape, contiguous; no copy where they have it."""
    given = {name: array for name, array in arrays.items() if array is not None}
    try:
        shape = np.broadcast_shapes(*(array.shape for array in given.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in given.items())
        raise BadInput(f"shapes do not fit: {shapes}") from None
    return {name: np.ascontiguousarray(np.broadcast_to(array, shape)).reshape(shape)
            for name, array in given.items()}
