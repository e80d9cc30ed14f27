"""Every IRI that the code itself relies on: the standards' terms and the core vocabulary."""

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDF_FIRST = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first"
RDF_REST = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest"
RDF_NIL = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil"
RDF_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
RDFS_COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment"
RDFS_SUBPROPERTY_OF = "http://www.w3.org/2000/01/rdf-schema#subPropertyOf"
RDFS_SUBCLASS_OF = "http://www.w3.org/2000/01/rdf-schema#subClassOf"

OWL_CLASS = "http://www.w3.org/2002/07/owl#Class"
OWL_ONTOLOGY = "http://www.w3.org/2002/07/owl#Ontology"
OWL_VERSION_IRI = "http://www.w3.org/2002/07/owl#versionIRI"
OWL_VERSION_INFO = "http://www.w3.org/2002/07/owl#versionInfo"

SKOS = "http://www.w3.org/2004/02/skos/core#"
SKOS_CONCEPT = SKOS + "Concept"
SKOS_CONCEPT_SCHEME = SKOS + "ConceptScheme"
SKOS_IN_SCHEME = SKOS + "inScheme"
SKOS_PREF_LABEL = SKOS + "prefLabel"
SKOS_DEFINITION = SKOS + "definition"
SKOS_BROADER = SKOS + "broader"

VOID_URI_SPACE = "http://rdfs.org/ns/void#uriSpace"

XSD = "http://www.w3.org/2001/XMLSchema#"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

SH = "http://www.w3.org/ns/shacl#"
SH_PREFIX = SH + "prefix"
SH_NAMESPACE = SH + "namespace"
DASH_ABSTRACT = "http://datashapes.org/dash#abstract"
DASH_READ_ONLY = "http://datashapes.org/dash#readOnly"

TERMS = "https://w3id.org/italy-japan/ns#"
SHAPES = "https://w3id.org/italy-japan/shapes#"
GRAPHS = "https://w3id.org/italy-japan/graph/"

# Annotations by which any ontology tells how it wants to be served.
FIELD_NAME = TERMS + "fieldName"
PLURAL_NAME = TERMS + "pluralName"
BOUNDED = TERMS + "bounded"
CLOSED = TERMS + "closed"
CONCEPT_CLASS = TERMS + "conceptClass"

# The core vocabulary: times and what leads a derived triple back to its facts.
TIME_SPAN = TERMS + "TimeSpan"
TIME_EDTF = TERMS + "edtf"
EARLIEST = TERMS + "earliest"
LATEST = TERMS + "latest"
OPEN_START = TERMS + "openStart"
OPEN_END = TERMS + "openEnd"
FACT = TERMS + "Fact"
DERIVATION = TERMS + "Derivation"
DERIVED_SUBJECT = TERMS + "derivedSubject"
DERIVED_PREDICATE = TERMS + "derivedPredicate"
DERIVED_OBJECT = TERMS + "derivedObject"
BECAUSE = TERMS + "because"

GRAPH_REFERENCE = GRAPHS + "reference"
GRAPH_FACTS = GRAPHS + "facts"
GRAPH_SOURCE = GRAPHS + "source/"
GRAPH_ONTOLOGY = GRAPHS + "ontology"
GRAPH_VOCABULARIES = GRAPHS + "vocabularies"
GRAPH_DERIVED = GRAPHS + "derived"
GRAPH_DERIVATION = GRAPHS + "derivation"
