"""What a citation needs to know of a subject, be it entity, fact, claim, passage or document."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from kizuna import namespaces as ns
from kizuna.addresses import addresses_of
from kizuna.citations import Collection, Style, Work, cite
from kizuna.dataset.releases import Dataset
from kizuna.graphql.texts import preferred
from kizuna.model import Path, Step, Texts
from kizuna.terms import Literal, NamedNode, Term

Along: TypeAlias = Callable[[Path, Term], Sequence[Term]]

LABEL = Step(ns.SKOS_PREF_LABEL)
FACT_LABEL: Path = (Step(ns.ON_FACT), LABEL)
DOCUMENT_LABEL: Path = (Step(ns.IN_SOURCE), LABEL)
DATES: tuple[Path, ...] = (
    (Step(ns.ISSUED), Step(ns.TIME_EDTF)),
    (Step(ns.IN_SOURCE), Step(ns.ISSUED), Step(ns.TIME_EDTF)),
)
PUBLISHERS: tuple[Path, ...] = (
    (Step(ns.PUBLISHER_NAME),),
    (Step(ns.IN_SOURCE), Step(ns.PUBLISHER_NAME)),
)
PLACE: tuple[Path, ...] = ((Step(ns.START),), (Step(ns.END),))
PATHS = ((LABEL,), FACT_LABEL, DOCUMENT_LABEL, *DATES, *PUBLISHERS, *PLACE)


def work(subject: NamedNode, along: Along, languages: Sequence[str]) -> Work:
    """The subject as it is cited: a claim by its fact, a passage by its document and its place."""
    texts = [t for path in PATHS[:3] for t in along(path, subject) if isinstance(t, Literal)]
    title = preferred(texts, languages)
    start, end = (_first(along, subject, [path]) for path in PLACE)
    return Work(
        iri=subject.value,
        title=title[0].value if title else subject.value,
        language=(title[0].language if title else None) or "en",
        issued=_first(along, subject, DATES),
        publisher=_first(along, subject, PUBLISHERS),
        characters=(int(start), int(end)) if start and end else None,
    )


@dataclass(frozen=True)
class Citing:
    """Cites what a dataset holds; its permalinks lead to the server at ``public_url``, if any."""

    dataset: Dataset
    public_url: str | None

    def cited(
        self, subject: NamedNode, along: Along, languages: Sequence[str], style: Style
    ) -> str:
        """The citation of a subject in a style, for readers of the languages."""
        found = replace(work(subject, along, languages), permalink=self._permalink(subject))
        return cite(found, collection(self.dataset, languages), style)

    def _permalink(self, subject: NamedNode) -> str | None:
        if self.public_url is None:
            return None
        places, release = addresses_of(self.dataset.model), self.dataset.release.number
        return places.permalink(self.public_url, subject.value, release)


def collection(dataset: Dataset, languages: Sequence[str]) -> Collection:
    """The dataset at its release, as it is cited."""
    model = dataset.model
    creators = tuple(_best(names, languages) for names in model.creators)
    return Collection(_best(model.titles, languages), creators, dataset.release.number)


def _first(along: Along, subject: Term, paths: Iterable[Path]) -> str | None:
    found = (term for path in paths for term in along(path, subject))
    return next((term.value for term in found if isinstance(term, Literal)), None)


def _best(texts: Texts, languages: Sequence[str]) -> str:
    choices = (texts.get(language) for language in (*languages, *texts))
    return next((text for text in choices if text), "")
