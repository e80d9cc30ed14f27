"""Of the results that one mistake causes, the one that names the mistake.

Where a thing's type is missing or wrong, every link to it is at fault too; where a link is wrong,
so is each longer path that runs along it. Only the mistake is worth reporting: what is left once
it is mended shows then.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kizuna.validation.results import Result
from kizuna.validation.structure import TYPE_FAULTS

Link = tuple[str, str, str | None]  # focus, path and value; without a value, one that is missing


@dataclass(frozen=True)
class Finding:
    """What a shape found, with the links by which its path, if longer than one, was walked."""

    result: Result
    along: frozenset[Link] = frozenset()


def mistakes(structure: Sequence[Result], findings: Sequence[Finding]) -> Iterator[Result]:
    """The results that no other one explains; those of structure always are mistakes."""
    yield from structure
    untyped = {result.focus for result in structure if result.constraint in TYPE_FAULTS}
    direct = (found.result for found in findings if not found.along)
    wrong = _links([*structure, *(r for r in direct if r.severity == "Violation")])
    for found in findings:
        value = found.result.value or ""
        unjudged = value in untyped or value.startswith("_:")
        if not (unjudged or found.along & wrong or _is_doubt(found.result, wrong)):
            yield found.result


def _links(results: Iterable[Result]) -> frozenset[Link]:
    return frozenset((result.focus, result.path, result.value) for result in results)


def _is_doubt(result: Result, wrong: frozenset[Link]) -> bool:
    """Whether this is but a warning, on a value that is wrong anyway."""
    link = (result.focus, result.path, result.value)
    return result.severity != "Violation" and result.value is not None and link in wrong
