"""Loads the shared library and calls it."""

from __future__ import annotations

import ctypes
import os
from ctypes import POINTER, byref, c_char_p, c_double, c_float, c_int8, c_int32, c_size_t
from ctypes import c_uint8, c_uint64, c_void_p
from pathlib import Path
from typing import Any

import numpy as np

from ._errors import BadInput, failure
from ._processor import refusal

_HERE = Path(__file__).resolve().parent
LISTENER = ctypes.CFUNCTYPE(c_int32, c_void_p, c_int32, POINTER(ctypes.c_char), c_size_t)


class Array(ctypes.Structure):
    """``cgan_array`` of the header."""

    _fields_ = [
        ("rows", c_size_t), ("columns", c_size_t), ("conductance", c_void_p),
        ("device", c_char_p), ("temperature", c_double), ("word_ohm", c_double),
        ("bit_ohm", c_double), ("source_ohm", c_double), ("sense_ohm", c_double),
        ("drives_both_ends", c_int32),
    ]


_HANDLE, _OUT = c_uint64, POINTER(c_uint64)
_NUMBERS = c_void_p  # addresses of NumPy arrays, checked before
_SIGNATURES: dict[str, list[Any]] = {
    "close": [_HANDLE],
    "run": [c_int32, POINTER(c_char_p), LISTENER, c_void_p],
    "calibration_open": [c_char_p, _OUT],
    "calibration_text": [_HANDLE, POINTER(c_void_p)],
    "calibration_current": [_HANDLE, c_size_t, _NUMBERS, _NUMBERS, _NUMBERS, c_double, c_int32,
                            _NUMBERS],
    "calibration_pulse": [_HANDLE, c_size_t, _NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS, c_size_t,
                          c_int32, _NUMBERS],
    "calibration_sample": [_HANDLE, c_size_t, c_uint64, _NUMBERS, _NUMBERS, _NUMBERS],
    "solve": [POINTER(Array), c_size_t, _NUMBERS, c_char_p, c_double, _NUMBERS, _NUMBERS,
              _NUMBERS, POINTER(c_double)],
    "crossbar_open": [c_char_p, c_char_p, c_size_t, c_size_t, _OUT],
    "crossbar_read": [_HANDLE, c_int32, c_size_t, _NUMBERS, _NUMBERS],
    "crossbar_program": [_HANDLE, _NUMBERS],
    "crossbar_write": [_HANDLE, _NUMBERS, c_int32],
    "crossbar_state": [_HANDLE, _NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS],
    "crossbar_differences": [_HANDLE, _NUMBERS],
    "crossbar_report": [_HANDLE, POINTER(c_void_p)],
    "layer_open": [c_char_p, c_char_p, c_char_p, c_size_t, _NUMBERS, c_double, c_int32, _OUT],
    "layer_sizes": [_HANDLE, POINTER(c_size_t)],
    "layer_forward": [_HANDLE, c_size_t, _NUMBERS, _NUMBERS],
    "layer_backward": [_HANDLE, c_size_t, _NUMBERS, _NUMBERS],
    "layer_keep": [_HANDLE, c_size_t, _NUMBERS, _NUMBERS, c_int32, _NUMBERS],
    "layer_step": [_HANDLE, c_double],
    "layer_finish_epoch": [_HANDLE],
    "layer_weights": [_HANDLE, _NUMBERS],
    "layer_state": [_HANDLE, POINTER(c_size_t), _NUMBERS],
    "layer_restore": [_HANDLE, c_size_t, _NUMBERS],
    "layer_report": [_HANDLE, POINTER(c_void_p)],
    "noise_open": [c_char_p, c_char_p, c_uint64, c_uint64, c_int32, _OUT],
    "noise_bits": [_HANDLE, c_size_t, _NUMBERS],
    "noise_latent": [_HANDLE, c_size_t, _NUMBERS],
}


def path() -> Path:
    """The shared library: named by CROSSBAR_GAN_LIBRARY, of the wheel, or of a checkout's build."""
    named = os.environ.get("CROSSBAR_GAN_LIBRARY")
    places = [Path(named)] if named else [
        _HERE / "lib" / "libcrossbargan.so",
        _HERE.parent.parent / ".build" / "release" / "libcrossbargan.so",
    ]
    for place in places:
        if place.exists():
            return place
    raise ImportError(
        f"crossbar_gan: no shared library at {' or '.join(map(str, places))};"
        " install the wheel, or build a checkout with: swift build -c release")


def _load() -> ctypes.CDLL:
    level = _HERE / "lib" / "processor"
    sentence = refusal(level.read_text().strip() if level.exists() else "native")
    if sentence:
        raise ImportError(sentence)
    # The program looks beside itself; here "itself" is the interpreter.
    for folder in (_HERE / "calibration", _HERE.parent.parent / "calibration"):
        if folder.is_dir():
            os.environ.setdefault("CROSSBAR_GAN_CALIBRATION", str(folder))
            break
    library = ctypes.CDLL(str(path()))
    library.cgan_version.restype = c_char_p
    library.cgan_free.argtypes = [c_void_p]
    library.cgan_free.restype = None
    for name, arguments in _SIGNATURES.items():
        function = getattr(library, f"cgan_{name}")
        function.argtypes = [*arguments, POINTER(c_void_p)]
        function.restype = c_int32
    return library


_LIBRARY = _load()


def version() -> str:
    """The version of the program."""
    return _LIBRARY.cgan_version().decode()


def taken(text: c_void_p) -> str:
    """A text that the library handed out, which is released."""
    if not text.value:
        return ""
    value = ctypes.string_at(text.value).decode()
    _LIBRARY.cgan_free(text)
    return value


def status(name: str, *arguments: Any) -> tuple[int, str]:
    """Calls a function: its code and sentence."""
    problem = c_void_p()
    code = getattr(_LIBRARY, f"cgan_{name}")(*arguments, byref(problem))
    return code, taken(problem)


def call(name: str, *arguments: Any) -> None:
    """Calls a function; its failure becomes an exception."""
    code, sentence = status(name, *arguments)
    if code:
        raise failure(code, sentence)


def text_of(name: str, handle: Handle) -> str:
    """The text that a function hands out for a handle."""
    text = c_void_p()
    call(name, handle.number, byref(text))
    return taken(text)


class Handle:
    """Something the library holds, released with this object or by ``close``."""

    def __init__(self, name: str, *arguments: Any):
        self._number = c_uint64()
        call(name, *arguments, byref(self._number))

    @property
    def number(self) -> int:
        """The handle; a closed one is refused by whatever it is given to."""
        return self._number.value

    def close(self) -> None:
        """Releases it; closing twice is no fault."""
        if self._number.value and _LIBRARY is not None:
            status("close", self._number.value)
            self._number = c_uint64()

    def __del__(self) -> None:
        try:
            self.close()
        except Exception:  # the interpreter may be ending
            pass


def text(value: str | os.PathLike[str], name: str) -> bytes:
    """A string as the library takes it."""
    value = os.fspath(value)
    if not isinstance(value, str):
        raise BadInput(f"{name}: is no text")
    if "\0" in value:
        raise BadInput(f"{name}: holds a null character")
    return value.encode()


def numbers(value: Any, name: str, dtype: Any = np.float64) -> np.ndarray:
    """Real numbers as an array of a dtype; no copy where it has that already."""
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise BadInput(f"{name}: {error}") from None
    if array.dtype.kind not in "biuf":
        raise BadInput(f"{name}: holds {array.dtype}, expected real numbers")
    with np.errstate(all="ignore"):  # what overflows becomes infinite, which is refused
        return array.astype(dtype, copy=False)


def integer(value: Any, name: str, low: int, high: int = 1 << 40) -> int:
    """A whole number within bounds."""
    try:
        number = value.__index__()
    except AttributeError:
        raise BadInput(f"{name}: {value!r} is no whole number") from None
    if not low <= number <= high:
        raise BadInput(f"{name}: {number} is not between {low} and {high}")
    return number


def seed(value: Any, name: str = "seed") -> int:
    """A seed, 0 to 2^63 - 1."""
    return integer(value, name, 0, (1 << 63) - 1)


def address(array: np.ndarray | None) -> int | None:
    """Where a contiguous array begins; the caller keeps it alive."""
    if array is None:
        return None
    assert array.flags.c_contiguous
    return array.ctypes.data


__all__ = ["Array", "Handle", "LISTENER", "address", "byref", "c_double", "c_float", "c_int8",
           "c_size_t", "c_uint8", "call", "integer", "numbers", "path", "seed", "status", "text",
           "text_of", "version"]
