"""The reference of an ontology: its classes with their fields and constraints, its properties."""

from collections.abc import Iterator, Sequence

from kizuna import namespaces as ns
from kizuna.handbook.markdown import anchor, link, page, paragraphs, table
from kizuna.handbook.statements import Statements
from kizuna.model import Class, Property
from kizuna.terms import NamedNode, Term, local_name

_INTRODUCTION = (
    "Every class with its own fields and constraints (those of the classes above it hold too), "
    "and every property. A field is a path along properties: `^` goes against one, `/` goes on. "
    "What is derived is never stated. What the terms are for, and when to use which, is in the "
    "[codebook](codebook.md). This page is made by `kizuna reference` from the ontology and its "
    "shapes."
)
_KINDS = {
    ns.OWL_OBJECT_PROPERTY: "link",
    ns.OWL_DATATYPE_PROPERTY: "literal",
    ns.OWL_ANNOTATION_PROPERTY: "annotation",
    ns.RDF_PROPERTY: "property",
}


def reference(statements: Statements) -> str:
    """The page, in Markdown."""
    model = statements.model
    head = [
        f"Version {model.version}." if model.version else "",
        f"`{model.ontology}`" if model.ontology else "",
    ]
    lines = paragraphs("# Ontology", " ".join(filter(None, head)), _INTRODUCTION, "## Classes")
    for found in sorted(model.classes.values(), key=lambda c: c.name):
        lines += _class(statements, found)
    return page([*lines, *_properties(statements)])


def _class(statements: Statements, found: Class) -> list[str]:
    parents = ", ".join(_class_link(statements, parent) for parent in found.parents)
    facts = [
        f"`{statements.names.compact(found.iri)}`",
        " · ".join(found.labels.values()),
        "abstract" if found.abstract else "",
        f"a kind of {parents}" if parents else "",
        f"all: `{found.plural}`",
    ]
    own = [field for field in found.properties if field.owner == found.iri]
    lines = paragraphs(f"### {found.name}", "; ".join(filter(None, facts)))
    lines += paragraphs(statements.definition(found.iri))
    if own:
        rows = (_field(statements, field) for field in own)
        lines += table(["Field", "Path", "Leads to", "How many", "Means"], rows)
    constraints = list(_constraints(statements, found))
    return [*lines, *(table(["Constraint", "Gravity", "Says"], constraints) if constraints else [])]


def _class_link(statements: Statements, iri: str) -> str:
    name = statements.model.classes[iri].name
    return link(name, anchor(name))


def _field(statements: Statements, field: Property) -> list[str]:
    targets = " or ".join(_class_link(statements, target) for target in field.targets)
    datatype = f"`{statements.names.compact(field.datatype)}`" if field.datatype else ""
    return [
        f"`{field.name}`",
        f"`{_path(statements, field)}`",
        targets or datatype,
        _how_many(field),
        f"{field.descriptions.get('en', '')}{' Derived.' if field.read_only else ''}",
    ]


def _path(statements: Statements, field: Property) -> str:
    steps = (("^" if s.inverse else "") + statements.names.compact(s.predicate) for s in field.path)
    return "/".join(steps)


def _how_many(field: Property) -> str:
    if field.unique_language:
        return f"{'at least one' if field.minimum else 'any number'}, one a language"
    if field.maximum == field.minimum:
        return f"exactly {field.minimum}"
    if field.maximum is not None:
        return (
            f"{field.minimum} to {field.maximum}" if field.minimum else f"at most {field.maximum}"
        )
    return f"at least {field.minimum}" if field.minimum else "any number"


def _constraints(statements: Statements, found: Class) -> Iterator[list[str]]:
    """What the class's own shapes demand of what is stated, in the order of their names."""
    shapes = statements.subjects(ns.SH_TARGET_CLASS, NamedNode(found.iri))
    members = [m for s in shapes for m in (s, *statements.values(s, ns.SH_PROPERTY))]
    stated = [m for m in members if not statements.values(m, ns.DASH_READ_ONLY)]
    for shape in sorted(stated, key=str):
        said = [shape, *statements.values(shape, ns.SH_SPARQL)]
        message = next(filter(None, (statements.text(term, ns.SH_MESSAGE) for term in said)), "")
        if message and isinstance(shape, NamedNode):
            severity = statements.iris(shape, ns.SH_SEVERITY) or [ns.SH + "Violation"]
            yield [f"`{local_name(shape.value)}`", local_name(severity[0]), message]


def _properties(statements: Statements) -> list[str]:
    own = (statements.model.ontology or "").rstrip("#/")
    found = {
        term.value: kind
        for term, kind in statements.stating(ns.RDF_TYPE)
        if isinstance(term, NamedNode)
        and isinstance(kind, NamedNode)
        and kind.value in _KINDS
        and term.value.startswith((own + "#", own + "/"))
    }
    order = sorted(found, key=lambda iri: (local_name(iri).casefold(), iri))
    rows = [_property(statements, iri, _KINDS[found[iri].value]) for iri in order]
    head = ["Property", "Sort", "From", "To", "Means"]
    return [*paragraphs("## Properties"), *table(head, rows)] if rows else []


def _property(statements: Statements, iri: str, kind: str) -> list[str]:
    node = NamedNode(iri)
    above = [statements.names.compact(a) for a in statements.iris(node, ns.RDFS_SUBPROPERTY_OF)]
    labels = " · ".join(statements.names.labels(node).values())
    return [
        f"`{statements.names.compact(iri)}`<br>{labels}",
        kind,
        _ends(statements, node, (ns.RDFS_DOMAIN, ns.SCHEMA_DOMAIN_INCLUDES)),
        _ends(statements, node, (ns.RDFS_RANGE, ns.SCHEMA_RANGE_INCLUDES)),
        statements.definition(iri) + "".join(f" A subproperty of `{name}`." for name in above),
    ]


def _ends(statements: Statements, node: Term, predicates: Sequence[str]) -> str:
    iris = [iri for predicate in predicates for iri in statements.iris(node, predicate)]
    return ", ".join(
        _class_link(statements, iri)
        if iri in statements.model.classes
        else f"`{statements.names.compact(iri)}`"
        for iri in iris
    )
