"""A submission made into a change of a release: named, placed, and without what stands already."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from kizuna.contributions.documents import (
    TABLE,
    Document,
    Limits,
    Statements,
    Submission,
    Unread,
    check_count,
)
from kizuna.contributions.minting import Taken, mint, renamed
from kizuna.contributions.orphans import orphaned, part_classes
from kizuna.contributions.parsing import Parsed, parse_document
from kizuna.contributions.placing import placed
from kizuna.contributions.tables import parse_table
from kizuna.dataset.changes import Change, make_change
from kizuna.dataset.store import Store, as_stored
from kizuna.errors import InvalidInput
from kizuna.model import Model
from kizuna.terms import BlankNode, NamedNode, Quad, Term, Triple
from kizuna.validation.overlay import is_asserted, is_written


@dataclass(frozen=True)
class Draft:
    """What a submission would change.

    ``lines`` gives, by the name of each document, the quads that it adds or removes with their
    lines; ``minted`` the new IRIs; ``absent`` what the document ``removing`` would remove and isn't
    there, with its lines; ``unread`` the keys of each document that say nothing.
    """

    change: Change
    lines: Mapping[str, Mapping[Quad, int]]
    minted: tuple[NamedNode, ...]
    removing: str
    absent: tuple[tuple[Quad, int], ...]
    unread: Mapping[str, tuple[Unread, ...]]


def draft(
    submission: Submission,
    store: Store,
    model: Model,
    labels: Container[str],
    limits: Limits,
    taken: Taken | None = None,
    contexts: Mapping[str, str] = MappingProxyType({}),
) -> Draft:
    """What the submission would change in the store.

    Added triples that stand already are dropped; what is both removed and added stays. Parts go
    with the last link to them. ``taken``
    tells of an IRI whether it was ever used; by default, whether it is used in the store.
    ``contexts`` are those of JSON-LD that may be named by their addresses. Raises
    MalformedData, LimitExceeded or InvalidInput for a document that can't be read, and for a
    submission that says nothing.
    """
    added = _read(submission.added, "added", store, model, limits, contexts)
    removed = _read(submission.removed, "removed", store, model, limits, contexts)
    if not added.quads and not removed.quads:
        raise InvalidInput(_nothing_said([*added.unread, *removed.unread]))
    names = mint(added.quads, model, labels, taken or _used(store))
    lines = _lines(added, names, store, model)
    leaving, absent = _leaving(removed, store)
    kept = {quad.triple for quad in lines}
    gone = {quad: line for quad, line in leaving.items() if quad.triple not in kept}
    entering = {quad: line for quad, line in lines.items() if not _standing(store, quad.triple)}
    if gone:
        gone |= orphaned(gone, lines, store, part_classes(model, labels))
    return Draft(
        make_change(entering, gone),
        _by_document((added.name, entering), (removed.name, gone)),
        tuple(names.values()),
        removed.name,
        absent,
        {one.name: one.unread for one in (added, removed) if one.unread},
    )


def _nothing_said(unread: Sequence[Unread]) -> str:
    if not unread:
        return "The submission says nothing: give something to add or to remove."
    keys = ", ".join(dict.fromkeys(f"“{one.key}”" for one in unread))
    return f"The submission says nothing: its context doesn’t have the keys {keys}."


def _by_document(*parts: tuple[str, Mapping[Quad, int]]) -> dict[str, dict[Quad, int]]:
    lines: dict[str, dict[Quad, int]] = {}
    for name, quads in parts:
        lines.setdefault(name, {}).update(quads)
    return lines


def _read(
    document: Document | Statements | None,
    name: str,
    store: Store,
    model: Model,
    limits: Limits,
    contexts: Mapping[str, str],
) -> Parsed:
    if document is None:
        return Parsed(name, {})
    if isinstance(document, Statements):
        check_count(document, limits)
        return Parsed(document.name, {quad: n for n, quad in enumerate(document.quads, 1)})
    if document.media_type.partition(";")[0].strip().lower() == TABLE:
        return parse_table(document, limits, model, _used(store))
    base = model.id_bases[0] if model.id_bases else None
    return parse_document(document, limits, base, contexts)


def _lines(
    added: Parsed, names: Mapping[Term, NamedNode], store: Store, model: Model
) -> dict[Quad, int]:
    """The added quads with names, in their graphs, each triple once, with their lines."""
    triples: dict[Triple, Quad] = {}
    numbers: dict[Triple, int] = {}
    for quad, line in zip(as_stored(added.quads), added.quads.values(), strict=True):
        named = renamed(quad, names)
        triples.setdefault(named.triple, named)
        numbers.setdefault(named.triple, line)
    return {quad: numbers[quad.triple] for quad in placed(triples.values(), store, model)}


def _leaving(removed: Parsed, store: Store) -> tuple[dict[Quad, int], tuple[tuple[Quad, int], ...]]:
    """The asserted quads to be removed, whatever graph the document names, and what isn't there."""
    leaving: dict[Quad, int] = {}
    absent: list[tuple[Quad, int]] = []
    for quad, line in removed.quads.items():
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            place = f"{removed.name}:{line}"
            raise InvalidInput(
                f"{place}: name by their IRIs the things of which to remove something."
            )
        found = _asserted(store, quad.triple)
        leaving |= dict.fromkeys(found, line)
        if not found:
            absent.append((quad, line))
    return leaving, tuple(absent)


def _asserted(store: Store, triple: Triple) -> Sequence[Quad]:
    found = store.find(triple.subject, triple.predicate.value, triple.object)
    return [quad for quad in found if is_asserted(quad)]


def _standing(store: Store, triple: Triple) -> bool:
    """Whether the triple stands in the data or the ontology; what is derived doesn't count."""
    found = store.find(triple.subject, triple.predicate.value, triple.object)
    return any(not is_written(quad) for quad in found)


def _used(store: Store) -> Taken:
    def used(iri: str) -> bool:
        node = NamedNode(iri)
        ends = (store.find(node), store.find(value=node))
        return any(next(quads, None) is not None for quads in ends)

    return used
