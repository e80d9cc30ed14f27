"""The check that ``kizuna check`` runs: files against the ontology, told as text."""

from collections.abc import Sequence
from pathlib import Path

from kizuna import resources
from kizuna.dataset.files import Ontology, read_file, read_ontology
from kizuna.dataset.releases import seed_files
from kizuna.errors import InvalidInput
from kizuna.model import Model, read_model
from kizuna.terms import NamedNode
from kizuna.validation import Data, Report, render, validate


def check(files: Sequence[Path], ontology_dir: Path, language: str) -> tuple[str, bool]:
    """What is wrong with the files, in the language, and whether they conform.

    Under the packaged ontology they are checked together with the packaged seeds, to which they
    may refer, and only what concerns them is reported; without files the seeds themselves are
    checked. Under another ontology the files stand alone. Raises MalformedData for a file that
    can't be parsed, InvalidInput for an ontology that can't be used or where there is nothing to
    check.
    """
    ontology = read_ontology(ontology_dir)
    model = read_model(ontology.quads, ontology.shapes)
    candidates = {str(file): read_file(file) for file in files}
    seeds = _seeds(files) if ontology_dir.resolve() == resources.ONTOLOGY else {}
    if not candidates and not seeds:
        raise InvalidInput(f"nothing to check: name the files to check against {ontology_dir}")
    report = validate({**candidates, **seeds}, ontology, model)
    if candidates and seeds:
        report = _concerning(candidates, report, seeds, ontology, model)
    return render(report, language), report.conforms


def _seeds(replaced: Sequence[Path]) -> Data:
    """The packaged seeds, save those that are among the files to check."""
    checked = {file.resolve() for file in replaced}
    seeds = [file for file in seed_files(resources.SEEDS) if file.resolve() not in checked]
    return {str(Path("seeds") / f.relative_to(resources.SEEDS)): read_file(f) for f in seeds}


def _concerning(
    candidates: Data, report: Report, seeds: Data, ontology: Ontology, model: Model
) -> Report:
    """The results on what the candidates describe, and those that weren't there without them."""
    quads = (quad for described in candidates.values() for quad in described)
    about = {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
    elsewhere = [r for r in report.results if r.file not in candidates and r.focus not in about]
    if not elsewhere:
        return report
    before = {result.key for result in validate(seeds, ontology, model).results}
    unchanged = {result.key for result in elsewhere} & before
    return Report(tuple(result for result in report.results if result.key not in unchanged))
