"""Keys of JSON-LD that say nothing, told as warnings."""

from collections.abc import Iterator, Mapping
from itertools import chain

from kizuna import namespaces as ns
from kizuna.contributions import phrases
from kizuna.contributions.documents import Unread
from kizuna.contributions.drafts import Draft
from kizuna.model import Model
from kizuna.terms import NamedNode
from kizuna.validation.names import Names
from kizuna.validation.phrases import fill, suggest
from kizuna.validation.results import Result

UNREAD_KEY = ns.SHAPES + "contribution-unread-key"


class UnreadKeys:
    """Tells of the keys that say nothing, with those that may be meant."""

    def __init__(self, model: Model) -> None:
        self._fields = _fields(model)

    def results(self, drafted: Draft, names: Names) -> Iterator[Result]:
        """A warning for each such key in the drafted documents."""
        for document, keys in drafted.unread.items():
            for key in keys:
                yield self._result(document, key, names)

    def _result(self, document: str, key: Unread, names: Names) -> Result:
        said = fill(phrases.UNREAD_KEY, place=key.place)
        field = self._fields.get(key.key)
        near = key.near or (names.compact(field) if field else None)
        return Result(
            severity="Warning",
            focus=key.node or f"_:{key.place.rpartition('/')[0] or '/'}",
            focus_labels=names.labels(NamedNode(key.node)) if key.node else {},
            path="",
            path_labels={},
            value=f'"{key.key}"',
            value_labels={},
            messages=suggest(said, near) if near else said,
            constraint=UNREAD_KEY,
            file=document,
            line=key.line,
        )


def _fields(model: Model) -> Mapping[str, str]:
    """The properties that can be stated, by the names of their fields, which aren't all terms."""
    properties = chain.from_iterable(found.properties for found in model.classes.values())
    return {p.name: p.predicate for p in properties if p.predicate and not p.read_only}
