"""What is sought of subjects: all values along a path, or some of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias, TypeVar

from kizuna.model import Path
from kizuna.terms import Literal, NamedNode, Term


@dataclass(frozen=True)
class OneOf:
    """Of the values along the path those that are among the terms."""

    path: Path
    terms: frozenset[NamedNode]


@dataclass(frozen=True)
class Shown:
    """Of the texts along the path those that readers of the languages are shown, in one language.

    It is the first that any text fits, of several that fit it the one whose tag comes first; where
    none fits, the tag that comes first of all.
    """

    path: Path
    languages: tuple[str, ...]


Sought: TypeAlias = Path | OneOf | Shown
S = TypeVar("S", bound=Sought)
Along: TypeAlias = dict[Term, list[Term]]  # what was found of each subject, where anything


def path_of(sought: Sought) -> Path:
    """Along which path it is sought."""
    return sought if isinstance(sought, tuple) else sought.path


def choosing(sought: Sought) -> Callable[[list[Term]], list[Term]]:
    """What gives of all values along the path those that are sought, in their order."""
    match sought:
        case OneOf(_, terms):
            return lambda values: [value for value in values if value in terms]
        case Shown(_, languages):
            return _showing(languages)
    return lambda values: values


def _showing(languages: Sequence[str]) -> Callable[[list[Term]], list[Term]]:
    rank = cache(lambda tag: preference(tag, languages))

    def shown(values: list[Term]) -> list[Term]:
        texts = [(rank(v.language or ""), v) for v in values if isinstance(v, Literal)]
        best = min((wanted for wanted, _ in texts), default=None)
        return [text for wanted, text in texts if wanted == best]

    return shown


def preference(tag: str, languages: Sequence[str]) -> tuple[int, str]:
    """How much a text in that language is wanted, the least the most."""
    fitting = (n for n, wanted in enumerate(languages) if language_fits(tag, wanted))
    return next(fitting, len(languages)), tag


def language_fits(tag: str, wanted: str) -> bool:
    """LANGMATCHES: https://www.w3.org/TR/sparql11-query/#func-langMatches"""
    if wanted == "*":
        return bool(tag)
    return f"{tag.lower()}-".startswith(f"{wanted.lower()}-")
