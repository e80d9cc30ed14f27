"""Markdown made of rows and paragraphs."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table as lines, with an empty one after it."""
    return [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows), ""]


def paragraphs(*texts: str) -> list[str]:
    """The texts that aren't empty, each followed by an empty line."""
    return [line for text in texts if text for line in (text, "")]


def link(text: str, address: str) -> str:
    """A link."""
    return f"[{text}]({address})"


def page(lines: Iterable[str]) -> str:
    """The lines as a page that ends with one line feed."""
    return "\n".join(lines).rstrip("\n") + "\n"


def anchor(heading: str) -> str:
    """The fragment under which readers of Markdown find a heading."""
    kept = "".join(c for c in heading.casefold() if c.isalnum() or c in " -")
    return "#" + kept.replace(" ", "-")


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
