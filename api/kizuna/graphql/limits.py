"""Limits on an operation, and those that are checked before anything runs."""

from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
)

MOST_ERRORS = 100
# The schema is large, and all of it may be asked for by every alias.
INTROSPECTION = frozenset({"__schema", "__type"})
INTROSPECTION_WEIGHS = 20
# In how many languages texts can be asked for, ordered, or grouped by what is shown.
MOST_LANGUAGES = 20


@dataclass(frozen=True)
class Limits:
    """The largest of everything: a page's items; an operation's depth, aliases, tokens, the
    conditions in its filters, the releases that it looks into, and the groups of one ``groupBy``;
    the facts on a path, and the links looked at to find it; the values that an operation reads and
    tells, and its seconds; its cost, estimated before it runs.
    """

    page: int = 1000
    depth: int = 20
    aliases: int = 100
    tokens: int = 10_000
    conditions: int = 500
    releases: int = 10
    groups: int = 10_000
    path_length: int = 6
    path_links: int = 200_000
    values: int = 200_000
    seconds: float = 10
    cost: int = 100_000


@dataclass(frozen=True)
class Size:
    """How deep a selection goes, and how many aliases it holds, its fragments spread out.

    A field said again beside itself counts as an alias; the schema as several, and as many again
    for each alias in it.
    """

    depth: int = 0
    aliases: int = 0

    def beside(self, other: "Size") -> "Size":
        """The size of two selections side by side."""
        return Size(max(self.depth, other.depth), self.aliases + other.aliases)


def excesses(document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """For each operation of a document what is larger than allowed."""
    measure = _Measure(document)
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    sizes = [(operation, measure.of(operation.selection_set)) for operation in operations]
    found = [
        _excess(what, size, largest, operation)
        for operation, measured in sizes
        for what, size, largest in (
            ("depth", measured.depth, limits.depth),
            ("aliases", measured.aliases, limits.aliases),
        )
        if size > largest
    ]
    return found[:MOST_ERRORS]


def _excess(what: str, size: int, largest: int, node: OperationDefinitionNode) -> GraphQLError:
    message = f"The operation's {what}: {size}, allowed: {largest}; ask for less at a time"
    return GraphQLError(message, node, extensions={"code": "LIMIT_EXCEEDED"})


class _Measure:
    """Measures selections; each fragment once, a cycle of fragments as nothing."""

    def __init__(self, document: DocumentNode) -> None:
        fragments = (d for d in document.definitions if isinstance(d, FragmentDefinitionNode))
        self._fragments = {fragment.name.value: fragment for fragment in fragments}
        self._known: dict[str, Size] = {}

    def of(self, selections: SelectionSetNode | None) -> Size:
        """The size of a selection set."""
        nodes = selections.selections if selections else ()
        plain = [n.name.value for n in nodes if isinstance(n, FieldNode) and not n.alias]
        total = Size(aliases=len(plain) - len(set(plain)))
        for node in nodes:
            total = total.beside(self._of_node(node))
        return total

    def _of_node(self, node: object) -> Size:
        if isinstance(node, FragmentSpreadNode):
            return self._of_fragment(node.name.value)
        inner = self.of(getattr(node, "selection_set", None))
        if not isinstance(node, FieldNode):
            return inner
        if node.name.value in INTROSPECTION:
            return Size(inner.depth + 1, INTROSPECTION_WEIGHS * (inner.aliases + 1))
        return Size(inner.depth + 1, inner.aliases + bool(node.alias))

    def _of_fragment(self, name: str) -> Size:
        if name not in self._known:
            self._known[name] = Size()
            fragment = self._fragments.get(name)
            self._known[name] = self.of(fragment.selection_set if fragment else None)
        return self._known[name]
