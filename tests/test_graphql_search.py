"""Search in GraphQL: whatever has the words, with the text that matched."""

from typing import Any

import pytest

from kizuna.graphql.schema import Api


def search(api: Api, text: str, arguments: str = "") -> list[dict[str, Any]]:
    query = f"""query ($text: String!) {{
      search(text: $text {arguments}) {{ field text {{ value language }} node {{ id __typename }} }}
    }}"""
    payload = api.execute(query, {"text": text}).payload
    assert "errors" not in payload
    hits: list[dict[str, Any]] = payload["data"]["search"]
    return hits


@pytest.mark.parametrize("name", ["Japan", "giappone", "日本"])
def test_a_country_is_found_by_its_name_in_each_language(packaged_api: Api, name: str) -> None:
    first = search(packaged_api, name)[0]
    assert first["node"] == {
        "id": "https://w3id.org/italy-japan/id/japan",
        "__typename": "Country",
    }
    assert first["field"] == "label"
    assert first["text"]["value"].casefold() == name.casefold()


def test_paraphrases_are_searched_too(packaged_api: Api) -> None:
    hits = search(packaged_api, "stealth fighter", "types: [Passage]")
    assert hits
    assert {hit["field"] for hit in hits} == {"paraphrase"}


def test_a_type_may_be_abstract(packaged_api: Api) -> None:
    hits = search(packaged_api, "japan", "types: [Fact], first: 50")
    assert len({hit["node"]["__typename"] for hit in hits}) > 2
    assert "Country" not in {hit["node"]["__typename"] for hit in hits}


def test_first_cuts_the_list(packaged_api: Api) -> None:
    assert len(search(packaged_api, "japan", "first: 2")) == 2
    assert search(packaged_api, "japan", "first: 0") == []


def test_the_library_is_searched_by_its_own_fields(library_api: Api) -> None:
    first = search(library_api, "心")[0]
    assert first["text"] == {"value": "心", "language": "ja"}
    assert first["node"]["__typename"] == "Book"


def test_a_size_that_cannot_be_is_refused_at_the_field(packaged_api: Api) -> None:
    payload = packaged_api.execute('{ search(text: "x", first: 1001) { field } }').payload
    (error,) = payload["errors"]
    assert error["path"] == ["search"]
    assert error["extensions"]["code"] == "LIMIT_EXCEEDED"


@pytest.mark.parametrize("language", ["en", "it", "ja"])
def test_what_matched_is_told_in_the_readers_language(packaged_api: Api, language: str) -> None:
    for arguments, languages in ((f', lang: ["{language}"]', ()), ("", (language,))):
        query = f"""{{ search(text: "Leonardo", types: [Fact, Passage]{arguments}) {{
            text {{ language }}
        }} }}"""
        hits = packaged_api.execute(query, languages=languages).payload["data"]["search"]
        assert {hit["text"]["language"] for hit in hits} == {language}


def test_codes_are_searched_too(packaged_api: Api) -> None:
    for code, field in (("JP", "isoAlpha2"), ("jpn", "isoAlpha3")):
        first, *_ = search(packaged_api, code)
        assert first["node"]["id"].endswith("/japan")
        assert (first["field"], first["text"]["language"]) == (field, "und")


def test_nothing_is_known_by_its_hash(packaged_api: Api) -> None:
    query = "{ passages(first: 1) { nodes { sha256 } } }"
    (passage,) = packaged_api.execute(query).payload["data"]["passages"]["nodes"]
    assert search(packaged_api, passage["sha256"]) == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Meloni", "giorgia-meloni"),
        ("GCAP", "gcap"),
        ("difesa", "defence"),
        ("EU-Japan summit", "eu-japan-summit"),
        ("ue", "european-union"),
        ("イタリア", "italy"),
    ],
)
def test_what_is_meant_comes_first(packaged_api: Api, text: str, first: str) -> None:
    for languages in (("en",), ("it",), ("ja",)):
        query = "query ($text: String!) { search(text: $text, first: 1) { node { id } } }"
        payload = packaged_api.execute(query, {"text": text}, languages=languages).payload
        (hit,) = payload["data"]["search"]
        assert hit["node"]["id"].rpartition("/")[2].endswith(first)
