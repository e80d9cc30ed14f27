"""The codebook: for each class and concept what it means, when to use it, and an example."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kizuna import namespaces as ns
from kizuna.handbook.examples import example_of_class, example_of_concept
from kizuna.handbook.markdown import link, page, paragraphs, table
from kizuna.handbook.statements import Statements
from kizuna.model import Class, Property, Scheme
from kizuna.terms import Literal, NamedNode, Term, local_name

_INTRODUCTION = (
    "How a text is coded: which things there are, when two coders might differ and what then "
    "decides, and an example from the data. A word in brackets tells how firmly a claim holds the "
    "example to be so. This page is made by `kizuna codebook` from the ontology, in which its "
    "rules are kept; change them there."
)
_MATCHES = {
    ns.SKOS + "exactMatch": "the same as",
    ns.SKOS + "closeMatch": "close to",
    ns.SKOS + "broadMatch": "narrower than",
    ns.SKOS + "narrowMatch": "wider than",
    ns.SKOS + "relatedMatch": "related to",
    ns.RDFS_SUBCLASS_OF: "a kind of",
    ns.RDFS_SUBPROPERTY_OF: "a kind of",
}


def codebook(statements: Statements) -> str:
    """The page, in Markdown."""
    model = statements.model
    classes = [c for c in model.classes.values() if not _is_concept_class(statements, c)]
    lines = paragraphs("# Codebook", _INTRODUCTION, "## Classes")
    for found in _in_hierarchy(classes):
        lines += _class(statements, found)
    if model.schemes:
        lines += paragraphs("## Concepts")
    for scheme in sorted(model.schemes.values(), key=lambda scheme: scheme.iri):
        lines += _scheme(statements, scheme)
    return page([*lines, *_elsewhere(statements)])


def _is_concept_class(statements: Statements, found: Class) -> bool:
    leaves = set(found.leaves)
    return bool(leaves) and leaves <= set(statements.model.schemes)


def _in_hierarchy(classes: list[Class]) -> Iterator[Class]:
    """Each class after the nearest class above it, those side by side by name."""
    by_iri = {c.iri: c for c in classes}

    def place(found: Class) -> list[str]:
        above = [by_iri[a].name for a in reversed(found.ancestors) if a in by_iri]
        return [*above, found.name]

    yield from sorted(classes, key=place)


def _class(statements: Statements, found: Class) -> list[str]:
    rule, example = statements.rule(found.iri), example_of_class(statements, found.iri)
    kind = "An abstract class." if found.abstract else ""
    lines = paragraphs(
        f"### {found.name}",
        " ".join(filter(None, (statements.definition(found.iri), kind))),
        f"**Rule:** {rule}" if rule else "",
        f"**Example:** {example}" if example and not found.abstract else "",
    )
    rules = [
        _field_rule(statements, field) for field in found.properties if field.owner == found.iri
    ]
    return [*lines, *filter(None, rules), ""] if any(rules) else lines


def _field_rule(statements: Statements, field: Property) -> str:
    rule = statements.rule(field.predicate) if field.predicate else ""
    return f"- **Rule for `{field.name}`:** {rule}" if rule else ""


def _scheme(statements: Statements, scheme: Scheme) -> list[str]:
    closed = "A closed list." if scheme.closed else "The list may grow."
    rows = (
        [
            f"`{concept.code}`",
            f"**{statements.title(concept.iri)}**: {statements.definition(concept.iri)}",
            statements.rule(concept.iri),
            example_of_concept(statements, concept.iri),
        ]
        for concept in scheme.concepts
    )
    about = statements.definition(scheme.iri) or statements.definition(scheme.class_iri)
    return [
        *paragraphs(f"### {local_name(scheme.class_iri)}", f"{about} {closed}".strip()),
        *table(["Code", "Means", "Rule", "Example"], rows),
    ]


def _elsewhere(statements: Statements) -> list[str]:
    """What other coding schemes and vocabularies call the same."""
    systems = statements.subjects(ns.RDFS_SUBPROPERTY_OF, NamedNode(ns.CODED_ELSEWHERE))
    coded = [line for system in systems for line in _system(statements, system)]
    lines = [*coded, *_vocabularies(statements)]
    return [*paragraphs("## Elsewhere"), *lines] if lines else []


def _system(statements: Statements, system: Term) -> list[str]:
    """The codes of another scheme, and the terms of the same sort that have none there."""
    iri = system.value if isinstance(system, NamedNode) else ""
    codes: dict[str, list[str]] = defaultdict(list)
    for term, code in statements.stating(iri):
        if isinstance(term, NamedNode) and isinstance(code, Literal):
            codes[term.value].append(code.value)
    rows = (
        [_term(statements, t), ", ".join(f"`{c}`" for c in found)] for t, found in codes.items()
    )
    without = [_term(statements, iri) for iri in _same_sort(statements, codes) if iri not in codes]
    sources = [
        v.value for v in statements.values(system, ns.DCTERMS_SOURCE) if isinstance(v, Literal)
    ]
    return [
        *paragraphs(
            f"### {_capital(statements.label(system))}",
            statements.definition(iri),
            statements.rule(iri),
            f"Source: {', '.join(sources)}" if sources else "",
        ),
        *table(["Here", "There"], rows),
        *paragraphs(f"No counterpart: {', '.join(without)}." if without else ""),
    ]


def _same_sort(statements: Statements, terms: Iterable[str]) -> Iterator[str]:
    """The concepts of the schemes that the terms are from; all classes where one of them is one."""
    wanted = set(terms)
    classes = {iri: c for iri, c in statements.model.classes.items() if not c.abstract}
    if wanted & set(classes):
        yield from sorted(set(classes) - set(statements.model.schemes))
    for scheme in statements.model.schemes.values():
        concepts = [concept.iri for concept in scheme.concepts]
        if wanted & set(concepts):
            yield from concepts


def _vocabularies(statements: Statements) -> list[str]:
    """The alignments with terms that have IRIs, by the namespace of these."""
    own = (statements.model.ontology or "").rstrip("#/")
    rows: dict[str, list[list[str]]] = defaultdict(list)
    for predicate, relation in _MATCHES.items():
        for term, other in statements.stating(predicate):
            if not (isinstance(term, NamedNode) and isinstance(other, NamedNode)):
                continue
            if term.value.startswith(own) and not other.value.startswith(own):
                name = local_name(other.value)
                row = [_term(statements, term.value), relation, link(f"`{name}`", other.value)]
                rows[other.value.removesuffix(name)].append(row)
    return [
        line
        for namespace in sorted(rows)
        for line in (
            *paragraphs(f"### <{namespace}>"),
            *table(["Here", "is", "there"], sorted(rows[namespace])),
        )
    ]


def _term(statements: Statements, iri: str) -> str:
    """A class or property by its name, a concept by its scheme and code."""
    for scheme in statements.model.schemes.values():
        for concept in scheme.concepts:
            if concept.iri == iri:
                return f"`{local_name(scheme.class_iri)} {concept.code}`"
    return f"`{local_name(iri)}`"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
