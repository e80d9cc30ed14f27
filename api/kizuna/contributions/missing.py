"""Links to nothing: told as such, with what there is of a like name."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from functools import cached_property

from kizuna.contributions import phrases
from kizuna.model import Model
from kizuna.terms import NamedNode
from kizuna.validation.names import Names, text
from kizuna.validation.overlay import Overlay
from kizuna.validation.results import Result

SENTENCE_ENDS = (".", "。", "?", "!")

Near = Callable[[str, Set[str]], list[str]]


class Missing:
    """Tells of the faults of one change which are links to nothing.

    ``near`` finds what there is, of some classes, of a name like that of an IRI.
    """

    def __init__(self, model: Model, names: Names, view: Overlay, near: Near) -> None:
        self._model = model
        self._names = names
        self._view = view
        self._near = near

    def told(self, result: Result) -> Result:
        """The result, which says so where nothing is said of the value at fault."""
        value, targets = result.value, self._targets.get(result.path)
        if value is None or targets is None or value.startswith(('"', "_:")):
            return result
        if self._view.described(NamedNode(value)):
            return result
        schemes = map(self._model.schemes.get, targets)
        listed = all(scheme and scheme.closed for scheme in schemes)
        nothing = phrases.NOT_LISTED if listed else phrases.NOTHING
        near = [NamedNode(iri) for iri in self._near(value, targets)]
        messages = {
            language: self._joined([said, text(nothing, language)], near, language)
            for language, said in result.messages.items()
        }
        return replace(result, messages=messages)

    def _joined(self, said: list[str], near: list[NamedNode], language: str) -> str:
        """The sentences, and the names of what is near."""
        if near:
            names = [f"{self._names.spoken(one, language)} <{one.value}>" for one in near]
            said = [*said, text(phrases.ALIKE, language).format(near=", ".join(names))]
        first, *others = said
        stop = "" if first.endswith(SENTENCE_ENDS) else "."
        return text(phrases.BETWEEN, language).join([first + stop, *others])

    @cached_property
    def _targets(self) -> Mapping[str, Set[str]]:
        """The classes of what each property leads to, by the property's path."""
        found: dict[str, set[str]] = defaultdict(set)
        for known in self._model.classes.values():
            for prop in known.properties:
                if prop.predicate and prop.targets:
                    path = self._names.path(prop.predicate)
                    found[path].update(self._model.leaves(prop.targets))
        return {path: frozenset(leaves) for path, leaves in found.items()}
