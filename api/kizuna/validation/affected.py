"""A change validated with all that it affects, and nothing else.

The release conforms already: so only those nodes can be at fault from which a shape sees something
of the change. The verdict is that of validating the whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kizuna.dataset.changes import Change
from kizuna.dataset.files import Ontology, distinct
from kizuna.dataset.store import Store
from kizuna.dataset.times import readable_bounds
from kizuna.model import Model, Path
from kizuna.terms import NamedNode, Quad, Term
from kizuna.validation.causes import Finding, mistakes
from kizuna.validation.closed import ClosedClasses
from kizuna.validation.engine import Data
from kizuna.validation.names import Names
from kizuna.validation.overlay import Overlay, Repeated, is_data
from kizuna.validation.places import Lines, Places
from kizuna.validation.reach import Concerned, reached
from kizuna.validation.reads import back
from kizuna.validation.results import Report, collect
from kizuna.validation.shapes import findings
from kizuna.validation.structure import structure
from kizuna.validation.units import Unit, Units


class Validator:
    """The shapes of an ontology, ready to validate change after change."""

    def __init__(self, ontology: Ontology, model: Model) -> None:
        self.model = model
        self._closed = ClosedClasses(model, ontology.shapes)
        self.units = Units(ontology.shapes, ontology.quads)
        self._names = Names([*ontology.quads, *ontology.shapes])
        self._subjects = {quad.subject for quad in ontology.quads}

    def validate(self, store: Store, change: Change, lines: Lines) -> Report:
        """What is wrong once the change is made to the data of the store, which conforms now.

        ``lines`` gives the quads of each submitted text with their lines; what stands elsewhere is
        told by its graph. Raises InvalidInput for shapes that can't be used.
        """
        view = Overlay(store, change)
        concerned = self._concerned(view)
        whole = [unit for unit in self.units.all if unit.reads is None]
        seen = list(view.quads()) if whole else self._seen(view, concerned)
        names = self._names.beside(view.described)
        places = _places(view, seen, lines, self._subjects)
        described = {quad.subject for quad in view.changed}
        stated = [(place, quad) for place, quad in places.quads if quad.subject in described]
        built = list(structure(stated, self.model, self._closed, names))
        found = self._found(concerned, whole, seen, names, places)
        return collect(mistakes(built, found))

    def _found(
        self,
        concerned: Concerned,
        whole: Sequence[Unit],
        seen: Sequence[Quad],
        names: Names,
        places: Places,
    ) -> list[Finding]:
        if not concerned and not whole:
            return []
        data = Data([*seen, *self.units.classes, *readable_bounds(seen)])
        chosen = self.units.chosen(concerned, whole)
        return list(findings(data, self.units.rules, chosen, names, places))

    def _concerned(self, view: Overlay) -> Concerned:
        """The nodes that each unit has to look at again."""
        changed: dict[str, list[Quad]] = defaultdict(list)
        for quad in view.changed:
            changed[quad.predicate.value].append(quad)
        back_from = _Walks(view)
        found = {}
        for unit in self.units.all:
            if unit.reads is not None:
                paths = unit.reads | self.units.marks(unit)
                starts = {s for path in paths for s in back_from.changed(path, changed)}
                nodes = {node for node in starts if self.units.is_target(unit, node, view)}
                if nodes:
                    found[unit] = nodes
        return found

    def _seen(self, view: Overlay, concerned: Concerned) -> list[Quad]:
        """All the quads that the units see from their nodes, and what is said of changed ones."""
        said = [q for quad in view.changed for q in view.described(quad.subject)]
        return distinct([*said, *reached(view, self.units, concerned)])


@dataclass
class _Walks:
    """Where paths that run over changed quads begin."""

    view: Overlay

    def __post_init__(self) -> None:
        self._starts = cache(self._walk)

    def changed(self, path: Path, changed: Mapping[str, Sequence[Quad]]) -> Iterator[Term]:
        for place, step in enumerate(path):
            for quad in changed.get(step.predicate, ()):
                near = quad.object if step.inverse else quad.subject
                before = path[: place + isinstance(step, Repeated)]
                yield from self._starts(near, before)

    def _walk(self, near: Term, before: Path) -> frozenset[Term]:
        return frozenset(self.view.ends(near, back(before), gone=True))


def _places(
    view: Overlay, seen: Iterable[Quad], lines: Lines, described_elsewhere: Iterable[Term]
) -> Places:
    """Where the quads stand: in the submitted texts, else in their graphs."""
    added = {quad: label for label, quads in lines.items() for quad in quads}
    data: dict[str, list[Quad]] = {label: [] for label in lines}
    standing = (quad for quad in seen if is_data(quad))
    for quad in dict.fromkeys([*view.change.added, *standing]):
        data.setdefault(added.get(quad) or _graph(quad), []).append(quad)
    return Places(data, lines, described_elsewhere)


def _graph(quad: Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
