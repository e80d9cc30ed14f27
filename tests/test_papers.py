"""The papers: what they show is so, and what they link to is there."""

import json
import re
from pathlib import Path

import pytest

from kizuna.dataset.files import read_ontology
from kizuna.dataset.releases import load_dataset, read_data, seed_files
from kizuna.graphql.schema import Api
from kizuna.resources import ONTOLOGY, QUERIES, SEEDS

ROOT = Path(__file__).parents[1]
PAPERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def blocks(paper: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", paper.read_text(encoding="utf-8"), re.DOTALL)


def test_the_answer_in_the_readme_is_the_answer() -> None:
    (operation,) = blocks(ROOT / "README.md", "graphql")
    (answer,) = blocks(ROOT / "README.md", "json")
    ontology = read_ontology(ONTOLOGY, QUERIES / "derive")
    api = Api(load_dataset(ontology, read_data(seed_files(SEEDS))))
    assert api.execute(operation).payload["data"] == json.loads(answer)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_links_lead_somewhere(paper: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", paper.read_text(encoding="utf-8"))
    assert [x for x in links if "://" not in x and not (paper.parent / x).exists()] == []
