"""What the processor must be able to do before the library may be loaded."""

from __future__ import annotations

# x86-64-v3, as Linux spells it; avx2, fma and bmi2 decide.
_NEEDED = ("avx2", "fma", "bmi1", "bmi2", "f16c", "movbe")


def refusal(level: str, path: str = "/proc/cpuinfo") -> str | None:
    """A sentence when this processor cannot run code of a level, or None.

    level: what the library was built for, ``x86-64-v3`` or ``any``.
    """
    if level != "x86-64-v3":
        return None
    try:
        with open(path, encoding="utf-8") as file:
            flags = next((line for line in file if line.startswith("flags")), "").split()
    except OSError:
        return None
    missing = [flag for flag in _NEEDED if flags and flag not in flags]
    if not missing:
        return None
    return (f"crossbar-gan: this build needs a processor of x86-64-v3 (2013 or later); this one lacks"
            f" {', '.join(missing)}; build from source with CROSSBAR_GAN_CPU=baseline")
