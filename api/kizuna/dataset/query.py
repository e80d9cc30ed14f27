"""What must be known of a stranger's SPARQL query before an engine runs it: its form, its graphs,
and whether it asks for what this endpoint does not do.

The query is scanned in one pass over its text into the terminals of
https://www.w3.org/TR/sparql11-query/#sparqlGrammar; only the engine parses it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

from kizuna.errors import LimitExceeded, MalformedData, NotAllowed

DEEPEST = 100
REPEATED = 200

FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
PROLOGUE = frozenset({"BASE", "PREFIX", "VERSION"})
UPDATES = frozenset(
    {"ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"}
)
CHANGEABLE = frozenset({"BNODE", "NOW", "RAND", "STRUUID", "UUID"})

# Each repetition stops where its terminal may not go on, so that no text is read twice over.
TERMINAL = re.compile(
    r"""
    (?P<space> \s++ | \#[^\r\n]*+ )
  | (?P<string> \"{3} (?: [^"\\] | \\. | "(?!"") )*+ \"{3}
              | '{3} (?: [^'\\] | \\. | '(?!'') )*+ '{3}
              | " (?: [^"\\\r\n] | \\. )*+ "
              | ' (?: [^'\\\r\n] | \\. )*+ ' )
  | (?P<unclosed> ["'] )
  | (?P<iri> < (?: [^<>"{}|^`\\\x00-\x20] | \\u[0-9A-Fa-f]{4} | \\U[0-9A-Fa-f]{8} )*+ > )
  | (?P<variable> [?$]\w++ )
  | (?P<language> @[A-Za-z][\w-]*+ )
  | (?P<name> (?: [^\W\d][\w.-]{0,99}+ )? : (?: [\w:.%-] | \\. )*+ )
  | (?P<number> \d++ (?: \.\d*+ )? (?: [eE][+-]?\d++ )? )
  | (?P<word> [^\W\d]\w*+ )
  | (?P<opening> [({\[] )
  | (?P<closing> [)}\]] )
  | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
FAULT = re.compile(r"error at (?P<line>\d+):(?P<column>\d+): expected (?P<expected>.*)", re.DOTALL)
NO_SENTENCE = ('"', "[", "<", "'")


@dataclass(frozen=True)
class Terminal:
    """A piece of a query: its kind, its text, and where it starts."""

    kind: str
    text: str
    start: int

    def says(self, *keywords: str) -> bool:
        """Whether it is one of the keywords, whatever its case."""
        return self.kind == "word" and self.text.upper() in keywords


@dataclass(frozen=True)
class Query:
    """A query as scanned: what it asks for, and the graphs that it names with FROM.

    ``changeable`` tells that asking again may answer otherwise; ``undeclared`` are the prefixes
    without a declaration, each with where it first stands.
    """

    text: str
    form: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    changeable: bool = False
    undeclared: Mapping[str, int] = field(default_factory=dict)

    @property
    def gives_triples(self) -> bool:
        """Whether the answer is a graph, not solutions or a truth value."""
        return self.form in ("CONSTRUCT", "DESCRIBE")

    def fault(self, message: str) -> MalformedData:
        """What the engine's parser says of the query, so that people can mend it."""
        for prefix, start in self.undeclared.items():
            return MalformedData(
                f"{_place(self.text, start)}: the prefix {prefix}: is not declared; "
                f"start the query with PREFIX {prefix}: <…>."
            )
        found = FAULT.match(message)
        if found is None:
            return MalformedData(f"the query can't be read: {shortened(message)}")
        where = f"line {found['line']}, column {found['column']}"
        return MalformedData(f"{where}: {self._reason(found)}.")

    def _reason(self, found: re.Match[str]) -> str:
        expected = found["expected"].removeprefix("one of ").split(", ")
        for each in expected:  # most are terminals; one that is a sentence says what is wrong
            if each.count(" ") > 1 and not each.startswith(NO_SENTENCE):
                return shortened(each)
        lines = self.text.split("\n")[: int(found["line"])]
        read = [*lines[:-1], lines[-1][: int(found["column"]) - 1]]
        return f"the query can't be read on after “{' '.join(' '.join(read).split())[-40:]}”"


def shortened(text: str) -> str:
    """As much of a text as an error should repeat."""
    return text if len(text) <= REPEATED else text[:REPEATED] + " …"


def read_query(text: str, base: str, most: int) -> Query:
    """Scan a query whose relative IRIs are resolved against ``base``.

    Raises MalformedData for what starts like no query, NotAllowed for an update or a call to
    another service, LimitExceeded for more than ``most`` terminals or too deep a nesting.
    """
    terminals = _scan(text, most)
    form = _form(text, terminals)
    for terminal in terminals:
        # The parser wants no space between some words: "trueSERVICE" calls a service too.
        if terminal.kind == "word" and "SERVICE" in terminal.text.upper():
            raise NotAllowed(
                f"{_place(text, terminal.start)}: SERVICE asks another endpoint, and this one "
                "opens no connection. Ask the other endpoint directly."
            )
    names = _Names(terminals, base)
    return Query(
        text,
        form,
        tuple(names.graphs(named=False)),
        tuple(names.graphs(named=True)),
        any(terminal.says(*CHANGEABLE) for terminal in terminals),
        names.undeclared(),
    )


def _form(text: str, terminals: Sequence[Terminal]) -> str:
    """The keyword by which a query says what it asks for: the first after the prologue."""
    words = (t for t in terminals if t.kind == "word" and not t.says(*PROLOGUE))
    keyword = next(words, Terminal("word", "", len(text)))
    if keyword.says(*FORMS):
        return keyword.text.upper()
    where = _place(text, keyword.start)
    if keyword.says(*UPDATES):
        raise NotAllowed(
            f"{where}: {keyword.text.upper()} changes data, and this endpoint only reads. "
            "Ask with SELECT, ASK, CONSTRUCT or DESCRIBE."
        )
    raise MalformedData(
        f"{where}: a query starts with SELECT, ASK, CONSTRUCT or DESCRIBE, after its prefixes."
    )


def _scan(text: str, most: int) -> list[Terminal]:
    """The terminals of a query, spaces and comments left out."""
    terminals: list[Terminal] = []
    depth = 0
    for found in TERMINAL.finditer(text):
        kind = str(found.lastgroup)
        if kind == "space":
            continue
        if kind == "unclosed":
            raise MalformedData(f"{_place(text, found.start())}: this string is never closed.")
        depth += (kind == "opening") - (kind == "closing")
        if depth > DEEPEST:
            raise LimitExceeded(
                f"{_place(text, found.start())}: the query is nested more than {DEEPEST} deep."
            )
        if len(terminals) == most:
            raise LimitExceeded(f"The query has more words and signs than max_tokens, {most}.")
        terminals.append(Terminal(kind, found[0], found.start()))
    return terminals


class _Names:
    """The IRIs that a query's names stand for."""

    def __init__(self, terminals: Sequence[Terminal], base: str) -> None:
        self.terminals = terminals
        self.base = base
        self.prefixes: dict[str, str] = {}
        for keyword, first, second in zip(terminals, terminals[1:], terminals[2:], strict=False):
            if keyword.says("BASE") and first.kind == "iri":
                self.base = self._iri(first)
            elif keyword.says("PREFIX") and second.kind == "iri":
                self.prefixes[first.text.removesuffix(":")] = self._iri(second)

    def graphs(self, *, named: bool) -> Iterator[str]:
        """The graphs of the FROM clauses, or of the FROM NAMED clauses."""
        for keyword, first, second in zip(
            self.terminals, self.terminals[1:], [*self.terminals[2:], None], strict=False
        ):
            if keyword.says("FROM") and first.says("NAMED") == named:
                graph = second if named else first
                if graph is not None and graph.kind in ("iri", "name"):
                    yield self._iri(graph)

    def undeclared(self) -> dict[str, int]:
        """The prefixes that stand without a declaration, each with where it first does."""
        names = (t for t in self.terminals if t.kind == "name" and not t.text.startswith("_:"))
        found: dict[str, int] = {}
        for name in names:
            prefix = name.text.partition(":")[0]
            if prefix not in self.prefixes:
                found.setdefault(prefix, name.start)
        return found

    def _iri(self, terminal: Terminal) -> str:
        if terminal.kind == "iri":
            return urljoin(self.base, _unescaped(terminal.text[1:-1]))
        prefix, _, local = terminal.text.partition(":")
        return self.prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local)


def _unescaped(iri: str) -> str:
    return re.sub(r"\\[uU]([0-9A-Fa-f]+)", lambda found: chr(int(found[1], 16)), iri)


def _place(text: str, start: int) -> str:
    line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
    return f"line {line}, column {column}"
