"""Identifiers as users write them: a full IRI, its last part, a concept's code."""

from collections.abc import Iterable, Mapping

from kizuna import namespaces as ns
from kizuna.dataset.seeking import OneOf
from kizuna.errors import InvalidInput
from kizuna.model import Class, Model, Step
from kizuna.terms import NamedNode, Term, local_name


class Identifiers:
    """Resolves identifiers under a Model.

    ``names`` are its classes' names, by their terms; ``types`` seeks those that a thing is of and
    no more.
    """

    def __init__(self, model: Model) -> None:
        self.names: Mapping[Term, str] = {
            NamedNode(iri): found.name for iri, found in model.classes.items()
        }
        concrete = frozenset(NamedNode(c.iri) for c in model.classes.values() if not c.abstract)
        self.types = OneOf((Step(ns.RDF_TYPE),), concrete)
        self._bases = model.id_bases
        self._concepts: dict[tuple[str | None, str], str] = {}
        for scheme in model.schemes.values():
            for concept in scheme.concepts:
                for name in (concept.code, local_name(concept.iri)):
                    self._concepts.setdefault((scheme.class_iri, name), concept.iri)

    def resolve(self, given: str, item: Class | None = None) -> NamedNode:
        """The IRI that an identifier stands for, whether or not anything bears it.

        Of a concept class, a code or last part names its concept. Raises InvalidInput for what can
        be no IRI.
        """
        if not given:
            raise InvalidInput("an identifier can't be empty; give an IRI, or its last part")
        iri = self._concepts.get((item.iri if item else None, given))
        if iri is None:
            iri = given if ":" in given or not self._bases else self._bases[0] + given
        try:
            return NamedNode(iri)
        except ValueError as error:
            raise InvalidInput(
                f"{given!r} is no identifier; give an IRI such as <https://…> without the brackets"
                + (", or its last part" if self._bases else "")
            ) from error

    def unknown(self, iri: Term, item: Class | None, argument: str, types: Iterable[Term]) -> str:
        """Why an identifier names nothing that is wanted; ``types`` are those of what bears it."""
        names = (self.names.get(of_type) for of_type in types if of_type in self.types.terms)
        if item and (other := next(filter(None, names), None)):
            return f"no {item.name} has the identifier {iri}: it is of type {other}"
        what = f"no {item.name}" if item else "nothing"
        return (
            f"{what} has the identifier {iri}; `{argument}` takes a full IRI or its last part, "
            "and `search` finds it by name"
        )
