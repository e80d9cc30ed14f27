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
    told = _Told(f"{base}ledger-")
    return list(dict.fromkeys(quad for entry in entries for quad in told.entry(entry)))


class _Told:
    def __init__(self, start: str) -> None:
        self._start = start

    def entry(self, entry: Entry) -> Iterator[Quad]:
        activity, release = self._node("entry", entry.number), self._node("release", entry.number)
        moment = Literal(entry.at.isoformat(timespec="microseconds"), datatype=_DATE_TIME)
        yield _said(activity, ns.RDF_TYPE, _prov("Activity"))
        yield _said(activity, ns.PROV + "endedAtTime", moment)
        yield _said(activity, ns.PROV + "generated", release)
        yield _said(activity, ns.DCTERMS_DESCRIPTION, Literal(entry.message))
        yield from self._agent(activity, "wasAssociatedWith", entry.decided_by)
        yield _said(release, ns.RDF_TYPE, _prov("Entity"))
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
        yield _said(contribution, ns.RDF_TYPE, _prov("Entity"))
        yield _said(activity, ns.PROV + "used", contribution)
        yield from self._agent(contribution, "wasAttributedTo", entry.contributor)

    def _agent(self, thing: NamedNode, role: str, name: str | None) -> Iterator[Quad]:
        if name is None:
            return
        agent = self._node("agent", hashlib.sha256(name.encode()).hexdigest()[:16])
        yield _said(thing, ns.PROV + role, agent)
        yield _said(agent, ns.RDF_TYPE, _prov("Agent"))
        yield _said(agent, ns.RDFS_LABEL, Literal(name))

    def _node(self, kind: str, key: int | str) -> NamedNode:
        return NamedNode(f"{self._start}{kind}-{key}")


def _prov(name: str) -> NamedNode:
    return NamedNode(ns.PROV + name)


def _said(subject: NamedNode, predicate: str, value: NamedNode | Literal) -> Quad:
    return Quad(subject, NamedNode(predicate), value, _GRAPH)
