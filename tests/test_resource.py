"""Linked data through its door: addresses, pages, data, and what is said where there is nothing."""

import csv
import hashlib
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import rdflib
from starlette.testclient import TestClient

from kizuna import namespaces as ns
from kizuna.addresses import addresses_of
from kizuna.app import create_app
from kizuna.dataset.files import Ontology, read_file
from kizuna.dataset.releases import Dataset, load_dataset, read_data
from kizuna.descriptions.extracts import COLUMNS
from kizuna.http.showing import quoted
from kizuna.settings import Settings
from kizuna.terms import BlankNode, Literal, NamedNode, Quad, Term, Triple

LIBRARY = Path(__file__).parent / "library"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROBLEM = "application/problem+json"
TYPES = {
    "ttl": "text/turtle",
    "trig": "application/trig",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "csv": "text/csv",
}
RDF = [suffix for suffix in TYPES if suffix != "csv"]
DISPUTED = "id/fact-italian-indo-pacific-strategy-adopted"
PASSAGE = "id/passage-0c88c5e9-171-257"
SOURCE = "id/source-0c88c5e9"
LIB = "https://example.org/library/"


@pytest.fixture(scope="module")
def client(packaged: Dataset) -> TestClient:
    return TestClient(create_app(Settings(), packaged), follow_redirects=False)


@pytest.fixture(scope="module")
def library_client(library: Dataset) -> TestClient:
    return served(library)


def served(dataset: Dataset) -> TestClient:
    settings = Settings(ontology=LIBRARY / "ontology")
    return TestClient(create_app(settings, dataset), follow_redirects=False)


def browse(client: TestClient, address: str, language: str = "en") -> Any:
    return client.get(address, headers={"accept": BROWSER, "accept-language": language})


def subjects(dataset: Dataset) -> dict[str, str]:
    """Each thing that has a type, with one of its types."""
    rows = dataset.store.reader().select("SELECT ?s ?type WHERE { ?s a ?type }").rows
    nodes = ((s, t) for s, t in rows if isinstance(s, NamedNode) and isinstance(t, NamedNode))
    return {s.value: t.value for s, t in nodes}


def one_of_each_kind(dataset: Dataset) -> list[str]:
    leaves = {iri for cls in dataset.model.classes.values() for iri in cls.leaves}
    found = {t: s for s, t in sorted(subjects(dataset).items()) if t in leaves}
    return [*found.values(), *(scheme.iri for scheme in dataset.model.schemes.values())]


class Page(HTMLParser):
    """What a page loads and links to, its headings in order, its languages and its ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.headings: list[int] = []
        self.languages: list[str] = []
        self.ids: list[str] = []
        self.pointers: set[str] = set()
        self.texts: list[str] = []
        self.texts_as_written: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(given["href"])
        elif given.get("rel") in ("stylesheet", "icon") or "src" in given:
            self.loaded.append(given.get("href") or given["src"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.languages += [given["lang"]] if "lang" in given else []
        self.ids += [given["id"]] if "id" in given else []
        self.pointers |= {given["aria-labelledby"]} if "aria-labelledby" in given else set()

    def handle_data(self, data: str) -> None:
        self.texts.append(" ".join(data.split()))
        self.texts_as_written.append(data)

    @property
    def text(self) -> str:
        return " ".join(text for text in self.texts if text)


def check_page(client: TestClient, address: str, language: str) -> Page:
    answer = browse(client, address, language)
    assert answer.status_code == 200, address
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == language
    page = Page(answer.text)
    assert page.languages[0] == language
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    steps = zip(page.headings, page.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps), address
    assert len(page.ids) == len(set(page.ids)), address
    assert page.pointers <= set(page.ids)
    assert all(found.startswith("/static/") for found in page.loaded)
    assert all(page.links), address
    assert not re.search(r"<script|<style|\son\w+=|\sstyle=", answer.text)
    return page


# Addresses


def test_every_iri_has_a_place_and_every_place_its_iri(packaged: Dataset) -> None:
    addresses = addresses_of(packaged.model)
    for iri in subjects(packaged):
        place = addresses.place(iri)
        named = addresses.iri(place.path)
        assert iri == f"{named}#{place.fragment}" if place.fragment else iri == named
        assert not place.path.startswith("iri/") or "italy-japan/ns" not in iri


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        (BROWSER, "/page/id/gcap"),
        ("text/turtle", "/data/id/gcap.ttl"),
        ("application/ld+json", "/data/id/gcap.jsonld"),
        ("application/rdf+xml, text/turtle;q=0.5", "/data/id/gcap.rdf"),
        ("text/html;q=0.1, application/n-triples", "/data/id/gcap.nt"),
        ("application/trig", "/data/id/gcap.trig"),
        ("text/csv", "/data/id/gcap.csv"),
        ("*/*", "/page/id/gcap"),
        ("", "/page/id/gcap"),
    ],
)
def test_a_thing_leads_to_what_the_client_likes(
    client: TestClient, accept: str, target: str
) -> None:
    answer = client.get("/id/gcap", headers={"accept": accept})
    assert (answer.status_code, answer.headers["location"]) == (303, target)
    assert "Accept" in answer.headers["vary"].split(", ")
    assert client.get(target).status_code == 200


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/id/gcap.ttl", "/data/id/gcap.ttl"),
        ("/id/gcap.html?lang=ja", "/page/id/gcap?lang=ja"),
        ("/id/gcap/", "/page/id/gcap"),
        ("/vocab/modality", "/page/vocab/modality"),
        ("/vocab/modality/happened", "/page/vocab/modality/happened"),
        ("/graph/facts", "/page/graph/facts"),
        ("/graph/source/0c88c5e9.trig", "/data/graph/source/0c88c5e9.trig"),
        ("/graph", "/page/graph"),
        ("/ns", "/page/ns"),
        ("/ns.jsonld", "/data/ns.jsonld"),
        ("/ns/0.1.0", "/page/ns"),
        ("/iri/https://w3id.org/italy-japan/contributors", None),
    ],
)
def test_addresses_lead_on(client: TestClient, address: str, target: str | None) -> None:
    answer = browse(client, address)
    location = answer.headers["location"]
    assert answer.status_code == 303
    assert location == (target or "/page" + address)
    assert browse(client, location).status_code == 200


def test_headers_say_where_else_it_is(client: TestClient) -> None:
    page, data = client.get("/page/id/gcap"), client.get("/data/id/gcap.ttl")
    for answer in (page, data):
        links = answer.headers["link"]
        assert '<https://w3id.org/italy-japan/id/gcap>; rel="canonical"' in links
        assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in links
        assert "<http" not in links.replace("<https://w3id", "").replace("<https://creat", "")
    for suffix, media_type in TYPES.items():
        link = f'</data/id/gcap.{suffix}>; rel="alternate"; type="{media_type}"'
        assert link in page.headers["link"]
        assert (link in data.headers["link"]) is (suffix != "ttl")
    assert '</page/id/gcap>; rel="alternate"; type="text/html"' in data.headers["link"]
    assert '</data/id/gcap.ttl>; rel="describedby"' in page.headers["link"]
    assert '</data/ns.ttl>; rel="describedby"' in data.headers["link"]


@pytest.mark.parametrize("address", ["/page/id/gcap", "/page/ns", "/data/ns.ttl", "/data/ns.csv"])
def test_an_unchanged_state_is_not_sent_again(client: TestClient, address: str) -> None:
    answer = client.get(address)
    for held in (answer.headers["etag"], f'"other", {answer.headers["etag"]}', "*"):
        again = client.get(address, headers={"if-none-match": held})
        assert (again.status_code, again.content) == (304, b"")
        for name in ("etag", "link", "cache-control"):
            assert again.headers[name] == answer.headers[name]
        assert {*again.headers["vary"].split(", "), "Accept-Encoding"} >= {
            *answer.headers["vary"].split(", ")
        }
    assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200


def test_states_differ_by_language_and_format(client: TestClient) -> None:
    addresses = ["/page/id/gcap", "/data/id/gcap.csv", "/data/id/gcap.nt"]
    pairs = [(address, language) for address in addresses for language in ("en", "ja")]
    tags = [client.get(a, headers={"accept-language": b}).headers["etag"] for a, b in pairs]
    assert len(set(tags)) == 5  # the N-Triples are in no language


def test_pages_of_other_hosts_may_read_the_links(client: TestClient) -> None:
    answer = client.get("/data/id/gcap.ttl", headers={"origin": "https://example.org"})
    assert "link" in answer.headers["access-control-expose-headers"]


# Data


def triples(content: bytes, suffix: str, folder: Path) -> set[Triple]:
    file = folder / f"answer.{suffix}"
    file.write_bytes(content)
    return {quad.triple for quad in read_file(file)}


@pytest.mark.parametrize(
    "path",
    ["id/gcap", DISPUTED, PASSAGE, "id/italy", "vocab/theme", "vocab/modality/happened", "ns"],
)
def test_data_is_the_same_in_every_format(
    client: TestClient, packaged: Dataset, tmp_path: Path, path: str
) -> None:
    answers = {suffix: client.get(f"/data/{path}.{suffix}") for suffix in RDF}
    found = {s: triples(answer.content, s, tmp_path) for s, answer in answers.items()}
    whole = {quad.triple for quad in packaged.store.quads()}
    for suffix, answer in answers.items():
        assert answer.headers["content-type"].startswith(TYPES[suffix])
        assert found[suffix] == found["nt"], suffix
        assert b"testserver" not in answer.content
    assert found["nt"] <= whole
    iri = addresses_of(packaged.model).iri(path) or ""
    assert {t for t in whole if t.subject == NamedNode(iri)} <= found["nt"]
    if path != "ns":
        assert {t for t in whole if t.object == NamedNode(iri)} <= found["nt"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_rdflib_reads_the_data_alike(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    formats = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld"}
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    read = [
        set(rdflib.Graph().parse(data=client.get(f"/data/{PASSAGE}.{suffix}").text, format=form))
        for suffix, form in formats.items()
    ]
    assert read[0]
    assert all(found == read[0] for found in read)


def test_trig_keeps_the_graphs(client: TestClient, packaged: Dataset, tmp_path: Path) -> None:
    file = tmp_path / "gcap.trig"
    file.write_bytes(client.get("/data/id/gcap.trig").content)
    found = set(read_file(file))
    assert found <= set(packaged.store.quads())
    assert {quad.graph_name.value for quad in found if isinstance(quad.graph_name, NamedNode)} >= {
        ns.GRAPH_REFERENCE,
        ns.GRAPH_DERIVED,
        ns.GRAPH_DERIVATION,
    }


def test_a_fact_brings_its_evidence(client: TestClient, tmp_path: Path) -> None:
    found = triples(client.get(f"/data/{DISPUTED}.nt").content, "nt", tmp_path)
    said = {(str(t.subject).rpartition("/")[2], t.predicate.value) for t in found}
    assert {predicate for _, predicate in said} >= {ns.MODALITY, ns.PARAPHRASE, ns.SHA256}
    # What only has a name here is named, no more.
    italy = {p for s, p in said if s == "italy>"}
    assert italy <= {ns.RDF_TYPE, ns.SKOS_PREF_LABEL}


@pytest.mark.parametrize("name", ["facts", "source/0c88c5e9", "derivation", "vocabularies"])
def test_a_graph_comes_whole(
    client: TestClient, packaged: Dataset, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "graph.trig"
    file.write_bytes(client.get(f"/data/graph/{name}.trig").content)
    graph = NamedNode(ns.GRAPHS + name)
    assert set(read_file(file)) == {q for q in packaged.store.quads() if q.graph_name == graph}


def test_table_says_what_the_triples_say(client: TestClient, tmp_path: Path) -> None:
    found = triples(client.get("/data/id/gcap.nt").content, "nt", tmp_path)
    answer = client.get("/data/id/gcap.csv", headers={"accept-language": "it"})
    head, *rows = csv.reader(io.StringIO(answer.text, newline=""))
    assert tuple(head) == COLUMNS
    assert len(rows) == len(found)
    table = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    (leader,) = [
        row
        for row in table
        if row["subject"].endswith("/gcap")
        and row["property"].endswith("#leader")
        and row["value"].endswith("/italy")
    ]
    assert (leader["value_label"], leader["graph"]) == ("Italia", ns.GRAPH_DERIVED)
    labels = [row for row in table if row["subject"].endswith("/japan") and row["language"] == "ja"]
    assert labels[0]["value"] == "日本"


# Pages


@pytest.mark.parametrize("language", ["en", "it", "ja"])
def test_every_kind_of_thing_has_a_page(
    client: TestClient, packaged: Dataset, language: str
) -> None:
    addresses = addresses_of(packaged.model)
    kinds = one_of_each_kind(packaged)
    assert len(kinds) > 40
    for iri in kinds:
        check_page(client, f"/page/{addresses.place(iri).path}", language)


def test_every_thing_of_another_ontology_has_a_page(
    library_client: TestClient, library: Dataset
) -> None:
    addresses = addresses_of(library.model)
    things = [iri for iri in subjects(library) if iri.startswith(LIB)]
    assert len(things) > 60
    for iri in things:
        check_page(library_client, f"/page/{quoted(addresses.place(iri).path)}", "en")


def test_everything_has_a_page(
    client: TestClient, packaged: Dataset, pytestconfig: pytest.Config
) -> None:
    addresses = addresses_of(packaged.model)
    paths = sorted({addresses.place(iri).path for iri in subjects(packaged)})
    for path in paths if pytestconfig.getoption("full") else paths[::40]:
        check_page(client, f"/page/{quoted(path)}", "en")


@pytest.mark.parametrize(
    "path",
    ["id/gcap", DISPUTED, PASSAGE, SOURCE, "vocab/modality", "graph", "graph/facts", "ns"],
)
def test_every_link_of_a_page_leads_somewhere(client: TestClient, path: str) -> None:
    page = check_page(client, f"/page/{quoted(path)}", "en")
    ids: dict[str, list[str]] = {}
    for link in sorted(set(page.links)):
        if link.startswith(("https://", "http://")):
            continue
        parts = urlsplit(link)
        if not parts.path:
            assert not parts.fragment or unquote(parts.fragment) in page.ids
            continue
        address = parts._replace(fragment="").geturl()
        if address not in ids:
            answer = browse(client, address)
            assert answer.status_code == 200, link
            ids[address] = Page(answer.text).ids if "html" in answer.headers["content-type"] else []
        assert not parts.fragment or unquote(parts.fragment) in ids[address], link


@pytest.mark.parametrize("path", ["graph", "graph/facts", "graph/derivation", "ns"])
@pytest.mark.parametrize("language", ["en", "it", "ja"])
def test_graphs_and_ontology_have_pages(client: TestClient, path: str, language: str) -> None:
    check_page(client, f"/page/{path}", language)


def test_ontology_page_has_every_term(client: TestClient, packaged: Dataset) -> None:
    page = check_page(client, "/page/ns", "en")
    terms = {iri for iri in subjects(packaged) if iri.startswith(ns.TERMS)}
    assert len(terms) > 100
    assert {iri.removeprefix(ns.TERMS) for iri in terms} <= set(page.ids)


def test_an_entity_says_what_follows_and_why(client: TestClient) -> None:
    text = check_page(client, "/page/id/gcap", "en").text
    section = text.partition("What follows from the facts")[2].partition("Facts")[0]
    leaders = section.partition("leaders")[2]
    assert re.match(r" Italy , Japan , United Kingdom because .* lead GCAP", leaders)


def test_labels_in_three_languages(client: TestClient) -> None:
    html = browse(client, "/page/id/italy", "ja").text
    assert "<h1>イタリア</h1>" in html
    assert '<li lang="en">Italy</li>' in html
    assert '<li lang="it">Italia</li>' in html


def test_language_by_parameter_before_header(client: TestClient) -> None:
    assert "<h1>Italia</h1>" in browse(client, "/page/id/italy?lang=it", "ja").text


def test_disagreement_stands_side_by_side(client: TestClient) -> None:
    html = browse(client, f"/page/{DISPUTED}").text
    (sides,) = re.findall(r'<div class="sides">(.*?)</section>', html, re.DOTALL)
    assert re.findall(r'class="claim (\w+)"', sides)[:2] == ["for", "against"]
    assert "disputed" in Page(html).text
    entity = browse(client, "/page/id/italy").text
    assert '<div class="sides">' in entity
    assert "The sources disagree on this." in entity


def test_a_passage_tells_how_to_check_it(client: TestClient) -> None:
    page = check_page(client, f"/page/{PASSAGE}", "en")
    command = next(text for text in page.texts if text.startswith("python3 -c"))
    assert "[171:257]" in command
    assert "NFC" in command
    assert re.search(r"SHA-256 [0-9a-f]{64} ", page.text)


def test_the_command_that_checks_a_passage_works(client: TestClient, tmp_path: Path) -> None:
    page = Page(browse(client, f"/page/{PASSAGE}").text)
    (command,) = re.findall(r"python3 -c '(.*)' FILE", "\n".join(page.texts_as_written), re.S)
    file = tmp_path / "FILE"
    file.write_text("か\u3099" * 200, encoding="utf-8")  # decomposed: it matters that NFC is made
    run = [sys.executable, "-c", command, str(file)]
    answer = subprocess.run(run, capture_output=True, text=True, check=True)  # noqa: S603
    expected = "\u3099" + "が" * 42 + "か"  # from the 172nd code point to the 257th
    assert answer.stdout.strip() == hashlib.sha256(expected.encode()).hexdigest()


def test_long_lists_come_in_pages(client: TestClient) -> None:
    first, second = browse(client, "/page/id/italy"), browse(client, "/page/id/italy?page=2")
    assert 'rel="next" href="?lang=en&amp;page=2"' in first.text
    assert 'rel="prev" href="?lang=en&amp;page=1"' in second.text
    facts = [set(re.findall(r"<h3><a href=\"([^\"]+)", page.text)) for page in (first, second)]
    assert len(facts[0]) == 20
    assert not facts[0] & facts[1]


def test_times_and_sums_in_words(client: TestClient, packaged: Dataset) -> None:
    (sum_,) = [s for s, t in subjects(packaged).items() if t == ns.MONETARY_AMOUNT][:1]
    path = addresses_of(packaged.model).place(sum_).path
    titles = [
        re.findall(r"<h1>(.*?)</h1>", browse(client, f"/page/{path}", language).text)[0]
        for language in ("en", "it", "ja")
    ]
    assert titles == ["150,000,000,000 euros", "150.000.000.000 euro", "150,000,000,000ユーロ"]


# What is served may be hostile, or lie elsewhere


@pytest.fixture(scope="module")
def odd(library_ontology: Ontology) -> Iterator[TestClient]:
    """The library with a book of another namespace, whose title is markup."""
    data = read_data([LIBRARY / "data.ttl"])
    graph, book = NamedNode(ns.GRAPHS + "odd"), NamedNode("urn:isbn:0")
    title = Literal('<script src="//evil.example/x.js"></script>&amp;', language="en")
    said: dict[str, Term] = {
        ns.RDF_TYPE: NamedNode(LIB + "ns#Book"),
        LIB + "ns#title": title,
        LIB + "ns#heldAt": NamedNode(LIB + "id/hill"),
        LIB + "ns#digitalCopy": Literal(
            "javascript:alert(1)", datatype=NamedNode(ns.XSD + "anyURI")
        ),
        LIB + "ns#publisher": NamedNode("https://elsewhere.example/press?a=1&b=2"),
    }
    quads = [Quad(book, NamedNode(p), o, graph) for p, o in said.items()]
    for name, kind in (("time", ns.TIME_SPAN), ("sum", ns.MONETARY_AMOUNT)):
        node = NamedNode(LIB + "id/" + name)
        quads.append(Quad(node, NamedNode(ns.RDF_TYPE), NamedNode(kind), graph))
    quads.append(Quad(node, NamedNode(ns.AMOUNT), Literal("many"), graph))
    quads.append(Quad(BlankNode("b"), NamedNode(LIB + "ns#shelfmark"), Literal("x"), graph))
    with served(load_dataset(library_ontology, {**data, "odd": quads})) as client:
        yield client


def test_markup_in_data_is_text(odd: TestClient) -> None:
    page = check_page(odd, "/page/iri/urn:isbn:0", "en")
    assert '<script src="//evil.example/x.js"></script>&amp;' in page.text
    assert not [link for link in page.links if link.startswith("javascript:")]


def test_things_of_other_namespaces_are_found(odd: TestClient) -> None:
    assert odd.get("/iri/urn:isbn:0.ttl").headers["location"] == "/data/iri/urn:isbn:0.ttl"
    assert odd.get("/data/iri/urn:isbn:0.ttl").status_code == 200
    assert "/page/iri/urn:isbn:0?lang=en" in check_page(odd, "/page/id/hill", "en").links
    links = check_page(odd, "/page/iri/urn:isbn:0", "en").links
    assert "https://elsewhere.example/press?a=1&b=2" in links


def test_blank_nodes_do_no_harm(odd: TestClient) -> None:
    assert odd.get("/data/graph/odd.trig").status_code == 200
    check_page(odd, "/page/graph/odd", "en")


def test_what_lacks_its_parts_still_has_a_name(odd: TestClient) -> None:
    assert "<h1>time</h1>" in browse(odd, "/page/id/time").text
    assert "<h1 lang=" not in browse(odd, "/page/id/sum").text
    assert ">many</h1>" in browse(odd, "/page/id/sum").text


# Where there is nothing


@pytest.mark.parametrize(
    "address",
    [
        "/id/nothing",
        "/id/",
        "/id/gcap.exe",
        "/id/a%20b",
        "/id/%3E%20%7D%20SELECT",
        "/id/%00",
        "/vocab/modality/nothing",
        "/graph/nothing",
        "/ns/9.9.9",
        "/page/nothing/at/all",
        "/page/id/gcap.ttl",
        "/page/",
        "/page/id/gcap?page=2",
        "/page/graph/facts?page=1000",
        "/data/id/gcap",
        "/data/id/gcap.html",
        "/data/id/nothing.ttl",
        "/data/graph.ttl",
        "/data/.ttl",
        "/iri/",
        "/iri/not-an-iri",
    ],
)
def test_nothing_there_is_said(client: TestClient, address: str) -> None:
    answer = client.get(address, headers={"accept": "application/ld+json"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json()["status"] == 404
    page = browse(client, address, "it")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "<h1>Not Found</h1>" in page.text


def test_what_there_is_is_said(client: TestClient) -> None:
    assert "/graph" in client.get("/id/nothing").json()["detail"]
    assert "/data/ns.ttl" in client.get("/data/id/gcap.exe").json()["detail"]


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0", "application/json"])
def test_not_acceptable_lists_what_is(client: TestClient, accept: str) -> None:
    answer = client.get("/id/gcap", headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (406, PROBLEM)
    for suffix, media_type in TYPES.items():
        assert f"{media_type} at /data/id/gcap.{suffix}" in answer.json()["detail"]


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "", "٣", "9" * 30])
def test_a_page_number_that_is_none(client: TestClient, number: str) -> None:
    answer = client.get("/page/id/italy", params={"page": number})
    assert answer.status_code == 400
    assert answer.json()["code"] == "BAD_USER_INPUT"


def test_only_reading(client: TestClient) -> None:
    for address in ("/id/gcap", "/page/id/gcap", "/data/id/gcap.ttl"):
        assert client.post(address).status_code == 405
        assert client.head(address).status_code == client.get(address).status_code
