"""The catalogue through its doors: VoID, DCAT, the front page's JSON-LD, what crawlers read."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pyshacl
import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SH, VOID
from starlette.testclient import TestClient

from kizuna import __version__
from kizuna.app import create_app
from kizuna.dataset.formats import TRIPLES
from kizuna.dataset.releases import Dataset
from kizuna.http import catalogue as served
from kizuna.settings import Settings
from kizuna.terms import BlankNode

ROOT = Path(__file__).parents[1]
LIBRARY = Path(__file__).parent / "library"
BASE = "http://testserver/"
ME = rdflib.URIRef(f"{BASE}catalog#dataset")
PLACES = ("/.well-known/void", "/catalog")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def client(packaged: Dataset) -> TestClient:
    return TestClient(create_app(Settings(), packaged))


@pytest.fixture(scope="module")
def other(library: Dataset) -> TestClient:
    return TestClient(create_app(Settings(ontology=LIBRARY / "ontology"), library))


def graph_of(client: TestClient, path: str, media_type: str = "text/turtle") -> rdflib.Graph:
    answer = client.get(path, headers={"accept": media_type})
    assert answer.status_code == 200
    return rdflib.Graph().parse(data=answer.content, format=media_type)


def number(graph: rdflib.Graph, subject: Any, predicate: rdflib.URIRef) -> int:
    (value,) = graph.objects(subject, predicate)
    return int(str(value))


# Negotiation


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize(
    "media_type", ["text/turtle", "application/rdf+xml", "application/n-triples"]
)
def test_negotiated(client: TestClient, path: str, media_type: str) -> None:
    answer = client.get(path, headers={"accept": f"{media_type}, text/html;q=0.1"})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert "Accept" in answer.headers["vary"]
    same = graph_of(client, path, media_type)
    assert set(same) == set(graph_of(client, path))


@pytest.mark.parametrize("path", PLACES)
def test_any_format_by_default(client: TestClient, path: str) -> None:
    assert client.get(path).headers["content-type"] == "text/turtle; charset=utf-8"


@pytest.mark.parametrize("path", PLACES)
def test_other_formats_are_406_with_the_list(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"accept": "image/png"})
    assert (answer.status_code, answer.json()["code"]) == (406, "NOT_ACCEPTABLE")
    assert [media for media in TRIPLES.values() if media not in answer.json()["detail"]] == []


@pytest.mark.parametrize("path", [*PLACES, "/sitemap.xml", "/robots.txt", "/"])
def test_strange_host_is_not_repeated(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"host": 'evil"><b'})
    assert answer.status_code == 200
    assert "evil" not in answer.text


@pytest.mark.parametrize("path", PLACES)
def test_host_is_the_one_asked(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"host": "[::1]:8000"})
    assert "http://[::1]:8000/catalog#dataset" in answer.text
    assert BASE not in answer.text


# VoID


@pytest.mark.parametrize("fixture", ["packaged", "library"])
def test_void_counts_are_the_live_ones(fixture: str, request: pytest.FixtureRequest) -> None:
    """Counted anew with rdflib, from all that the store holds."""
    dataset: Dataset = request.getfixturevalue(fixture)
    void = graph_of(
        request.getfixturevalue({"packaged": "client", "library": "other"}[fixture]),
        "/.well-known/void",
    )
    quads = dataset.store.quads()
    triples = {quad.triple for quad in quads}
    assert number(void, ME, VOID.triples) == len(triples) == len(quads)
    assert number(void, ME, VOID.distinctSubjects) == len({t.subject for t in triples})
    assert number(void, ME, VOID.distinctObjects) == len({t.object for t in triples})
    types = [t for t in triples if t.predicate.value == str(RDF.type)]
    assert number(void, ME, VOID["classes"]) == len({t.object for t in types})
    assert number(void, ME, VOID.properties) == len({t.predicate for t in triples})
    spaces = tuple(str(space) for space in void.objects(ME, VOID.uriSpace))
    named = {t.subject for t in types if not isinstance(t.subject, BlankNode)}
    entities = [s for s in named if str(getattr(s, "value", "")).startswith(spaces)]
    assert number(void, ME, VOID.entities) == len(entities)


def test_void_partitions_are_the_live_ones(client: TestClient, packaged: Dataset) -> None:
    void = graph_of(client, "/.well-known/void")
    quads = packaged.store.quads()
    for part in void.objects(ME, VOID.classPartition):
        (iri,) = void.objects(part, VOID["class"])
        members = {
            q.subject
            for q in quads
            if str(getattr(q.object, "value", "")) == str(iri)
            and q.predicate.value == str(RDF.type)
        }
        assert number(void, part, VOID.entities) == len(members)
    for part in void.objects(ME, VOID.propertyPartition):
        (iri,) = void.objects(part, VOID.property)
        used = [q for q in quads if q.predicate.value == str(iri)]
        assert number(void, part, VOID.triples) == len(used)
        assert number(void, part, VOID.distinctSubjects) == len({q.subject for q in used})
        assert number(void, part, VOID.distinctObjects) == len({q.object for q in used})
    subsets = list(void.objects(ME, VOID.subset))
    for subset in subsets:
        inside = [q for q in quads if str(getattr(q.graph_name, "value", "")) == str(subset)]
        assert number(void, subset, VOID.triples) == len(inside) > 0
    assert sum(number(void, s, VOID.triples) for s in subsets) == len(quads)


def test_void_leads_to_dumps_and_endpoint(client: TestClient) -> None:
    void = graph_of(client, "/.well-known/void")
    dumps = {str(dump) for dump in void.objects(ME, VOID.dataDump)}
    assert f"{BASE}export/kizuna-0.nq.gz" in dumps
    assert [d for d in dumps if client.head(urlsplit(d).path).status_code != 200] == []
    assert (ME, VOID.sparqlEndpoint, rdflib.URIRef(f"{BASE}sparql")) in void


# DCAT


def test_catalogue_lists_every_export(client: TestClient) -> None:
    catalogue = graph_of(client, "/catalog")
    (entry,) = catalogue.subjects(RDF.type, DCAT.Catalog)
    assert (entry, DCAT.dataset, ME) in catalogue
    addresses = {str(d) for d in catalogue.objects(ME, DCAT.distribution)}
    listed = {export["url"]: export for export in client.get("/export").json()["exports"]}
    assert addresses == set(listed)
    for address in addresses:
        (media_type,) = catalogue.objects(rdflib.URIRef(address), DCAT.mediaType)
        assert str(media_type).endswith(f"/media-types/{listed[address]['mediaType']}")
    titles = {title.language for title in catalogue.objects(ME, DCTERMS.title)}  # type: ignore[attr-defined]
    assert titles == {"en", "it", "ja"}
    (publisher,) = catalogue.objects(ME, DCTERMS.publisher)
    assert rdflib.Literal("Kizuna contributors", "en") in set(
        catalogue.objects(publisher, FOAF.name)
    )


def test_endpoints_are_services(client: TestClient) -> None:
    catalogue = graph_of(client, "/catalog")
    addresses = {str(a) for a in catalogue.objects(None, DCAT.endpointURL)}
    assert addresses == {f"{BASE}sparql", f"{BASE}graphql"}
    for description in catalogue.objects(None, DCAT.endpointDescription):
        assert client.get(urlsplit(str(description)).path).status_code == 200


def test_another_ontology_says_what_it_is(other: TestClient) -> None:
    catalogue = graph_of(other, "/catalog")
    titles = set(catalogue.objects(ME, DCTERMS.title))
    assert titles == {rdflib.Literal("A library's ontology", "en")}
    assert set(catalogue.objects(ME, DCTERMS.license)) == set()


@pytest.fixture(scope="module")
def dcat_ap(pytestconfig: pytest.Config) -> Path:
    folder = pytestconfig.getoption("dcat_ap")
    if folder is None:
        pytest.skip("no --dcat-ap DIR, a checkout of SEMICeu/DCAT-AP")
    return Path(str(folder)) / "releases" / "3.0.1"


def shapes_of(file: Path) -> rdflib.Graph:
    """The shapes, without mentions of property shapes that the file does not define."""
    shapes = rdflib.Graph().parse(file)
    mentioned = list(shapes.subject_objects(SH.property))
    undefined = [(s, SH.property, p) for s, p in mentioned if (p, SH.path, None) not in shapes]
    for triple in undefined:
        shapes.remove(triple)
    return shapes


@pytest.mark.parametrize(
    "name",
    [
        "html/shacl/shapes.ttl",
        "html/shacl/range.ttl",
        "html/shacl/deprecateduris.ttl",
        "html/shacl/mdr-vocabularies.shape.ttl",
        "shacl/dcat-ap-SHACL.ttl",
        "shacl/ranges.ttl",
    ],
)
def test_catalogue_satisfies_dcat_ap(client: TestClient, dcat_ap: Path, name: str) -> None:
    """No violation; the profile's recommendations are warnings."""
    shapes = shapes_of(dcat_ap / name)
    catalogue = graph_of(client, "/catalog")
    _, report, _ = pyshacl.validate(catalogue, shacl_graph=shapes, inference="rdfs")
    assert isinstance(report, rdflib.Graph)
    found = [
        (report.value(r, SH.focusNode), report.value(r, SH.resultPath), report.value(r, SH.value))
        for r in report.objects(None, SH.result)
        if (r, SH.resultSeverity, SH.Violation) in report
    ]
    assert found == []


# The front page's data block


class Blocks(HTMLParser):
    """The data blocks of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inside = False
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = ("type", "application/ld+json") in attrs

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found.append(data)
            self.inside = False


@pytest.mark.parametrize("language", ["en", "it", "ja"])
def test_front_page_describes_the_dataset(
    client: TestClient, packaged: Dataset, language: str
) -> None:
    html = client.get("/", headers={"accept-language": language}).text
    (block,) = Blocks(html).found
    assert "<" not in block
    told = json.loads(block)
    assert told["@type"] == "Dataset"
    assert told["url"] == BASE
    assert told["creator"]["@type"] == "Organization"
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert told["identifier"] == f"sha256:{packaged.release.hash}"
    assert ("日本" in told["name"]) is (language == "ja")
    assert len(told["distribution"]) == len(client.get("/export").json()["exports"])


# What crawlers read


def addresses(text: str) -> list[str]:
    return [str(found.text) for found in ElementTree.fromstring(text).iter(f"{SITEMAP}loc")]  # noqa: S314 (our own)


def test_sitemap_lists_pages_that_are_there(client: TestClient, packaged: Dataset) -> None:
    answer = client.get("/sitemap.xml")
    assert answer.headers["content-type"].partition(";")[0] == "application/xml"
    found = addresses(answer.text)
    assert len(found) == len(set(found))
    assert f"{BASE}page/id/gcap" in found
    assert f"{BASE}page/vocab/modality/happened" in found
    facts = [
        q
        for q in packaged.store.quads()
        if str(getattr(q.object, "value", "")).endswith("ns#Fact")
        and q.predicate.value == str(RDF.type)
    ]
    assert len([a for a in found if "/page/id/fact-" in a]) >= len(facts)
    for address in [*found[:6], *found[6::40]]:
        assert client.get(address, headers={"accept": "text/html"}).status_code == 200, address


def test_long_sitemap_comes_in_parts(
    other: TestClient, library: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = addresses(other.get("/sitemap.xml").text)
    monkeypatch.setattr(served, "MOST_ADDRESSES", 20)
    client = TestClient(create_app(Settings(ontology=LIBRARY / "ontology"), library))
    parts = addresses(client.get("/sitemap.xml").text)
    assert len(parts) > 1
    assert [a for part in parts for a in addresses(client.get(part).text)] == whole
    for nothing in (0, len(parts) + 1):
        assert client.get(f"/sitemap-{nothing}.xml").status_code == 404


def test_robots(client: TestClient) -> None:
    text = client.get("/robots.txt").text
    assert f"Sitemap: {BASE}sitemap.xml" in text
    assert "Disallow: /sparql?" in text


# The citation file


def test_citation_file() -> None:
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    given = dict(re.findall(r"^([a-z-]+): (.+)$", text, re.MULTILINE))
    assert given["cff-version"] == "1.2.0"
    assert given["version"] == __version__
    assert {"title", "message", "type"} <= set(given)
    assert "Kizuna contributors" in text
    assert all("w3id.org/italy-japan" in url for url in re.findall(r"https?://\S+", text))
