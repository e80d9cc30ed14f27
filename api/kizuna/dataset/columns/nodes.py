"""Nodes: a number for each IRI and blank node that columns speak of."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from kizuna.dataset.columns.held import Unheld
from kizuna.dataset.columns.relations import ABSENT, Ints
from kizuna.terms import BlankNode, NamedNode, Term

BLANK = "_:"


@dataclass(frozen=True)
class Ranking:
    """The order of IRIs, which is that of their code points, among the nodes there were at a time.

    It stays as it is when there come to be more.
    """

    texts: Sequence[str]
    order: Ints
    ranks: Ints

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Ranking":
        """The ranking of all these nodes, by their numbers."""
        order = np.array(sorted(range(len(texts)), key=texts.__getitem__), dtype=np.int32)
        ranks = np.empty_like(order)
        ranks[order] = np.arange(len(order), dtype=np.int32)
        return cls(texts, order, ranks)

    def places(self, numbers: Ints) -> Ints:
        """Where nodes stand; the places are odd, so that there is room for what isn't there."""
        return 2 * self.ranks[numbers] + 1

    def place(self, iri: str) -> int:
        """Where an IRI stands among all, or between."""
        order, texts = self.order, self.texts
        before = bisect_left(range(len(order)), iri, key=lambda place: texts[int(order[place])])
        known = before < len(order) and texts[int(order[before])] == iri
        return 2 * before + known


class Nodes:
    """Numbers of nodes, which grow as columns are read, and the order of their IRIs."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.blank = False
        self.ordered = 0  # so many of the first numbers are in the order of IRIs
        self._numbers: dict[str, int] = {}
        self._ranking = Ranking.of(self.texts)

    def number(self, node: Term) -> int:
        """The node's number, a new one where it has none yet; raises Unheld for what is no node."""
        if isinstance(node, NamedNode):
            text = node.value
        elif isinstance(node, BlankNode):
            self.blank, text = True, BLANK + node.value
        else:
            raise Unheld
        found = self._numbers.get(text)
        if found is None:
            found = self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return found

    def known(self, nodes: Iterable[NamedNode]) -> Ints:
        """The numbers of those of the nodes that have one, sorted."""
        found = {self._numbers.get(node.value) for node in nodes} - {None}
        return np.array(sorted(n for n in found if n is not None), dtype=np.int32)

    def numbered(self, nodes: Iterable[NamedNode]) -> dict[int, NamedNode]:
        """Those of the nodes that have a number, by it, in the order of their IRIs."""
        found = {text: node for node in nodes if (text := node.value) in self._numbers}
        return {self._numbers[text]: found[text] for text in sorted(found)}

    def numbers(self, nodes: Iterable[Term]) -> Ints:
        """The number of each of the nodes, ABSENT where it has none; raises Unheld for no IRI."""
        get = self._numbers.get
        found = [get(node.value, ABSENT) if isinstance(node, NamedNode) else None for node in nodes]
        if None in found:
            raise Unheld
        return np.array(found, dtype=np.int32)

    def terms(self, numbers: Ints) -> list[NamedNode | BlankNode]:
        """The nodes of the numbers."""
        if self.blank:
            return [self.term(number) for number in numbers.tolist()]
        texts = self.texts
        return [NamedNode(texts[number]) for number in numbers.tolist()]

    def term(self, number: int) -> NamedNode | BlankNode:
        """The node of a number."""
        text = self.texts[number]
        return BlankNode(text[len(BLANK) :]) if text.startswith(BLANK) else NamedNode(text)

    def is_blank(self, numbers: Ints) -> bool:
        """Whether there is a blank node among the numbers."""
        return self.blank and any(self.texts[n].startswith(BLANK) for n in numbers.tolist())

    def renumber(self) -> Ints:
        """Numbers all nodes anew in the order of their IRIs; gives each old number its new one."""
        ranks = self.ranking().ranks
        self.texts = sorted(self.texts)
        self._numbers = {text: number for number, text in enumerate(self.texts)}
        self.ordered = len(self.texts)
        places: Ints = np.arange(self.ordered, dtype=np.int32)
        self._ranking = Ranking(self.texts, places, places)
        return ranks

    def ranking(self) -> Ranking:
        """The order of all IRIs, to be asked for when none are being numbered."""
        if len(self._ranking.order) != len(self.texts):
            self._ranking = Ranking.of(self.texts)
        return self._ranking
