"""The same content as indexed tables of PostgreSQL, as one who knows it well lays it out."""

from collections.abc import Iterator

import psycopg
from psycopg.sql import SQL, Identifier
from pyoxigraph import Store

from benchmarks.by_hand import solutions

SCHEMA = """
CREATE TABLE company (id text PRIMARY KEY, label text NOT NULL);
CREATE TABLE document (id text PRIMARY KEY, label text NOT NULL);
CREATE TABLE agreement (id text PRIMARY KEY, label text NOT NULL, status text);
CREATE TABLE party (
  agreement_id text NOT NULL REFERENCES agreement, company_id text NOT NULL REFERENCES company,
  PRIMARY KEY (agreement_id, company_id)
);
CREATE TABLE fact (
  id text PRIMARY KEY, label text NOT NULL, agreement_id text NOT NULL REFERENCES agreement,
  theme text NOT NULL, status text
);
CREATE TABLE passage (
  id text PRIMARY KEY, document_id text NOT NULL REFERENCES document, start_at int NOT NULL,
  end_at int NOT NULL, sha256 text NOT NULL, without_fact boolean, paraphrase text NOT NULL
);
CREATE TABLE claim (
  id text PRIMARY KEY, fact_id text NOT NULL REFERENCES fact,
  agreement_id text NOT NULL REFERENCES agreement, passage_id text NOT NULL REFERENCES passage,
  modality text NOT NULL, basis text NOT NULL
);
"""
INDEXES = """
CREATE INDEX ON agreement (label, id);
CREATE INDEX ON agreement (status, label, id);
CREATE INDEX ON party (company_id);
CREATE INDEX ON fact (agreement_id);
CREATE INDEX ON fact (theme, status);
CREATE INDEX ON passage (document_id);
CREATE INDEX ON claim (fact_id);
CREATE INDEX ON claim (agreement_id);
CREATE INDEX ON claim (passage_id);
ANALYZE;
"""
LABEL = '?s skos:prefLabel ?label FILTER(LANG(?label) = "en")'
ROWS = {
    "company": f"SELECT ?s ?label {{ ?s a ij:Company . {LABEL} }}",
    "document": f"SELECT ?s ?label {{ ?s a ij:SourceDocument . {LABEL} }}",
    "agreement": f"""SELECT ?s ?label ?status {{
        ?s a ij:Agreement . {LABEL} OPTIONAL {{ ?s ij:currentStatus ?status }} }}""",
    "party": "SELECT ?s ?company { ?s ij:party ?company }",
    "fact": f"""SELECT ?s ?label ?agreement ?theme ?status {{
        ?s ij:statusOf|ij:participatesIn ?agreement ; ij:theme ?theme . {LABEL}
        OPTIONAL {{ ?s ij:newStatus ?status }} }}""",
    "passage": """SELECT ?s ?document ?start ?end ?sha256 ?without ?said {
        ?s ij:inSource ?document ; ij:start ?start ; ij:end ?end ; ij:sha256 ?sha256 ;
           ij:paraphrase ?said FILTER(LANG(?said) = "en")
        OPTIONAL { ?s ij:withoutFact ?without } }""",
    "claim": """SELECT ?s ?fact ?agreement ?passage ?modality ?basis {
        ?s ij:onFact ?fact ; ij:supportedBy ?passage ; ij:modality ?modality ; ij:basis ?basis .
        ?fact ij:statusOf|ij:participatesIn ?agreement }""",
}


def fill(url: str, store: Store) -> None:
    """Makes the tables in an empty database, and fills them with what the store says."""
    with psycopg.connect(url) as connection:
        connection.execute(SCHEMA)
        for table, query in ROWS.items():
            copying = SQL("COPY {} FROM STDIN").format(Identifier(table))
            with connection.cursor().copy(copying) as copy:
                for row in _rows(store, query):
                    copy.write_row(row)
        connection.execute(INDEXES)


def _rows(store: Store, query: str) -> Iterator[tuple[str | None, ...]]:
    for row in solutions(store, query):
        yield tuple(None if term is None else str(getattr(term, "value", term)) for term in row)
