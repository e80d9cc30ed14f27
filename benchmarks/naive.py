"""A Strawberry schema as it is first written: a resolver for each field, each asking the store."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
import strawberry
from pyoxigraph import Literal, NamedNode, Store

TERMS = "https://w3id.org/italy-japan/ns#"
LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
IN_SOURCE = NamedNode(TERMS + "inSource")


@strawberry.type
class Named:
    """A document with its label."""

    id: str
    store: strawberry.Private[Store]
    language: strawberry.Private[str]

    @strawberry.field
    def label(self) -> str | None:
        """In the asked language."""
        return _text(self.store, self.id, LABEL, self.language)


@strawberry.type
class Passage:
    """A passage, each field read when it is asked."""

    id: str
    store: strawberry.Private[Store]
    language: strawberry.Private[str]

    @strawberry.field
    def start(self) -> int | None:
        """Where it starts."""
        return _number(self.store, self.id, "start")

    @strawberry.field
    def end(self) -> int | None:
        """Where it ends."""
        return _number(self.store, self.id, "end")

    @strawberry.field
    def sha256(self) -> str | None:
        """Its hash."""
        return _value(self.store, self.id, "sha256")

    @strawberry.field
    def without_fact(self) -> bool | None:
        """Whether it states no fact."""
        value = _value(self.store, self.id, "withoutFact")
        return None if value is None else value == "true"

    @strawberry.field
    def paraphrase(self) -> str | None:
        """In the asked language."""
        return _text(self.store, self.id, NamedNode(TERMS + "paraphrase"), self.language)

    @strawberry.field
    def document(self) -> Named:
        """Its document."""
        found = self.store.quads_for_pattern(NamedNode(self.id), IN_SOURCE, None, None)
        return Named(id=_name(next(found).object), store=self.store, language=self.language)


NODES = """query ($lang: String!) {
  passages(first: 1000, lang: $lang) {
    id start end sha256 withoutFact paraphrase document { id label }
  }
}"""


def naive_schema(store: Store) -> Mapping[str, Callable[[Mapping[str, object]], bytes]]:
    """How to ask what the naive schema can answer, by the operation's name."""

    def passages(first: int, lang: str) -> list[Passage]:
        found = store.quads_for_pattern(None, TYPE, NamedNode(TERMS + "Passage"), None)
        names = sorted(_name(quad.subject) for quad in found)[:first]
        return [Passage(id=name, store=store, language=lang) for name in names]

    field = strawberry.field(resolver=passages)
    query = strawberry.type(type("Query", (), {"passages": field, "__annotations__": {}}))
    schema = strawberry.Schema(query=query)

    def ask(variables: Mapping[str, object]) -> bytes:
        languages: Any = variables["lang"]
        result = schema.execute_sync(NODES, variable_values={"lang": languages[0]})
        if result.errors:
            raise ValueError(result.errors)
        return orjson.dumps(result.data)

    return {"1,000 nodes of 8 fields": ask}


def _name(term: object) -> str:
    if not isinstance(term, NamedNode):
        raise TypeError(f"{term} has no IRI")
    return term.value


def _value(store: Store, subject: str, name: str) -> str | None:
    predicate = NamedNode(TERMS + name)
    quad = next(store.quads_for_pattern(NamedNode(subject), predicate, None, None), None)
    return quad.object.value if quad and isinstance(quad.object, Literal) else None


def _number(store: Store, subject: str, name: str) -> int | None:
    value = _value(store, subject, name)
    return None if value is None else int(value)


def _text(store: Store, subject: str, predicate: NamedNode, language: str) -> str | None:
    for quad in store.quads_for_pattern(NamedNode(subject), predicate, None, None):
        if isinstance(quad.object, Literal) and quad.object.language == language:
            return quad.object.value
    return None
