"""Arrays of pairs of devices."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from . import _configuration, _library
from ._errors import BadInput


class Crossbar:
    """An array of ``rows`` word lines and ``columns`` outputs, each weight a pair of devices.

    calibration: name or file. wires: a set of the calibration, or "off"; by default what the
    calibration's training arrays have. pairing: "two-sided", "referenced-pair", "one-fixed",
    "set-only" or "single". seed decides noise, device_seed which chip it is (by default the seed).
    largest_weight: the weight of a pair that spans the window. config: any further keys of a run
    configuration, ``{"imperfections.levels": 32}``; ``crossbar-gan train --keys`` lists them.
    """

    def __init__(
        self, rows: int, columns: int, calibration: str = "nili2020", wires: str | None = None,
        pairing: str | None = None, seed: int = 1, *, device_seed: int | None = None,
        largest_weight: float = 1.0, config: Mapping[str, Any] | None = None,
        name: str = "crossbar",
    ):
        self.rows = _library.integer(rows, "rows", 1, 1 << 24)
        self.columns = _library.integer(columns, "columns", 1, 1 << 24)
        if not largest_weight > 0:
            raise BadInput(f"largest_weight: {largest_weight!r} is not positive")
        text = _configuration.of_array(
            calibration, wires, pairing, _library.seed(seed),
            None if device_seed is None else _library.seed(device_seed, "device_seed"), config)
        self._handle = _library.Handle(
            "crossbar_open", text.encode(), _library.text(name, "name"), self.rows, self.columns)
        report = self._report()
        low, high = report["window_S"]
        self._weight_per_siemens = largest_weight * report["read_gain"] / (high - low)
        #: Volts that an input of one maps to.
        self.read_voltage: float = report["read_voltage_V"]

    def _report(self) -> dict[str, Any]:
        return json.loads(_library.text_of("crossbar_report", self._handle))

    def forward(self, V: Any) -> np.ndarray:
        """Currents in amperes, (..., columns), for word-line voltages V in volts, (..., rows).

        Differences of the two bit lines of each output, with noise; single precision.
        """
        return self._read(V, self.rows, self.columns, "word lines", transposed=False)

    def backward(self, E: Any) -> np.ndarray:
        """Currents in amperes, (..., rows), for voltages E in volts on the outputs, (..., columns)."""
        return self._read(E, self.columns, self.rows, "outputs", transposed=True)

    def _read(self, V: Any, driven: int, sensed: int, lines: str, transposed: bool) -> np.ndarray:
        V = _library.numbers(V, "voltages", np.float32)
        if V.ndim == 0 or V.shape[-1] != driven or V.size == 0:
            raise BadInput(
                f"voltages: shape {V.shape} for {driven} {lines}, expected (..., {driven})")
        # The array takes lines × samples: no copy of a batch that lies so in memory.
        batch = np.ascontiguousarray(V.reshape(-1, driven).T)
        currents = np.empty((sensed, batch.shape[1]), np.float32)
        _library.call("crossbar_read", self._handle.number, int(transposed), batch.shape[1],
                      _library.address(batch), _library.address(currents))
        return currents.T.reshape(*V.shape[:-1], sensed)

    def program(self, signs: Any) -> None:
        """Sends a pulse to every weight: +1 raises it, -1 lowers it, 0 leaves it; (rows, columns)."""
        given = _library.numbers(signs, "signs")
        self._check(given, "signs")
        if not np.isin(given, (-1, 0, 1)).all():
            raise BadInput("signs: expected -1, 0 or 1")
        signs = np.ascontiguousarray(given.astype(np.int8))
        _library.call("crossbar_program", self._handle.number, _library.address(signs))

    def write(self, weights: Any, verify: bool = True) -> None:
        """Writes weights of (rows, columns): pulse and read until each fits, or blind."""
        weights = _library.numbers(weights, "weights", np.float32)
        self._check(weights, "weights")
        targets = np.ascontiguousarray(weights / np.float32(self._weight_per_siemens))
        _library.call("crossbar_write", self._handle.number, _library.address(targets), int(verify))

    def _check(self, array: np.ndarray, name: str) -> None:
        if array.shape != (self.rows, self.columns):
            raise BadInput(
                f"{name}: shape {array.shape}, expected ({self.rows}, {self.columns})")

    @property
    def conductances(self) -> np.ndarray:
        """Programmed conductances in siemens, (devices per weight, rows, columns).

        Plus and minus devices, then those of the references, where the pairing has them.
        """
        parts = np.empty((4, self.rows, self.columns), np.float32)
        _library.call("crossbar_state", self._handle.number,
                      *(_library.address(part) for part in parts))
        return parts if np.isfinite(parts[2]).all() else parts[:2]

    @property
    def weights(self) -> np.ndarray:
        """Weights as single reads without noise would find them, (rows, columns)."""
        differences = np.empty((self.rows, self.columns), np.float32)
        _library.call("crossbar_differences", self._handle.number, _library.address(differences))
        return differences * np.float32(self._weight_per_siemens)

    @property
    def ledger(self) -> dict[str, float]:
        """What everything so far has cost: joules, pulses, seconds, by the names of metrics.csv."""
        return self._report()["ledger"]

    @property
    def energy(self) -> float:
        """Joules of all reads, pulses and writes so far."""
        return self.ledger["energy_total_J"]

    @property
    def hardware_seconds(self) -> float:
        """Seconds the array was busy so far."""
        return self.ledger["hardware_s"]

    def close(self) -> None:
        """Releases the array; it cannot be used afterwards."""
        self._handle.close()

    def __repr__(self) -> str:
        return f"Crossbar({self.rows}, {self.columns})"
