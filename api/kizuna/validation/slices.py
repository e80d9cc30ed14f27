"""Much data validated a slice at a time: so many nodes, with what the shapes see from them.

A graph of Python objects that holds all of it at once would take several times the room.
"""

from collections.abc import Iterator, Sequence

from kizuna.dataset.changes import Change
from kizuna.dataset.files import Ontology, distinct
from kizuna.dataset.store import EmbeddedStore
from kizuna.dataset.times import readable_bounds
from kizuna.terms import Quad
from kizuna.validation.causes import Finding
from kizuna.validation.engine import Data
from kizuna.validation.names import Names
from kizuna.validation.overlay import Overlay
from kizuna.validation.places import Places
from kizuna.validation.reach import Concerned, reached
from kizuna.validation.shapes import findings
from kizuna.validation.units import Units

NODES = 1_000


def sliced_results(
    stated: Sequence[Quad], ontology: Ontology, names: Names, places: Places, size: int = NODES
) -> Iterator[Finding]:
    """What is wrong, by the shapes, with the nodes that have a place; ``size`` of them at a time.

    It is what ``shape_results`` finds. A shape that may look anywhere sees all of the data, in a
    slice of its own. Raises InvalidInput for shapes that can't be used.
    """
    units = Units(ontology.shapes, ontology.quads)
    view = Overlay(EmbeddedStore(distinct([*stated, *ontology.quads])), Change())
    whole = [unit for unit in units.all if unit.reads is None]
    if whole:
        data = Data([*view.quads(), *readable_bounds(stated)])
        yield from findings(data, units.rules, units.chosen({}, whole), names, places)
    for concerned in _slices(units, view, places, size):
        seen = list(reached(view, units, concerned))
        data = Data([*seen, *units.classes, *readable_bounds(seen)])
        yield from findings(data, units.rules, units.chosen(concerned, ()), names, places)


def _slices(units: Units, view: Overlay, places: Places, size: int) -> Iterator[Concerned]:
    apart = [unit for unit in units.all if unit.reads is not None]
    targets = {host: units.targets(host, view) for host in {unit.host for unit in apart}}
    nodes = sorted((node for node in set().union(*targets.values()) if places.node(node)), key=str)
    for start in range(0, len(nodes), size):
        part = set(nodes[start : start + size])
        shares = {host: part & wanted for host, wanted in targets.items()}
        yield {unit: shares[unit.host] for unit in apart if shares[unit.host]}
