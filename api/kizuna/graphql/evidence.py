"""Fields that only the core classes have: what stands behind a fact, and what connects entities."""

from collections.abc import Callable, Iterator, Sequence

from kizuna import namespaces as ns
from kizuna.graphql import bindings as b
from kizuna.graphql import provenance
from kizuna.graphql.arguments import LANG, chosen
from kizuna.graphql.inputs import upper_snake
from kizuna.graphql.making import Argument, Field, TypeModule
from kizuna.graphql.verdicts import Verdict
from kizuna.graphql.wording import about
from kizuna.model import Class, Model, Path

CORE = (ns.ENTITY, ns.FACT, ns.CLAIM, ns.PASSAGE, ns.SOURCE_DOCUMENT)
ROOTS = (ns.ENTITY, ns.FACT)
DECLARING = (*ROOTS, ns.DISPUTE)
LONGEST = 4

# As types.py has it: (owner, name, type, description, binding, arguments).
Bound = Callable[[str, str, str, str, b.Binding, Sequence[Argument]], Field]


class Evidence:
    """Makes these fields and their types, where the Model has the core classes."""

    def __init__(self, model: Model, made: TypeModule, bound: Bound) -> None:
        self._model = model
        self._made = made
        self._bound = bound
        self._there = all(iri in model.classes for iri in CORE)

    def fields(self, found: Class) -> Iterator[Field]:
        """What a class has beside the fields of its own; below the roots they are inherited."""
        for root in ROOTS if self._there else ():
            if root in (found.iri, *found.ancestors):
                yield self._provenance(found, self._model.classes[root])
                if root == ns.FACT:
                    yield self._lapsed(found)
                    yield self._in_documents(found)
        if self._there and found.iri == ns.DISPUTE:
            yield self._sides(found)

    def roots(self) -> Iterator[Field]:
        """The fields of the root."""
        if self._there:
            yield self._path()

    def make(self) -> None:
        """Makes the types that the fields need."""
        if not self._there:
            return
        for root in ROOTS:
            self._derived_fields(self._model.classes[root])
        self._provenance_type()
        self._verdict_types()
        if ns.DISPUTE in self._model.classes:
            self._side_type()
        self._path_types()

    def _derived_fields(self, root: Class) -> None:
        """One enum for the root and all below it: an argument's type is the same in all of them."""
        classes = [root, *(self._model.classes[leaf] for leaf in root.leaves)]
        names = {
            upper_snake(prop.name): about(prop)
            for found in classes
            for prop in provenance.derived(self._model, found)
        }
        said = f"The derived fields of {root.name}, whatever its type."
        self._made.enum(f"{root.name}DerivedField", {name: name for name in names}, names, said)

    def _provenance(self, found: Class, root: Class) -> Field:
        fields = {upper_snake(p.name): p for p in provenance.derived(self._model, found)}
        said = (
            "What its derived values rest on, value by value: of these fields, else of all. "
            "A field that its type doesn't have is left out."
        )
        argument = Argument("fields", f"[{root.name}DerivedField!]", "All where none are named.")
        binding = b.Provenance(fields)
        return self._bound(
            found.name, "provenance", "[Provenance!]!", said, binding, [argument, LANG]
        )

    def _lapsed(self, found: Class) -> Field:
        said = (
            "Whether on that day its time was over, and nothing is known to have come of what was "
            "foreseen; null where its time can't tell."
        )
        on = Argument("on", "Date!", "The day; the data know of no today.")
        return self._bound(found.name, "lapsed", "Boolean", said, b.Lapsed(), [on])

    def _in_documents(self, found: Class) -> Field:
        said = "What each of these documents, else of all, says of it."
        item = self._model.classes[ns.SOURCE_DOCUMENT]
        arguments = [
            *chosen(item),
            LANG,
        ]
        kind, binding = "[DocumentVerdict!]!", b.InDocuments(item)
        return self._bound(found.name, "inDocuments", kind, said, binding, arguments)

    def _sides(self, found: Class) -> Field:
        said = "Its claims, together where they say the same of what is disputed."
        return self._bound(found.name, "sides", "[DisputeSide!]!", said, b.Sides(), [LANG])

    def _path(self) -> Field:
        said = (
            "How two entities are connected: the paths from one to the other through facts that "
            "involve both, the shortest first. No path comes twice to an entity or a fact."
        )
        fact = self._model.classes[ns.FACT]
        arguments = [
            Argument("from", "ID!", "The entity to start from."),
            Argument("to", "ID!", "The entity to come to."),
            Argument("maxLength", "Int", "The most facts on a path.", LONGEST),
            Argument("first", "Int", "The most paths; 20 where nothing is said."),
            Argument("filter", f"{fact.name}Filter", "What each fact on a path must fulfil."),
            LANG,
        ]
        item = self._model.classes[ns.ENTITY]
        return self._bound("Query", "path", "[Path!]", said, b.Connecting(item, fact), arguments)

    def _provenance_type(self) -> None:
        links = (
            ("facts", "[Fact!]!", "The facts from which it follows.", provenance.FACTS),
            ("claims", "[Claim!]!", "The claims on these facts.", provenance.CLAIMS),
            ("passages", "[Passage!]!", "The passages of these claims.", provenance.PASSAGES),
            ("documents", "[SourceDocument!]!", "Where they stand.", provenance.DOCUMENTS),
        )
        fields = [
            self._part("Provenance", "field", "String!", "The field that has the value."),
            self._part("Provenance", "node", "Node", "The value, where it has an IRI."),
            self._part("Provenance", "literal", "String", "The value, where it has none."),
            *(self._link("Provenance", *link) for link in links),
        ]
        self._made.object_type("Provenance", fields, "What a derived value rests on.")

    def _verdict_types(self) -> None:
        names = {verdict.name: verdict.name for verdict in Verdict}
        said = {verdict.name: verdict.value for verdict in Verdict}
        self._made.enum("Verdict", names, said, "What a document says of a fact.")
        parts = (
            ("document", "SourceDocument!", "The document."),
            ("verdict", "Verdict!", "What it says of the fact."),
            ("claims", "[Claim!]!", "Its claims on the fact."),
        )
        fields = [self._part("DocumentVerdict", *part) for part in parts]
        self._made.object_type("DocumentVerdict", fields, "What a document says of a fact.")

    def _side_type(self) -> None:
        parts = (
            ("polarity", "PolarityCode!", "Whether they say that it is so."),
            ("value", "Node", "What they state, where the dispute is on a detail."),
            ("claims", "[Claim!]!", "The claims, the surest first."),
            ("documents", "[SourceDocument!]!", "The documents of these claims."),
        )
        fields = [self._part("DisputeSide", *part) for part in parts]
        self._made.object_type("DisputeSide", fields, "Claims of a dispute that say the same.")

    def _path_types(self) -> None:
        steps = (
            ("from", "Entity!", "Whence it leads."),
            ("fact", "Fact!", "The fact that involves both."),
            ("to", "Entity!", "Whither it leads."),
        )
        fields = [self._part("PathStep", *step) for step in steps]
        self._made.object_type("PathStep", fields, "From an entity through a fact to another.")
        fields = [
            self._part("Path", "length", "Int!", "How many facts it leads through."),
            self._part("Path", "steps", "[PathStep!]!", "The facts in order."),
        ]
        self._made.object_type("Path", fields, "How two entities are connected.")

    def _part(self, owner: str, name: str, type_: str, said: str) -> Field:
        return self._bound(owner, name, type_, said, b.RecordPart(name), ())

    def _link(self, owner: str, name: str, type_: str, said: str, path: Path) -> Field:
        return self._bound(owner, name, type_, said, b.Link(path, single=False), ())
