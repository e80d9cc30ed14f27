"""What a contribution would come to, from the document to the answer, storing nothing."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kizuna import namespaces as ns
from kizuna.__main__ import main
from kizuna.contributions.answers import as_json
from kizuna.contributions.documents import Document, Submission
from kizuna.contributions.examination import Examination, Examiner, examine
from kizuna.contributions.rendering import render_examination
from kizuna.dataset.changes import applied, make_change
from kizuna.dataset.files import Ontology, read_ontology
from kizuna.dataset.releases import Dataset, dataset_hash, load_dataset
from kizuna.dataset.store import EmbeddedStore, Store, copied
from kizuna.errors import InvalidInput, LimitExceeded, MalformedData
from kizuna.resources import ONTOLOGY, QUERIES
from kizuna.saved import read_saved
from kizuna.terms import NamedNode, Quad, Term
from kizuna.validation.overlay import is_asserted

LIBRARY = Path(__file__).parent / "library"
DOCS = Path(__file__).parents[1] / "docs" / "contributing-data.md"
ID = "https://w3id.org/italy-japan/id/"
FACT = "fact-competitiveness-alliance-launched"
PREFIXES = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix ij: <https://w3id.org/italy-japan/ns#> .
@prefix modality: <https://w3id.org/italy-japan/vocab/modality/> .
@prefix basis: <https://w3id.org/italy-japan/vocab/basis/> .
@prefix basis-of: <https://w3id.org/italy-japan/vocab/time-basis/> .
@prefix kind: <https://w3id.org/italy-japan/vocab/event-kind/> .
@prefix role: <https://w3id.org/italy-japan/vocab/involvement-role/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vocab: <https://w3id.org/italy-japan/vocab/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
LINES = PREFIXES.count("\n")
Examine = Callable[..., Examination]


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return read_ontology(ONTOLOGY, QUERIES / "derive")


@pytest.fixture(scope="module")
def examiner(ontology: Ontology, packaged: Dataset) -> Examiner:
    return Examiner(ontology, packaged.model, read_saved(QUERIES / "questions", ".rq"))


@pytest.fixture
def examined(examiner: Examiner, packaged: Dataset) -> Examine:
    """The answer to a piece of Turtle to add, and one to remove, under the usual prefixes."""

    def examined(added: str = "", removed: str = "", language: str = "en") -> Examination:
        before = dataset_hash(packaged.store.quads())
        submission = Submission(turtle(added, "added"), turtle(removed, "removed"))
        found = examiner.examine(packaged, submission, language)
        assert dataset_hash(packaged.store.quads()) == before
        return found

    return examined


def turtle(text: str, name: str) -> Document | None:
    return Document((PREFIXES + text).encode(), "text/turtle", name) if text else None


def passage(dataset: Dataset, place: int = 0) -> str:
    """A passage that supports a claim."""
    found = dataset.store.find(None, ns.SUPPORTED_BY)
    return sorted(str(quad.object) for quad in found)[place]


def denial(dataset: Dataset, claim: str = "[]") -> str:
    """A claim that something isn't so that another one says is so."""
    return (
        f"{claim} a ij:Claim ; ij:onFact <{FACT}> ; ij:supportedBy {passage(dataset)} ; "
        "ij:modality modality:not-the-case ; ij:basis basis:recorded ."
    )


VISIT = """
<fact-ann-visits-turin> a ij:Event ; ij:eventKind kind:visit ;
    skos:prefLabel "Ann visits Turin."@en, "Ann visita Torino."@it, "アンがトリノを訪れる。"@ja ;
    ij:involvement [ a ij:Involvement ; ij:actor [ a ij:Person ;
        skos:prefLabel "Ann Example"@en, "Ann Example"@it, "アン"@ja ] ;
        ij:involvementRole role:agent ] .
[] a ij:Claim ; ij:onFact <fact-ann-visits-turin> ; ij:modality modality:happened ;
    ij:basis basis:recorded ; ij:supportedBy <passage-00000000-0-10> ;
    ij:statedTime [ a ij:TimeSpan ; ij:edtf "2020-05"^^edtf:EDTF ; ij:timeBasis basis-of:stated ] .
<passage-00000000-0-10> a ij:Passage ; ij:inSource <source-00000000> ; ij:start 0 ; ij:end 10 ;
    ij:sha256 "HASH" ; ij:paraphrase "A visit."@en, "Una visita."@it, "訪問。"@ja .
<source-00000000> a ij:SourceDocument ; ij:sha256 "HASH" ; ij:characters 100 ;
    dcterms:language "en" ; skos:prefLabel "An example"@en, "Un esempio"@it, "例"@ja .
""".replace("HASH", "0" * 64)
# What is changed


def test_a_fact_with_all_that_supports_it(examined: Examine) -> None:
    found = examined(VISIT)
    assert [r.message for r in found.results if r.severity == "Violation"] == []
    assert found.conforms
    graphs = {
        quad.subject.value.removeprefix(ID): str(quad.graph_name)
        for quad in found.change.added
        if quad.predicate.value == ns.RDF_TYPE and isinstance(quad.subject, NamedNode)
    }
    source = f"<{ns.GRAPH_SOURCE}00000000>"
    by_kind = {name.partition("-")[0]: graph for name, graph in graphs.items()}
    assert by_kind == {
        "ann": f"<{ns.GRAPH_REFERENCE}>",
        "fact": f"<{ns.GRAPH_FACTS}>",
        "involvement": f"<{ns.GRAPH_FACTS}>",
        "claim": source,
        "passage": source,
        "source": source,
        "time": source,
    }
    assert ID + "ann-example" in found.minted
    assert found.effects is not None
    assert found.effects.derived == ()  # of what is new, everything would be new


def test_what_stands_already_is_left_out(examined: Examine, packaged: Dataset) -> None:
    known = next(packaged.store.find(NamedNode(ID + "italy"), ns.SKOS_PREF_LABEL))
    found = examined(f"{known.triple} . <italy> a ij:Country .")
    assert found.change.empty
    assert found.conforms
    assert found.effects is not None
    assert found.effects.answers == ()


def test_what_is_added_to_a_thing_stands_where_the_thing_does(examined: Examine) -> None:
    found = examined(f'<{FACT}> skos:altLabel "the launch"@en .')
    assert [str(quad.graph_name) for quad in found.change.added] == [f"<{ns.GRAPH_FACTS}>"]


def test_a_correction_removes_and_adds(examined: Examine, packaged: Dataset) -> None:
    label = next(
        quad
        for quad in packaged.store.find(NamedNode(ID + "italy"), ns.SKOS_PREF_LABEL)
        if str(quad.object).endswith("@en")
    )
    found = examined('<italy> skos:prefLabel "Italia"@en .', f"{label.triple} .")
    assert found.conforms
    assert found.change.removed == (label,)
    assert len(found.change.added) == 1
    both = examined(f"{label.triple} .", f"{label.triple} .")
    assert both.change.empty


def test_removing_what_is_not_there_is_a_violation(examined: Examine) -> None:
    found = examined(removed='<italy>\n skos:prefLabel "Atlantis"@en .', language="it")
    (result,) = found.results
    assert not found.conforms
    assert (result.document, result.line) == ("removed", LINES + 2)
    assert result.message.startswith("non c’è nulla da togliere")
    assert result.focus_label == "Italia"


def test_nothing_derived_and_no_graph_of_the_code_can_be_changed(
    examined: Examine, examiner: Examiner, packaged: Dataset
) -> None:
    derived = next(packaged.store.find(NamedNode(ID + FACT), ns.STANDING))
    assert not examined(removed=f"{derived.triple} .").conforms
    (result,) = examined(f"<{FACT}> ij:disputed false .").results
    assert result.constraint.endswith("structure-not-derived")
    for graph in (ns.GRAPH_ONTOLOGY, ns.GRAPH_DERIVED, ns.GRAPH_LEDGER):
        text = f'{PREFIXES} <{graph}> {{ <italy> skos:altLabel "x"@en }}'
        submission = Submission(Document(text.encode(), "application/trig"))
        (refused,) = examiner.examine(packaged, submission, "en").results
        assert refused.constraint.endswith("structure-own-graph")


def test_concepts_can_be_added_to_an_open_list_alone(examined: Examine) -> None:
    label = 'skos:prefLabel "space"@en, "spazio"@it, "宇宙"@ja'
    found = examined(f"[] a ij:Theme ; skos:inScheme vocab:theme ; {label} .")
    assert found.results == ()
    assert found.minted == ("https://w3id.org/italy-japan/vocab/theme/space",)
    (closed,) = (r for r in examined(f"[] a ij:Basis ; {label} .").results if r.value)
    assert closed.message.startswith("the list https://w3id.org/italy-japan/vocab/basis is closed")
    assert closed.line == LINES + 1
    assert not examined(
        '<https://w3id.org/italy-japan/vocab/theme/trade> skos:altLabel "x"@en .'
    ).conforms


def test_what_is_derived_as_a_whole_cannot_be_added(examined: Examine) -> None:
    (result,) = examined("<x> a ij:Dispute .").results
    assert result.message == "ij:Dispute is derived, never stated: leave it out"


# What is wrong, and what would mend it


def mended(examiner: Examiner, dataset: Dataset, found: Examination) -> Examination:
    """The answer once every suggestion has been taken up."""
    suggestions = [result.suggestion for result in found.results if result.suggestion]
    added = applied(suggestions, found.change.added)
    return examiner.examine_change(dataset, make_change(added, found.change.removed), "en")


@pytest.mark.parametrize(
    ("text", "constraint"),
    [
        ('<x> a ij:Persn ; skos:prefLabel "X"@en .', "structure-known-class"),
        ('<x> a ij:Person ; skos:prefLable "X"@en .', "structure-known-property"),
        (f'<{FACT}> ij:disputed true ; skos:altLabel "B"@en .', "structure-not-derived"),
        (f'<{FACT}> ij:theme "trade" .', "Fact-themes"),
        (f"<{FACT}> ij:theme vocab:trade .", "Fact-themes"),
        (f'<{FACT}> ij:forParty "Italy"@en .', "StatusChange-forParties"),
        (f"<{FACT}> ij:forParty ij:italy .", "StatusChange-forParties"),
        (
            '<x> a ij:MonetaryAmount ; ij:amount "5000000" ; ij:currency "EUR" .',
            "MonetaryAmount-amount",
        ),
    ],
)
def test_a_suggestion_can_be_applied(
    examined: Examine, examiner: Examiner, packaged: Dataset, text: str, constraint: str
) -> None:
    found = examined(text)
    told = {r.constraint.removeprefix(ns.SHAPES): r for r in found.results}
    assert told[constraint].suggestion is not None
    after = mended(examiner, packaged, found)
    assert constraint not in {r.constraint.removeprefix(ns.SHAPES) for r in after.results}
    assert after.conforms


@pytest.mark.parametrize(
    "text",
    [
        "<x> a ij:Nonsense .",
        "<x> a ij:Actor .",
        '<italy> <https://elsewhere.example/p> "x" .',
        f"<{FACT}> ij:theme <https://elsewhere.example/qwerty> .",
        "<x> a ij:MonetaryAmount ; ij:amount 'many' ; ij:currency 'EUR' .",
    ],
)
def test_nothing_is_suggested_where_nothing_is_plain(examined: Examine, text: str) -> None:
    found = examined(text)
    assert not found.conforms
    assert [r.suggestion for r in found.results if r.suggestion] == []
    assert found.effects is None


def test_results_are_told_with_labels_in_the_asked_language(examined: Examine) -> None:
    found = examined('<italy>\n ij:isoAlpha2\n "JP" .', language="ja")
    (result,) = found.results
    assert result.focus_label == "イタリア"
    assert result.path_label != ""
    assert "IT" in result.message
    assert (result.document, result.line) == ("added", LINES + 3)
    assert result.severity == "Violation"


def test_others_left_short_are_told(examined: Examine, packaged: Dataset) -> None:
    claims = packaged.store.find(None, ns.ON_FACT, NamedNode(ID + FACT))
    gone = "".join(f"{quad.triple} .\n" for quad in claims)
    found = examined(removed=gone)
    assert {r.constraint.removeprefix(ns.SHAPES) for r in found.results} == {
        "Claim-fact",
        "Fact-claims",
    }
    (fact,) = (r for r in found.results if r.constraint.endswith("Fact-claims"))
    assert fact.document == ns.GRAPH_FACTS


# What it is like


def test_likenesses_by_names_in_any_language_and_by_codes(examined: Examine) -> None:
    found = examined(
        '<a> a ij:Person ; skos:prefLabel "MELONI, Giorgía"@en .'
        '<b> a ij:Country ; skos:prefLabel "Nippon"@en, "日本"@ja .'
        '<c> a ij:Country ; skos:prefLabel "Atlantis"@en ; ij:isoAlpha2 "IT" .'
        '<d> a ij:Person ; skos:prefLabel "Zebedee Quux"@en .'
    )
    alike = {(one.new, one.existing, one.by) for one in found.lookalikes}
    assert {(ID + "b", ID + "japan", "name"), (ID + "c", ID + "italy", "code")} <= alike
    assert ID + "d" not in {one.new for one in found.lookalikes}
    assert all(one.score >= 88 for one in found.lookalikes)


def test_a_name_with_a_slip_and_turned_round(examined: Examine) -> None:
    found = examined('<a> a ij:Person ; skos:prefLabel "Melony Giorgia"@en .')
    assert [one.existing for one in found.lookalikes] == [ID + "giorgia-meloni"]
    assert 88 <= found.lookalikes[0].score < 100


# What follows


def test_a_dispute_opens_with_all_that_follows(examined: Examine, packaged: Dataset) -> None:
    found = examined(denial(packaged))
    assert found.effects is not None
    (dispute,) = found.effects.opened
    assert (dispute.fact, dispute.detail.rpartition("/")[2]) == (ID + FACT, "occurrence")
    assert found.effects.closed == ()
    (turn,) = found.effects.turns
    assert turn.predicate == ns.STANDING
    assert str(turn.after[0]).endswith("standing/disputed>")
    assert (ID + FACT, ns.DISPUTED) in {(d.subject, d.predicate) for d in found.effects.derived}


def test_a_dispute_closes_as_it_opened(
    examined: Examine, ontology: Ontology, packaged: Dataset, examiner: Examiner
) -> None:
    opening = examined(denial(packaged))
    quads = [q for q in packaged.store.quads() if "/derived" not in str(q.graph_name)]
    after = load_dataset(ontology, {"": [*quads, *opening.change.added]})
    closing = examiner.examine_change(after, opening.change.inverse, "en")
    assert closing.effects is not None
    assert opening.effects is not None
    assert closing.effects.closed == opening.effects.opened
    assert closing.effects.turns[0].before == opening.effects.turns[0].after


def test_saved_questions_whose_answers_change(examined: Examine, packaged: Dataset) -> None:
    """The question of a fact's label in English has another answer once that changes."""
    fact = next(packaged.store.find(None, ns.INVOLVES, NamedNode(ID + "safe"))).subject
    labels = packaged.store.find(fact, ns.SKOS_PREF_LABEL)
    label = next(quad for quad in labels if str(quad.object).endswith("@en"))
    found = examined(f'{fact} skos:prefLabel "SAFE."@en .', f"{label.triple} .")
    assert found.effects is not None
    answers = {one.name: one for one in found.effects.answers}
    assert "safe" in answers
    assert answers["safe"].titles["it"].startswith("Quanto vale")
    before, after = answers["safe"].before, answers["safe"].after
    assert {str(row[0]) for row in before} == {str(label.object)}
    assert {str(row[0]) for row in after} == {'"SAFE."@en'}


def test_without_following_only_conformance_is_told(examiner: Examiner, packaged: Dataset) -> None:
    found = examiner.examine_change(packaged, make_change(), "en", follow=False)
    assert found.conforms
    assert found.effects is None


# Other ontologies, and the doors


def test_any_ontology_will_do(library: Dataset, library_ontology: Ontology) -> None:
    text = """
    @prefix lib: <https://example.org/library/ns#> .
    [] a lib:Book ; lib:title "Kokoro"@en .
    """
    found = examine(
        library, library_ontology, Submission(Document(text.encode(), "text/turtle")), "en"
    )
    assert found.minted == ("https://example.org/library/id/kokoro-2",)
    assert "https://example.org/library/id/kokoro" in {one.existing for one in found.lookalikes}


def test_a_submission_that_says_nothing(examined: Examine) -> None:
    with pytest.raises(InvalidInput, match="says nothing"):
        examined(" ")
    with pytest.raises(InvalidInput, match="says nothing"):
        examined()


def test_documents_that_cannot_be_read(examined: Examine) -> None:
    with pytest.raises(MalformedData, match=f"added:{LINES + 1}:"):
        examined("<a> <b> ")
    with pytest.raises(LimitExceeded):
        examined("<a> <b> '" + "x" * 20_001 + "' .")
    with pytest.raises(InvalidInput, match=f"removed:{LINES + 1}: name by their IRIs"):
        examined(removed="[] a ij:Person .")


def test_the_answer_as_json_and_as_text(examined: Examine, packaged: Dataset) -> None:
    found = examined(denial(packaged), language="it")
    told = json.loads(json.dumps(as_json(found)))
    assert set(told) == {
        *("conforms", "results", "added", "removed", "minted", "lookalikes", "effects")
    }
    assert told["conforms"] is True
    assert told["effects"]["disputesOpened"][0]["detail"]["label"] == "se sia così"
    assert told["effects"]["turns"][0]["after"][0]["label"] == "controverso"
    text = render_examination(found)
    assert "Triple da aggiungere: 5" in text
    assert "Controversie che apre" in text
    assert text.endswith("conforme")
    broken = as_json(examined("<x> a ij:Persn ."))
    assert broken["results"][0]["suggestion"]["added"]
    assert broken["effects"] is None


def test_the_command(tmp_path: Path, packaged: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "claim.ttl"
    file.write_text(PREFIXES + denial(packaged), encoding="utf-8")
    assert main(["propose", str(file), "--dry-run", "--lang", "ja"]) == 0
    assert "適合しています" in capsys.readouterr().out
    file.write_text(PREFIXES + "<x> a ij:Persn .", encoding="utf-8")
    assert main(["propose", str(file), "--dry-run"]) == 1
    assert f"Suggested: write <{ID}x>" in capsys.readouterr().out
    assert main(["propose", "--remove", str(file), "--dry-run", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["conforms"] is False
    assert main(["propose", "--dry-run"]) == 2
    assert "name a file to add" in capsys.readouterr().err


def test_the_command_with_another_ontology_and_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "publisher.csv"
    file.write_text("id,name_en\n,South Press\n", encoding="utf-8")
    given = ["--ontology", str(LIBRARY / "ontology"), "--data", str(LIBRARY / "data.ttl")]
    assert main(["propose", str(file), "--dry-run", *given]) == 0
    assert "id/south-press>" in capsys.readouterr().out


def test_a_key_that_says_nothing_is_told(
    examiner: Examiner, packaged: Dataset, ontology: Ontology
) -> None:
    """As a warning, so that what does say something can be kept; by field names too."""
    text = """{"@context": "https://w3id.org/italy-japan/context.jsonld",
      "@id": "id:ann", "@type": "Person", "altLable": {"en": ["A."]}, "alternativeLabels": "A.",
      "prefLabel": {"en": ["Ann"], "it": ["Ann"], "ja": ["アン"]}}"""
    document = Document(text.encode(), "application/ld+json")
    found = examiner.examine(packaged, Submission(document), "en")
    assert found.conforms
    told = [(r.severity, r.focus_label, r.line, r.message) for r in found.results]
    left_out = "says nothing and was left out: the context doesn’t have it; did you mean"
    assert told == [
        ("Warning", "Ann", 2, f"the key /altLable {left_out} altLabel?"),
        ("Warning", "Ann", 2, f"the key /alternativeLabels {left_out} skos:altLabel?"),
    ]
    nothing = Document(b'{"@context": {"a": "x:a"}, "lable": "x"}', "application/ld+json")
    with pytest.raises(InvalidInput, match="context doesn’t have the keys “lable”"):
        examiner.examine(packaged, Submission(nothing), "en")


def test_a_property_named_like_a_field_is_told_with_the_one_of_the_field(examined: Examine) -> None:
    """Somebody who has read a field ``label`` may take it for the property."""
    rdfs = "<http://www.w3.org/2000/01/rdf-schema#label>"
    found = examined(f'<x> a ij:Person ; {rdfs} "X"@en ; ij:labelSource "x" .')
    told = {r.path: r.message for r in found.results}
    assert told["rdfs:label"].endswith("but of ij:Contributor; did you mean skos:prefLabel?")
    assert told["ij:labelSource"] == "unknown property ij:labelSource; did you mean dcterms:source?"


def test_the_example_of_the_docs_conforms(examiner: Examiner, packaged: Dataset) -> None:
    (text,) = re.findall(r"```turtle\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    document = Document(text.encode(), "text/turtle")
    found = examiner.examine(packaged, Submission(document), "en")
    assert [r.severity for r in found.results] == ["Warning"]
    assert found.conforms


def test_what_is_prepared_is_not_made_again(
    ontology: Ontology, packaged: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []

    def counted(store: Store) -> EmbeddedStore:
        made.append(store)
        return copied(store)

    monkeypatch.setattr("kizuna.contributions.candidates.copied", counted)
    examiner = Examiner(ontology, packaged.model)
    examiner.prepare(packaged)
    assert made == [packaged.store]
    examiner.examine(packaged, Submission(turtle(VISIT, "added")), "en")
    assert made == [packaged.store]


def test_a_link_to_nothing_is_told_as_such(examined: Examine) -> None:
    """With what is there of a like name, or comes along."""
    found = examined(
        "<office-of-ann> a ij:Office ; ij:officeOf <itally> .\n"
        "<office-of-bea> a ij:Office ; ij:officeOf <bee> . <bea> a ij:Person .\n"
        "<office-of-cora> a ij:Office ; ij:officeOf <nowhere-at-all> .\n"
        f"<{FACT}> ij:eventKind kind:visitt .\n"
    )
    links = ("ij:officeOf", "ij:eventKind")
    told = {
        r.value.rpartition("/")[2]: (r.message.partition(".")[2], r.suggestion)
        for r in found.results
        if r.path in links and r.value
    }
    nothing = (
        " There is nothing with this IRI: propose it as well, or name something that is there."
    )
    assert told["nowhere-at-all"] == (nothing, None)
    said, mend = told["itally"]
    assert said.endswith(f"{nothing} Of a like name: Italy <{ID}italy>.")
    assert mend is not None
    assert [quad.object for quad in mend.added] == [NamedNode(f"{ID}italy")]
    assert told["visitt"][0].startswith(
        " The list has nothing with this IRI. Of a like name: visit"
    )


def test_only_so_many_links_to_nothing_are_looked_into(
    examined: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kizuna.contributions.likeness.LOOKED_FOR", 1)
    offices = (f"<o-{name}> a ij:Office ; ij:officeOf <{name}> ." for name in ("itally", "jappan"))
    told = [r.message for r in examined("\n".join(offices)).results if r.path == "ij:officeOf"]
    assert ["Of a like name" in message for message in told] == [True, False]
    assert all("nothing with this IRI" in message for message in told)


def test_a_link_to_what_goes_is_told_as_such(examined: Examine, packaged: Dataset) -> None:
    office = next(packaged.store.find(None, ns.TERMS + "officeOf"))
    of = office.object
    gone = [str(q.triple) for q in packaged.store.find(of) if is_asserted(q)]
    found = examined("", " .\n".join(gone) + " .", "it")
    told = [r.message for r in found.results if f"<{r.focus}>" == str(office.subject)]
    assert "Non c’è nulla con questo IRI" in told[0]


def parts(dataset: Dataset) -> tuple[Quad, Quad]:
    """A link to a time that nothing else links to, and one to a time that others share."""
    found: dict[Term, list[Quad]] = {}
    for predicate in ("statedTime", "statedStart", "statedEnd", "holdsAt"):
        for quad in dataset.store.find(None, ns.TERMS + predicate):
            found.setdefault(quad.object, []).append(quad)
    links = sorted(found.values(), key=str)
    return next(q[0] for q in links if len(q) == 1), next(q[0] for q in links if len(q) > 1)


def test_a_part_goes_with_the_last_link_to_it(examined: Examine, packaged: Dataset) -> None:
    """As if it had been named; one that others share stays, and one of which more is said."""
    own, shared = parts(packaged)
    said = {quad for quad in packaged.store.find(own.object) if is_asserted(quad)}
    found = examined("", f"{own.triple} .")
    assert set(found.change.removed) == {own, *said}
    assert len(said) >= 3
    assert set(examined("", f"{shared.triple} .").change.removed) == {shared}
    other = f"{shared.subject} {own.predicate} {own.object} ."
    assert set(examined(other, f"{own.triple} .").change.removed) == {own}


def test_parts_go_with_what_they_belong_to(examined: Examine, packaged: Dataset) -> None:
    """What a fact leads to is known by itself, and stays."""
    link = next(packaged.store.find(None, ns.TERMS + "involvement"))
    gone = [q for q in packaged.store.find(link.subject) if is_asserted(q)]
    found = examined("", " ".join(f"{quad.triple} ." for quad in gone))
    classes = {
        str(quad.object).rpartition("#")[2].strip(">")
        for quad in found.change.removed
        if quad.predicate.value == ns.RDF_TYPE
    }
    assert classes == {"Event", "Involvement"}
