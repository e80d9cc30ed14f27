"""What things are called, in each language, whether or not they have a label of their own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from babel.numbers import format_currency

from kizuna import namespaces as ns
from kizuna.dataset.releases import Dataset
from kizuna.dataset.store import Found, Reader
from kizuna.dataset.times import display
from kizuna.errors import InvalidInput
from kizuna.model import Model, Path, Step, Texts
from kizuna.terms import Literal, NamedNode, Term, local_name

LANGUAGES = ("en", "it", "ja")
SEPARATOR = " · "
DEPTH = 2

TYPE: Path = (Step(ns.RDF_TYPE),)
_SUBPROPERTIES = f"""
    SELECT DISTINCT ?property WHERE {{
      ?property <{ns.RDFS_SUBPROPERTY_OF}>+ ?label
      FILTER(?label IN (<{ns.RDFS_LABEL}>, <{ns.SKOS_PREF_LABEL}>))
    }} ORDER BY ?property"""


@dataclass(frozen=True)
class Name:
    """What a thing is called by language, and its class.

    ``labels`` may be empty; a text under ``""`` is in no language. ``kind`` is the leaf class, or
    what type there is; ``known`` whether the dataset states its type.
    """

    iri: str
    labels: Texts = field(default_factory=dict)
    kind: str | None = None

    @property
    def known(self) -> bool:
        """Whether the dataset states its type, so that there is something to read about it."""
        return self.kind is not None


class Naming:
    """Finds names in one dataset."""

    def __init__(self, dataset: Dataset) -> None:
        self._model = dataset.model
        found = dataset.store.reader().select(_SUBPROPERTIES).rows
        predicates = [ns.SKOS_PREF_LABEL, ns.RDFS_LABEL, ns.DCTERMS_TITLE]
        predicates += [term.value for row in found for term in row if isinstance(term, NamedNode)]
        self.label_paths: tuple[Path, ...] = tuple((Step(p),) for p in dict.fromkeys(predicates))

    def names(self, reader: Reader, terms: Iterable[Term | None]) -> dict[str, Name]:
        """The name of each IRI among the terms."""
        return self._names(reader, terms, DEPTH)

    def _names(self, reader: Reader, terms: Iterable[Term | None], depth: int) -> dict[str, Name]:
        nodes = list(dict.fromkeys(term for term in terms if isinstance(term, NamedNode)))
        found = reader.values(dict.fromkeys((TYPE, *self.label_paths), nodes))
        names = {node.value: self._name(node, found) for node in nodes}
        unlabelled = [n for n in names.values() if not n.labels and self._composable(n.kind)]
        if unlabelled and depth:
            names |= self._composed(reader, unlabelled, depth)
        return names

    def _name(self, node: NamedNode, found: Found) -> Name:
        texts: dict[str, str] = {}
        for path in self.label_paths:
            for term in found[path].get(node, []):
                if isinstance(term, Literal):
                    texts.setdefault(term.language or "", term.value)
        return Name(node.value, texts, kind_of(self._model, found[TYPE].get(node, [])))

    def _composed(self, reader: Reader, names: Sequence[Name], depth: int) -> dict[str, Name]:
        """The same things called by what they hold: a time by its date, a claim by its fact."""
        paths = {name.iri: self._parts(name.kind or "") for name in names}
        wanted: dict[Path, list[Term]] = {}
        for iri, parts in paths.items():
            for path in parts:
                wanted.setdefault(path, []).append(NamedNode(iri))
        found = reader.values(wanted)
        ends = [term for by in found.values() for values in by.values() for term in values]
        inner = self._names(reader, ends, depth - 1)
        return {
            name.iri: replace(name, labels=_labels(name, paths[name.iri], found, inner))
            for name in names
        }

    def _composable(self, kind: str | None) -> bool:
        return kind in SPECIAL or kind in self._model.classes

    def _parts(self, kind: str) -> tuple[Path, ...]:
        """What a thing of the class is called by: for most, the fields that it must have."""
        if kind in SPECIAL:
            return SPECIAL[kind].parts
        fields = self._model.classes[kind].properties
        return tuple(p.path for p in fields if p.required and p.predicate and not p.datatype) or (
            tuple(p.path for p in fields if p.required and p.predicate)
        )


def kind_of(model: Model, types: Iterable[Term]) -> str | None:
    """The concrete class among the types; else the first of them, in order of their IRIs."""
    iris = sorted(term.value for term in types if isinstance(term, NamedNode))
    leaves = [iri for iri in iris if iri in model.classes and not model.classes[iri].abstract]
    return next(iter([*leaves, *iris]), None)


def best(texts: Texts, language: str) -> tuple[str, str]:
    """The text in a language, else in English, else in any, and the language that it is in."""
    for choice in (language, "en", *texts):
        if texts.get(choice):
            return texts[choice], choice
    return "", ""


def label(name: Name, language: str) -> tuple[str, str]:
    """What to call a thing in a language, and the language that this is in."""
    text, found = best(name.labels, language)
    return (text, found) if text else (local_name(name.iri) or name.iri, "")


def _labels(
    name: Name, paths: Sequence[Path], found: Found, inner: Mapping[str, Name]
) -> dict[str, str]:
    values = [found[path].get(NamedNode(name.iri), []) for path in paths]
    join = SPECIAL[name.kind].join if name.kind in SPECIAL else _joined
    labels = {}
    for language in LANGUAGES:
        parts = [SEPARATOR.join(_text(term, inner, language) for term in each) for each in values]
        labels[language] = join(parts, language)
    return {language: text for language, text in labels.items() if text}


def _text(term: Term, inner: Mapping[str, Name], language: str) -> str:
    if isinstance(term, NamedNode):
        return label(inner[term.value], language)[0]
    return term.value if isinstance(term, Literal) else str(term)


def _joined(parts: Sequence[str], language: str) -> str:
    *first, last = [part for part in parts if part] or [""]
    return SEPARATOR.join([*(part.rstrip(".。") for part in first), last])


def _time(parts: Sequence[str], language: str) -> str:
    try:
        return display(parts[0], language)
    except InvalidInput:
        return parts[0]


def _stretch(parts: Sequence[str], language: str) -> str:
    document, start, end = parts
    return f"{document}, {start}–{end}"


def _money(parts: Sequence[str], language: str) -> str:
    amount, currency = parts
    try:
        return str(
            format_currency(
                Decimal(amount),
                currency,
                locale=language,
                currency_digits=False,
                decimal_quantization=False,
                format_type="name",
            )
        )
    except InvalidOperation:
        return _joined(parts, language)


@dataclass(frozen=True)
class _Special:
    """How things of a class of the core vocabulary are called: by which values, put how."""

    parts: tuple[Path, ...]
    join: Callable[[Sequence[str], str], str]


SPECIAL: Mapping[str | None, _Special] = {
    ns.TIME_SPAN: _Special(((Step(ns.TIME_EDTF),),), _time),
    ns.MONETARY_AMOUNT: _Special(((Step(ns.AMOUNT),), (Step(ns.CURRENCY),)), _money),
    ns.PASSAGE: _Special(((Step(ns.IN_SOURCE),), (Step(ns.START),), (Step(ns.END),)), _stretch),
    ns.CLAIM: _Special(((Step(ns.MODALITY),), (Step(ns.ON_FACT),)), _joined),
    ns.DERIVATION: _Special(
        ((Step(ns.DERIVED_SUBJECT),), (Step(ns.DERIVED_PREDICATE),), (Step(ns.DERIVED_OBJECT),)),
        _joined,
    ),
}
