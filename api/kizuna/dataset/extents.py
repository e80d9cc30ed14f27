"""How much there is of what in a release, as far as estimates need it.

Each number is found out when it is first asked for, and kept: a release never changes.
"""

from kizuna.dataset.selection import Selection
from kizuna.dataset.store import Store
from kizuna.model import Path
from kizuna.terms import NamedNode

SAMPLE = 100


class Extents:
    """The sizes of a store's classes, and how far paths reach from their members.

    Any thread may ask; two may find out the same at once.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sizes: dict[str, int] = {}
        self._samples: dict[str, list[NamedNode]] = {}
        self._reaches: dict[tuple[str, Path], float] = {}

    def size(self, class_iri: str) -> int:
        """How many members a class has."""
        if class_iri not in self._sizes:
            self._sizes[class_iri] = self._store.reader().count(Selection(of_class=class_iri))
        return self._sizes[class_iri]

    def reach(self, class_iri: str, path: Path) -> float:
        """How many values lie along a path from a member that is rich in them, by a sample.

        It is the mean weighted by the number of values: whoever follows links comes to members
        with many more often than to such with few.
        """
        key = class_iri, path
        if key not in self._reaches:
            self._reaches[key] = self._measured(class_iri, path)
        return self._reaches[key]

    def _measured(self, class_iri: str, path: Path) -> float:
        found = self._store.reader().values({path: self._sample(class_iri)})[path]
        numbers = [len(values) for values in found.values()]
        return sum(n * n for n in numbers) / sum(numbers) if numbers else 0.0

    def _sample(self, class_iri: str) -> list[NamedNode]:
        if class_iri not in self._samples:
            selection = Selection(of_class=class_iri, limit=SAMPLE)
            rows = self._store.reader().subjects(selection)
            self._samples[class_iri] = [row[1] for row in rows if isinstance(row[1], NamedNode)]
        return self._samples[class_iri]
