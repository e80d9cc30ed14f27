"""What differs between two releases, as GraphQL tells it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache, partial
from typing import Any, TypeAlias

from kizuna.dataset.comparison import DisputeChange, FieldChange, Kind, ThingChange
from kizuna.dataset.releases import Dataset
from kizuna.descriptions.naming import Name, Naming, best
from kizuna.errors import InvalidInput
from kizuna.graphql import bindings as b
from kizuna.graphql.arguments import AFTER, FIRST, LANG
from kizuna.graphql.connections import page_size
from kizuna.graphql.making import Argument, Field, TypeModule
from kizuna.graphql.records import Record, Releases, Window
from kizuna.graphql.releasing import Changed
from kizuna.terms import Literal, NamedNode, Term

LONGEST = 1000  # on a page

Parts: TypeAlias = Sequence[tuple[str, str, str]]
Difference: TypeAlias = ThingChange | DisputeChange

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
)
# Of each page: the list's items and what it is, and which arguments it takes besides.
TYPES = Argument("types", "[NodeType!]", "Things of these types only; all where none are named.")
LISTS: Mapping[str, tuple[str, str, tuple[Argument, ...]]] = {
    "things": ("ThingChange", "What came, went or changed, by IRI.", (TYPES,)),
    "disputesOpened": ("DisputeChange", "Contradictions that are new, by IRI.", ()),
    "disputesClosed": ("DisputeChange", "Contradictions that are gone, by IRI.", ()),
}
CONNECTED = tuple(dict.fromkeys(kind for kind, _, _ in LISTS.values()))


def changes_field(made: TypeModule, bindings: dict[tuple[str, str], b.Binding]) -> Field:
    """Makes the types, save the connections of ``CONNECTED``; the root field that leads to them."""
    kinds = {kind.name: kind.value for kind in Kind}
    abouts = {kind.name: f"It was {kind.value}." for kind in Kind}
    made.enum("ChangeKind", kinds, abouts, "What became of a thing between two releases.")
    fields = {
        "ChangedValue": (_fields(VALUE), "A value that went or came."),
        "FieldChange": (_fields(FIELD), "A property of a thing whose values differ."),
        "ThingChange": (_fields(THING), "What became of a thing between two releases."),
        "DisputeChange": (_fields(DISPUTE), "A contradiction that was opened or closed."),
        "Changes": ([*_fields(CHANGES), *_lists()], "What differs between two releases."),
    }
    for name, (parts, about) in fields.items():
        bindings |= {(name, part.name): _binding(part.name) for part in parts}
        made.object_type(name, parts, about)
    bindings["Query", "changes"] = b.Changes()
    about = (
        "What leads from one release to another, later or earlier: what is stated, what follows "
        "from it, and the releases that made the difference."
    )
    arguments = (
        Argument("from", "Int!", "The number of the release to start from."),
        Argument("to", "Int!", "The number of the release to come to."),
        LANG,
    )
    return Field("changes", "Changes!", about, arguments)


def _binding(name: str) -> b.Binding:
    return b.RecordList(name) if name in LISTS else b.RecordPart(name)


def _fields(parts: Parts) -> list[Field]:
    return [Field(*part) for part in parts]


def _lists() -> list[Field]:
    return [
        Field(name, f"{kind}Connection!", about, (*more, FIRST, AFTER))
        for name, (kind, about, more) in LISTS.items()
    ]


def record_of(changed: Changed, languages: Sequence[str]) -> Record:
    """What differs, page by page; asking for one raises InvalidInput, LimitExceeded."""
    differences = Differences(changed, languages)
    first, last = (Releases((made,), single=True) for made in (changed.first, changed.last))
    lists = {name: partial(_page, differences, name) for name in LISTS}
    return Record({"from": first, "to": last}, lists=lists)


def _page(differences: "Differences", name: str, arguments: Mapping[str, Any]) -> Record:
    types = arguments.get("types")
    listed = differences.listed(name, None if types is None else [_plain(each) for each in types])
    size = page_size("first", arguments.get("first"), LONGEST)
    start = _start(listed, arguments.get("after"))
    window = Window(listed[start : start + size], start, len(listed))
    cursors = [change.iri for change in window.items]
    return window.connection(cursors, differences.told(window.items))


class Differences:
    """What differs between two releases, told to readers of the languages."""

    def __init__(self, changed: Changed, languages: Sequence[str]) -> None:
        self._changed = changed
        self._made = cache(changed.made)
        self._languages = languages
        self._model = changed.new.model

    def listed(self, name: str, types: Iterable[str] | None = None) -> Sequence[Difference]:
        """One of the lists, by IRI; of ``things`` those of some classes only, where they are
        given."""
        found = self._changed.found
        if name != "things":
            return found.opened if name == "disputesOpened" else found.closed
        wanted = None if types is None else self._model.leaves(types)
        return [thing for thing in found.things if wanted is None or thing.of_class in wanted]

    def told(self, found: Sequence[Difference]) -> tuple[Record, ...]:
        """A record for each."""
        named = self._named([_subject(one) for one in found])
        return tuple(
            self._thing(one, named) if isinstance(one, ThingChange) else self._dispute(one, named)
            for one in found
        )

    def _named(self, iris: Sequence[str]) -> Sequence[Mapping[str, Name]]:
        """What things are called in the later release, and in the earlier one."""
        changed = self._changed
        datasets = sorted((changed.old, changed.new), key=lambda d: -d.release.number)
        return list(_names(datasets, iris))

    def _thing(self, thing: ThingChange, named: Sequence[Mapping[str, Name]]) -> Record:
        known = self._model.classes[thing.of_class]
        names = {prop.predicate: prop.name for prop in known.properties if prop.predicate}
        return Record(
            {
                "id": thing.iri,
                "change": thing.kind.name,
                "type": known.name,
                "label": self._label(thing.iri, named),
                "fields": tuple(_field(each, names) for each in thing.fields),
                "releases": self._releases(thing.entries),
            }
        )

    def _dispute(self, dispute: DisputeChange, named: Sequence[Mapping[str, Name]]) -> Record:
        return Record(
            {
                "id": dispute.iri,
                "fact": dispute.fact,
                "label": self._label(dispute.fact, named),
                "detail": dispute.detail,
                "releases": self._releases(dispute.entries),
            }
        )

    def _releases(self, numbers: Iterable[int]) -> Releases:
        return Releases(tuple(self._made(number) for number in numbers))

    def _label(self, iri: str, named: Sequence[Mapping[str, Name]]) -> str | None:
        """What it is called in the later of the releases that know it, in one of the languages."""
        for names in named:
            if (name := names.get(iri)) and name.known:
                return best(name.labels, self._languages[0])[0] or None
        return None


def _subject(one: Difference) -> str:
    """What to name: the thing itself, or the fact that is disputed."""
    return one.iri if isinstance(one, ThingChange) else one.fact


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


def _start(listed: Sequence[Difference], after: str | None) -> int:
    if after is None:
        return 0
    found = next((n for n, one in enumerate(listed) if one.iri == after), None)
    if found is None:
        raise InvalidInput(f"after: {after!r} is no cursor of these changes; take one from them")
    return found + 1


def _plain(value: object) -> str:
    return str(value.value if isinstance(value, Enum) else value)
