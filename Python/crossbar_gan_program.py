"""The console script of the wheel: becomes the program that lies in the package.

A module beside the package, so that neither NumPy nor the library is loaded first.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent / "crossbar_gan"


def _processor_module():
    path = _PACKAGE / "_processor.py"
    spec = importlib.util.spec_from_file_location("_crossbar_gan_processor", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Starts ``crossbar-gan`` with the same arguments in the place of this process."""
    level = _PACKAGE / "lib" / "processor"
    sentence = _processor_module().refusal(
        level.read_text().strip() if level.exists() else "native")
    if sentence:
        sys.exit(sentence)
    program = _PACKAGE / "bin" / "crossbar-gan"
    if not program.exists():
        program = _PACKAGE.parent.parent / ".build" / "release" / "crossbar-gan"
    if not program.exists():
        sys.exit("crossbar-gan: the program is not beside the package; install the wheel")
    os.execv(program, ["crossbar-gan", *sys.argv[1:]])


if __name__ == "__main__":
    main()
