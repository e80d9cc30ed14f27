"""Answers as a reader sees them: conventions of the schema in, labelled texts out."""

import pytest

from kizuna.http.answers import Data, Item, Words, shown

WORDS = Words(
    label=str.upper,
    truth={True: "yes", False: "no"},
    link=lambda value: f"/{value['id']}" if "id" in value else "",
)


def text(value: str, language: str = "en") -> Data:
    return {"value": value, "language": language}


def labelled(identifier: str) -> Data:
    return {"__typename": "Thing", "id": identifier, "label": text(identifier)}


def item(label: str, identifier: str, *parts: Item) -> Item:
    return Item(label, identifier, "en", f"/{identifier}", parts)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(3, Item("A", "3"), id="number"),
        pytest.param(False, Item("A", "no"), id="truth"),
        pytest.param(text("x", "it"), Item("A", "x", "it"), id="text"),
        pytest.param(labelled("x"), item("A", "x"), id="labelled"),
        pytest.param(
            {**labelled("x"), "b": 1}, item("A", "x", Item("B", "1")), id="labelled-with-parts"
        ),
        pytest.param({"display": "2022"}, Item("A", "2022"), id="first-part-stands-for-all"),
        pytest.param(
            {"b": "x", "c": "y"}, Item("A", "x", parts=(Item("C", "y"),)), id="first-part-titles"
        ),
        pytest.param({"id": "x", "b": "y"}, Item("A", "y", href="/x"), id="linked-by-its-part"),
        pytest.param(
            {"b": {"c": {**labelled("x"), "d": 1}}},
            item("A", "x", Item("D", "1")),
            id="nested-single-parts",
        ),
        pytest.param([labelled("x")], item("A", "x"), id="list-of-one"),
        pytest.param(
            [text("x"), text("y")],
            Item("A", parts=(Item("", "x", "en"), Item("", "y", "en")), many=True),
            id="list",
        ),
        pytest.param(
            {"nodes": [labelled("x"), labelled("y")], "totalCount": 2},
            Item("A", parts=(item("", "x"), item("", "y")), many=True),
            id="nodes",
        ),
        pytest.param(
            {"edges": [{"node": labelled("x"), "cursor": "c", "role": "y"}]},
            item("A", "x", Item("ROLE", "y")),
            id="edges",
        ),
    ],
)
def test_shown(value: object, expected: Item) -> None:
    assert shown({"a": value}, WORDS) == (expected,)


@pytest.mark.parametrize("value", [None, [], {"nodes": []}, {"b": None}, [None]])
def test_what_is_not_there_is_left_out(value: object) -> None:
    assert shown({"a": value, "id": "x", "__typename": "Thing"}, WORDS) == ()


def test_breadth_counts_what_is_compared() -> None:
    claims = [{"b": "x", "c": name} for name in ("y", "z", "w")]
    (broad,) = shown({"a": {"nodes": [{"label": text("t"), "claims": claims}]}}, WORDS)
    (brief,) = shown({"a": [labelled("x"), labelled("y")]}, WORDS)
    assert (broad.breadth, brief.breadth, brief.brief) == (3, 0, True)
