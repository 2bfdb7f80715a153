"""Commands of ``crossbar-gan`` inside this process."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any, Callable, Iterable

from . import _library
from ._errors import failure


def command(
    *arguments: Any, on_result: Callable[[str], Any] | None = None,
    on_notice: Callable[[str], Any] | None = None,
) -> str:
    """Carries a command out as the command line does, and returns what it prints.

    arguments: as behind ``crossbar-gan``: ``command("device", "list")``.
    on_result: gets each line of results as it comes; True asks a training to stop.
    on_notice: gets each line for people; by default it goes to ``sys.stderr``.
    """
    words = [_library.text(str(word) if not isinstance(word, os.PathLike) else word, "argument")
             for word in arguments]
    streams = _Streams(on_result, on_notice or (lambda line: print(line, file=sys.stderr)))
    array = (ctypes.c_char_p * max(1, len(words)))(*words)
    listener = _library.LISTENER(streams.take)
    code, sentence = _library.status("run", len(words), array, listener, None)
    streams.finish()
    if streams.error is not None:
        raise streams.error
    if code:
        raise failure(code, sentence)
    return streams.results


class _Streams:
    """Cuts what a command says into lines."""

    def __init__(self, on_result: Callable | None, on_notice: Callable):
        self._handlers = {1: on_result, 2: on_notice}
        self._rest = {1: b"", 2: b""}
        self._results: list[bytes] = []
        self._stops = False
        self.error: BaseException | None = None

    @property
    def results(self) -> str:
        return b"".join(self._results).decode(errors="replace")

    def take(self, _context: Any, stream: int, text: Any, count: int) -> int:
        try:
            data = ctypes.string_at(text, count) if count else b""
            if stream == 1:
                self._results.append(data)
            lines = (self._rest[stream] + data).split(b"\n")
            self._rest[stream] = lines.pop()
            self._tell(stream, lines)
        except BaseException as error:  # handed on once the library has returned
            self.error = self.error or error
        return 1 if self._stops or self.error is not None else 0

    def _tell(self, stream: int, lines: Iterable[bytes]) -> None:
        handler = self._handlers[stream]
        for line in lines:
            if handler and handler(line.decode(errors="replace")) is True:
                self._stops = True

    def finish(self) -> None:
        for stream, rest in self._rest.items():
            if rest and self.error is None:
                try:
                    self._tell(stream, [rest])
                except BaseException as error:
                    self.error = error
