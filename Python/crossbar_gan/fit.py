"""Measured data to calibrated devices: ``crossbar-gan fit`` on arrays, DataFrames or files.

Every function takes files (a path or a list of them), a DataFrame whose columns are named as
quantities with their units (``voltage_V``, ``current_A``), or arrays by keyword (``voltage=``,
``current=``, SI units). Further keywords are the options of the command: ``model="sinh"``.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import _library
from ._command import command
from ._errors import BadInput
from ._tables import csv_text
from .calibration import Calibration

# Quantities of measured tables and the headers that name them with their units.
_HEADERS = {
    "device": "device", "cycle": "cycle", "operation": "operation", "voltage": "voltage_V",
    "current": "current_A", "conductance": "conductance_S", "resistance": "resistance_ohm",
    "conductance_before": "conductance_before_S", "conductance_after": "conductance_after_S",
    "resistance_before": "resistance_before_ohm", "resistance_after": "resistance_after_ohm",
    "current_before": "current_before_A", "current_after": "current_after_A",
    "read_voltage": "read_voltage_V", "temperature": "temperature_C", "time": "time_s",
    "width": "width_s", "pulse": "pulse", "switched": "switched", "level": "level", "row": "row",
    "column": "column", "compliance": "compliance_A", "set_voltage": "set_voltage_V",
    "reset_voltage": "reset_voltage_V",
}


@dataclass(frozen=True)
class Fitted:
    """A fitted number with its unit, standard error and 95 % interval."""

    value: float
    unit: str
    standard_error: float | None
    interval: tuple[float | None, float | None]
    determined: bool


@dataclass
class FitResult:
    """What a fit found.

    parameters: numbers by name. statistics: what the fit says of itself. notes: what it left out or
    assumed. calibration: the device, None where the data alone does not make one.
    """

    kind: str
    model: str
    parameters: dict[str, Fitted]
    statistics: dict[str, float]
    distributions: dict[str, list[dict[str, Any]]]
    notes: list[str]
    report: dict[str, Any]
    toml: str | None
    figures: list[Path] = field(default_factory=list)
    _folder: Any = None
    _calibration: Calibration | None = None

    @property
    def calibration(self) -> Calibration | None:
        """The fitted device; its file lives as long as this result, ``save`` keeps it."""
        if self.toml is None:
            return None
        if self._calibration is None:
            self._calibration = Calibration(os.path.join(self._folder.name, "fitted.toml"))
        return self._calibration

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the calibration file."""
        if self.toml is None:
            raise BadInput(f"fit {self.kind}: there is no calibration to save")
        Path(path).write_text(self.toml, encoding="utf-8")

    def plot(self, ax: Any = None) -> Any:
        """Values with their 95 % intervals, each relative to its value; needs matplotlib."""
        import matplotlib.pyplot as plt

        ax = ax or plt.subplots(figsize=(6, 0.4 * len(self.parameters) + 1.2))[1]
        names = [name for name, fitted in self.parameters.items()
                 if fitted.value and None not in fitted.interval]
        for place, name in enumerate(names):
            fitted = self.parameters[name]
            low, high = (end / fitted.value for end in fitted.interval)
            ax.plot([low, high], [place, place], "-",
                    color="tab:blue" if fitted.determined else "tab:gray")
            ax.plot(1, place, "o", color="black", markersize=3)
        ax.set_yticks(range(len(names)),
                      [f"{name} = {self.parameters[name].value:.4g} {self.parameters[name].unit}"
                       for name in names])
        ax.set_xlabel("95 % interval / value")
        ax.set_title(f"{self.kind}: {self.model}")
        return ax


def iv(data: Any = None, **given: Any) -> FitResult:
    """Static characteristic from voltage (V), current (A) and, for spread, conductance (S).

    Options: model ("auto", "nili-cubic", "sinh", …), base (a calibration for the other sections).
    """
    return _fit("iv", data, given)


def pulses(data: Any = None, **given: Any) -> FitResult:
    """Change of conductance per pulse.

    Single pulses: voltage (V), width (s), conductance_before and conductance_after (S); series of
    equal pulses: pulse and conductance (S). Options: model, set_voltage, reset_voltage, width of
    series as ``pulse_width``, conductance_range, read_voltage, base.
    """
    return _fit("pulses", data, given)


def switching(data: Any = None, **given: Any) -> FitResult:
    """When pulses switch a device: voltage, width and switched (0, 1), or ramps of voltage, current.

    Options: model, threshold, cycle_share, base.
    """
    return _fit("switching", data, given)


def states(data: Any = None, **given: Any) -> FitResult:
    """Conductances of the states of a device over cycles."""
    return _fit("states", data, given)


def noise(data: Any = None, **given: Any) -> FitResult:
    """Noise and telegraph noise of a trace: time (s) and conductance (S)."""
    return _fit("noise", data, given)


def retention(data: Any = None, **given: Any) -> FitResult:
    """Drift of programmed conductance with time (s)."""
    return _fit("retention", data, given)


def map(data: Any = None, **given: Any) -> FitResult:  # noqa: A001 - the command's name
    """Variation over an array: row, column and conductance (S)."""
    return _fit("map", data, given)


def wires(data: Any = None, **given: Any) -> FitResult:
    """Wire resistances from single-line reads: row, column, voltage (V), current (A)."""
    return _fit("wires", data, given)


def _fit(kind: str, data: Any, given: dict[str, Any]) -> FitResult:
    folder = tempfile.TemporaryDirectory(prefix="crossbar-gan-")
    files = _files(data, given, Path(folder.name))
    options: list[str] = []
    for name, value in given.items():
        name = {"pulse_width": "width"}.get(name, name)
        option = "--" + name.replace("_", "-")
        if value is True:
            options.append(option)
        elif value is not None and value is not False:
            options += [option, _library.text(
                value if isinstance(value, (str, os.PathLike)) else str(value), option).decode()]
    out = Path(folder.name) / "fitted.toml"
    # A fit whose data makes no whole calibration says so and still has its numbers.
    notices: list[str] = []
    text = command("fit", kind, *files, *options, "--out", out, "--json",
                   on_notice=notices.append)
    answer = json.loads(text)
    parameters = {
        name: Fitted(entry["value"], entry["unit"], entry["standard_error"],
                     tuple(entry["interval"]), entry["determined"])
        for name, entry in answer["parameters"].items()}
    return FitResult(
        kind=answer["kind"], model=answer["model"], parameters=parameters,
        statistics=answer["statistics"], distributions=answer["distributions"],
        notes=answer["notes"] + notices, report=answer,
        toml=out.read_text(encoding="utf-8") if out.exists() else None, _folder=folder)


def _files(data: Any, given: dict[str, Any], folder: Path) -> list[str]:
    """The files to fit; arrays and DataFrames are written as tidy tables first."""
    columns = {}
    if data is None or isinstance(data, Mapping) or hasattr(data, "columns"):
        # What is no array is an option of the same name, such as a set voltage.
        columns = {name: given.pop(name) for name in list(given)
                   if name in _HEADERS and _is_column(given[name])}
    if data is None and columns:
        table = columns
    elif isinstance(data, Mapping):
        table = {**data, **columns}
    elif hasattr(data, "columns") and hasattr(data, "__getitem__"):
        table = {**{str(name): data[name].to_numpy() for name in data.columns}, **columns}
    elif isinstance(data, (str, os.PathLike)):
        return [os.fspath(data)]
    elif isinstance(data, (list, tuple)) and data and all(
            isinstance(item, (str, os.PathLike)) for item in data):
        return [os.fspath(item) for item in data]
    else:
        raise BadInput("fit: expected files, a DataFrame, or arrays such as voltage= and current=")
    path = folder / "measured.csv"
    path.write_text(csv_text({_HEADERS.get(name, name): values for name, values in table.items()}),
                    encoding="utf-8")
    return [str(path)]


def _is_column(value: Any) -> bool:
    return hasattr(value, "__len__") and not isinstance(value, (str, bytes))
