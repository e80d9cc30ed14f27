"""What a contribution would come to, told before anything is stored.

Nothing here changes the dataset: the answer to a dry run is the answer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from kizuna import namespaces as ns
from kizuna.contributions import phrases
from kizuna.contributions.candidates import Candidates
from kizuna.contributions.contexts import published
from kizuna.contributions.documents import Limits, Submission
from kizuna.contributions.drafts import Draft, draft
from kizuna.contributions.effects import Asked, Effects, effects
from kizuna.contributions.likeness import Likeness, Lookalikes, Nearest
from kizuna.contributions.minting import Taken
from kizuna.contributions.missing import Missing
from kizuna.contributions.suggestions import Suggester
from kizuna.contributions.unread import UnreadKeys
from kizuna.dataset.changes import Change
from kizuna.dataset.files import Ontology
from kizuna.dataset.rederivation import Rederiver
from kizuna.dataset.releases import Dataset
from kizuna.model import Model, Texts
from kizuna.saved import Saved
from kizuna.terms import NamedNode, Quad
from kizuna.validation.affected import Validator
from kizuna.validation.closed import ClosedClasses
from kizuna.validation.names import Names, label_predicates, text
from kizuna.validation.overlay import Overlay
from kizuna.validation.phrases import LANGUAGES, fill
from kizuna.validation.places import Lines
from kizuna.validation.results import Report, Result, Severity, collect

NOT_THERE = ns.SHAPES + "contribution-not-there"
CLOSED_LIST = ns.SHAPES + "contribution-closed-list"
DERIVED_CLASS = ns.SHAPES + "contribution-derived-class"


@dataclass(frozen=True)
class Finding:
    """A result of validation in one language, and what would mend it.

    ``document`` names the submitted document, else the graph, in which the fault stands, and
    ``line`` its line where that is known. ``suggestion`` is what to remove from what is submitted
    and what to add instead.
    """

    severity: Severity
    focus: str
    focus_label: str
    path: str
    path_label: str
    value: str | None
    value_label: str
    message: str
    constraint: str
    document: str
    line: int | None
    suggestion: Change | None


@dataclass(frozen=True)
class Examination:
    """The answer to a contribution.

    ``change`` is what it comes to, without what stands already; ``minted`` are the IRIs given to
    what had none; ``effects`` is None for what doesn't conform, and where nobody asked. ``names``
    gives the labels of IRIs that the answer names, where they have any.
    """

    language: str
    change: Change
    report: Report
    results: tuple[Finding, ...]
    minted: tuple[str, ...] = ()
    lookalikes: tuple[Likeness, ...] = ()
    effects: Effects | None = None
    names: Names | None = None

    @property
    def conforms(self) -> bool:
        """Whether it could be accepted; warnings and information refuse nothing."""
        return self.report.conforms

    def label(self, iri: str) -> str:
        """What to call something, in the language of the answer; empty where it has no label."""
        return text(self.names.labels(NamedNode(iri)), self.language) if self.names else ""


class Examiner:
    """Examines contributions under one ontology."""

    def __init__(
        self,
        ontology: Ontology,
        model: Model,
        questions: Sequence[Saved] = (),
        limits: Limits | None = None,
    ) -> None:
        self._model = model
        self._asked = Asked(questions)
        self._limits = limits or Limits()
        self._contexts: Mapping[str, str] | None = None
        self._labels = tuple(label_predicates(ontology.quads))
        self._validator = Validator(ontology, model)
        self._candidates = Candidates(Rederiver(model, ontology.derive))
        self._names = Names([*ontology.quads, *ontology.shapes])
        self._closed = ClosedClasses(model, ontology.shapes)
        self._lookalikes = Lookalikes(model, ontology.shapes, self._labels)
        self._unread = UnreadKeys(model)

    def draft(self, dataset: Dataset, submission: Submission, taken: Taken | None = None) -> Draft:
        """What the submission would change, read, named and placed; raises as ``examine`` does."""
        if self._contexts is None:
            self._contexts = published(dataset)
        parts = (submission, dataset.store, self._model, self._labels, self._limits)
        return draft(*parts, taken, self._contexts)

    def examine(
        self,
        dataset: Dataset,
        submission: Submission,
        language: str,
        taken: Taken | None = None,
    ) -> Examination:
        """What the submission would come to; ``taken`` tells of an IRI whether it was ever used.

        Raises MalformedData, with line and column, for a document that can't be parsed;
        LimitExceeded for one that takes too much; InvalidInput for one that can't be read at all,
        and for a submission that says nothing.
        """
        drafted = self.draft(dataset, submission, taken)
        names = self._names.beside(Overlay(dataset.store, drafted.change).described)
        absent = [_absent(q, n, drafted, names) for q, n in drafted.absent]
        return self._examined(
            dataset,
            drafted.change,
            language,
            lines=drafted.lines,
            besides=[*absent, *self._unread.results(drafted, names)],
            minted=tuple(node.value for node in drafted.minted),
        )

    def prepare(self, dataset: Dataset) -> None:
        """Makes at hand what the first examination of a release takes longest for."""
        self.examine_change(dataset, Change(), LANGUAGES[0])

    def examine_change(
        self,
        dataset: Dataset,
        change: Change,
        language: str,
        *,
        gone: Iterable[Quad] = (),
        follow: bool = True,
    ) -> Examination:
        """What a change would come to; without ``follow``, not what follows from it.

        ``gone`` is what it was to remove besides, and isn't there any more.
        """
        names = self._names.beside(Overlay(dataset.store, change).described)
        absent = [_gone(quad, names) for quad in gone]
        return self._examined(dataset, change, language, besides=absent, follow=follow)

    def _examined(
        self,
        dataset: Dataset,
        change: Change,
        language: str,
        *,
        lines: Lines = MappingProxyType({}),
        besides: Sequence[Result] = (),
        minted: tuple[str, ...] = (),
        follow: bool = True,
    ) -> Examination:
        store = dataset.store
        view = Overlay(store, change)
        names = self._names.beside(view.described)
        told = self._validator.validate(store, change, lines).results
        found = _Lines(lines, names)
        near = Nearest(self._lookalikes, store, change)
        missing = Missing(self._model, names, view, near)
        barred = self._barred(change, names)
        placed = map(found.placed, [*map(missing.told, told), *barred])
        report = collect([*placed, *besides])
        mended = Suggester(self._model, self._closed, names, view, self._labels, near)
        return Examination(
            language=language,
            change=change,
            report=report,
            results=tuple(_finding(r, language, mended.mend(r)) for r in report.results),
            minted=minted,
            lookalikes=self._lookalikes.find(store, change),
            effects=self._effects(dataset, change) if follow and report.conforms else None,
            names=names,
        )

    def _barred(self, change: Change, names: Names) -> Iterator[Result]:
        """What may not be added, whatever is said of it."""
        for quad in change.added:
            if quad.predicate.value == ns.RDF_TYPE and isinstance(quad.object, NamedNode):
                iri = quad.object.value
                scheme, known = self._model.schemes.get(iri), self._model.classes.get(iri)
                if scheme and scheme.closed:
                    said = fill(phrases.CLOSED_LIST, name=names.compact(scheme.iri))
                    yield _violation(quad, names, said, CLOSED_LIST)
                elif known and known.properties and all(p.read_only for p in known.properties):
                    said = fill(phrases.DERIVED_CLASS, name=names.compact(iri))
                    yield _violation(quad, names, said, DERIVED_CLASS)

    def _effects(self, dataset: Dataset, change: Change) -> Effects:
        with self._candidates.tried(dataset, change) as (after, derived):
            return effects(dataset.store, after, derived, self._asked)


def examine(
    dataset: Dataset, ontology: Ontology, submission: Submission, language: str
) -> Examination:
    """What a submission would come to; see ``Examiner``, which serves many."""
    return Examiner(ontology, dataset.model).examine(dataset, submission, language)


class _Lines:
    """The submitted lines on which a fault can be looked for that isn't one triple's."""

    def __init__(self, lines: Lines, names: Names) -> None:
        self._of: dict[tuple[str, str], tuple[str, int]] = {}
        for document, quads in lines.items():
            for quad, line in quads.items():
                subject = names.full(quad.subject)
                for path in (names.path(quad.predicate.value), ""):
                    self._of.setdefault((subject, path), (document, line))

    def placed(self, result: Result) -> Result:
        """The result where something is submitted of its focus node and path, else of the node."""
        at = self._of.get((result.focus, result.path)) or self._of.get((result.focus, ""))
        if result.line is not None or at is None:
            return result
        return replace(result, file=at[0], line=at[1])


def _finding(result: Result, language: str, suggestion: Change | None) -> Finding:
    return Finding(
        severity=result.severity,
        focus=result.focus,
        focus_label=text(result.focus_labels, language),
        path=result.path,
        path_label=text(result.path_labels, language),
        value=result.value,
        value_label=text(result.value_labels, language),
        message=text(result.messages, language),
        constraint=result.constraint,
        document=result.file,
        line=result.line,
        suggestion=suggestion,
    )


def _absent(quad: Quad, line: int, drafted: Draft, names: Names) -> Result:
    """Nothing to remove: a violation, since somebody takes the data for other than it is."""
    found = _violation(quad, names, phrases.NOT_THERE, NOT_THERE)
    return replace(found, file=drafted.removing, line=line)


def _gone(quad: Quad, names: Names) -> Result:
    """Nothing to remove any more, in the graph where it was."""
    found = _violation(quad, names, phrases.NOT_THERE, NOT_THERE)
    return replace(found, file=getattr(quad.graph_name, "value", ""))


def _violation(quad: Quad, names: Names, messages: Texts, constraint: str) -> Result:
    return Result(
        severity="Violation",
        focus=names.full(quad.subject),
        focus_labels=names.labels(quad.subject),
        path=names.path(quad.predicate.value),
        path_labels=names.labels(quad.predicate),
        value=names.full(quad.object),
        value_labels=names.labels(quad.object),
        messages=messages,
        constraint=constraint,
        file="",
        line=None,
    )
