"""The command that proposes: files examined against a release, and kept in a ledger."""

import json
from pathlib import Path

from kizuna.contributions.answers import as_json
from kizuna.contributions.documents import Document, Limits, Submission, read_document
from kizuna.contributions.examination import Examination, Examiner
from kizuna.contributions.rendering import render_examination
from kizuna.contributions.review import Proposed, Review
from kizuna.dataset.files import Ontology
from kizuna.dataset.releases import Dataset
from kizuna.dataset.tokens import require_name
from kizuna.errors import InvalidInput
from kizuna.saved import read_saved


def examined(
    dataset: Dataset,
    ontology: Ontology,
    questions: Path,
    files: tuple[Path | None, Path | None],
    language: str,
    limits: Limits,
) -> Examination:
    """What the file to add and the file to remove would come to.

    Raises InvalidInput where there is neither or one can't be used, MalformedData with its line for
    one that can't be parsed.
    """
    submission = _submission(files, limits)
    examiner = Examiner(ontology, dataset.model, read_saved(questions, ".rq"), limits)
    return examiner.examine(dataset, submission, language)


def kept(
    review: Review,
    files: tuple[Path | None, Path | None],
    contributor: str | None,
    message: str,
    language: str,
    limits: Limits,
) -> Proposed:
    """What the files would come to, and the contribution where they conform; raises as above."""
    if contributor is None:
        raise InvalidInput("who proposes it? Say so with --contributor, or add --dry-run.")
    require_name(contributor)
    return review.submit(contributor, _submission(files, limits), message, language)


def outcome(proposed: Proposed, *, as_data: bool) -> str:
    """The answer as text, or as JSON, with the contribution that was kept."""
    contribution = proposed.contribution
    if as_data:
        number, state = (contribution.number, contribution.state) if contribution else (None, None)
        told = {**as_json(proposed.examination), "id": number, "state": state}
        return json.dumps(told, ensure_ascii=False, indent=2)
    text = render_examination(proposed.examination)
    if contribution is None:
        return text
    return f"{text}\nContribution {contribution.number} waits for a decision."


def answer(examination: Examination, *, as_data: bool) -> str:
    """The answer as text, or as JSON."""
    if as_data:
        return json.dumps(as_json(examination), ensure_ascii=False, indent=2)
    return render_examination(examination)


def _submission(files: tuple[Path | None, Path | None], limits: Limits) -> Submission:
    added, removed = (_document(file, limits) for file in files)
    if added is None and removed is None:
        raise InvalidInput("nothing to propose: name a file to add, or one with --remove.")
    return Submission(added, removed)


def _document(file: Path | None, limits: Limits) -> Document | None:
    return None if file is None else read_document(file, limits)
