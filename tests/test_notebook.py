"""The notebook is its page, executed; with ``--full``, executed again, with the same answers."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.serving import serving

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "research.md"
NOTEBOOK = ROOT / "docs" / "research.ipynb"
MOST_BYTES = 400_000
CELL = re.compile(r"^```python\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
DRAWING = "image/png"


def code(notebook: Path) -> list[Mapping[str, Any]]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def said(notebook: Path) -> list[list[Any]]:
    """What each cell says, of drawings that there is one: their bytes depend on the fonts."""
    return [
        [
            output.get("text")
            or {kind: "" if kind == DRAWING else text for kind, text in output["data"].items()}
            for output in cell["outputs"]
        ]
        for cell in code(notebook)
    ]


def test_cells_are_those_of_the_page() -> None:
    written = CELL.findall(PAGE.read_text(encoding="utf-8"))
    assert ["".join(cell["source"]) for cell in code(NOTEBOOK)] == written
    assert len(written) > 5


def test_executed_whole_and_in_order() -> None:
    cells = code(NOTEBOOK)
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    kinds = [output["output_type"] for cell in cells for output in cell["outputs"]]
    assert "error" not in kinds
    drawn = [output for outputs in said(NOTEBOOK) for output in outputs if DRAWING in output]
    assert len(drawn) == 2


def test_small_and_without_a_trace_of_a_machine() -> None:
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert len(text.encode()) < MOST_BYTES
    assert not re.search(r"/(home|work|tmp|root|Users|usr)/", text)
    assert set(re.findall(r"127\.0\.0\.1:\d+|localhost", text)) == {"127.0.0.1:8000"}


def test_executed_again_it_says_the_same(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    if not pytestconfig.getoption("full"):
        pytest.skip("only with --full")
    again = tmp_path / "research.ipynb"
    with serving() as (address, _, _):
        command = [sys.executable, "scripts/notebook.py", address, str(again)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    assert said(again) == said(NOTEBOOK)
