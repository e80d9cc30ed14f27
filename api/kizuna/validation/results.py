"""What a validation finds: results in every language, collected in a report.

The members are those of a SHACL validation result
(https://www.w3.org/TR/shacl/#results-validation-result), with labels in place of bare IRIs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from kizuna.model import Texts

Severity = Literal["Violation", "Warning", "Info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)  # gravest first


@dataclass(frozen=True)
class Result:
    """One fault: where it is, what is wrong with it, and which constraint says so.

    ``path`` is written with compact names, ``^p`` against a predicate, ``p/q`` along several, and
    is empty where the node as a whole is at fault. ``value`` is an IRI as it is, or a literal in
    quotes with its language or datatype. ``file`` and ``line`` are where
    the triple at fault stands, else where the focus node is described; the line is None where it
    isn't known. Texts are by language.
    """

    severity: Severity
    focus: str
    focus_labels: Texts
    path: str
    path_labels: Texts
    value: str | None
    value_labels: Texts
    messages: Texts
    constraint: str
    file: str
    line: int | None

    @property
    def key(self) -> tuple[str, ...]:
        """What tells this fault from any other, and puts it in its place among them."""
        severity = str(SEVERITIES.index(self.severity))
        where = (self.file, self.focus, severity, self.path, self.value or "")
        return (*where, self.constraint)


@dataclass(frozen=True)
class Report:
    """The results of a validation, each fault once, in an order that never varies."""

    results: tuple[Result, ...]

    @property
    def conforms(self) -> bool:
        """Whether nothing is a violation; warnings and information refuse nothing."""
        return all(result.severity != "Violation" for result in self.results)


def collect(results: Iterable[Result]) -> Report:
    """A report of the results: repeated ones once, sorted by file, node and severity."""
    found = {(*result.key, str(result.messages)): result for result in results}
    return Report(tuple(found[key] for key in sorted(found)))
