"""Simulated passive memristor crossbars, and networks trained in place on them.

Everything here goes through the code of the command line ``crossbar-gan`` and equals it to the last
bit. SI units throughout; temperatures are in degrees Celsius.
"""

from __future__ import annotations

from . import fit
from ._command import command
from ._errors import BadInput, CrossbarError, Interrupted, MissingInput, OutputError
from ._library import version as _version
from .calibration import Calibration, Devices, Parameter
from .crossbar import Crossbar
from .noise import NoiseSource
from .runs import Run, Study, train
from .solving import Solution, solve

__version__ = _version()

__all__ = [
    "BadInput", "Calibration", "Crossbar", "CrossbarError", "Devices", "Interrupted",
    "MissingInput", "NoiseSource", "OutputError", "Parameter", "Run", "Solution", "Study",
    "command", "fit", "solve", "train",
]
