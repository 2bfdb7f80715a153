"""Run configurations as Python has them, and as text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ._errors import BadInput


def value_text(value: Any, name: str) -> str:
    """A value as TOML spells it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + "".join(_character(c) for c in value) + '"'
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        value = value.item()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise BadInput(f"{name}: is {value}, expected a finite number")
        return repr(value)
    if isinstance(value, Sequence):
        return "[" + ", ".join(value_text(item, name) for item in value) + "]"
    raise BadInput(f"{name}: {value!r} is no value of a configuration")


def _character(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if ord(character) >= 32 else f"\\u{ord(character):04x}"


def toml(sections: Mapping[str, Any]) -> str:
    """The text of a configuration.

    sections: ``{"run": {"seed": 3}}``, or dotted keys: ``{"run.seed": 3}``.
    """
    tables: dict[str, dict[str, Any]] = {}
    for key, value in sections.items():
        if isinstance(value, Mapping):
            tables.setdefault(key, {}).update(value)
            continue
        section, dot, name = key.partition(".")
        if not dot:
            raise BadInput(f"configuration: {key}: expected section.key, or a section of keys")
        tables.setdefault(section, {})[name] = value
    lines: list[str] = []
    for section, keys in tables.items():
        lines.append(f"[{section}]")
        lines += [f"{key} = {value_text(value, f'{section}.{key}')}"
                  for key, value in keys.items() if value is not None]
    return "\n".join(lines) + "\n"


def of_array(
    calibration: str, wires: str | None, pairing: str | None, seed: int,
    device_seed: int | None, config: Mapping[str, Any] | None,
) -> str:
    """The configuration of arrays: keywords over a dictionary."""
    sections: dict[str, Any] = dict(config or {})
    sections.update({"run.calibration": str(calibration), "run.seed": seed})
    if device_seed is not None:
        sections["run.device_seed"] = device_seed
    if wires is not None:
        sections["wires.set"] = wires
    if pairing is not None:
        sections["weights.pairing"] = pairing
    return toml(sections)
