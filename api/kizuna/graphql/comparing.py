"""What differs between two releases, as GraphQL tells it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any, TypeAlias

from kizuna.dataset.comparison import DisputeChange, FieldChange, Kind, ThingChange
from kizuna.dataset.releases import Dataset
from kizuna.descriptions.naming import Name, Naming, best
from kizuna.errors import InvalidInput
from kizuna.graphql import bindings as b
from kizuna.graphql.arguments import AFTER, FIRST, LANG
from kizuna.graphql.connections import page_size
from kizuna.graphql.making import Argument, Field, TypeModule
from kizuna.graphql.records import Record, Releases
from kizuna.graphql.releasing import Changed
from kizuna.terms import Literal, NamedNode, Term

LONGEST = 1000  # things on a page

Parts: TypeAlias = Sequence[tuple[str, str, str]]

VALUE: Parts = (
    ("value", "String!", "A text, a literal as it is written, or an IRI."),
    ("language", "String", "The language of a text, as a BCP 47 tag."),
)
FIELD: Parts = (
    ("field", "String", "The field that it is; null for a property that is none."),
    ("property", "ID!", "The property's IRI."),
    ("derived", "Boolean!", "Whether it follows from what is stated, rather than being stated."),
    ("before", "[ChangedValue!]!", "The values that went."),
    ("after", "[ChangedValue!]!", "The values that came."),
)
THING: Parts = (
    ("id", "ID!", "Its IRI."),
    ("change", "ChangeKind!", "What became of it."),
    ("type", "NodeType!", "What it is."),
    ("label", "String", "Its label in the later of the releases that know it."),
    ("fields", "[FieldChange!]!", "What differs."),
    ("releases", "[Release!]!", "The releases between that made the difference, in order."),
)
DISPUTE: Parts = (
    ("id", "ID!", "The dispute's IRI."),
    ("fact", "ID!", "The fact's IRI."),
    ("label", "String", "The fact's label."),
    ("detail", "ID!", "The IRI of what is disputed of it."),
    ("releases", "[Release!]!", "The releases between that made the difference, in order."),
)
CHANGES: Parts = (
    ("from", "Release!", "The release to start from."),
    ("to", "Release!", "The release to come to."),
    ("things", "[ThingChange!]!", "What came, went or changed, by IRI: a page of it."),
    ("totalCount", "Int!", "How many things there are on all pages."),
    ("endCursor", "String", "The last thing's cursor; give it as `after` to go on."),
    ("hasNextPage", "Boolean!", "Whether more follows."),
    ("disputesOpened", "[DisputeChange!]!", "Contradictions that are new."),
    ("disputesClosed", "[DisputeChange!]!", "Contradictions that are gone."),
)


def changes_field(made: TypeModule, bindings: dict[tuple[str, str], b.Binding]) -> Field:
    """Makes the types; the root field that leads to them."""
    kinds = {kind.name: kind.value for kind in Kind}
    abouts = {kind.name: f"It was {kind.value}." for kind in Kind}
    made.enum("ChangeKind", kinds, abouts, "What became of a thing between two releases.")
    types = {
        "ChangedValue": (VALUE, "A value that went or came."),
        "FieldChange": (FIELD, "A property of a thing whose values differ."),
        "ThingChange": (THING, "What became of a thing between two releases."),
        "DisputeChange": (DISPUTE, "A contradiction that was opened or closed."),
        "Changes": (CHANGES, "What differs between two releases."),
    }
    for name, (parts, about) in types.items():
        bindings |= {(name, part): b.RecordPart(part) for part, _, _ in parts}
        made.object_type(name, [Field(*part) for part in parts], about)
    bindings["Query", "changes"] = b.Changes()
    about = (
        "What leads from one release to another, later or earlier: what is stated, what follows "
        "from it, and the releases that made the difference."
    )
    arguments = (
        Argument("from", "Int!", "The number of the release to start from."),
        Argument("to", "Int!", "The number of the release to come to."),
        Argument("types", "[NodeType!]", "Things of these types only; all where none are named."),
        FIRST,
        AFTER,
        LANG,
    )
    return Field("changes", "Changes!", about, arguments)


def record_of(changed: Changed, arguments: Mapping[str, Any], languages: Sequence[str]) -> Record:
    """The page of differences that the arguments ask for; raises InvalidInput, LimitExceeded."""
    types, model = arguments.get("types"), changed.new.model
    wanted = None if types is None else model.leaves([_plain(each) for each in types])
    things = [t for t in changed.found.things if wanted is None or t.of_class in wanted]
    size = page_size("first", arguments.get("first"), LONGEST)
    start = _start(things, arguments.get("after"))
    page = things[start : start + size]
    telling = _Telling(changed, page, languages)
    return Record(
        {
            "from": Releases((changed.first,), single=True),
            "to": Releases((changed.last,), single=True),
            "things": tuple(telling.thing(thing) for thing in page),
            "totalCount": len(things),
            "endCursor": page[-1].iri if page else None,
            "hasNextPage": start + size < len(things),
            "disputesOpened": tuple(telling.dispute(one) for one in changed.found.opened),
            "disputesClosed": tuple(telling.dispute(one) for one in changed.found.closed),
        }
    )


class _Telling:
    """Tells differences to readers of the languages."""

    def __init__(
        self, changed: Changed, page: Sequence[ThingChange], languages: Sequence[str]
    ) -> None:
        self._made = cache(changed.made)
        self._languages = languages
        self._model = changed.new.model
        found = changed.found
        iris = [thing.iri for thing in page]
        iris += [dispute.fact for dispute in (*found.opened, *found.closed)]
        datasets = sorted((changed.old, changed.new), key=lambda d: -d.release.number)
        self._named = list(_names(datasets, iris))

    def thing(self, thing: ThingChange) -> Record:
        names = self._names(thing.of_class)
        return Record(
            {
                "id": thing.iri,
                "change": thing.kind.name,
                "type": self._model.classes[thing.of_class].name,
                "label": self._label(thing.iri),
                "fields": tuple(_field(each, names) for each in thing.fields),
                "releases": self._releases(thing.entries),
            }
        )

    def dispute(self, dispute: DisputeChange) -> Record:
        return Record(
            {
                "id": dispute.iri,
                "fact": dispute.fact,
                "label": self._label(dispute.fact),
                "detail": dispute.detail,
                "releases": self._releases(dispute.entries),
            }
        )

    def _names(self, of_class: str) -> Mapping[str, str]:
        """The fields of a class by their properties."""
        found = self._model.classes[of_class].properties
        return {prop.predicate: prop.name for prop in found if prop.predicate}

    def _releases(self, numbers: Iterable[int]) -> Releases:
        return Releases(tuple(self._made(number) for number in numbers))

    def _label(self, iri: str) -> str | None:
        """What it is called in the later of the releases that know it, in one of the languages."""
        for names in self._named:
            if (name := names.get(iri)) and name.known:
                return best(name.labels, self._languages[0])[0] or None
        return None


def _names(datasets: Iterable[Dataset], iris: Iterable[str]) -> Iterator[Mapping[str, Name]]:
    """What things are called in each of the releases."""
    nodes = [NamedNode(iri) for iri in iris]
    for dataset in datasets:
        yield Naming(dataset).names(dataset.store.reader(), nodes)


def _field(change: FieldChange, names: Mapping[str, str]) -> Record:
    return Record(
        {
            "field": names.get(change.predicate),
            "property": change.predicate,
            "derived": change.derived,
            "before": tuple(_value(term) for term in change.before),
            "after": tuple(_value(term) for term in change.after),
        }
    )


def _value(term: Term) -> Record:
    literal = term if isinstance(term, Literal) else None
    value = term.value if isinstance(term, NamedNode | Literal) else str(term)
    return Record({"value": value, "language": literal and (literal.language or None)})


def _start(things: Sequence[ThingChange], after: str | None) -> int:
    if after is None:
        return 0
    found = next((n for n, thing in enumerate(things) if thing.iri == after), None)
    if found is None:
        raise InvalidInput(f"after: {after!r} is no cursor of these changes; take one from them")
    return found + 1


def _plain(value: object) -> str:
    return str(value.value if isinstance(value, Enum) else value)
