"""Make docs/research.ipynb from docs/research.md, executed against a running server.

Usage: python scripts/notebook.py ADDRESS [FILE]; wants the dependency group ``notebook``.
"""

import json
import os
import sys
from pathlib import Path

import jupytext
from nbclient import NotebookClient

DOCS = Path(__file__).resolve().parents[1] / "docs"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def main(address: str, file: str = str(DOCS / "research.ipynb")) -> None:
    """Execute the cells and write them with their outputs, without a trace of this machine."""
    notebook = jupytext.read(DOCS / "research.md")
    notebook.metadata = {"kernelspec": KERNEL}
    client = NotebookClient(notebook, timeout=120)
    client.execute(env={**os.environ, "KIZUNA_SERVER": address})
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        cell.metadata = {}
    notebook.metadata = {"kernelspec": KERNEL}
    text = json.dumps(notebook, indent=1, ensure_ascii=False)
    Path(file).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
