"""The questions as somebody who knows SPARQL well would write them, each in three forms.

``optional`` is one query with OPTIONALs, ``union`` one query whose branches are a UNION, ``levels``
asks level by level with VALUES. The answers are SPARQL's own JSON
(https://www.w3.org/TR/sparql11-results-json/), a list of them where there are several.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, Store

Variables: TypeAlias = Mapping[str, Any]
Form: TypeAlias = Callable[[Store, Variables], bytes]

PREFIXES = """
PREFIX ij: <https://w3id.org/italy-japan/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def solutions(store: Store, query: str) -> QuerySolutions:
    """The solutions of a SELECT query over all graphs."""
    found = store.query(PREFIXES + query, use_default_graph_as_union=True)
    if not isinstance(found, QuerySolutions):
        raise TypeError("only SELECT queries are asked here")
    return found


def _json(store: Store, query: str) -> bytes:
    return solutions(store, query).serialize(format=QueryResultsFormat.JSON) or b""


def _single(make: Callable[[Variables], str]) -> Form:
    return lambda store, variables: _json(store, make(variables))


class _Levels:
    """Answers put one after the other; a level's subjects come from the one before it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._parts: list[bytes] = []

    def ask(self, query: str) -> None:
        """One level."""
        self._parts.append(_json(self._store, query))

    def follow(self, query: str, name: str) -> str:
        """One level; the terms bound to the variable, as VALUES takes them."""
        rows = list(solutions(self._store, query))
        self.ask(query)
        return " ".join(dict.fromkeys(str(row[name]) for row in rows if row[name] is not None))

    def answer(self) -> bytes:
        """All the levels."""
        return b"[" + b",".join(self._parts) + b"]"


CLAIMS = """
  ?claim ij:onFact ?fact ; ij:modality ?modality ; ij:basis ?basis ; ij:supportedBy ?passage .
"""
PASSAGES = """
  ?passage ij:start ?start ; ij:end ?end ; ij:paraphrase ?said ; ij:inSource ?document .
  FILTER(LANG(?said) = "en")
  ?document skos:prefLabel ?title . FILTER(LANG(?title) = "en")
"""
FACTS = """
  ?fact ij:involves ?agreement ; skos:prefLabel ?told . FILTER(LANG(?told) = "en")
"""


def _entity_optional(variables: Variables) -> str:
    return f"""SELECT * WHERE {{ VALUES ?agreement {{ {NamedNode(variables["id"])} }}
  ?agreement skos:prefLabel ?label . FILTER(LANG(?label) = "en")
  OPTIONAL {{ {FACTS} OPTIONAL {{ {CLAIMS} {PASSAGES} }} }} }}"""


def _entity_union(variables: Variables) -> str:
    one = f"VALUES ?agreement {{ {NamedNode(variables['id'])} }}"
    return f"""SELECT * WHERE {{
  {{ {one} ?agreement skos:prefLabel ?label . FILTER(LANG(?label) = "en") }}
  UNION {{ {one} {FACTS} }}
  UNION {{ {one} ?fact ij:involves ?agreement . {CLAIMS} {PASSAGES} }} }}"""


def _entity_levels(store: Store, variables: Variables) -> bytes:
    levels, agreement = _Levels(store), NamedNode(variables["id"])
    levels.ask(
        f"SELECT ?label WHERE {{ {agreement} skos:prefLabel ?label FILTER(LANG(?label) = 'en') }}"
    )
    facts = levels.follow(
        f"SELECT ?fact ?told WHERE {{ VALUES ?agreement {{ {agreement} }} {FACTS} }}", "fact"
    )
    passages = levels.follow(f"SELECT * WHERE {{ VALUES ?fact {{ {facts} }} {CLAIMS} }}", "passage")
    levels.ask(f"SELECT * WHERE {{ VALUES ?passage {{ {passages} }} {PASSAGES} }}")
    return levels.answer()


def status(code: str) -> str:
    """The IRI of the status with the code."""
    return f"https://w3id.org/italy-japan/vocab/status/{code.lower().replace('_', '-')}"


def _chosen(variables: Variables) -> str:
    codes = " ".join(str(NamedNode(status(code))) for code in variables["status"])
    return f"""{{ SELECT ?agreement ?label ?status WHERE {{
    VALUES ?status {{ {codes} }}
    ?agreement ij:currentStatus ?status ; a ij:Agreement ; skos:prefLabel ?label .
    FILTER(LANG(?label) = "en")
  }} ORDER BY {variables["direction"]}(?label) LIMIT 20 }}"""


PARTIES = (
    """ ?agreement ij:party ?party . ?party skos:prefLabel ?name . FILTER(LANG(?name) = "en") """
)
MADE = """ ?fact ij:involves ?agreement . ?claim ij:onFact ?fact ; ij:modality ?modality . """


def _page_optional(variables: Variables) -> str:
    return f"""SELECT * WHERE {{ {_chosen(variables)}
  OPTIONAL {{ {PARTIES} }} OPTIONAL {{ {MADE} }} }} ORDER BY {variables["direction"]}(?label)"""


def _page_union(variables: Variables) -> str:
    return f"""SELECT * WHERE {{ {_chosen(variables)}
  {{}} UNION {{ {PARTIES} }} UNION {{ {MADE} }} }} ORDER BY {variables["direction"]}(?label)"""


def _page_levels(store: Store, variables: Variables) -> bytes:
    levels = _Levels(store)
    chosen = levels.follow(f"SELECT * WHERE {_chosen(variables)}", "agreement")
    levels.ask(f"SELECT * WHERE {{ VALUES ?agreement {{ {chosen} }} {PARTIES} }}")
    levels.ask(
        f"SELECT ?agreement ?claim ?modality WHERE {{ VALUES ?agreement {{ {chosen} }} {MADE} }}"
    )
    return levels.answer()


def _of_passages(variables: Variables) -> str:
    (language,) = variables["lang"]
    return f"""?passage ij:start ?start ; ij:end ?end ; ij:sha256 ?hash ; ij:inSource ?document ;
    ij:paraphrase ?said . FILTER(LANG(?said) = "{language}")
  ?document skos:prefLabel ?title . FILTER(LANG(?title) = "{language}")
  OPTIONAL {{ ?passage ij:withoutFact ?without }}"""


FIRST = "{ SELECT ?passage WHERE { ?passage a ij:Passage } ORDER BY STR(?passage) LIMIT 1000 }"


def _nodes_optional(variables: Variables) -> str:
    return f"SELECT * WHERE {{ {FIRST} {_of_passages(variables)} }}"


def _nodes_union(variables: Variables) -> str:
    (language,) = variables["lang"]
    return f"""SELECT * WHERE {{ {FIRST}
  {{ ?passage ij:start ?start ; ij:end ?end ; ij:sha256 ?hash ; ij:inSource ?document .
     ?document skos:prefLabel ?title . FILTER(LANG(?title) = "{language}") }}
  UNION {{ ?passage ij:paraphrase ?said . FILTER(LANG(?said) = "{language}") }}
  UNION {{ ?passage ij:withoutFact ?without }} }}"""


def _nodes_levels(store: Store, variables: Variables) -> bytes:
    levels = _Levels(store)
    passages = levels.follow(f"SELECT * WHERE {FIRST}", "passage")
    levels.ask(f"SELECT * WHERE {{ VALUES ?passage {{ {passages} }} {_of_passages(variables)} }}")
    return levels.answer()


def _theme(variables: Variables) -> str:
    return str(NamedNode(f"https://w3id.org/italy-japan/vocab/theme/{variables['theme']}"))


def _groups_plain(variables: Variables) -> str:
    return f"""SELECT ?status (COUNT(?fact) AS ?count) WHERE {{
  ?fact a ij:StatusChange ; ij:theme {_theme(variables)} ; ij:newStatus ?status
}} GROUP BY ?status ORDER BY DESC(?count)"""


def _groups_distinct(variables: Variables) -> str:
    return f"""SELECT ?status (COUNT(DISTINCT ?fact) AS ?count) WHERE {{
  ?fact ij:theme {_theme(variables)} . ?fact ij:newStatus ?status
}} GROUP BY ?status ORDER BY DESC(?count)"""


def _groups_below(variables: Variables) -> str:
    return f"""SELECT ?status ?count WHERE {{ {{
  SELECT ?status (COUNT(*) AS ?count) WHERE {{
    ?fact ij:newStatus ?status . FILTER EXISTS {{ ?fact ij:theme {_theme(variables)} }}
  }} GROUP BY ?status }} }} ORDER BY DESC(?count)"""


def _search(tests: Iterable[str]) -> str:
    return f"""SELECT DISTINCT ?thing ?label WHERE {{
  ?thing skos:prefLabel ?label . FILTER({" && ".join(tests)}) }} LIMIT 20"""


def _search_contains(variables: Variables) -> str:
    return _search(f'CONTAINS(LCASE(STR(?label)), "{word}")' for word in variables["text"].split())


def _search_regex(variables: Variables) -> str:
    return _search(f'REGEX(STR(?label), "{word}", "i")' for word in variables["text"].split())


def _search_typed(variables: Variables) -> str:
    tests = [f'CONTAINS(STR(?label), "{word}")' for word in variables["text"].split()]
    return _search([*tests, "LANG(?label) = 'en'"])


ENTITY = {
    "optional": _single(_entity_optional),
    "union": _single(_entity_union),
    "levels": _entity_levels,
}
PAGE = {
    "optional": _single(_page_optional),
    "union": _single(_page_union),
    "levels": _page_levels,
}
NODES = {
    "optional": _single(_nodes_optional),
    "union": _single(_nodes_union),
    "levels": _nodes_levels,
}
GROUPS = {
    "plain": _single(_groups_plain),
    "distinct": _single(_groups_distinct),
    "exists": _single(_groups_below),
}
SEARCH = {
    "contains": _single(_search_contains),
    "regex": _single(_search_regex),
    "one language": _single(_search_typed),
}
