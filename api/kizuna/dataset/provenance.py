"""Where each release comes from, as RDF: who brought what, who let it in, when and why.

PROV-O (https://www.w3.org/TR/prov-o/): an entry is an activity that generates a release, which is
a revision of the one before it; an entry uses the contribution that it takes in, which is
attributed to who brought it; a reversal invalidates it.
"""

import hashlib
from collections.abc import Iterable, Iterator

from kizuna import namespaces as ns
from kizuna.dataset.entries import Action, Entry
from kizuna.model import Model
from kizuna.terms import Literal, NamedNode, Quad

_GRAPH = NamedNode(ns.GRAPH_LEDGER)
_DATE_TIME = NamedNode(ns.XSD + "dateTime")


def provenance(model: Model, entries: Iterable[Entry]) -> list[Quad]:
    """What is said of the entries, in the ledger's graph; each quad once."""
    base = model.id_bases[0] if model.id_bases else ns.GRAPH_LEDGER + "/"
    told = _Told(f"{base}ledger-", known=ns.LEDGER_ENTRY in model.classes)
    return list(dict.fromkeys(quad for entry in entries for quad in told.entry(entry)))


class _Told:
    """``known`` tells whether the ontology has classes of its own for what is told."""

    def __init__(self, start: str, *, known: bool) -> None:
        self._start = start
        self._known = known

    def entry(self, entry: Entry) -> Iterator[Quad]:
        activity, release = self._node("entry", entry.number), self._node("release", entry.number)
        moment = Literal(entry.at.isoformat(timespec="microseconds"), datatype=_DATE_TIME)
        yield from self._typed(activity, "Activity", ns.LEDGER_ENTRY, entry.number)
        yield _said(activity, ns.PROV + "endedAtTime", moment)
        yield _said(activity, ns.PROV + "generated", release)
        yield _said(activity, ns.DCTERMS_DESCRIPTION, Literal(entry.message))
        yield from self._agent(activity, "wasAssociatedWith", entry.decided_by)
        yield from self._typed(release, "Entity", ns.DATASET_RELEASE, entry.number)
        yield _said(release, ns.PROV + "wasGeneratedBy", activity)
        if entry.number:
            before = self._node("release", entry.number - 1)
            yield _said(release, ns.PROV + "wasRevisionOf", before)
        if entry.contribution is not None:
            yield from self._contribution(entry, activity, entry.contribution)

    def _contribution(self, entry: Entry, activity: NamedNode, number: int) -> Iterator[Quad]:
        contribution = self._node("contribution", number)
        if entry.action is Action.REVERSAL:
            yield _said(contribution, ns.PROV + "wasInvalidatedBy", activity)
            return
        yield from self._typed(contribution, "Entity", ns.ACCEPTED_CONTRIBUTION, number)
        yield _said(activity, ns.PROV + "used", contribution)
        yield from self._agent(contribution, "wasAttributedTo", entry.contributor)

    def _agent(self, thing: NamedNode, role: str, name: str | None) -> Iterator[Quad]:
        if name is None:
            return
        agent = self._node("agent", hashlib.sha256(name.encode()).hexdigest()[:16])
        yield _said(thing, ns.PROV + role, agent)
        yield from self._typed(agent, "Agent", ns.CONTRIBUTOR)
        yield _said(agent, ns.RDFS_LABEL, Literal(name))

    def _typed(
        self, node: NamedNode, above: str, cls: str, number: int | None = None
    ) -> Iterator[Quad]:
        yield _said(node, ns.RDF_TYPE, _prov(above))
        if self._known:
            yield _said(node, ns.RDF_TYPE, NamedNode(cls))
            if number is not None:
                yield _said(node, ns.NUMBER, Literal(number))

    def _node(self, kind: str, key: int | str) -> NamedNode:
        return NamedNode(f"{self._start}{kind}-{key}")


def _prov(name: str) -> NamedNode:
    return NamedNode(ns.PROV + name)


def _said(subject: NamedNode, predicate: str, value: NamedNode | Literal) -> Quad:
    return Quad(subject, NamedNode(predicate), value, _GRAPH)
