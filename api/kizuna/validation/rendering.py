"""A report as text for a terminal."""

from collections.abc import Iterator
from itertools import groupby

from kizuna.validation import phrases
from kizuna.validation.names import text
from kizuna.validation.results import SEVERITIES, Report, Result


def render(report: Report, language: str) -> str:
    """The report in the language (English where the code doesn't speak it): file by file, node by
    node, and a last line that counts and concludes.
    """
    lines: list[str] = []
    for file, in_file in groupby(report.results, key=lambda result: result.file):
        lines.append(file)
        for _, of_node in groupby(in_file, key=lambda result: result.focus):
            results = list(of_node)
            lines.append(f"  {_named(results[0], language)}")
            for result in results:
                lines += _fault(result, language)
        lines.append("")
    return "\n".join([*lines, summary(report, language)])


def summary(report: Report, language: str) -> str:
    """One line: how many results of each severity in how many files, and whether it conforms."""
    severities = [result.severity for result in report.results]
    files = {result.file for result in report.results}
    counts = [_count(s, severities.count(s), language) for s in SEVERITIES if s in severities]
    verdict = text(phrases.VERDICT[report.conforms], language)
    if not counts:
        return verdict
    counted = text(phrases.COMMA, language).join(counts) + _count("file", len(files), language)
    return counted + text(phrases.COLON, language) + verdict


def _named(result: Result, language: str) -> str:
    label = text(result.focus_labels, language)
    node = result.focus if result.focus.startswith("_:") else f"<{result.focus}>"
    return f"{label} {node}" if label else node


def _fault(result: Result, language: str) -> Iterator[str]:
    severity = text(phrases.SEVERITY[result.severity], language)
    if result.line:
        severity += text(phrases.LINE, language).format(line=result.line)
    yield f"    {severity}{text(phrases.COLON, language)}{text(result.messages, language)}"
    if result.path:
        yield f"      {_labelled(text(result.path_labels, language), result.path)}"
    if result.value is not None:
        yield f"      = {_labelled(text(result.value_labels, language), result.value)}"
    yield f"      <{result.constraint}>"


def _labelled(label: str, name: str) -> str:
    return f"{label} ({name})" if label else name


def _count(thing: str, count: int, language: str) -> str:
    by_language = phrases.COUNTS[thing]
    one, more = by_language.get(language, by_language["en"])
    return one if count == 1 else more.format(count=count)
