"""A GraphQL answer as a reader sees it: a tree of labelled texts, whatever was asked.

It knows the conventions of our schemas (texts, connections, labels, identifiers), but no class or
field of an ontology: the names to show come with the call.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

HIDDEN = frozenset({"__typename", "id", "label", "code", "cursor", "pageInfo"})
BRIEF = 40

Data = Mapping[str, object]


@dataclass(frozen=True)
class Item:
    """A text with a label before it and parts below it; ``many`` where the parts are peers."""

    label: str = ""
    text: str = ""
    language: str = ""
    href: str = ""
    parts: tuple["Item", ...] = ()
    many: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is no more than a text."""
        return not self.parts

    @property
    def brief(self) -> bool:
        """Whether it is a few short texts, which fit a line."""
        return all(part.plain and len(part.text) <= BRIEF for part in self.parts)

    @property
    def breadth(self) -> int:
        """How many peers with parts of their own stand side by side, wherever most do."""
        own = sum(not part.plain for part in self.parts) if self.many else 0
        return max((own, *(part.breadth for part in self.parts)))


@dataclass(frozen=True)
class Words:
    """What to call a field, what to write for a truth value, where an identifier leads."""

    label: Callable[[str], str]
    truth: Mapping[bool, str]
    link: Callable[[Data], str]


def shown(data: Data, words: Words) -> tuple[Item, ...]:
    """The fields of an object, those without a value left out."""
    items = (_field(name, value, words) for name, value in data.items() if name not in HIDDEN)
    return tuple(item for item in items if item is not None)


def _field(name: str, value: object, words: Words) -> Item | None:
    return _item(words.label(name), value, words)


def _item(label: str, value: object, words: Words) -> Item | None:
    if value is None:
        return None
    if isinstance(value, list):
        return _peers(label, value, words)
    if isinstance(value, dict):
        return _object(label, value, words)
    return Item(label, words.truth[value] if isinstance(value, bool) else str(value))


def _peers(label: str, values: list[object], words: Words) -> Item | None:
    items = tuple(item for value in values if (item := _item("", value, words)) is not None)
    if len(items) == 1:
        return replace(items[0], label=label)
    return Item(label, parts=items, many=True) if items else None


def _object(label: str, value: Data, words: Words) -> Item | None:
    if "value" in value and set(value) <= {"value", "language", "__typename"}:
        return Item(label, str(value["value"]), str(value.get("language") or ""))
    if "nodes" in value or "edges" in value:
        return _connection(label, value, words)
    title = _item("", value.get("label"), words)
    parts = shown(value, words)
    if title is None and parts and parts[0].plain:
        title, *rest = parts  # what has no label is called by the first thing said of it
        parts = tuple(rest)
    if title is None and len(parts) == 1:
        return replace(parts[0], label=label)
    if title is None and not parts:
        return None
    title = title or Item()
    return Item(label, title.text, title.language, words.link(value) or title.href, parts)


def _connection(label: str, value: Data, words: Words) -> Item | None:
    nodes = value.get("nodes")
    if isinstance(nodes, list):
        return _peers(label, nodes, words)
    edges = value.get("edges")
    assert isinstance(edges, list)  # noqa: S101 (a connection has either)
    return _peers(label, [_merged(edge) for edge in edges], words)


def _merged(edge: Mapping[str, object]) -> Data:
    """An edge as one object: its node, with what else it says of the link."""
    node = edge.get("node")
    return {
        **(node if isinstance(node, dict) else {}),
        **{k: v for k, v in edge.items() if k != "node"},
    }
