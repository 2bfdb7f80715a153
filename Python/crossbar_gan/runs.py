"""Trainings, and what they leave in folders."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from . import _configuration
from ._command import command
from ._errors import MissingInput
from ._tables import read_csv, table


def train(
    config: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    callback: Callable[[dict[str, Any]], Any] | None = None, *,
    out: str | os.PathLike[str] | None = None, resume: bool = False,
    stop_on_collapse: bool = False, threads: int | None = None,
    on_notice: Callable[[str], Any] | None = None, **options: Any,
) -> Run:
    """Trains a generator and a discriminator in this process, as ``crossbar-gan train`` does.

    config: a configuration file, or its keys: ``{"update.rule": "manhattan"}``.
    callback: called after every epoch with its row of metrics.csv; True stops the training.
    out: folder of the run; by default a new one in ``runs``.
    on_notice: gets what the command says to people; by default it is not shown.
    options: those of the command, ``epochs=5, data="mnist", noise="switching", seed=3``.

    The same configuration and seed give the same bits as the command line. Ctrl-C and a stopping
    callback raise ``Interrupted``; ``resume=True`` goes on from the last whole epoch.
    """
    folder = os.fspath(out) if out is not None else _unused()
    words: list[Any] = ["train", "--json", "--out", folder]
    for name, value in {"resume": resume, "stop_on_collapse": stop_on_collapse,
                        "threads": threads, **options}.items():
        option = "--" + name.replace("_", "-")
        if value is True:
            words.append(option)
        elif isinstance(value, (list, tuple)):
            words += [option, ",".join(map(str, value))]
        elif value is not None and value is not False:
            words += [option, value]

    def take(line: str) -> bool:
        return bool(callback and line.startswith("{") and callback(json.loads(line)) is True)

    with tempfile.TemporaryDirectory(prefix="crossbar-gan-") as scratch:
        if isinstance(config, Mapping):
            path = Path(scratch) / "run.toml"
            path.write_text(_configuration.toml(config), encoding="utf-8")
            words += ["--config", path]
        elif config is not None:
            words += ["--config", os.fspath(config)]
        command(*words, on_result=take, on_notice=on_notice or (lambda line: None))
    return Run(folder)


def _unused() -> str:
    stem = f"runs/{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}"
    name, count = stem, 1
    while os.path.exists(name):
        count += 1
        name = f"{stem}-{count}"
    return name


class Run:
    """A run's folder. Raises FileNotFoundError where there is none."""

    def __init__(self, path: str | os.PathLike[str]):
        self.path = Path(path)
        if not (self.path / "manifest.json").exists():
            raise MissingInput(f"{self.path}: no such run")

    @property
    def manifest(self) -> dict[str, Any]:
        """Configuration, versions, hashes, times, energies: manifest.json."""
        return json.loads((self.path / "manifest.json").read_text(encoding="utf-8"))

    @property
    def metrics(self) -> Any:
        """A row per epoch: a DataFrame, or a dictionary of arrays without pandas."""
        return table(read_csv(str(self.path / "metrics.csv")))

    @property
    def sheets(self) -> list[Path]:
        """The sample sheets, a PNG per epoch."""
        return sorted((self.path / "samples").glob("epoch-*.png"))

    def samples(self, count: int = 100, seed: int | None = None, **transfer: Any) -> np.ndarray:
        """Images from the generator, uint8 of shape (count, 28, 28); those of ``sample``."""
        with tempfile.TemporaryDirectory(prefix="crossbar-gan-") as scratch:
            path = os.path.join(scratch, "samples.npy")
            words = ["sample", "--run", self.path, "--count", count, "--out", path]
            command(*words, *_options({"seed": seed, **transfer}))
            return np.load(path)

    @property
    def weights(self) -> dict[str, np.ndarray]:
        """Weights by layer, conductances in siemens and references: those of ``weights export``."""
        with tempfile.TemporaryDirectory(prefix="crossbar-gan-") as scratch:
            path = os.path.join(scratch, "weights.npz")
            command("weights", "export", "--run", self.path, "--out", path,
                    on_notice=lambda line: None)
            with np.load(path) as archive:
                return {name: archive[name] for name in archive.files}

    def evaluate(self, **options: Any) -> dict[str, Any]:
        """Metrics of the generator's images: those of ``evaluate``."""
        return json.loads(command("evaluate", "--run", self.path, "--json", *_options(options),
                                  on_notice=lambda line: None))

    def __repr__(self) -> str:
        return f"Run({str(self.path)!r})"


def _options(options: Mapping[str, Any]) -> list[Any]:
    words: list[Any] = []
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if value is True:
            words.append(option)
        elif value is not None and value is not False:
            words += [option, value]
    return words


class Study:
    """A study's folder. Raises FileNotFoundError where there is none."""

    def __init__(self, path: str | os.PathLike[str]):
        self.path = Path(path)
        if not (self.path / "study.json").exists():
            raise MissingInput(f"{self.path}: holds no study")

    @property
    def grid(self) -> dict[str, Any]:
        """The points of the study."""
        return json.loads((self.path / "study.json").read_text(encoding="utf-8"))

    @property
    def runs(self) -> Any:
        """A row per run with its configuration and last results."""
        return self._rows("run")

    @property
    def epochs(self) -> Any:
        """A row per run and epoch."""
        return self._rows("epoch")

    def run(self, identifier: str) -> Run:
        """The run of a point."""
        return Run(self.path / "runs" / identifier)

    def _rows(self, name: str) -> Any:
        import sqlite3

        path = self.path / "study.sqlite"
        if not path.exists():
            raise MissingInput(f"{path}: no such file")
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            cursor = database.execute(f"SELECT * FROM {name}")
            names = [column[0] for column in cursor.description]
            rows = cursor.fetchall()
        return table({name: [row[index] for row in rows] for index, name in enumerate(names)})

    def __repr__(self) -> str:
        return f"Study({str(self.path)!r})"


__all__ = ["Run", "Study", "train"]
