"""The W3C's tests of RDF's formats, read as submissions: bad ones refused, good ones parsed.

They run with ``--rdf-tests DIR``, a checkout of https://github.com/w3c/rdf-tests. What is refused
although it is well-formed is listed with the reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rdflib import RDF, Graph, Namespace
from rdflib.collection import Collection

from kizuna.contributions.documents import Limits
from kizuna.contributions.reader import answer
from kizuna.dataset.files import read_n_quads
from kizuna.errors import MalformedData

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
BASE = "https://w3c.github.io/rdf-tests/rdf/rdf11/"
MEDIA_TYPES = {
    "rdf-turtle": "text/turtle",
    "rdf-trig": "application/trig",
    "rdf-n-triples": "application/n-triples",
    "rdf-n-quads": "application/n-quads",
    "rdf-xml": "application/rdf+xml",
}
COUNTS = {  # negative, positive
    "rdf-turtle": (94, 219),
    "rdf-trig": (115, 241),
    "rdf-n-triples": (29, 41),
    "rdf-n-quads": (34, 53),
    "rdf-xml": (40, 126),
}
CONTROL = "not every store and no XML can hold a control character"
XML = "XML within a literal would be parsed"
OF_TURTLE = (
    *(f"LITERAL{kind}_ascii_boundaries" for kind in ("1", "2", "_LONG1", "_LONG2")),
    "LITERAL1_all_controls",
    *(
        f"literal_with_{how}{which}"
        for how in ("", "escaped_")
        for which in ("BACKSPACE", "FORM_FEED")
    ),
)
OF_LINES = ("all_controls", "ascii_boundaries", "with_BACKSPACE", "with_FORM_FEED")
REFUSED = {
    "rdf-turtle": dict.fromkeys(OF_TURTLE, CONTROL),
    "rdf-trig": dict.fromkeys(OF_TURTLE, CONTROL),
    "rdf-n-triples": {f"literal_{name}": CONTROL for name in OF_LINES},
    "rdf-n-quads": {f"literal_{name}": CONTROL for name in OF_LINES},
    "rdf-xml": {
        "datatypes-test002": "a number that is none can be costly to read",
        "rdf-containers-syntax-vs-schema-test004": XML,
        "xml-canon-test001": XML,
        "xml-canon-test002": XML,
    },
}


@dataclass(frozen=True)
class Case:
    """A document of a suite, and whether it is to be refused."""

    name: str
    file: Path
    negative: bool


@pytest.fixture(scope="module")
def suites(request: pytest.FixtureRequest) -> Path:
    folder = request.config.getoption("--rdf-tests")
    found = Path(folder) / "rdf" / "rdf11" if folder else None
    if found is None or not found.is_dir():
        pytest.skip("needs --rdf-tests DIR, a checkout of https://github.com/w3c/rdf-tests")
    return found


def cases(folder: Path) -> Iterator[Case]:
    """The documents of a suite, in the manifest's order."""
    base = f"{BASE}{folder.name}/"
    graph = Graph().parse(folder / "manifest.ttl", publicID=f"{base}manifest.ttl")
    for entries in graph.objects(None, MF.entries):
        for test in Collection(graph, entries):
            kind = str(graph.value(test, RDF.type))
            file = folder / str(graph.value(test, MF.action)).removeprefix(base)
            yield Case(str(test).rpartition("#")[2], file, "Negative" in kind)


def refused(case: Case, media_type: str) -> str | None:
    """Why the reader refuses the document, None where it takes it."""
    limits = Limits()
    base = f"{BASE}{case.file.parent.name}/{case.file.name}"
    task = {
        "media_type": media_type,
        "base": base,
        "triples": limits.triples,
        "literal": limits.literal,
    }
    lines, verdict = answer(task, case.file.read_bytes())
    if "fault" in verdict:
        return str(verdict["fault"])
    try:
        read_n_quads("\n".join(line.partition("\t")[2] for line in lines))
    except MalformedData as error:
        return str(error)
    return None


@pytest.mark.parametrize("suite", MEDIA_TYPES)
def test_documents(suite: str, suites: Path) -> None:
    found = {case: refused(case, MEDIA_TYPES[suite]) for case in cases(suites / suite)}
    negative = [case for case in found if case.negative]
    assert (len(negative), len(found) - len(negative)) == COUNTS[suite]
    assert [case.name for case in negative if found[case] is None] == []
    good = {case.name: why for case, why in found.items() if why and not case.negative}
    assert good.keys() == REFUSED[suite].keys()
