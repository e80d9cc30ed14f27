"""Explaining an operation: its plan, and the steps in which the store was read.

Asked for by ``{"kizuna": {"explain": true}}`` in the request's ``extensions``; with ``"ONLY"`` the
operation isn't run.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from time import perf_counter
from typing import Any

from graphql import print_ast

from kizuna.dataset.explaining import ExplainingReader
from kizuna.dataset.patterns import path_text
from kizuna.dataset.store import Reader
from kizuna.errors import InvalidInput
from kizuna.graphql.bindings import Binding
from kizuna.graphql.plan import FieldPlan, ObjectPlan, Refused
from kizuna.model import Class, Property, Step

ONLY = "ONLY"


@dataclass
class Explanation:
    """What is told of an operation, and whether it is run at all."""

    run: bool = True
    plan: ObjectPlan | None = None
    readers: list[ExplainingReader] = field(default_factory=list)
    since: float = field(default_factory=perf_counter)

    def over(self, reader: Reader) -> Reader:
        """A reader that tells its steps here."""
        self.readers.append(ExplainingReader(reader))
        return self.readers[-1]

    def told(self) -> Mapping[str, object]:
        """The explanation as JSON."""
        plan = {"plan": list(described(self.plan))} if self.plan else {}
        if not self.run:
            return plan
        steps = [asdict(step) for reader in self.readers for step in reader.steps]
        return plan | {"steps": steps, "milliseconds": _since(self.since)}


def explanation(extensions: Mapping[str, Any] | None) -> Explanation | None:
    """The explanation that a request's extensions ask for, if any; raises InvalidInput."""
    ours = (extensions or {}).get("kizuna") or {}
    if not isinstance(ours, Mapping) or not all(_fits(*member) for member in ours.items()):
        raise InvalidInput(
            'extensions.kizuna takes {"explain": true} or {"explain": "ONLY"}, and '
            '{"permalink": true}'
        )
    wanted = ours.get("explain")
    return Explanation(run=wanted != ONLY) if wanted else None


def _fits(name: str, value: object) -> bool:
    """Whether something of the kind can be wished for; permalinks wish for the very result."""
    if name == "permalink" and isinstance(value, Mapping):
        return True
    known = name in ("explain", "permalink")
    return known and (
        value is None or isinstance(value, bool) or (name == "explain" and value == ONLY)
    )


def described(plan: ObjectPlan) -> Iterator[Mapping[str, object]]:
    """The plan's selections, the root's first, each told once and named by its number."""
    numbers = {id(plan): 0}
    waiting = [plan]
    for number, selection in enumerate(waiting):
        types = {
            name: [_field(found, numbers, waiting) for found in fields]
            for name, fields in selection.fields.items()
        }
        yield {"selection": number, "types": types}


def _field(
    found: FieldPlan, numbers: dict[int, int], waiting: list[ObjectPlan]
) -> Mapping[str, object]:
    """How a field is filled; what is selected below it goes to those that wait to be told."""
    told: dict[str, object] = {"key": found.key, "field": found.name, **_filled(found.binding)}
    arguments = found.nodes[0].arguments
    if arguments:
        told["arguments"] = ", ".join(map(print_ast, arguments))
    if found.selection:
        if id(found.selection) not in numbers:
            numbers[id(found.selection)] = len(waiting)
            waiting.append(found.selection)
        told["selection"] = numbers[id(found.selection)]
    return told


def _filled(binding: Binding | Refused | None) -> Mapping[str, object]:
    if binding is None:
        return {"filled": "Schema"}
    if isinstance(binding, Refused):
        return {"filled": "Refused", "because": binding.error.message}
    parts = ((part.name, getattr(binding, part.name)) for part in fields(binding))
    return {"filled": type(binding).__name__, **dict(_told(parts))}


def _told(parts: Iterable[tuple[str, object]]) -> Iterator[tuple[str, object]]:
    """Of a binding's parts those that say from where the field is filled."""
    for name, value in parts:
        match value:
            case Property(path=path):
                yield "path", path_text(path)
            case tuple() if value and all(isinstance(step, Step) for step in value):
                yield "path", path_text(value)
            case Class(iri=iri):
                yield "class", iri
            case str() | bool():
                yield name, value


def _since(moment: float) -> float:
    return round((perf_counter() - moment) * 1000, 3)
