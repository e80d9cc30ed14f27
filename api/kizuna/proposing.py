"""The command that proposes: files examined against a release, the answer told as text."""

import json
from pathlib import Path

from kizuna.contributions.answers import as_json
from kizuna.contributions.documents import Document, Limits, Submission, read_document
from kizuna.contributions.examination import Examination, Examiner
from kizuna.contributions.rendering import render_examination
from kizuna.dataset.files import Ontology
from kizuna.dataset.releases import Dataset
from kizuna.errors import InvalidInput
from kizuna.saved import read_saved


def examined(
    dataset: Dataset,
    ontology: Ontology,
    questions: Path,
    files: tuple[Path | None, Path | None],
    language: str,
) -> Examination:
    """What the file to add and the file to remove would come to.

    Raises InvalidInput where there is neither or one can't be used, MalformedData with its line for
    one that can't be parsed.
    """
    limits = Limits()
    added, removed = (_document(file, limits) for file in files)
    if added is None and removed is None:
        raise InvalidInput("nothing to propose: name a file to add, or one with --remove.")
    examiner = Examiner(ontology, dataset.model, read_saved(questions, ".rq"), limits)
    return examiner.examine(dataset, Submission(added, removed), language)


def answer(examination: Examination, *, as_data: bool) -> str:
    """The answer as text, or as JSON."""
    if as_data:
        return json.dumps(as_json(examination), ensure_ascii=False, indent=2)
    return render_examination(examination)


def _document(file: Path | None, limits: Limits) -> Document | None:
    return None if file is None else read_document(file, limits)
