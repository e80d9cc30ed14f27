"""Every IRI that the code itself relies on: the standards' terms and the core vocabulary."""

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDF_PROPERTY = "http://www.w3.org/1999/02/22-rdf-syntax-ns#Property"
RDF_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
RDF_DIR_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#dirLangString"

RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
RDFS_COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment"
RDFS_SUBPROPERTY_OF = "http://www.w3.org/2000/01/rdf-schema#subPropertyOf"
RDFS_SUBCLASS_OF = "http://www.w3.org/2000/01/rdf-schema#subClassOf"

RDFS_DOMAIN = "http://www.w3.org/2000/01/rdf-schema#domain"
RDFS_RANGE = "http://www.w3.org/2000/01/rdf-schema#range"

OWL_CLASS = "http://www.w3.org/2002/07/owl#Class"
OWL_ONTOLOGY = "http://www.w3.org/2002/07/owl#Ontology"
OWL_OBJECT_PROPERTY = "http://www.w3.org/2002/07/owl#ObjectProperty"
OWL_DATATYPE_PROPERTY = "http://www.w3.org/2002/07/owl#DatatypeProperty"
OWL_ANNOTATION_PROPERTY = "http://www.w3.org/2002/07/owl#AnnotationProperty"
OWL_VERSION_IRI = "http://www.w3.org/2002/07/owl#versionIRI"
OWL_VERSION_INFO = "http://www.w3.org/2002/07/owl#versionInfo"

SKOS = "http://www.w3.org/2004/02/skos/core#"
SKOS_CONCEPT = SKOS + "Concept"
SKOS_CONCEPT_SCHEME = SKOS + "ConceptScheme"
SKOS_IN_SCHEME = SKOS + "inScheme"
SKOS_TOP_CONCEPT_OF = SKOS + "topConceptOf"
SKOS_PREF_LABEL = SKOS + "prefLabel"
SKOS_ALT_LABEL = SKOS + "altLabel"
SKOS_DEFINITION = SKOS + "definition"
SKOS_BROADER = SKOS + "broader"

VANN_PREFIX = "http://purl.org/vocab/vann/preferredNamespacePrefix"
VANN_NAMESPACE = "http://purl.org/vocab/vann/preferredNamespaceUri"

SKOS_SCOPE_NOTE = SKOS + "scopeNote"

DCTERMS = "http://purl.org/dc/terms/"
DCTERMS_TITLE = DCTERMS + "title"
DCTERMS_DESCRIPTION = DCTERMS + "description"
DCTERMS_LICENSE = DCTERMS + "license"
DCTERMS_SOURCE = DCTERMS + "source"

PROV = "http://www.w3.org/ns/prov#"

SCHEMA_DOMAIN_INCLUDES = "https://schema.org/domainIncludes"
SCHEMA_RANGE_INCLUDES = "https://schema.org/rangeIncludes"

VOID_URI_SPACE = "http://rdfs.org/ns/void#uriSpace"

XSD = "http://www.w3.org/2001/XMLSchema#"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

SH = "http://www.w3.org/ns/shacl#"
SH_TARGET_CLASS = SH + "targetClass"
SH_PROPERTY = SH + "property"
SH_PATH = SH + "path"
SH_SPARQL = SH + "sparql"
SH_SEVERITY = SH + "severity"
SH_MESSAGE = SH + "message"
SH_DECLARE = SH + "declare"
SH_PREFIX = SH + "prefix"
SH_NAMESPACE = SH + "namespace"
DASH_ABSTRACT = "http://datashapes.org/dash#abstract"
DASH_READ_ONLY = "http://datashapes.org/dash#readOnly"
DASH_UNIQUE = "http://datashapes.org/dash#uniqueValueForClass"

TERMS = "https://w3id.org/italy-japan/ns#"
SHAPES = "https://w3id.org/italy-japan/shapes#"
GRAPHS = "https://w3id.org/italy-japan/graph/"

# Annotations by which any ontology tells how it wants to be served.
FIELD_NAME = TERMS + "fieldName"
PLURAL_NAME = TERMS + "pluralName"
BOUNDED = TERMS + "bounded"
CLOSED = TERMS + "closed"
CONCEPT_CLASS = TERMS + "conceptClass"
READS = TERMS + "reads"
CODED_ELSEWHERE = TERMS + "codedElsewhere"

# The core vocabulary: times and what leads a derived triple back to its facts.
TIME_SPAN = TERMS + "TimeSpan"
TIME_EDTF = TERMS + "edtf"
EARLIEST = TERMS + "earliest"
LATEST = TERMS + "latest"
OPEN_START = TERMS + "openStart"
OPEN_END = TERMS + "openEnd"
ENTITY = TERMS + "Entity"
FACT = TERMS + "Fact"
DERIVATION = TERMS + "Derivation"
LEDGER_ENTRY = TERMS + "LedgerEntry"
DATASET_RELEASE = TERMS + "DatasetRelease"
ACCEPTED_CONTRIBUTION = TERMS + "AcceptedContribution"
CONTRIBUTOR = TERMS + "Contributor"
NUMBER = TERMS + "number"
DERIVED_SUBJECT = TERMS + "derivedSubject"
DERIVED_PREDICATE = TERMS + "derivedPredicate"
DERIVED_OBJECT = TERMS + "derivedObject"
BECAUSE = TERMS + "because"

# The core vocabulary: documents, their passages, and the claims that rest on these.
SOURCE_DOCUMENT = TERMS + "SourceDocument"
CHARACTERS = TERMS + "characters"
SHA256 = TERMS + "sha256"
PASSAGE = TERMS + "Passage"
IN_SOURCE = TERMS + "inSource"
ISSUED = TERMS + "issued"
PUBLISHER_NAME = TERMS + "publisherName"
START = TERMS + "start"
END = TERMS + "end"
WITHOUT_FACT = TERMS + "withoutFact"
CODED_WHOLE = TERMS + "codedWhole"
SUPPORTED_BY = TERMS + "supportedBy"
ON_FACT = TERMS + "onFact"
PARAPHRASE = TERMS + "paraphrase"
CLAIM = TERMS + "Claim"
MODALITY = TERMS + "modality"
BASIS = TERMS + "basis"
SPEAKER = TERMS + "speaker"
STATED_TIME = TERMS + "statedTime"
STATED_START = TERMS + "statedStart"
STATED_END = TERMS + "statedEnd"
STATED_PLACE = TERMS + "statedPlace"
STATED_AMOUNT = TERMS + "statedAmount"
NOTE = TERMS + "note"

# The core vocabulary: what a fact involves, what becomes of it, and what a modality amounts to.
INVOLVES = TERMS + "involves"
DISPUTED = TERMS + "disputed"
STANDING = TERMS + "standing"
OUTCOME = TERMS + "outcome"
DISPUTE = TERMS + "Dispute"
DISPUTED_FACT = TERMS + "disputedFact"
DISPUTED_DETAIL = TERMS + "disputedDetail"
DISPUTED_CLAIM = TERMS + "disputedClaim"
FACT_TIME = TERMS + "time"
POLARITY = TERMS + "polarity"
CERTAINTY = TERMS + "certainty"
CONCEPTS = "https://w3id.org/italy-japan/vocab/"
POSITIVE = CONCEPTS + "polarity/positive"
NEGATIVE = CONCEPTS + "polarity/negative"
OUTCOME_OPEN = CONCEPTS + "outcome/open"
MONETARY_AMOUNT = TERMS + "MonetaryAmount"
AMOUNT = TERMS + "amount"
CURRENCY = TERMS + "currency"

GRAPH_REFERENCE = GRAPHS + "reference"
GRAPH_FACTS = GRAPHS + "facts"
GRAPH_SOURCE = GRAPHS + "source/"
GRAPH_ONTOLOGY = GRAPHS + "ontology"
GRAPH_VOCABULARIES = GRAPHS + "vocabularies"
GRAPH_DERIVED = GRAPHS + "derived"
GRAPH_DERIVATION = GRAPHS + "derivation"
GRAPH_LEDGER = GRAPHS + "ledger"

# The standards' prefixes, as they are commonly written.
PREFIXES = {
    "dash": "http://datashapes.org/dash#",
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": PROV,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": SH,
    "skos": SKOS,
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": XSD,
}
