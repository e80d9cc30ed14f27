"""Reading the pages of connections."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from kizuna.dataset.grouping import Grouping
from kizuna.dataset.selection import Selection
from kizuna.dataset.store import Reader
from kizuna.graphql import bindings as b
from kizuna.graphql.connections import Item, Page, PageRequest, is_past, item_of
from kizuna.graphql.fetched import Fetched
from kizuna.graphql.plan import FieldPlan
from kizuna.model import Property
from kizuna.terms import NamedNode, Term

NO_PAGE = Page((), has_next=False, has_previous=False)
# The parts of a connection that need its items to be read.
ITEMS = ("nodes", "edges", "pageInfo")


@dataclass(frozen=True)
class Wanted:
    """A connection that is wanted from several parents; ``parts`` are those asked of any."""

    plan: FieldPlan
    binding: b.Connection
    parents: dict[Term | None, None] = field(default_factory=dict)
    parts: dict[int, FieldPlan] = field(default_factory=dict)

    @property
    def page(self) -> bool:
        """Whether anything but groups is asked."""
        return not self.parts or asks_page(self.parts.values())


class Paging:
    """Reads the pages that an operation wants."""

    def __init__(self, reader: Reader, fetched: Fetched) -> None:
        self._reader = reader
        self._fetched = fetched

    def read(self, wanted: Wanted) -> None:
        """Reads a connection's pages, from all the parents that it is wanted from."""
        request = self._fetched.request(wanted.plan)
        if request.place:
            wanted = self._placed(wanted, request)
            if not wanted.parents:
                return
        self._read_groups(wanted, request)
        if not wanted.page:
            for parent in wanted.parents:
                self._fetched.pages[wanted.plan.asked, parent] = NO_PAGE
        elif wanted.binding.property is None:
            self._root_page(wanted, request)
        else:
            self._pages(wanted, request, wanted.binding.property)

    def _placed(self, wanted: Wanted, request: PageRequest) -> Wanted:
        """What is wanted from those parents alone that the cursor belongs to."""
        parents: dict[Term | None, None] = {}
        for parent in wanted.parents:
            if refused := request.misplaced(parent):
                self._fetched.misplaced[wanted.plan.asked, parent] = refused
            else:
                parents[parent] = None
        return replace(wanted, parents=parents)

    def _read_groups(self, wanted: Wanted, request: PageRequest) -> None:
        prop = wanted.binding.property
        parents = tuple(p for p in wanted.parents if isinstance(p, NamedNode))
        for part in wanted.parts.values():
            if isinstance(part.binding, b.GroupBy):
                item = part.binding.groupable.item.iri
                selection = (
                    Selection(parents=parents, path=prop.path, condition=request.condition)
                    if prop
                    else Selection(of_class=item, condition=request.condition)
                )
                self._fetched.groups.read(wanted.plan, part, part.binding.groupable, selection)

    def _root_page(self, wanted: Wanted, request: PageRequest) -> None:
        item = wanted.binding.item
        selection = replace(_page(wanted, request), of_class=item.iri if item else None)
        rows = self._reader.subjects(selection) if _asks_items(wanted) else ()
        items = [item_of(row) for row in rows]
        if item and not item.abstract:
            types: list[Term] = [NamedNode(item.iri)]
            self._fetched.types |= {own.subject: types for own in items}
        total = self._reader.count(selection) if _asks(wanted, "totalCount") else None
        page = request.page(items, None, more_behind=request.place is not None, total=total)
        self._fetched.pages[wanted.plan.asked, None] = page

    def _pages(self, wanted: Wanted, request: PageRequest, prop: Property) -> None:
        parents = tuple(p for p in wanted.parents if isinstance(p, NamedNode))
        selection = replace(_page(wanted, request), parents=parents, path=prop.path)
        items: dict[Term | None, list[Item]] = {parent: [] for parent in wanted.parents}
        behind: set[Term | None] = set()
        for row in self._reader.subjects(selection) if parents and _asks_items(wanted) else ():
            if is_past(row):
                items[row[0]].append(item_of(row))
            else:
                behind.add(row[0])
        totals = self._totals(selection) if parents and _asks(wanted, "totalCount") else {}
        for parent, own in items.items():
            more, total = parent in behind, totals.get(parent, 0)
            page = request.page(own, parent, more_behind=more, total=total)
            self._fetched.pages[wanted.plan.asked, parent] = page

    def _totals(self, selection: Selection) -> dict[Term | None, int]:
        """How many each parent has on all pages, where any."""
        return {g.parent: g.count for g in self._reader.groups(Grouping(selection, (), ()))}


def asks_page(parts: Iterable[FieldPlan]) -> bool:
    """Whether any of the parts is one of a page, and not of groups."""
    return any(isinstance(part.binding, b.ConnectionPart) for part in parts)


def _asks(wanted: Wanted, *parts: str) -> bool:
    """Whether any of these parts of a connection is asked for."""
    asked = [part.binding for part in wanted.parts.values()]
    return any(b.ConnectionPart(part) in asked for part in parts)


def _asks_items(wanted: Wanted) -> bool:
    """Whether the items are asked for; what is only listed has no parts."""
    return not wanted.parts or _asks(wanted, *ITEMS)


def _shows_cursors(wanted: Wanted) -> bool:
    """Whether cursors of a connection are told."""
    edges = (p for p in wanted.parts.values() if p.binding == b.ConnectionPart("edges"))
    shown = [part.binding for edge in edges if edge.selection for part in edge.selection.only]
    return b.EdgePart("cursor") in shown or _asks(wanted, "pageInfo")


def _page(wanted: Wanted, request: PageRequest) -> Selection:
    """The page that is asked for, of whatever; one item more where it matters whether there is."""
    return Selection(
        condition=request.condition,
        order=request.order,
        backward=request.backward,
        after=request.place,
        limit=request.size + (not wanted.parts or _asks(wanted, "pageInfo")),
        keyed=_shows_cursors(wanted),
    )
