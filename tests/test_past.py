"""Past releases over HTTP: the list, SPARQL, dumps, and the feed of new ones."""

import asyncio
import hashlib
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from kizuna.__main__ import main
from kizuna.dataset.engine import EngineLimits
from kizuna.dataset.files import Ontology
from kizuna.errors import EngineUnavailable
from kizuna.exporting import Export
from kizuna.http import files
from kizuna.http.past import ENGINES, Past
from tests.conftest import LIBRARY
from tests.reviewing import Desk, book, desk

BOOKS = "SELECT (COUNT(*) AS ?n) { ?b a <https://example.org/library/ns#Book> }"
DUMPS = ("trig", "ttl.gz", "jsonld")
ATOM = "{http://www.w3.org/2005/Atom}"


def dumps(desk: Desk, release: int) -> dict[str, str]:
    """The hashes of a release's files."""
    names = [f"kizuna-{release}.{suffix}" for suffix in DUMPS]
    answers = {name: desk.client.get(f"/export/{name}") for name in names}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {name: hashlib.sha256(a.content).hexdigest() for name, a in answers.items()}


@pytest.fixture(scope="module")
def served() -> dict[int, dict[str, str]]:
    """What the files of each release were when it was the current one, by release."""
    return {}


@pytest.fixture(scope="module")
def grown(
    tmp_path_factory: pytest.TempPathFactory,
    library_ontology: Ontology,
    served: dict[int, dict[str, str]],
) -> Iterator[Desk]:
    """A server with two contributions and the reversal of the second."""
    with desk(tmp_path_factory.mktemp("grown"), library_ontology) as desk_:
        served[0] = dumps(desk_, 0)
        for release, name in ((1, "first"), (2, "<second> & last")):
            message = f"Add {name}"
            answer = desk_.propose(book(f"book-{release}"), message=message)
            assert desk_.decide(answer.json()["id"], "accept").status_code == 200
            served[release] = dumps(desk_, release)
        assert desk_.decide(2, "revert", reason="a mistake").status_code == 200
        yield desk_


def test_dumps_of_past_releases_are_what_they_were(
    grown: Desk, served: dict[int, dict[str, str]]
) -> None:
    assert len(served) == 3
    for release, hashes in served.items():
        assert dumps(grown, release) == hashes


def test_checksum_and_tag_of_a_past_dump(grown: Desk, served: dict[int, dict[str, str]]) -> None:
    name, digest = "kizuna-1.trig", served[1]["kizuna-1.trig"]
    assert grown.client.get(f"/export/{name}.sha256").text == f"{digest}  {name}\n"
    known = {"if-none-match": f'W/"{digest}"'}
    assert grown.client.get(f"/export/{name}", headers=known).status_code == 304


def test_dumps_that_there_are_not(grown: Desk) -> None:
    for name, said in (("kizuna-9.trig", "no release 9"), ("kizuna-1.docx", "no such export")):
        answer = grown.client.get(f"/export/{name}")
        assert answer.status_code == 404
        assert said in answer.json()["detail"]


def test_only_so_many_past_files_are_kept(tmp_path: Path) -> None:
    def write(out: Any) -> None:
        written.append(1)
        out.write(b"data")

    written: list[int] = []
    kept = files.Files(2)
    exports = [Export(f"kizuna-{n}.nq", "nq", "", "", write) for n in range(3)]
    made = [kept.made(export)[0] for export in exports]
    assert [file.exists() for file in made] == [False, True, True]
    assert len(list(made[2].parent.iterdir())) == 4
    kept.made(exports[1])
    kept.made(exports[0])
    assert [file.exists() for file in made] == [True, True, False]
    assert len(written) == 4


# SPARQL


def counted(desk: Desk, path: str) -> int:
    answer = desk.client.get(path, params={"query": BOOKS, "format": "json"})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


def test_sparql_over_each_release(grown: Desk) -> None:
    counts = [counted(grown, f"/releases/{n}/sparql") for n in (0, 1, 2, 3, 0)]
    assert [count - counts[0] for count in counts] == [0, 1, 2, 1, 0]
    assert counted(grown, "/sparql") == counts[3]


def test_sparql_over_a_past_release_is_the_whole_protocol(grown: Desk) -> None:
    address = "/releases/1/sparql"
    answer = grown.client.post(address, data={"query": "ASK {}"}, headers={"accept": "text/csv"})
    assert answer.status_code in (200, 406)
    answer = grown.client.get(address, headers={"accept": "text/turtle"})
    assert "<http://testserver/releases/1/sparql>" in answer.text
    page = grown.client.get(address, params={"query": BOOKS}, headers={"accept": "text/html"})
    assert 'action="/releases/1/sparql"' in page.text
    assert page.text.count("Release 1") == 2
    assert grown.client.get(address, params={"query": "SELECT"}).status_code == 400
    assert grown.client.get("/releases/9/sparql", params={"query": BOOKS}).status_code == 404
    tags = [
        grown.client.get(f"/releases/{n}/sparql", params={"query": BOOKS}).headers["etag"]
        for n in (0, 1)
    ]
    assert tags[0] != tags[1]


def test_few_engines_run_at_a_time(grown: Desk, tmp_path: Path) -> None:
    """Where all are in use another release has to wait; an idle one makes room."""
    past = Past(grown.releases, EngineLimits(5, 10**6, 10**9, 1), LIBRARY / "ontology")

    async def play() -> None:
        releases = [await past.at(number) for number in range(ENGINES + 1)]
        async with past.running():
            async with AsyncExitStack() as stack:
                for dataset in releases[:ENGINES]:
                    engine = await stack.enter_async_context(past.engine(dataset))
                    await engine.start()
                async with past.engine(releases[0]):
                    pass
                with pytest.raises(EngineUnavailable, match="try again in a moment"):
                    async with past.engine(releases[ENGINES]):
                        pass
            async with past.engine(releases[ENGINES]) as engine:
                await engine.start()
                assert len(past._engines) == ENGINES
        assert not past._engines

    asyncio.run(play())


# The list


def test_the_list_of_releases(grown: Desk) -> None:
    listed = grown.client.get("/releases").json()
    assert listed["next"] is None
    assert [each["number"] for each in listed["releases"]] == [3, 2, 1, 0]
    newest, taken = listed["releases"][:2]
    assert (newest["action"], newest["contribution"], newest["message"]) == (
        "REVERSAL",
        2,
        "a mistake",
    )
    assert (taken["contributor"], taken["decidedBy"]) == ("ada", "cora")
    assert newest["hash"] == grown.client.get("/readyz").json()["release"]["hash"]
    assert grown.client.get(taken["url"]).json() == taken
    before = grown.client.get("/releases", params={"before": 2}).json()
    assert [each["number"] for each in before["releases"]] == [1, 0]


@pytest.mark.parametrize(
    "path", ["/releases/4", "/releases/-1", "/releases/x", "/releases?before=x"]
)
def test_releases_that_there_are_not(grown: Desk, path: str) -> None:
    answer = grown.client.get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "NOT_FOUND"


@pytest.mark.parametrize("language", ["en", "it", "ja"])
def test_pages_of_releases(grown: Desk, language: str) -> None:
    html = {"accept": "text/html", "accept-language": language}
    page = grown.client.get("/releases", headers=html)
    assert page.headers["content-language"] == language
    assert "Add &lt;second&gt; &amp; last" in page.text
    links = set(re.findall(r'href="(/releases/\d+)\?', page.text))
    assert links == {f"/releases/{n}" for n in range(4)}
    one = grown.client.get("/releases/2", headers=html).text
    for link in re.findall(r'href="(/[^"]*)"', one):
        assert grown.client.get(link.replace("&amp;", "&"), headers=html).status_code == 200, link
    assert f"/contributions/2?lang={language}" in one


# The feed


def feed(desk: Desk) -> ElementTree.Element:
    answer = desk.client.get("/releases.atom")
    assert answer.headers["content-type"] == "application/atom+xml"
    return ElementTree.fromstring(answer.content)  # noqa: S314 (our own)


def text(element: ElementTree.Element, path: str) -> str:
    found = element.find("/".join(ATOM + part for part in path.split("/")))
    assert found is not None
    return found.text or ""


def test_the_feed_is_as_the_standard_says(grown: Desk) -> None:
    """https://www.rfc-editor.org/rfc/rfc4287#section-4.1"""
    root = feed(grown)
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    assert [text(entry, "title") for entry in entries] == [
        "a mistake",
        "Add <second> & last",
        "Add first",
        "seeds",
    ]
    assert [text(entry, "author/name") for entry in entries[:3]] == ["cora", "ada", "ada"]
    for element in (root, *entries):
        for required in ("id", "title", "updated"):
            assert len(element.findall(ATOM + required)) == 1
        assert text(element, "id").startswith("urn:uuid:")
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00", text(element, "updated")
        )
    assert len({text(element, "id") for element in (root, *entries)}) == 5
    assert text(root, "author/name")
    assert text(root, "updated") == text(entries[0], "updated")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == "http://testserver/releases.atom"
    (alternate,) = [
        link.get("href")
        for link in entries[1].findall(f"{ATOM}link")
        if link.get("rel") == "alternate"
    ]
    assert alternate == "http://testserver/contributions/2"


def test_the_feed_is_not_sent_twice(grown: Desk) -> None:
    headers = grown.client.get("/releases.atom").headers
    conditions: list[tuple[dict[str, str], int]] = [
        ({"if-none-match": headers["etag"]}, 304),
        ({"if-none-match": '"another"', "if-modified-since": headers["last-modified"]}, 200),
        ({"if-modified-since": headers["last-modified"]}, 304),
        ({"if-modified-since": "Thu, 01 Jan 2015 00:00:00 GMT"}, 200),
        ({"if-modified-since": "lately"}, 200),
    ]
    for condition, status in conditions:
        assert grown.client.get("/releases.atom", headers=condition).status_code == status


def test_pages_lead_to_the_feed(grown: Desk) -> None:
    for path in ("/", "/releases"):
        page = grown.client.get(path, headers={"accept": "text/html"}).text
        assert '<link rel="alternate" type="application/atom+xml" href="/releases.atom"' in page


# The command


def test_export_of_a_past_release(
    grown: Desk,
    served: dict[int, dict[str, str]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = ["export", "--data-dir", str(grown.folder), "--ontology", str(LIBRARY / "ontology")]
    assert main([*command, "--release", "1", "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{served[1]['kizuna-1.trig']}  kizuna-1.trig\n"
    assert main([*command, "--out", str(tmp_path)]) == 0
    assert (tmp_path / "kizuna-3.trig").exists()
    assert main([*command, "--release", "4"]) == 2
    assert "there is no release 4; the newest is 3." in capsys.readouterr().err


def test_export_of_a_release_without_a_ledger(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KIZUNA_DATA_DIR", raising=False)
    assert main(["export", "--release", "0"]) == 2
    assert "--data-dir" in capsys.readouterr().err
