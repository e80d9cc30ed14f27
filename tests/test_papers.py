"""The papers: what they show is so, and what they link to is there."""

import json
import re
from pathlib import Path

import pytest

from kizuna.graphql.schema import Api

ROOT = Path(__file__).parents[1]
PAPERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def blocks(paper: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", paper.read_text(encoding="utf-8"), re.DOTALL)


def test_the_answer_in_the_readme_is_the_answer(packaged_api: Api) -> None:
    (operation,) = blocks(ROOT / "README.md", "graphql")
    (answer,) = blocks(ROOT / "README.md", "json")
    assert packaged_api.execute(operation).payload["data"] == json.loads(answer)


def test_what_the_paper_on_graphql_asks_is_answered(packaged_api: Api) -> None:
    operations = blocks(ROOT / "docs" / "graphql.md", "graphql")
    assert len(operations) > 10
    answers = [packaged_api.execute(operation).payload for operation in operations]
    assert [answer["errors"] for answer in answers if "errors" in answer] == []
    assert [answer["data"] for answer in answers if not any(answer["data"].values())] == []


def test_the_groups_in_the_paper_are_the_groups(packaged_api: Api) -> None:
    paper = ROOT / "docs" / "graphql.md"
    (operation,) = (each for each in blocks(paper, "graphql") if "groupBy" in each)
    (groups,) = (each for each in blocks(paper, "json") if "groupBy" in each)
    assert packaged_api.execute(operation).payload["data"] == json.loads(groups)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_links_lead_somewhere(paper: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", paper.read_text(encoding="utf-8"))
    assert [x for x in links if "://" not in x and not (paper.parent / x).exists()] == []
