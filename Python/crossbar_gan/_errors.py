"""What goes wrong, with the sentence and the exit code of the command line."""

from __future__ import annotations


class CrossbarError(Exception):
    """A failure of the simulator; ``code`` is the exit code of the command line for it."""

    code: int = 70


class BadInput(CrossbarError, ValueError):
    """An argument, a file's content or a value that cannot be used (64, 65)."""

    code = 65


class MissingInput(CrossbarError, FileNotFoundError):
    """A file, folder or calibration that is not there (66)."""

    code = 66


class OutputError(CrossbarError, OSError):
    """An output that cannot be created or written (73, 74)."""

    code = 74


class Interrupted(CrossbarError):
    """A training that was asked to stop; it can be resumed (75)."""

    code = 75


_KINDS = {64: BadInput, 65: BadInput, 66: MissingInput, 73: OutputError, 74: OutputError,
          75: Interrupted}


def failure(code: int, sentence: str) -> CrossbarError:
    """The exception for an exit code."""
    error = _KINDS.get(code, CrossbarError)(sentence)
    error.code = code
    return error
