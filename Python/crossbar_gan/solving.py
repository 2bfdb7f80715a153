"""Passive arrays with wires."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from . import _library
from ._errors import BadInput


@dataclass(frozen=True)
class Solution:
    """What ``solve`` finds.

    currents: amperes out of the bit lines, (inputs, columns).
    node_voltages: volts of all crossings, (inputs, 2, rows, columns): word lines, then bit lines;
    None unless asked for.
    error: amperes, the Kirchhoff residual (exact) or the estimate of the largest error (fast).
    """

    currents: np.ndarray
    node_voltages: np.ndarray | None
    error: float


def solve(
    G: Any, V: Any, word_ohm: float = 1.0, bit_ohm: float = 1.0, source_ohm: float = 10.0,
    sense_ohm: float = 10.0, device: str = "linear", method: str = "exact", *,
    temperature: float = 25.0, tolerance: float | None = None, drive: str = "single",
    nodes: bool = True,
) -> Solution:
    """Currents of a passive array with line resistance, as ``crossbar-gan array solve`` finds them.

    G: conductances in siemens, (rows, columns). V: volts at the word lines, (rows,) or
    (inputs, rows). Resistances in ohms, 0 ideal, inf open. device: "linear", "sinh:A" or a
    calibration whose states G holds. method: "exact" (Newton, sparse Cholesky) or "fast"
    (conjugate gradients on lines). drive: "single" or "double" ends. nodes: whether node voltages
    are wanted.
    """
    G = np.ascontiguousarray(_library.numbers(G, "conductances"))
    V = np.ascontiguousarray(_library.numbers(V, "inputs"))
    if G.ndim != 2 or 0 in G.shape:
        raise BadInput(f"conductances: shape {G.shape}, expected (rows, columns)")
    rows, columns = G.shape
    if V.ndim not in (1, 2) or V.shape[-1] != rows or V.size == 0:
        raise BadInput(
            f"inputs: shape {V.shape} for {rows} word lines, expected ({rows},) or (inputs, {rows})")
    if drive not in ("single", "double"):
        raise BadInput(f"drive: {drive!r} is neither \"single\" nor \"double\"")
    inputs = 1 if V.ndim == 1 else V.shape[0]
    currents = np.empty((inputs, columns))
    potentials = np.empty((2, inputs, rows, columns)) if nodes else None
    error = _library.c_double()
    name = _library.text(device, "device")
    array = _library.Array(
        rows, columns, _library.address(G), name, float(temperature), float(word_ohm),
        float(bit_ohm), float(source_ohm), float(sense_ohm), int(drive == "double"))
    _library.call(
        "solve", _library.byref(array), inputs, _library.address(V),
        _library.text(method, "method"), _tolerance(tolerance), _library.address(currents),
        None if potentials is None else _library.address(potentials[0]),
        None if potentials is None else _library.address(potentials[1]), _library.byref(error))
    if potentials is not None:
        potentials = potentials.transpose(1, 0, 2, 3)
    if V.ndim == 1:
        currents = currents[0]
        potentials = None if potentials is None else potentials[0]
    return Solution(currents, potentials, error.value)


def _tolerance(tolerance: float | None) -> float:
    if tolerance is None:
        return 0.0
    if not 0 < tolerance < 1:
        raise BadInput("tolerance: must be within 0 and 1")
    return float(tolerance)
