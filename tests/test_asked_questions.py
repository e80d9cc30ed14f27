"""Saved questions over HTTP: the list, pages, data, parameters, and what is refused."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from starlette.testclient import TestClient

from kizuna.app import create_app
from kizuna.dataset.files import Ontology
from kizuna.dataset.releases import Dataset, load_dataset, read_data
from kizuna.errors import InvalidInput
from kizuna.questions import Questions, variables
from kizuna.resources import QUERIES
from kizuna.settings import Settings

FOLDER = QUERIES / "questions"
LIBRARY = Path(__file__).parent / "library" / "ontology"
NAMES = sorted(file.stem for file in FOLDER.glob("*.rq"))
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ID = "https://w3id.org/italy-japan/id/"


@pytest.fixture(scope="module")
def client(packaged: Dataset) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), packaged)) as client:
        yield client


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# The list


def test_list_tells_what_each_question_leaves_open(client: TestClient) -> None:
    answer = client.get("/questions")
    assert answer.headers["content-type"] == "application/json"
    assert "Accept" in answer.headers["vary"]
    listed = {question["name"]: question for question in answer.json()["questions"]}
    assert sorted(listed) == NAMES
    leaders = listed["gcap-leaders"]
    assert leaders["title"]["it"] == "Chi guida il GCAP, e da quando?"
    (programme,) = leaders["parameters"]
    assert (programme["type"], programme["default"]) == ("Programme", "gcap")
    assert set(programme["label"]) == {"en", "it", "ja"}
    assert client.get(leaders["url"]).status_code == 200


def test_list_is_a_page_that_leads_to_each_question(client: TestClient) -> None:
    page = client.get("/questions?lang=ja", headers={"accept": BROWSER}).text
    for name in NAMES:
        assert f'href="/questions/{name}?lang=ja"' in page
    assert "GCAPを主導しているのは誰か" in page


@pytest.mark.parametrize("page", ["/", "/questions/safe.html"])
def test_pages_lead_to_the_list(client: TestClient, page: str) -> None:
    assert 'href="/questions?lang=' in client.get(page, headers={"accept": BROWSER}).text


# Data


@pytest.mark.parametrize("name", NAMES)
def test_answer_is_the_expected_one(client: TestClient, name: str) -> None:
    expected = (FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    given = rows(client.get(f"/questions/{name}.csv").text)
    assert sorted(given, key=str) == sorted(rows(expected), key=str)


@pytest.mark.parametrize(
    ("suffix", "accept", "media_type"),
    [
        (".json", "", "application/sparql-results+json"),
        (".xml", "", "application/sparql-results+xml"),
        (".csv", BROWSER, "text/csv; charset=utf-8"),
        (".tsv", "application/json", "text/tab-separated-values; charset=utf-8"),
        (".html", "text/csv", "text/html; charset=utf-8"),
        ("", "*/*", "application/sparql-results+json"),
        ("", "application/json", "application/json"),
        ("", "text/csv;q=0.5, application/xml", "application/xml"),
        ("", "text/csv, text/html;q=0.9", "text/csv; charset=utf-8"),
        ("", BROWSER, "text/html; charset=utf-8"),
    ],
)
def test_form_is_by_suffix_else_by_accept(
    client: TestClient, suffix: str, accept: str, media_type: str
) -> None:
    answer = client.get(f"/questions/gcap-leaders{suffix}", headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert "Accept" in answer.headers["vary"].split(", ")


def test_what_is_known_is_not_sent_again(client: TestClient) -> None:
    def tag(query: str) -> str:
        return str(client.get(f"/questions/gcap-leaders.csv{query}").headers["etag"])

    known = client.get("/questions/gcap-leaders.csv", headers={"if-none-match": tag("")})
    assert (known.status_code, known.content) == (304, b"")
    assert tag("?programme=gcap") == tag("") != tag("?programme=safe")


# Parameters


@pytest.mark.parametrize("given", ["horizon-europe", f"{ID}horizon-europe"])
def test_parameter_is_a_short_id_or_an_iri(client: TestClient, given: str) -> None:
    answer = client.get("/questions/safe.csv", params={"programme": given, "language": "IT"})
    facts = {row["fact"] for row in rows(answer.text)}
    assert "Horizon Europe vale 93,5 miliardi di euro." in facts


def test_parameter_may_be_of_an_abstract_class(client: TestClient) -> None:
    query = {"one": "united-kingdom", "other": "leonardo"}
    answer = client.get("/questions/what-binds-italy-and-japan.csv", params=query)
    assert {row["actor"] for row in rows(answer.text)} >= {f"{ID}united-kingdom", f"{ID}leonardo"}


def test_dates_bound_what_is_asked(client: TestClient) -> None:
    def found(query: str) -> int:
        return len(rows(client.get(f"/questions/anniversary.csv?{query}").text))

    assert found("from=2026-12-31") == found("until=2026-01-01") == 1
    assert found("from=2027-01-01&until=2027-12-31") == found("until=2025-12-31") == 0


def test_empty_parameter_is_the_default(client: TestClient) -> None:
    given = client.get("/questions/gcap-leaders.csv?programme=")
    assert given.text == client.get("/questions/gcap-leaders.csv").text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("nowhere", 404, ["'nowhere'", "gcap-leaders"]),
        ("gcap-leaders.pdf", 404, [".pdf", ".csv"]),
        ("gcap-leaders.", 404, [".csv"]),
        ("gcap-leaders?programm=safe", 400, ["'programm'", "programme (Programme)"]),
        ("video-call?person=x", 400, ["'person'", "none"]),
        ("gcap-leaders?programme=italy", 400, ["'italy' is a Country", "Programme", "gcap, "]),
        ("gcap-leaders?programme=nothing", 400, ["'nothing' is no Programme", "gcap, "]),
        ("gcap-leaders?programme=%3E%20%7D", 400, ["'> }'", "identifier"]),
        ("gcap-leaders?programme=gcap&programme=safe", 400, ["programme", "more than once"]),
        ("safe?language=tlh", 400, ["'tlh'", "en, it, ja"]),
        ("safe?language=%22%20%7D", 400, ["language", "en, it, ja"]),
        ("anniversary?from=2026", 400, ["from: '2026'", "2026-01-31"]),
    ],
)
def test_what_cannot_be_asked_is_a_problem(
    client: TestClient, path: str, status: int, said: list[str]
) -> None:
    answer = client.get(f"/questions/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "application/problem+json",
    )
    for words in said:
        assert words in answer.json()["detail"]
    page = client.get(f"/questions/{path}", headers={"accept": BROWSER})
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")


def test_unacceptable_form_is_told_with_what_there_is(client: TestClient) -> None:
    answer = client.get("/questions/safe", headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert "text/csv (.csv)" in answer.json()["detail"]
    assert "Accept" in answer.headers["vary"]


# Pages


@pytest.mark.parametrize("name", NAMES)
def test_page_shows_question_answer_passages_and_queries(client: TestClient, name: str) -> None:
    page = client.get(f"/questions/{name}.html?lang=it").text
    passages = {
        row["passage"].rpartition("/")[2]
        for row in rows((FOLDER / f"{name}.csv").read_text(encoding="utf-8"))
    }
    for passage in passages:
        assert f'href="/page/id/{passage}?lang=it"' in page
    for wanted in ('lang="en"', 'lang="ja"', "SELECT DISTINCT", "claims", "/sparql?", "/graphql?"):
        assert wanted in page
    assert f'href="/questions/{name}.csv' in page
    assert "<script" not in page


def test_page_has_its_labels_in_its_own_language_unless_told(client: TestClient) -> None:
    italian = client.get("/questions/safe.html?lang=it").text
    assert "Security Action for Europe vale 150 miliardi di euro." in italian
    told = client.get("/questions/safe.html?lang=it&language=en").text
    assert "Security Action for Europe vale" not in told
    assert '<option value="en" selected>' in told


def test_page_is_titled_by_what_it_asks(client: TestClient) -> None:
    assert (
        "<h1>Who leads GCAP, and since when?</h1>"
        in client.get("/questions/gcap-leaders.html").text
    )
    other = client.get("/questions/gcap-leaders.html?programme=safe").text
    assert "<h1>Who leads the programme, and since when?</h1>" in other
    assert '<option value="safe" selected>Security Action for Europe</option>' in other


def test_links_of_a_page_ask_for_the_same_values(client: TestClient) -> None:
    page = client.get("/questions/gcap-leaders.html?programme=safe").text
    assert 'href="/questions/gcap-leaders.csv?programme=safe"' in page
    assert "VALUES ?programme { &lt;https://w3id.org/italy-japan/id/safe&gt; }" in page
    assert "%22programme%22%3A+%22https%3A%2F%2Fw3id.org%2Fitaly-japan%2Fid%2Fsafe%22" in page


# Questions of another ontology, and faults in their files

LOANS = """\
# title@en: Which books have that many pages or more?
# parameter pages: integer = 500
# parameter part: text = "e"
# parameter branch: Branch = id:hill
PREFIX id: <https://example.org/library/id/>
PREFIX lib: <https://example.org/library/ns#>
SELECT DISTINCT ?book ?title
WHERE {
  VALUES ?pages { 500 }
  VALUES ?part { "e" }
  VALUES ?branch { id:hill }
  ?book lib:pages ?held ; lib:title ?title ; lib:heldAt ?branch .
  FILTER (?held >= ?pages && CONTAINS(STR(?title), ?part) && LANG(?title) = "en")
}
"""


def write(folder: Path, text: str) -> Path:
    (folder / "long-books.rq").write_text(text, encoding="utf-8")
    return folder


def ask(dataset: Dataset, folder: Path, **given: str) -> set[str]:
    questions = Questions(dataset, folder)
    question = questions.find("long-books")
    solutions = dataset.store.reader().select(question.query(questions.values(question, given)))
    return {str(row[0]).rpartition("/")[2].rstrip(">") for row in solutions.rows}


def test_numbers_and_texts_become_terms(library: Dataset, tmp_path: Path) -> None:
    folder = write(tmp_path, LOANS)
    assert ask(library, folder) == {"genji", "comedy"}
    assert ask(library, folder, pages="1000") == {"genji"}
    assert ask(library, folder, pages="100", branch="harbour") == {"comedy", "pinocchio-en"}
    assert ask(library, folder, part="Tale of") == {"genji"}
    questions = Questions(library, folder)
    question = questions.find("long-books")
    values = questions.values(question, {"pages": "7"})
    asked = {"pages": 7, "part": "e", "branch": "https://example.org/library/id/hill"}
    assert variables(question, values) == asked


@pytest.mark.parametrize(
    "text",
    ['" } ?book ?p ?o . #', "\\", '\n  VALUES ?branch { "x" }', "'''", "a\r\nb", "</x> {"],
)
def test_no_text_gets_out_of_its_term(library: Dataset, tmp_path: Path, text: str) -> None:
    assert ask(library, write(tmp_path, LOANS), part=text) == set()


@pytest.mark.parametrize("text", ["many", "1.5", "1e3", "\N{FULLWIDTH DIGIT ONE}", "1" * 19, "-"])
def test_no_whole_number_is_refused(library: Dataset, tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInput, match=r"pages: .* is no whole number"):
        ask(library, write(tmp_path, LOANS), pages=text)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("integer", "Shelf", "pages has the type Shelf, which is no class"),
        ("{ 500 }", "{ 600 }", r"long-books\.rq: for the parameter pages the query needs one line"),
        ("  VALUES ?pages", "  VALUES ?sheets", "the parameter pages"),
        ("  VALUES ?pages { 500 }\n", "  VALUES ?pages { 500 }\n" * 2, "the parameter pages"),
    ],
)
def test_fault_in_a_header_is_told_at_the_start(
    library: Dataset, tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        Questions(library, write(tmp_path, LOANS.replace(old, new, 1)))


HARBOUR = """\
<https://example.org/library/id/harbour> a <https://example.org/library/ns#Branch> .
"""


@pytest.mark.parametrize("data", ["library", "harbour"])
def test_another_ontology_brings_its_own(
    library_ontology: Ontology, library: Dataset, tmp_path: Path, data: str
) -> None:
    """With a form whose defaults stand in it even where the data knows nothing of them."""
    folder = Path(copytree(LIBRARY, tmp_path / "ontology"))
    (folder / "questions").mkdir()
    write(folder / "questions", LOANS)
    (file := tmp_path / "harbour.ttl").write_text(HARBOUR, encoding="utf-8")
    dataset = library if data == "library" else load_dataset(library_ontology, read_data([file]))
    client = TestClient(create_app(Settings(ontology=folder), dataset))
    page = client.get("/questions/long-books.html").text
    assert ("The Tale of Genji" in page) == (data == "library")
    assert '<input id="blank-pages" name="pages" type="number" value="500">' in page
    assert '<option value="hill" selected>' in page
    assert "Passages" not in page
    assert "GraphQL</h2>" not in page


def test_ontology_without_questions_has_an_empty_list(library: Dataset) -> None:
    settings = Settings(ontology=LIBRARY)
    client = TestClient(create_app(settings, library))
    assert client.get("/questions").json()["questions"] == []
    assert "no saved questions" in client.get("/questions", headers={"accept": BROWSER}).text
    assert "There are: none." in client.get("/questions/any").json()["detail"]
