"""The network of the units, as GEXF (https://gexf.net/) and GraphML (http://graphml.graphdrawing.org/).

It is made of two of the tables: one of nodes, whose key tells them apart, and one of edges, with
columns ``source`` and ``target``. What is missing is left out.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeAlias

import networkx
from networkx.readwrite.gexf import GEXFWriter

from kizuna.tables.table import Cell, Missing, Table

Value: TypeAlias = str | int | float | bool

NODES, EDGES = "network_nodes", "network_edges"
LABEL = "label"


def network(tables: Iterable[Table]) -> "networkx.MultiDiGraph[str] | None":
    """The network that the tables tell, None where they tell none."""
    found = {table.name: table for table in tables}
    if not {NODES, EDGES} <= set(found):
        return None
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    nodes, edges = found[NODES], found[EDGES]
    for values in _records(nodes):
        name = str(values.pop(nodes.key[0]))
        graph.add_node(name, **_labelled(values, nodes.key[0]))
    for number, values in enumerate(_records(edges)):
        source, target = str(values.pop("source")), str(values.pop("target"))
        kept = {k: v for k, v in values.items() if not k.startswith(("source_", "target_"))}
        graph.add_edge(source, target, key=number, **kept)
    return graph


def gexf(graph: "networkx.MultiDiGraph[str]") -> bytes:
    """The network as GEXF, without the day on which it was written."""
    writer = GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    writer.add_graph(graph)
    for meta in writer.xml.iter("meta"):
        meta.attrib.pop("lastmodifieddate", None)
    return str(writer).encode()


def graphml(graph: "networkx.MultiDiGraph[str]") -> bytes:
    """The network as GraphML."""
    lines = networkx.generate_graphml(graph, encoding="utf-8", named_key_ids=True)
    return ('<?xml version="1.0" encoding="utf-8"?>\n' + "\n".join(lines) + "\n").encode()


def _records(table: Table) -> Iterable[dict[str, Value]]:
    names = [column.name for column in table.columns]
    for row in table.rows:
        cells = zip(names, row, strict=True)
        yield {name: _value(cell) for name, cell in cells if not isinstance(cell, Missing)}


def _value(cell: Cell) -> Value:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return float(cell)
    assert not isinstance(cell, Missing)  # noqa: S101 (left out before)
    return cell


def _labelled(values: Mapping[str, Value], key: str) -> dict[str, Value]:
    """The values, with the English label as the one that programs show."""
    return {LABEL: values[f"{key}_en"], **values} if f"{key}_en" in values else dict(values)
