"""The check that ``kizuna check`` runs: files against the ontology, told as text."""

from collections.abc import Sequence
from pathlib import Path

from kizuna import resources
from kizuna.dataset.files import Ontology, read_lines, read_ontology
from kizuna.dataset.releases import seed_files
from kizuna.errors import InvalidInput
from kizuna.model import Model, read_model
from kizuna.terms import NamedNode
from kizuna.validation import Lines, Report, render, validate


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
    candidates = {str(file): read_lines(file) for file in files}
    packaged = ontology_dir.resolve() == resources.ONTOLOGY
    seeds = _seeds(files) if packaged else {}
    if not candidates and not seeds:
        raise InvalidInput(f"nothing to check: name the files to check against {ontology_dir}")
    report = _validate({**candidates, **seeds}, ontology, model)
    if candidates and seeds:
        report = _concerning(candidates, report, seeds, ontology, model)
    return render(report, language), report.conforms


def _seeds(replaced: Sequence[Path]) -> Lines:
    """The packaged seeds, save those that are among the files to check."""
    checked = {file.resolve() for file in replaced}
    seeds = [file for file in seed_files(resources.SEEDS) if file.resolve() not in checked]
    return {str(Path("seeds") / f.relative_to(resources.SEEDS)): read_lines(f) for f in seeds}


def _validate(files: Lines, ontology: Ontology, model: Model) -> Report:
    return validate({name: list(lines) for name, lines in files.items()}, ontology, model, files)


def _concerning(
    candidates: Lines, report: Report, seeds: Lines, ontology: Ontology, model: Model
) -> Report:
    """The results on what the candidates describe, and those that weren't there without them."""
    quads = (quad for lines in candidates.values() for quad in lines)
    about = {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
    elsewhere = [r for r in report.results if r.file not in candidates and r.focus not in about]
    if not elsewhere:
        return report
    before = {result.key for result in _validate(seeds, ontology, model).results}
    unchanged = {result.key for result in elsewhere} & before
    return Report(tuple(result for result in report.results if result.key not in unchanged))
