"""Filter and order inputs made from the Model."""

from collections.abc import Iterable, Iterator

from kizuna import namespaces as ns
from kizuna.graphql import wording
from kizuna.graphql.arguments import NODE_FILTER, chosen
from kizuna.graphql.making import Argument, Field, TypeModule
from kizuna.graphql.scalars import scalar_of
from kizuna.graphql.wording import english, label_of
from kizuna.model import Class, Model, Property

ABOUT = {
    "eq": "Equal to this.",
    "ne": "There is a value, and it isn't this.",
    "in": "Equal to one of these.",
    "lt": "Below this.",
    "lte": "Below this, or equal to it.",
    "gt": "Above this.",
    "gte": "Above this, or equal to it.",
    "contains": "Contains this, letter by letter.",
    "startsWith": "Starts with this, letter by letter.",
    "endsWith": "Ends with this, letter by letter.",
    "matches": "Contains this, whatever the case and the accents.",
    "between": "From the one to the other, both included.",
    "exists": "Whether there is a value.",
    "some": "At least one linked item fulfils this.",
    "every": "There is no linked item that doesn't fulfil this.",
    "none": "No linked item fulfils this.",
    "all": "Linked to each of these.",
    "any": "Linked to at least one of these.",
    "broader": "The concept is this one, or below it.",
    "on": "On this day.",
    "before": "Over before this day.",
    "after": "Begun after this day.",
    "within": "Within these days.",
}
EQUALITY = ("eq", "ne", "in")
ORDERED = ("lt", "lte", "gt", "gte")
TEXTUAL = ("contains", "startsWith", "endsWith", "matches")
QUANTIFIERS = ("some", "every", "none")
DIRECTIONS = (
    Field("direction", "OrderDirection", "ASC where nothing is said."),
    Field("nulls", "OrderNulls", "LAST where nothing is said."),
)
ORDERED_SCALARS = ("Int", "Float", "Decimal", "Date", "DateTime")


class Inputs:
    """Makes the filter and order inputs of a schema."""

    def __init__(self, model: Model, made: TypeModule) -> None:
        self.model = model
        self.made = made

    def make(self) -> None:
        """Makes the inputs of all classes."""
        self._value_filters()
        self._node_filters()
        self._order_enums()
        for found in self.model.classes.values():
            self._codes(found)
            self._types(found)
            self._filter(found)
            self._link_filter(found)
            self._order(found)

    def arguments(self, item: Class | None) -> list[Argument]:
        """``filter`` and ``orderBy`` of a connection of the class; of a union only a filter."""
        return [NODE_FILTER] if item is None else chosen(item)

    def _value_filters(self) -> None:
        ids = _fields("ID", EQUALITY)
        self.made.input("IDFilter", ids, "A condition on an identifier, whole or its last part.")
        strings = [*_fields("String", (*EQUALITY, *TEXTUAL)), _exists()]
        self.made.input("StringFilter", strings, "A condition on a string.")
        lang = Field("lang", "String", "Only texts in this language; else in any.")
        self.made.input("TextFilter", [*strings, lang], "A condition on a text in any language.")
        booleans = [*_fields("Boolean", ("eq",)), _exists()]
        self.made.input("BooleanFilter", booleans, "A condition on a Boolean.")
        for name in ORDERED_SCALARS:
            ends = [
                Field("from", f"{name}!", "The least."),
                Field("to", f"{name}!", "The greatest."),
            ]
            self.made.input(f"{name}Range", ends, "From the one to the other, both included.")
            between = Field("between", f"{name}Range", ABOUT["between"])
            fields = [*_fields(name, (*EQUALITY, *ORDERED)), between, _exists()]
            self.made.input(f"{name}Filter", fields, f"A condition on a value of type {name}.")

    def _node_filters(self) -> None:
        types = _fields("NodeType", EQUALITY)
        self.made.input("NodeTypeFilter", types, "A condition on the type, or on one above it.")
        node = [
            Field("id", "IDFilter", "Its identifier."),
            Field("type", "NodeTypeFilter", "Its type."),
            *junctions("NodeFilter"),
        ]
        self.made.input("NodeFilter", node, "Conditions that any item can fulfil.")
        about = "A condition on a link to items of several types."
        self.made.input("NodeLinkFilter", [*_quantified("NodeFilter"), _exists()], about)

    def _order_enums(self) -> None:
        direction = {"ASC": "ascending", "DESC": "descending"}
        about = {"ASC": "Smallest first.", "DESC": "Largest first."}
        self.made.enum("OrderDirection", direction, about, "Which way.")
        nulls = {"FIRST": "first", "LAST": "last"}
        about = {"FIRST": "Before the others.", "LAST": "After the others."}
        self.made.enum("OrderNulls", nulls, about, "Where that stands which has no value.")
        certainty = {"CERTAIN": "certain", "POSSIBLE": "possible"}
        about = {
            "CERTAIN": "It must be so, whatever lies within what the time leaves open.",
            "POSSIBLE": "It can be so; what has no bound can lie anywhere on that side.",
        }
        self.made.enum("Certainty", certainty, about, "How a time of limited precision compares.")

    def _codes(self, found: Class) -> None:
        scheme = self.model.schemes.get(found.iri)
        if scheme and scheme.closed:
            codes = {concept.code: concept.iri for concept in scheme.concepts}
            about = {
                c.code: english(c.definitions, english(c.labels, c.code)) for c in scheme.concepts
            }
            self.made.enum(f"{found.name}Code", codes, about, f"The codes of {found.name}.")

    def _types(self, found: Class) -> None:
        if found.abstract:
            types_enum(self.made, found.name, found.leaves, self.model)
            fields = _fields(f"{found.name}Type", EQUALITY)
            self.made.input(f"{found.name}TypeFilter", fields, "A condition on the type.")

    def _filter(self, found: Class) -> None:
        name = f"{found.name}Filter"
        fields = [Field("id", "IDFilter", "Its identifier.")]
        if found.abstract:
            fields.append(Field("type", f"{found.name}TypeFilter", "Its type."))
        fields += [Field(p.name, self._filter_of(p), wording.about(p)) for p in found.properties]
        about = f"Conditions on {found.name}; all must hold, of `or` at least one, `not` must not."
        self.made.input(name, [*fields, *junctions(name)], about)

    def _filter_of(self, prop: Property) -> str:
        if len(prop.targets) > 1:
            return "NodeLinkFilter"
        if prop.targets:
            return f"{self.model.classes[prop.targets[0]].name}LinkFilter"
        if prop.datatype == ns.RDF_LANG_STRING:
            return "TextFilter"
        return f"{scalar_of(prop.datatype).name}Filter"

    def _link_filter(self, found: Class) -> None:
        fields = [*_quantified(f"{found.name}Filter"), _exists()]
        if scheme := self.model.schemes.get(found.iri):
            codes = _fields(f"{found.name}Code" if scheme.closed else "ID", EQUALITY)
            fields = [*codes, Field("broader", "ID", ABOUT["broader"]), *fields]
        if found.iri == ns.TIME_SPAN:
            fields = [*_times(), *fields]
        about = f"A condition on a link to {found.name}."
        self.made.input(f"{found.name}LinkFilter", fields, about)

    def _order(self, found: Class) -> None:
        names, labels = {"ID": "id"}, {"ID": "the IRI"}
        for prop in found.properties:
            for name, label in self._orders(prop):
                names[upper_snake(name)], labels[upper_snake(name)] = name, label
        about = f"What {found.name} can be ordered by: own fields, and fields of single links."
        self.made.enum(f"{found.name}OrderField", names, labels, about)
        fields = [
            Field("field", f"{found.name}OrderField!", "What to order by."),
            *DIRECTIONS,
        ]
        about = f"An order of {found.name} items; the IRI decides between equals."
        self.made.input(f"{found.name}Order", fields, about)

    def _orders(self, prop: Property) -> Iterator[tuple[str, str]]:
        """A field to order items by, or such fields of what it leads to, each with its label."""
        if not prop.single or len(prop.targets) > 1:
            return
        target = self.model.classes[prop.targets[0]] if prop.targets else None
        if target is None or target.iri == ns.TIME_SPAN or target.iri in self.model.schemes:
            yield prop.name, label_of(prop)
        if target is None or target.iri == ns.TIME_SPAN:
            return
        for inner in target.properties:
            if inner.single and not inner.targets:
                yield f"{prop.name}.{inner.name}", f"{label_of(prop)}: {label_of(inner)}"


def types_enum(made: TypeModule, name: str, leaves: Iterable[str], model: Model) -> None:
    """Makes the enum of the types that what bears the name may be of."""
    classes = [model.classes[leaf] for leaf in leaves]
    names = {found.name: found.iri for found in classes}
    labels = {found.name: label_of(found) for found in classes}
    made.enum(f"{name}Type", names, labels, f"The types of {name}.")


def _times() -> list[Field]:
    days = _fields("Date", ("on", "before", "after"))
    within = Field("within", "DateRange", ABOUT["within"])
    certainty = Field("certainty", "Certainty", "CERTAIN where nothing is said.")
    return [*days, within, certainty]


def _quantified(filter_: str) -> list[Field]:
    ids = [Field(name, "[ID!]", ABOUT[name]) for name in ("all", "any")]
    return [*_fields(filter_, QUANTIFIERS), *ids]


def _fields(type_: str, names: Iterable[str]) -> list[Field]:
    return [Field(n, f"[{type_}!]" if n == "in" else type_, ABOUT[n]) for n in names]


def _exists() -> Field:
    return Field("exists", "Boolean", ABOUT["exists"])


def junctions(name: str) -> list[Field]:
    """``and``, ``or`` and ``not`` of a filter of that name."""
    return [
        Field("and", f"[{name}!]", "All of these hold."),
        Field("or", f"[{name}!]", "At least one of these holds."),
        Field("not", name, "This doesn't hold."),
    ]


def upper_snake(name: str) -> str:
    """``currentStatus.label`` as ``CURRENT_STATUS_LABEL``."""
    parted = "".join(f"_{c}" if c.isupper() else c for c in name.replace(".", "_"))
    return parted.upper().lstrip("_")
