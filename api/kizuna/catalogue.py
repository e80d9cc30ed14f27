"""The dataset described for those who look for data: VoID, DCAT 3 and schema.org.

VoID: https://www.w3.org/TR/void/. DCAT: https://www.w3.org/TR/vocab-dcat-3/, as the profile DCAT-AP
(https://semiceu.github.io/DCAT-AP/releases/3.0.1/) has it. Title and description are the front
page's, licence and creator those of the ontology's header; the server's address names the rest.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias, TypeVar

from kizuna import namespaces as ns
from kizuna.dataset.releases import Dataset
from kizuna.dataset.statistics import Statistics, statistics
from kizuna.exporting import Export
from kizuna.model import Path, Step, Texts
from kizuna.terms import Literal, NamedNode, Term, Triple

T = TypeVar("T")

DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
VOID = "http://rdfs.org/ns/void#"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
AUTHORITY = "http://publications.europa.eu/resource/authority/"
PREFIXES = {
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "owl": ns.PREFIXES["owl"],
    "skos": ns.SKOS,
    "void": VOID,
    "xsd": ns.XSD,
}

# https://op.europa.eu/en/web/eu-vocabularies/authority-tables: languages and file types.
LANGUAGES = {"en": "ENG", "it": "ITA", "ja": "JPN"}
FILE_TYPES = {
    "ttl": "RDF_TURTLE",
    "trig": "RDF_TRIG",
    "nq": "RDF_N_QUADS",
    "nt": "RDF_N_TRIPLES",
    "jsonld": "JSON_LD",
    "rdf": "RDF_XML",
    "zip": "ZIP",
    "gexf": "XML",
    "graphml": "XML",
}
COMPRESSED = {"gz": "application/gzip", "zst": "application/zstd"}
DUMPS = ("ttl", "trig", "nq", "nt", "jsonld", "rdf")

SERVICES = (
    ("sparql", "SPARQL", "sparql", "https://www.w3.org/TR/sparql11-protocol/"),
    ("graphql", "GraphQL", "schema.graphql", "https://spec.graphql.org/"),
)


# What the dataset is called ("title") and said to be ("text") in a language.
About: TypeAlias = Callable[[str], Mapping[str, str]]


@dataclass(frozen=True)
class Header:
    """What the dataset is called, what it is, and whose."""

    titles: Texts
    descriptions: Texts
    license: str | None
    creator: str | None
    creator_names: Texts


class Catalogue:
    """Describes a dataset and what it can be taken away as; ``base`` is the server's address."""

    def __init__(self, dataset: Dataset, exports: Iterable[Export], about: About) -> None:
        self._dataset = dataset
        self._exports = tuple(exports)
        self._about = about

    @cached_property
    def header(self) -> Header:
        """What is said of the dataset as a whole."""
        node = NamedNode(self._dataset.model.ontology or "urn:x-none")
        creator = self._one(node, DCTERMS + "creator")
        about = {language: self._about(language) for language in LANGUAGES}
        return Header(
            titles=_told_apart({language: told["title"] for language, told in about.items()}),
            descriptions=_told_apart({language: told["text"] for language, told in about.items()}),
            license=self._one(node, DCTERMS + "license"),
            creator=creator,
            creator_names=self._names(NamedNode(creator)) if creator else {},
        )

    @cached_property
    def statistics(self) -> Statistics:
        """How much there is."""
        return statistics(self._dataset)

    def void(self, base: str) -> list[Triple]:
        """The dataset in VoID, with its statistics."""
        me, about = _dataset(base), self.statistics
        dumps = [e for e in self._exports if e.variant.partition(".")[0] in DUMPS]
        return [
            *_typed(f"{base}.well-known/void", VOID + "DatasetDescription"),
            _link(f"{base}.well-known/void", FOAF + "primaryTopic", me),
            *_typed(me, VOID + "Dataset"),
            *self._said(me),
            *(_link(me, VOID + "dataDump", _address(base, dump)) for dump in dumps),
            *_links(me, VOID + "sparqlEndpoint", self._offered([f"{base}sparql"])),
            *(_value(me, VOID + "uriSpace", space) for space in self._dataset.model.id_bases),
            *_links(me, VOID + "vocabulary", [self._dataset.model.ontology]),
            *_numbers(
                me,
                triples=about.triples,
                entities=about.entities,
                distinctSubjects=about.subjects,
                distinctObjects=about.objects,
                classes=len(about.classes),
                properties=len(about.properties),
            ),
            *self._partitions(base),
        ]

    def dcat(self, base: str) -> list[Triple]:
        """The catalogue: the dataset, each export as a distribution, each endpoint as a service."""
        catalogue, me = f"{base}catalog#catalog", _dataset(base)
        release = self._dataset.release
        told = [
            *_typed(catalogue, DCAT + "Catalog"),
            *self._said(catalogue),
            _link(catalogue, FOAF + "homepage", base),
            *_typed(base, FOAF + "Document"),
            _link(catalogue, DCAT + "dataset", me),
            *_typed(me, DCAT + "Dataset"),
            *self._said(me),
            _value(me, DCTERMS + "identifier", f"sha256:{release.hash}"),
            _value(me, DCAT + "version", str(release.number)),
            _link(me, DCAT + "landingPage", base),
            *_links(me, DCTERMS + "conformsTo", [self._dataset.model.ontology]),
            *_typed(self._dataset.model.ontology, DCTERMS + "Standard"),
        ]
        for export in self._exports:
            told += self._distribution(base, me, export)
        sparql, *others = SERVICES
        for name, title, description, standard in [*self._offered([sparql]), *others]:
            service = f"{base}catalog#{name}"
            told += [
                _link(catalogue, DCAT + "service", service),
                *self._service(base, service, (name, title, description, standard)),
            ]
        return told

    def schema_org(self, base: str, language: str) -> Mapping[str, object]:
        """The dataset for search engines: https://schema.org/Dataset, in one language."""
        header, release = self.header, self._dataset.release
        found: dict[str, object] = {
            "@context": "https://schema.org/",
            "@type": "Dataset",
            "@id": _dataset(base),
            "url": base,
            "name": _best(header.titles, language),
            "description": _best(header.descriptions, language),
            "identifier": f"sha256:{release.hash}",
            "version": str(release.number),
            "inLanguage": list(header.titles),
            "isAccessibleForFree": True,
            "distribution": [
                {
                    "@type": "DataDownload",
                    "name": export.title,
                    "encodingFormat": export.media_type,
                    "contentUrl": _address(base, export),
                }
                for export in self._exports
            ],
        }
        if header.license:
            found["license"] = header.license
        if header.creator:
            name = _best(header.creator_names, language) or header.creator
            found["creator"] = {"@type": "Organization", "@id": header.creator, "name": name}
        return found

    def _offered(self, sparql: Sequence[T]) -> Sequence[T]:
        """What is said of the SPARQL endpoint, where there is one."""
        return () if self._dataset.remote else sparql

    def _said(self, subject: str) -> Iterator[Triple]:
        """Title, description, licence, whose it is, and in which languages."""
        header = self.header
        yield from _texts(subject, DCTERMS + "title", header.titles)
        yield from _texts(subject, DCTERMS + "description", header.descriptions)
        for language in header.titles:
            iri = f"{AUTHORITY}language/{LANGUAGES[language]}"
            yield _link(subject, DCTERMS + "language", iri)
            yield from [*_typed(iri, DCTERMS + "LinguisticSystem"), *_authorised(iri)]
        yield from self._licensed(subject)
        if header.creator:
            yield _link(subject, DCTERMS + "publisher", header.creator)
            yield _link(subject, DCTERMS + "creator", header.creator)
            yield from _typed(header.creator, FOAF + "Agent")
            yield from _texts(header.creator, FOAF + "name", header.creator_names)

    def _licensed(self, subject: str) -> Iterator[Triple]:
        if self.header.license:
            yield _link(subject, DCTERMS + "license", self.header.license)
            yield from _typed(self.header.license, DCTERMS + "LicenseDocument")

    def _partitions(self, base: str) -> Iterator[Triple]:
        """A subset for each graph, and partitions by class and by property."""
        me = _dataset(base)
        for graph, triples in self.statistics.graphs.items():
            yield _link(me, VOID + "subset", graph)
            yield from [*_typed(graph, VOID + "Dataset"), *_numbers(graph, triples=triples)]
        for number, (iri, members) in enumerate(self.statistics.classes.items(), start=1):
            part = f"{base}catalog#class-{number}"
            yield _link(me, VOID + "classPartition", part)
            yield _link(part, VOID + "class", iri)
            yield from _numbers(part, entities=members)
        for number, (iri, use) in enumerate(self.statistics.properties.items(), start=1):
            part = f"{base}catalog#property-{number}"
            yield _link(me, VOID + "propertyPartition", part)
            yield _link(part, VOID + "property", iri)
            yield from _numbers(
                part,
                triples=use.triples,
                distinctSubjects=use.subjects,
                distinctObjects=use.objects,
            )

    def _distribution(self, base: str, me: str, export: Export) -> Iterator[Triple]:
        file = _address(base, export)
        form, _, packed = export.variant.removeprefix("tables.").partition(".")
        yield _link(me, DCAT + "distribution", file)
        yield from _typed(file, DCAT + "Distribution")
        yield _value(file, DCTERMS + "title", export.title)
        yield _link(file, DCAT + "accessURL", file)
        yield _link(file, DCAT + "downloadURL", file)
        yield from _media_type(file, DCAT + "mediaType", export.media_type)
        if packed:
            yield from _media_type(file, DCAT + "compressFormat", COMPRESSED[packed])
        if form in FILE_TYPES:
            iri = f"{AUTHORITY}file-type/{FILE_TYPES[form]}"
            yield _link(file, DCTERMS + "format", iri)
            yield from [*_typed(iri, DCTERMS + "MediaTypeOrExtent"), *_authorised(iri)]
        yield from self._licensed(file)

    def _service(self, base: str, service: str, told: Sequence[str]) -> Iterator[Triple]:
        name, title, description, standard = told
        yield from _typed(service, DCAT + "DataService")
        yield _value(service, DCTERMS + "title", title)
        yield _link(service, DCAT + "endpointURL", f"{base}{name}")
        yield _link(service, DCAT + "endpointDescription", f"{base}{description}")
        yield _link(service, DCAT + "servesDataset", _dataset(base))
        yield _link(service, DCTERMS + "conformsTo", standard)
        yield from _typed(standard, DCTERMS + "Standard")
        yield from self._licensed(service)

    def _values(self, node: NamedNode, predicate: str) -> list[Term]:
        path: Path = (Step(predicate),)
        return self._dataset.store.reader().values({path: [node]})[path].get(node, [])

    def _one(self, node: NamedNode, predicate: str) -> str | None:
        iris = [t.value for t in self._values(node, predicate) if isinstance(t, NamedNode)]
        return iris[0] if iris else None

    def _names(self, node: NamedNode) -> Texts:
        literals = [t for t in self._values(node, ns.RDFS_LABEL) if isinstance(t, Literal)]
        return {t.language or "": t.value for t in sorted(literals, key=lambda t: t.language or "")}


def _told_apart(texts: Texts) -> Texts:
    """The texts, save those that only repeat the English one for want of another."""
    return {tag: text for tag, text in texts.items() if tag == "en" or text != texts["en"]}


def _authorised(iri: str) -> list[Triple]:
    """That the concept is one of its authority table."""
    return [_link(iri, ns.SKOS_IN_SCHEME, iri.rpartition("/")[0])]


def _dataset(base: str) -> str:
    return f"{base}catalog#dataset"


def _address(base: str, export: Export) -> str:
    return f"{base}export/{export.name}"


def _best(texts: Texts, language: str) -> str:
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def _media_type(subject: str, predicate: str, media_type: str) -> list[Triple]:
    iri = MEDIA_TYPES + media_type
    return [_link(subject, predicate, iri), *_typed(iri, DCTERMS + "MediaType")]


def _typed(subject: str | None, type_iri: str) -> list[Triple]:
    return [_link(subject, ns.RDF_TYPE, type_iri)] if subject else []


def _links(subject: str, predicate: str, targets: Iterable[str | None]) -> list[Triple]:
    return [_link(subject, predicate, target) for target in targets if target]


def _link(subject: str, predicate: str, target: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(target))


def _value(subject: str, predicate: str, value: str | int) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), Literal(value))


def _numbers(subject: str, **numbers: int) -> list[Triple]:
    return [_value(subject, VOID + name, number) for name, number in numbers.items()]


def _texts(subject: str, predicate: str, texts: Texts) -> list[Triple]:
    return [
        Triple(
            NamedNode(subject),
            NamedNode(predicate),
            Literal(text, language=language) if language else Literal(text),
        )
        for language, text in texts.items()
    ]
