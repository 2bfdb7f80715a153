"""Writes and runs the three notebooks: python Python/notebooks/make.py [NAME ...]

The sources are the scripts beside this file, cells parted by lines that begin with `# %%`; text cells
are comments. Needs nbclient and nbformat.
"""

import pathlib
import sys

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

HERE = pathlib.Path(__file__).resolve().parent


def cells(text: str):
    for part in text.split("# %%")[1:]:
        kind, _, body = part.partition("\n")
        if "markdown" in kind:
            yield new_markdown_cell("\n".join(line[2:] for line in body.strip().splitlines()))
        else:
            yield new_code_cell(body.strip())


def main() -> None:
    names = sys.argv[1:] or sorted(path.stem for path in HERE.glob("[0-9]*.py"))
    for name in names:
        book = new_notebook(cells=list(cells((HERE / f"{name}.py").read_text(encoding="utf-8"))))
        NotebookClient(book, timeout=1800, kernel_name="python3",
                       resources={"metadata": {"path": str(HERE)}}).execute()
        for cell in book.cells:
            cell.metadata.pop("execution", None)
        nbformat.write(book, HERE / f"{name}.ipynb")
        print(f"{name}: {len(book.cells)} cells")


main()
