"""What the items of a class can be grouped by, and which of their values can be aggregated.

Own fields can, and fields of what a single link leads to, unless that is of the same kind. A time
is known by its year, quarter and month, and only where it lies within it as a whole.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kizuna import namespaces as ns
from kizuna.dataset.grouping import GroupKey, Measure, PeriodKey, ShownKey, Unit, ValueKey
from kizuna.errors import InvalidInput
from kizuna.graphql.scalars import ScalarType, scalar_of
from kizuna.graphql.wording import label_of
from kizuna.model import Class, Model, Path, Property, Step
from kizuna.terms import NamedNode

BOUNDS: tuple[Path, Path] = ((Step(ns.EARLIEST),), (Step(ns.LATEST),))
TYPE = Step(ns.RDF_TYPE)
RESERVED = ("keys", "count")


@dataclass(frozen=True)
class KeyField:
    """A key by its name: the field whose values it takes, or the class whose leaves.

    Neither is given for a period.
    """

    name: str
    label: str
    key: GroupKey
    source: Property | None = None
    type_of: Class | None = None

    @property
    def many(self) -> bool:
        """Whether an item may have several values, and so stand in several groups."""
        return self.source is not None and not self.source.single


@dataclass(frozen=True)
class MeasureField:
    """Values that can be aggregated, by their name, and how they appear."""

    name: str
    label: str
    measure: Measure
    scalar: ScalarType


@dataclass(frozen=True)
class Groupable:
    """What the items of a class can be grouped by, and what aggregated; each by its name.

    ``kinds`` is the class, or where ``item`` stands for a union its members.
    """

    item: Class
    kinds: tuple[str, ...]
    keys: Mapping[str, KeyField]
    measures: Mapping[str, MeasureField]


def groupable(model: Model, item: Class) -> Groupable:
    """What can be done with the items of the class.

    Raises InvalidInput where a name would stand for two things.
    """
    return _groupable(model, item, (item.iri,))


def groupable_union(model: Model, name: str, prop: Property) -> Groupable:
    """What can be done with what a field leads to, of several classes: by what they share.

    Raises InvalidInput where a name would stand for two things.
    """
    leaves = model.leaves(prop.targets)
    first, *others = (model.classes[leaf] for leaf in leaves)
    shared = tuple(p for p in first.properties if all(_shares(other, p) for other in others))
    item = Class(prop.shape, name, name, {}, {}, True, (), (), leaves, shared)
    return _groupable(model, item, leaves)


def _shares(other: Class, prop: Property) -> bool:
    """Whether a class has the same field."""
    return any(_essence(own) == _essence(prop) for own in other.properties)


def _essence(prop: Property) -> tuple[object, ...]:
    # The type of a link to several classes is that of its owner alone.
    owner = prop.owner if len(prop.targets) > 1 else None
    return prop.name, prop.path, prop.targets, prop.datatype, prop.single, prop.bounded, owner


def _groupable(model: Model, item: Class, kinds: tuple[str, ...]) -> Groupable:
    keys, measures = list(_keys(model, item, kinds)), list(_measures(model, item, kinds))
    _check(item, ["count", *(key.name for key in keys)])
    _check(item, [*RESERVED, *(measure.name for measure in measures)])
    return Groupable(item, kinds, {k.name: k for k in keys}, {m.name: m for m in measures})


def _check(item: Class, names: Iterable[str]) -> None:
    if twice := [name for name, times in Counter(names).items() if times > 1]:
        raise InvalidInput(
            f"{item.iri}: in its groups the name {twice[0]} would stand for two things; "
            "give a field another ij:fieldName"
        )


def _keys(model: Model, item: Class, kinds: tuple[str, ...]) -> Iterator[KeyField]:
    yield from _type_key(item, "type", "type", ())
    for prop in item.properties:
        yield from _own_keys(prop)
        if (target := _target(model, kinds, prop)) and target.iri != ns.TIME_SPAN:
            yield from _type_key(target, f"{prop.name}Type", f"{label_of(prop)}: type", prop.path)
            for inner in target.properties:
                if (inner.single or inner.bounded) and inner.datatype != ns.RDF_LANG_STRING:
                    yield from _own_keys(inner, prop)


def _type_key(item: Class, name: str, label: str, path: Path) -> Iterator[KeyField]:
    if item.abstract:
        leaves = tuple(NamedNode(leaf) for leaf in item.leaves)
        yield KeyField(name, label, ValueKey((*path, TYPE), leaves), type_of=item)


def _own_keys(prop: Property, link: Property | None = None) -> Iterator[KeyField]:
    """The keys that a field gives, or a field of what a link leads to."""
    name, label, path = _reached(prop, link)
    scalar = scalar_of(prop.datatype).name
    if prop.targets == (ns.TIME_SPAN,):
        if prop.single:
            yield from _periods(name, label, path, BOUNDS)
    elif prop.targets:
        yield KeyField(name, label, ValueKey(path), prop)
    elif prop.single and prop.datatype == ns.RDF_LANG_STRING:
        yield KeyField(name, label, ShownKey(path, ()), prop)
    elif prop.single:
        yield KeyField(name, label, ValueKey(path), prop)
        if scalar in ("Date", "DateTime"):
            yield from _periods(name, label, path, None)


def _periods(
    name: str, label: str, path: Path, bounds: tuple[Path, Path] | None
) -> Iterator[KeyField]:
    for unit in Unit:
        period = PeriodKey(path, unit, bounds)
        yield KeyField(name + unit.value.capitalize(), f"{label}: {unit.value}", period)


def _measures(model: Model, item: Class, kinds: tuple[str, ...]) -> Iterator[MeasureField]:
    for prop in item.properties:
        yield from _own_measures(prop)
        if target := _target(model, kinds, prop):
            for inner in target.properties:
                if scalar_of(inner.datatype).ordered:
                    yield from _own_measures(inner, prop)


def _own_measures(prop: Property, link: Property | None = None) -> Iterator[MeasureField]:
    name, label, path = _reached(prop, link)
    scalar = scalar_of(prop.datatype)
    literal = prop.single and not prop.targets and prop.datatype != ns.RDF_LANG_STRING
    if literal and scalar.name != "Boolean":
        yield MeasureField(name, label, Measure(path, text=not scalar.ordered), scalar)


def _target(model: Model, kinds: Iterable[str], prop: Property) -> Class | None:
    """The class that a single link leads to, if it is one, and of another kind."""
    if not prop.single or len(prop.targets) != 1:
        return None
    (target,) = prop.targets
    same = any(model.is_a(kind, target) or model.is_a(target, kind) for kind in kinds)
    return None if same else model.classes[target]


def _reached(prop: Property, link: Property | None) -> tuple[str, str, Path]:
    """The name of a field, or of one below a link, its label and the path to it."""
    if link is None:
        return prop.name, label_of(prop), prop.path
    name = link.name + prop.name[0].upper() + prop.name[1:]
    return name, f"{label_of(link)}: {label_of(prop)}", (*link.path, *prop.path)
