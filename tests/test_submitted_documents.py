"""Submitted documents: what they say, with lines; what is refused, and that it costs a process."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from kizuna import namespaces as ns
from kizuna.contributions.contexts import published
from kizuna.contributions.documents import Document, Limits, read_document
from kizuna.contributions.parsing import parse_document
from kizuna.contributions.reader import answer
from kizuna.dataset.releases import Dataset
from kizuna.errors import InvalidInput, LimitExceeded, MalformedData
from kizuna.terms import BlankNode, Literal, NamedNode

BASE = "https://elsewhere.example/id/"
TURTLE = "text/turtle"
RDF = ns.RDF_TYPE.removesuffix("type")
RDF_XML = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:x="https://elsewhere.example/">'

LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
BILLION_LAUGHS = (
    f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "ha">{LAUGHS}]>{RDF_XML}'
    "<rdf:Description rdf:about='x:y'><x:p>&a11;</x:p></rdf:Description></rdf:RDF>"
)


def parsed(text: str | bytes, media_type: str = TURTLE, limits: Limits | None = None) -> list[str]:
    content = text.encode() if isinstance(text, str) else text
    found = parse_document(Document(content, media_type, "it"), limits or Limits(), BASE)
    return [f"{line} {quad}" for quad, line in found.quads.items()]


ONE = '<https://elsewhere.example/id/a> <https://elsewhere.example/id/b> "x"'


@pytest.mark.parametrize(
    ("media_type", "text", "line"),
    [
        ("text/turtle", '\n<a> <b> "x" .', 2),
        ("text/turtle; charset=utf-8", '<a> <b>\n\n"x" .', 3),
        ("application/trig", '{ <a> <b> "x" }', 1),
        ("application/n-triples", f"{ONE} .", 1),
        ("application/n-quads", f"{ONE} .", 1),
        ("application/ld+json", f'{{"@id": "a", "{BASE}b":\n "x"}}', 2),
        (
            "application/rdf+xml",
            f'{RDF_XML}\n<rdf:Description rdf:about="a" xmlns:b="{BASE}">\n<b:b>x</b:b>'
            "</rdf:Description></rdf:RDF>",
            3,
        ),
    ],
)
def test_every_format_says_the_same(media_type: str, text: str, line: int) -> None:
    assert parsed(text, media_type) == [f"{line} {ONE}"]


def test_graphs_and_blank_nodes_come_as_they_are() -> None:
    found = parse_document(
        Document(b"<g> { <a> <b> _:x }", "application/trig"), Limits(), BASE
    ).quads
    (quad,) = found
    assert quad.graph_name == NamedNode(BASE + "g")
    assert isinstance(quad.object, BlankNode)


def test_a_byte_order_mark_is_passed_over() -> None:
    assert parsed(b"\xef\xbb\xbf<a> <b> 'x' .") == [f"1 {ONE}"]


def test_a_triple_said_twice_counts_once_where_it_is_first_said() -> None:
    assert parsed('<a> <b> "x" .\n<a> <b> "x" .') == [f"1 {ONE}"]


def test_japanese_text_comes_as_it_is() -> None:
    found = parse_document(Document("<a> <b> '日本'@ja .".encode(), TURTLE), Limits(), BASE).quads
    assert [quad.object for quad in found] == [Literal("日本", language="ja")]


@pytest.mark.parametrize(
    ("text", "media_type", "message"),
    [
        ("<a> <b> <c> .\n<a> <b> ; ] .", TURTLE, "it:2:9: ; is not a valid RDF object"),
        (
            '{"@context": {},\n"a":1,,}',
            "application/ld+json",
            "it:2:7: Object keys must be strings",
        ),
        ("<a> <b> <c> .", "application/n-triples", "it:1:1: No scheme found in an absolute IRI"),
        (f"{RDF_XML}\n<rdf:Description>", "application/rdf+xml", "it:2:18: no element found"),
        (b'<a> <b> "\xe9" .', TURTLE, "it:1:10: Invalid UTF-8"),
        (
            '{"@context": "https://elsewhere.example/c"}',
            "application/ld+json",
            "it: a remote context",
        ),
        (BILLION_LAUGHS, "application/rdf+xml", "it: a document type is declared"),
        (BILLION_LAUGHS.encode("utf-16"), "application/rdf+xml", "it: a document type is declared"),
        (
            f"\n<a> <b> 1e9, '1e999999999'^^<{ns.XSD}decimal> .",
            TURTLE,
            'it:2: "1e999999999" is no',
        ),
        (f"<a> <b> 'NaN'^^<{ns.XSD}decimal> .", TURTLE, 'it:1: "NaN" is no xsd:decimal'),
        (f"<a> <b> '1_0'^^<{ns.XSD}integer> .", TURTLE, 'it:1: "1_0" is no xsd:integer'),
        (f"<a> <b> {'9' * 5000} .", TURTLE, 'it:1: "999'),
        (f"<a> <b> '<x/>'^^<{RDF}XMLLiteral> .", TURTLE, "it:1: the datatype"),
        ("<a> <b> '\\u0000' .", TURTLE, "it:1: a text holds a control character"),
        ("<a> <b> <<( <a> <b> <c> )>> .", TURTLE, "it:1: a triple stands for"),
        *(
            (f"<a> <b> <c> .\n<a> <b> <{iri}> .", TURTLE, f"it:2: <{iri}> has a segment of dots")
            for iri in ("x:/a/../b", "x://y/a/%2E", "x:/.%2e?q", "x:/./b#f", "x:../a")
        ),
    ],
)
def test_what_is_malformed_is_told_with_its_place(
    text: str | bytes, media_type: str, message: str
) -> None:
    with pytest.raises(MalformedData) as caught:
        parsed(text, media_type)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "media_type", "message"),
    [
        ("x" * 1_000_001, TURTLE, "longer than 1,000,000 bytes"),
        ('{"https://e.example/p":' * 20_000 + "1" + "}" * 20_000, "application/ld+json", "nested"),
        ("<a> <b> " + "(" * 100_000 + ")" * 100_000 + " .", TURTLE, "more than 10,000 triples"),
        ("<a> <b> " + "[ <b> " * 90_000 + "1" + "]" * 90_000 + " .", TURTLE, "more than 10,000"),
        (f"<a> <b> '{'x' * 20_001}' .", TURTLE, "a text is longer than 20,000"),
        (f"<a> <b> <{'x' * 1_001}> .", TURTLE, "an IRI is longer than 1,000"),
        ("\n".join(f"<a> <b> {n} ." for n in range(10_001)), TURTLE, "it:10001: more than 10,000"),
    ],
    ids=["bytes", "json-depth", "collections", "nodes", "text", "iri", "triples"],
)
def test_what_is_too_much(text: str, media_type: str, message: str) -> None:
    with pytest.raises(LimitExceeded, match=message):
        parsed(text, media_type)


def test_memory_has_a_limit() -> None:
    triples = "\n".join(f"<a{n}> <b> '{n:500}' ." for n in range(1_900))
    with pytest.raises(LimitExceeded, match="of memory"):
        parsed(triples, limits=Limits(memory=1_000))


def test_time_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that never ends is ended."""
    monkeypatch.setattr("kizuna.contributions.parsing.READER", "tests.endless")
    monkeypatch.chdir(Path(__file__).parents[1])
    with pytest.raises(LimitExceeded, match="longer than 1 seconds"):
        parsed("<a> <b> <c> .", limits=Limits(seconds=1))


def test_the_reader_gives_lines_and_a_verdict() -> None:
    task = {"media_type": TURTLE, "base": BASE, "triples": 2, "literal": 9}
    lines, verdict = answer(task, b"<a> <b> 'x' .")
    assert (lines, verdict) == ([f"1\t{ONE} ."], {"read": True})
    lines, verdict = answer(task, b"<a> <b> 1, 2, 3 .")
    assert (lines, verdict["over"], verdict["line"]) == ([], True, 1)
    assert answer(task, b"<a>")[1]["column"] is not None
    assert answer({**task, "media_type": "application/rdf+xml"}, b"<a>")[1]["line"] == 1


def test_unknown_media_type_is_told_with_the_known_ones() -> None:
    with pytest.raises(InvalidInput, match=r"can't read text/html; use one of .*text/csv"):
        parsed("", "text/html")


def test_nothing_is_fetched() -> None:
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/c"
        contexts = [address, {"@import": address}, {"p": {"@id": "x:p", "@context": address}}]
        for context in contexts:
            document = json.dumps({"@context": context, "@id": "x:a", "p": {"p": 1}})
            with pytest.raises(MalformedData, match="remote"):
                parsed(document, "application/ld+json")
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []


def test_files_are_known_by_their_suffix(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonld"
    file.write_text("{}")
    assert read_document(file, Limits()).media_type == "application/ld+json"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"unknown kind of file; use one of \.ttl"):
        read_document(tmp_path / "a.docx", Limits())
    with pytest.raises(MalformedData, match=r"a\.ttl: No such file"):
        read_document(tmp_path / "a.ttl", Limits())


UNREAD = """{"@context": [{"@version": 1.1, "title": "x:title", "quiet": null,
    "titles": {"@id": "x:titles", "@container": "@language"},
    "author": {"@id": "x:author", "@context": {"name": "x:name"}},
    "Book": {"@id": "x:Book", "@context": {"pages": "x:pages"}}}, {"p": "https://p.example/"}],
  "@id": "p:a", "@type": "Book", "pages": 1, "quiet": "yes", "p:any": "any", "ttile": "typo",
  "author": {"@id": "b", "name": "ok", "nmae": "typo", "inner": {"nothing": "within"}},
  "titles": {"en": "a language", "it": "una lingua"},
  "name": "not here", "@tpye": "typo", "ttile": "again", "a/b": ["nothing"]}"""


def test_keys_that_say_nothing_are_told() -> None:
    """Those that the context has not, in the place where they stand, and misspelt keywords."""
    document = Document(UNREAD.encode(), "application/ld+json")
    found = parse_document(document, Limits(), BASE)
    assert [(key.line, key.place, key.node, key.near) for key in found.unread] == [
        (5, "/ttile", "https://p.example/a", "title"),
        (6, "/author/nmae", f"{BASE}b", "name"),
        (6, "/author/inner", f"{BASE}b", None),
        (8, "/name", "https://p.example/a", None),
        (8, "/@tpye", "https://p.example/a", "@type"),
        (8, "/a~1b", "https://p.example/a", None),
    ]
    for key in ("ttile", "nmae", "inner", "@tpye", "a/b"):
        assert not any(key in str(quad) for quad in found.quads)


def test_keys_that_say_nothing_are_told_of_things_without_an_iri() -> None:
    text = '\n[{"https://e.example/p": {"lost": 1, "https://e.example/q": "\\"lost\\": {"}}]'
    (key,) = parse_document(Document(text.encode(), "application/ld+json"), Limits(), BASE).unread
    assert (key.place, key.line, key.node) == ("/0/https:~1~1e.example~1p/lost", 2, None)


def test_a_document_too_deep_for_its_keys_is_read_all_the_same() -> None:
    text = '{"lost": 1, "https://e.example/p": ' * 1000 + '"x"' + "}" * 1000
    found = parse_document(Document(text.encode(), "application/ld+json"), Limits(), BASE)
    assert (len(found.quads), found.unread) == (1000, ())


@pytest.mark.parametrize(
    "text",
    [
        '{"@context": {"@vocab": null, "a": "x:a"}, "@id": "x:b", "a": 1}',
        '{"@context": {"@base": null, "@vocab": "within#"}, "@id": "x:b", "b": 1, "x:c": 2}',
    ],
    ids=["no-vocabulary", "relative-vocabulary"],
)
def test_what_is_read_though_its_keys_cannot_be_followed(text: str) -> None:
    found = parse_document(Document(text.encode(), "application/ld+json"), Limits(), BASE)
    assert (len(found.quads), found.unread) == (1, ())


def test_dots_that_lead_nowhere_else_are_left_alone() -> None:
    said = "<../a> <b> <x:/a.b/..c/...?d=/../e#/./f> ."
    assert parsed(said) == [
        f"1 <https://elsewhere.example/a> <{BASE}b> <x:/a.b/..c/...?d=/../e#/./f>"
    ]


@pytest.mark.parametrize("named", ['"%s"', '[ "%s", {"more": "https://more.example/"} ]'])
def test_the_published_context_is_named_by_its_address(named: str, library: Dataset) -> None:
    contexts = published(library)
    assert list(contexts) == ["https://example.org/library/context.jsonld"]
    context = named % next(iter(contexts))
    title = '{"en": "\\"@context\\": \\"x\\""}'
    text = f'{{\n"@context": {context},\n"@id": "kokoro",\n"pages": 9, "title": {title}}}'
    document = Document(text.encode(), "application/ld+json")
    found = parse_document(document, Limits(), BASE, contexts)
    pages, said = found.quads
    assert (pages.predicate.value, str(pages.object)[:3]) == (
        "https://example.org/library/ns#pages",
        '"9"',
    )
    assert str(said.object) == '"\\"@context\\": \\"x\\""@en'
    assert set(found.quads.values()) == {4}
    with pytest.raises(MalformedData, match="remote context"):
        parse_document(document, Limits(), BASE)
