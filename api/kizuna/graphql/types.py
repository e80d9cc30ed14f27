"""Output types and root fields made from the Model.

An abstract class is an interface, a leaf an object type, a union flattens to its leaves; a link to
many is a Relay connection (https://relay.dev/graphql/connections.htm) unless it is bounded. The
edge of a derived link carries the facts behind it.
"""

from collections.abc import Iterator, Sequence

from kizuna import namespaces as ns
from kizuna.citations import Style
from kizuna.errors import InvalidInput
from kizuna.graphql import bindings as b
from kizuna.graphql.arguments import ID, IDS, LANG, PAGE
from kizuna.graphql.comparing import CONNECTED, changes_field
from kizuna.graphql.evidence import DECLARING, Evidence
from kizuna.graphql.group_types import GroupTypes
from kizuna.graphql.inputs import Inputs
from kizuna.graphql.making import SCALARS, Argument, Field, TypeModule
from kizuna.graphql.releasing import NAMES as RELEASE_NAMES
from kizuna.graphql.releasing import release_fields, subscription_type
from kizuna.graphql.scalars import scalar_of
from kizuna.graphql.wording import about, english, label_of
from kizuna.model import Class, Model, Property, Step

RESERVED_NAMES = frozenset(
    {"Node", "PageInfo", "Text", "Query", "Mutation", "Subscription", "OrderDirection"}
    | {"node", "nodes", *RELEASE_NAMES}
    | set(SCALARS)
)
STYLES = {
    Style.APA: "Of the American Psychological Association.",
    Style.CHICAGO: "Of the Chicago Manual of Style.",
    Style.BIBTEX: "An entry for BibTeX.",
    Style.CSL_JSON: "An item for reference managers, as JSON.",
}
PARTS = (
    ("startCursor", "String", "The first edge's cursor."),
    ("endCursor", "String", "The last edge's cursor; give it as `after` to go on."),
    ("hasNextPage", "Boolean!", "Whether more follows."),
    ("hasPreviousPage", "Boolean!", "Whether something comes before."),
)


def make_types(model: Model, made: TypeModule) -> dict[tuple[str, str], b.Binding]:
    """Makes all types of the Model's schema, ``Query`` the root; returns what each field is.

    Raises InvalidInput where a class bears a name that the schema needs for itself.
    """
    maker = _Maker(model, made)
    maker.make()
    return maker.bindings


class _Maker:
    """Makes the types in an order in which each finds those that it is made of."""

    def __init__(self, model: Model, made: TypeModule) -> None:
        self.model = model
        self.made = made
        self.inputs = Inputs(model, made)
        self.groups = GroupTypes(model, made, self._bound, self._target_name)
        self.bindings: dict[tuple[str, str], b.Binding] = {}
        self.evidence = Evidence(model, made, self._bound)

    def make(self) -> None:
        for found in self.model.classes.values():
            names = {found.name, found.plural, found.name[0].lower() + found.name[1:]}
            if taken := sorted(names & RESERVED_NAMES):
                raise InvalidInput(
                    f"{found.iri}: the schema needs the name {taken[0]} for itself; "
                    "rename the class or set ij:pluralName"
                )
        self._shared()
        self.inputs.make()
        self.evidence.make()
        self.groups.make()
        for found in sorted(self.model.classes.values(), key=lambda c: len(c.ancestors)):
            self._class(found)
        for found in self.model.classes.values():
            for prop in found.properties:
                if prop.owner == found.iri and prop.targets:
                    self._targets(found, prop)
            self._connection(found.name, found.name, found)
        self._query()

    def _shared(self) -> None:
        node = Field("id", "ID!", "The IRI.")
        self.made.interface("Node", [node], "Whatever has an IRI.")
        text = [
            self._bound("Text", "value", "String!", "The text.", b.TextPart("value")),
            self._bound(
                "Text",
                "language",
                "String!",
                "Its language, as a BCP 47 tag.",
                b.TextPart("language"),
            ),
        ]
        self.made.object_type(
            "Text",
            text,
            "A text in one language: the first of `lang` (BCP 47 tags, in order of preference) "
            "that there is, else by Accept-Language, else English, else whatever there is.",
        )
        parts = [self._bound("PageInfo", n, t, d, b.PageInfoPart(n)) for n, t, d in PARTS]
        styles = {style.name: style.value for style in Style}
        abouts = {style.name: said for style, said in STYLES.items()}
        self.made.enum("CitationStyle", styles, abouts, "A form of citation.")
        self.made.object_type("PageInfo", parts, "Where a page stands in the whole.")

    def _bound(
        self,
        owner: str,
        name: str,
        type_: str,
        description: str,
        binding: b.Binding,
        arguments: Sequence[Argument] = (),
    ) -> Field:
        self.bindings[owner, name] = binding
        return Field(name, type_, description, tuple(arguments))

    def _class(self, found: Class) -> None:
        fields = list(self._fields(found))
        bases = [self.model.classes[a].name for a in found.parents] or ["Node"]
        make = self.made.interface if found.abstract else self.made.object_type
        said = english(found.descriptions, english(found.labels, found.iri))
        make(found.name, fields, said, bases)

    def _fields(self, found: Class) -> Iterator[Field]:
        """The class's fields; what it inherits comes from its bases and is only bound again."""
        self.bindings[found.name, "id"] = b.Identity()
        for prop in found.properties:
            field = self._field(found, prop)
            if prop.owner == found.iri:
                yield field
        if scheme := self.model.schemes.get(found.iri):
            self._check_added(found, "code")
            codes = {concept.iri: concept.code for concept in scheme.concepts}
            kind = f"{found.name}Code!" if scheme.closed else "String!"
            yield self._bound(found.name, "code", kind, "The concept's code.", b.Code(codes))
        if self._can_cite(found):
            self._check_added(found, "citation")
            said = "How to cite it, at this release."
            style = Argument("style", "CitationStyle", "APA where nothing is said.")
            yield self._bound(found.name, "citation", "String!", said, b.Citation(), [style, LANG])
        if found.iri == ns.TIME_SPAN:
            self._check_added(found, "display")
            display = b.TimeDisplay((Step(ns.TIME_EDTF),))
            said = "The time as readers of a language write it."
            yield self._bound(found.name, "display", "String", said, display, [LANG])
        for field in self.evidence.fields(found):
            self._check_added(found, field.name)
            if found.iri in DECLARING:
                yield field

    def _can_cite(self, found: Class) -> bool:
        """Where there are facts, whatever has a label can be cited, and what they rest on."""
        if ns.FACT not in self.model.classes or found.iri in self.model.schemes:
            return False
        labels = [p for p in found.properties if p.predicate == ns.SKOS_PREF_LABEL]
        concept = any(found.iri in self.model.classes[c].ancestors for c in self.model.schemes)
        return bool(labels and not concept) or found.iri in (ns.CLAIM, ns.PASSAGE)

    def _check_added(self, found: Class, name: str) -> None:
        for prop in found.properties:
            if prop.name == name:
                raise InvalidInput(
                    f"{prop.shape}: {found.iri} has a field {name} of the schema's own; "
                    "give it another ij:fieldName"
                )

    def _field(self, found: Class, prop: Property) -> Field:
        said = about(prop)
        if prop.targets:
            return self._link(found, prop, said)
        mark = "!" if prop.required else ""
        if prop.datatype == ns.RDF_LANG_STRING:
            kind = f"Text{mark}" if prop.single else "[Text!]!"
            return self._bound(found.name, prop.name, kind, said, b.TextField(prop), [LANG])
        name = scalar_of(prop.datatype).name
        kind = f"{name}{mark}" if prop.single else f"[{name}!]!"
        return self._bound(found.name, prop.name, kind, said, b.Scalar(prop))

    def _link(self, found: Class, prop: Property, said: str) -> Field:
        target = self._target_name(prop)
        if prop.single or prop.bounded:
            mark = "!" if prop.required else ""
            kind = f"{target}{mark}" if prop.single else f"[{target}!]!"
            return self._bound(found.name, prop.name, kind, said, b.Link(prop.path, prop.single))
        item = self.model.classes[prop.targets[0]] if len(prop.targets) == 1 else None
        kind = f"{self._connection_name(prop)}!"
        arguments = [*PAGE, *self.inputs.arguments(item)]
        return self._bound(found.name, prop.name, kind, said, b.Connection(item, prop), arguments)

    def _target_name(self, prop: Property) -> str:
        if len(prop.targets) == 1:
            return self.model.classes[prop.targets[0]].name
        return self.model.classes[prop.owner].name + _capital(prop.name)

    def _connection_name(self, prop: Property) -> str:
        if self._has_facts(prop):
            return f"{self.model.classes[prop.owner].name}{_capital(prop.name)}Connection"
        return f"{self._target_name(prop)}Connection"

    def _has_facts(self, prop: Property) -> bool:
        return prop.read_only and prop.predicate is not None and ns.FACT in self.model.classes

    def _targets(self, found: Class, prop: Property) -> None:
        """The union that a field leads to, and the connection that is the field's own."""
        target = self._target_name(prop)
        if len(prop.targets) > 1:
            members = [self.model.classes[leaf].name for leaf in self.model.leaves(prop.targets)]
            self.made.union(target, members, f"What {found.name}.{prop.name} may lead to.")
        if prop.single or prop.bounded:
            return
        item = self.model.classes[prop.targets[0]] if len(prop.targets) == 1 else None
        if self._has_facts(prop):
            self._connection(target, found.name + _capital(prop.name), item, facts=True)
        elif item is None:
            self._connection(target, target)

    def _connection(
        self, target: str, name: str, item: Class | None = None, *, facts: bool = False
    ) -> None:
        edge, whole = f"{name}Edge", f"{name}Connection"
        fields = [
            self._bound(edge, "node", f"{target}!", "The item.", b.EdgePart("node")),
            self._bound(
                edge, "cursor", "String!", "For `after` or `before`.", b.EdgePart("cursor")
            ),
        ]
        if facts:
            because = b.Link((Step(ns.BECAUSE),), single=False)
            said = "The facts from which this link is derived."
            fields.append(self._bound(edge, "facts", "[Fact!]!", said, because))
        self.made.object_type(edge, fields, f"An item of a page of {target} items, and its place.")
        parts = (
            ("nodes", f"[{target}!]!", "The items of the page."),
            ("edges", f"[{edge}!]!", "The items, each with its cursor."),
            ("pageInfo", "PageInfo!", "Where the page stands in the whole."),
            ("totalCount", "Int!", "How many there are on all pages."),
        )
        fields = [self._bound(whole, n, t, d, b.ConnectionPart(n)) for n, t, d in parts]
        fields += self.groups.fields(whole, target)
        self.made.object_type(
            whole,
            fields,
            f"A page of {target} items: `first` from `after` on, or `last` up to `before`; "
            "20 where nothing is said.",
        )

    def _query(self) -> None:
        fields = [
            # Relay's compiler takes it with no further argument; ``nodes`` has ``lang``.
            self._root("node", "Node", "Whatever bears the IRI.", b.One(None), [ID]),
            self._root(
                "nodes",
                "[Node]!",
                "Whatever bears the IRIs, in their order; null where one names nothing.",
                b.Several(),
                [IDS, LANG],
            ),
        ]
        fields.append(self._search())
        fields += release_fields(self.made, self.bindings)
        self._connection("Release", "Release")
        subscription_type(self.made, self.bindings)
        fields.append(changes_field(self.made, self.bindings))
        for name in CONNECTED:
            self._connection(name, name)
        fields += self.evidence.roots()
        for found in sorted(self.model.classes.values(), key=lambda c: c.name):
            fields += self._class_roots(found)
        said = (
            "What can be asked. An identifier is a full IRI, or its last part where that is enough."
        )
        self.made.object_type("Query", fields, said)

    def _search(self) -> Field:
        parts = (
            ("node", "Node!", "What was found."),
            ("field", "String!", "The field in which it was found best."),
            ("text", "Text!", "The text in which it was found best."),
        )
        fields = [self._bound("SearchHit", n, t, d, b.HitPart(n)) for n, t, d in parts]
        self.made.object_type("SearchHit", fields, "Something that a search found.")
        named = sorted((found.name, found) for found in self.model.classes.values())
        types = {name: found.iri for name, found in named}
        labels = {name: label_of(found) for name, found in named}
        self.made.enum("NodeType", types, labels, "What may be searched for.")
        arguments = [
            Argument("text", "String!", "Words or parts of words, in any order."),
            Argument(
                "types", "[NodeType!]", "Things of these types only; all where none are named."
            ),
            Argument("first", "Int", "The most hits; 20 where nothing is said."),
            LANG,
        ]
        said = (
            "Whatever has all the words in one of its texts, in any language, best first; case and "
            "accents don't count."
        )
        return self._root("search", "[SearchHit!]!", said, b.Search(), arguments)

    def _class_roots(self, found: Class) -> Iterator[Field]:
        label = label_of(found)
        name = found.name[0].lower() + found.name[1:]
        yield self._root(
            name, found.name, f"One {label}, by its identifier.", b.One(found), [ID, LANG]
        )
        arguments = [*PAGE, *self.inputs.arguments(found), LANG]
        many = b.Connection(found, None)
        kind = f"{found.name}Connection!"
        yield self._root(found.plural, kind, f"Each {label} that there is.", many, arguments)

    def _root(
        self, name: str, type_: str, said: str, binding: b.Binding, arguments: Sequence[Argument]
    ) -> Field:
        return self._bound("Query", name, type_, said, binding, arguments)


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]
