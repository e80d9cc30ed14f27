"""An example of a term, taken from the data."""

from collections.abc import Iterator

from kizuna import namespaces as ns
from kizuna.handbook.markdown import link
from kizuna.handbook.statements import Statements
from kizuna.terms import NamedNode, Term, local_name

_TO_FACT = (ns.ON_FACT, ns.DISPUTED_FACT)
FARTHEST = 3  # links from a thing without a label to one that has one


def example_of_class(statements: Statements, class_iri: str) -> str:
    """The first instance of the class, or of a class below it, that can be named."""
    leaves = statements.model.classes[class_iri].leaves
    instances = (s for leaf in leaves for s in statements.subjects(ns.RDF_TYPE, NamedNode(leaf)))
    return next(filter(None, (_told(statements, instance) for instance in instances)), "")


def example_of_concept(statements: Statements, concept_iri: str) -> str:
    """The first thing that the data files under the concept and that can be named."""
    users = (quad.subject for quad in statements.pointing(NamedNode(concept_iri)))
    return next(filter(None, (_told(statements, user) for user in users)), "")


def _told(statements: Statements, thing: Term) -> str:
    """What the thing is called, how firmly it is claimed where it is, and the thing itself."""
    named = next(_named(statements, thing, FARTHEST), None)
    if named is None or not isinstance(thing, NamedNode):
        return ""
    firmness = _modality(statements, thing) or _modality_of_fact(statements, named)
    return " ".join(
        part
        for part in (
            statements.label(named),
            f"({firmness})" if firmness else "",
            link(f"`{local_name(thing.value)}`", thing.value),
        )
        if part
    )


def _named(statements: Statements, thing: Term, farthest: int) -> Iterator[Term]:
    """The thing itself if it has a label, else the fact that it is on, else what points to it."""
    if statements.label(thing):
        yield thing
    elif farthest:
        nearest = [f for p in _TO_FACT for f in statements.values(thing, p)]
        nearest += [quad.subject for quad in statements.pointing(thing)]
        for other in nearest:
            yield from _named(statements, other, farthest - 1)


def _modality_of_fact(statements: Statements, fact: Term) -> str:
    claims = statements.subjects(ns.ON_FACT, fact)
    return next(filter(None, (_modality(statements, claim) for claim in claims)), "")


def _modality(statements: Statements, claim: Term) -> str:
    found = statements.values(claim, ns.MODALITY)
    return statements.label(found[0]) if found else ""
