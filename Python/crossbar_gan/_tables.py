"""Columns of numbers and words, as DataFrames where pandas is there."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import numpy as np

from ._errors import BadInput


def table(columns: Mapping[str, Any]) -> Any:
    """A DataFrame, or the dictionary of arrays where pandas is not installed."""
    try:
        import pandas
    except ImportError:
        return dict(columns)
    return pandas.DataFrame(dict(columns))


def read_csv(path: str) -> dict[str, np.ndarray]:
    """The columns of a CSV file; empty cells are NaN, columns with words stay words."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    if not rows:
        raise BadInput(f"{path}: is empty")
    names, body = rows[0], rows[1:]
    return {name: _column([row[index] for row in body if len(row) > index])
            for index, name in enumerate(names)}


def _column(cells: list[str]) -> np.ndarray:
    try:
        return np.array([float(cell) if cell else np.nan for cell in cells])
    except ValueError:
        return np.array(cells, dtype=object)


def csv_text(columns: Mapping[str, Any]) -> str:
    """Columns of equal length as CSV; every number with all its digits."""
    arrays = {name: np.atleast_1d(np.asarray(values)) for name, values in columns.items()}
    lengths = {name: array.shape for name, array in arrays.items() if array.ndim == 1}
    if len(lengths) != len(arrays) or len({shape[0] for shape in lengths.values()}) > 1:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise BadInput(f"columns differ in length: {shapes}")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(arrays)
    for row in zip(*(array.tolist() for array in arrays.values())):
        writer.writerow(["" if _is_missing(cell) else repr(cell) if isinstance(cell, float)
                         else cell for cell in row])
    return text.getvalue()


def _is_missing(cell: Any) -> bool:
    return cell is None or isinstance(cell, float) and cell != cell
