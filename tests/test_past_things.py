"""Things as they stood in a past release: what a citation leads to."""

import json
import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from starlette.testclient import TestClient

from kizuna.app import create_app, create_server
from kizuna.dataset.changes import make_change
from kizuna.dataset.files import Ontology
from kizuna.dataset.ledger import Ledger, ledger_url
from kizuna.dataset.releases import Dataset, LedgerReleases, read_data
from kizuna.errors import InvalidInput
from kizuna.graphql.schema import Api
from kizuna.settings import Settings, read_settings
from tests.conftest import LIBRARY
from tests.test_following import accept
from tests.test_graphql import data

SETTINGS = Settings(ontology=LIBRARY / "ontology")
HTML = {"accept": "text/html"}
PUBLIC = "https://kizuna.example.org"


@pytest.fixture(scope="module")
def client(
    tmp_path_factory: pytest.TempPathFactory, library_ontology: Ontology
) -> Iterator[TestClient]:
    """A server whose release 1 has one book more than release 0."""
    with closing(Ledger.open(ledger_url(tmp_path_factory.mktemp("ledger")))) as ledger:
        seeds = (q for quads in read_data([LIBRARY / "data.ttl"]).values() for q in quads)
        ledger.add_seeds("seeds", None, make_change(seeds))
        releases = LedgerReleases(library_ontology, ledger)
        accept(ledger, releases, 1)
        releases.follow()
        with TestClient(create_server(SETTINGS, releases), follow_redirects=False) as client:
            yield client


def test_a_thing_that_came_later_was_not_there(client: TestClient) -> None:
    assert client.get("/id/book-1", headers=HTML).status_code == 303
    then = client.get("/id/book-1?release=0", headers=HTML)
    assert then.status_code == 404
    assert "release 0" in then.text


def test_a_past_page_leads_to_past_pages(client: TestClient) -> None:
    led = client.get("/id/kokoro?release=0", headers=HTML)
    assert led.headers["location"] == "/page/id/kokoro?release=0"
    page = client.get(led.headers["location"], headers=HTML)
    assert "This is how it stood in release 0." in page.text
    assert '<a href="/page/id/kokoro?lang=en">The newest release</a>' in page.text
    main = page.text.partition("<main")[2].partition("</main>")[0]
    links = set(re.findall(r'href="(/(?:page|data)/[^"]*)"', main)) - {"/page/id/kokoro?lang=en"}
    assert len(links) > 5
    assert [link for link in links if "release=0" not in link] == []
    assert {client.get(link.replace("&amp;", "&")).status_code for link in links} == {200}


def test_the_newest_page_leads_to_the_newest(client: TestClient) -> None:
    for address in ("/page/id/kokoro", "/page/id/kokoro?release=1"):
        page = client.get(address, headers=HTML).text
        assert "how it stood" not in page
        assert "release=" not in page.partition("<main")[2].partition("</main>")[0]


def test_past_data(client: TestClient) -> None:
    led = client.get("/id/kokoro?release=0", headers={"accept": "text/turtle"})
    found = client.get(led.headers["location"])
    assert found.headers["content-type"].startswith("text/turtle")
    assert found.headers["etag"] != client.get("/data/id/kokoro.ttl").headers["etag"]
    assert "/page/id/kokoro?release=0" in found.headers["link"]


@pytest.mark.parametrize(("asked", "status"), [("2", 404), ("x", 400), ("-1", 400), ("", 400)])
def test_no_such_release(client: TestClient, asked: str, status: int) -> None:
    for address in ("/id/kokoro", "/page/id/kokoro", "/data/id/kokoro.ttl"):
        assert client.get(f"{address}?release={asked}").status_code == status


# Citations

CITED = 'query ($style: CitationStyle) { programme(id: "gcap") { citation(style: $style) } }'


def test_a_citation_leads_to_what_it_cites_as_it_stands(packaged: Dataset) -> None:
    api = Api(packaged, public_url=PUBLIC)
    cited = data(api, CITED)["programme"]["citation"]
    assert cited.endswith(f"{PUBLIC}/id/gcap?release=0")
    item = json.loads(data(api, CITED, style="CSL_JSON")["programme"]["citation"])
    assert item["URL"] == f"{PUBLIC}/id/gcap?release=0"
    assert item["version"] == "0"
    client = TestClient(create_app(Settings(), packaged, api))
    page = client.get(item["URL"].removeprefix(PUBLIC), headers=HTML)
    assert f"{PUBLIC}/id/gcap?release=0</p>" in page.text  # cited there as well


def test_a_citation_without_a_public_address_names_the_iri(packaged_api: Api) -> None:
    cited = data(packaged_api, CITED)["programme"]["citation"]
    assert cited.endswith("https://w3id.org/italy-japan/id/gcap")


def test_a_public_address_is_one_of_the_web() -> None:
    assert read_settings({}, {"KIZUNA_PUBLIC_URL": PUBLIC + "/"}).public_url == PUBLIC
    with pytest.raises(InvalidInput, match="https://"):
        read_settings({"public_url": "example.org"}, {})
