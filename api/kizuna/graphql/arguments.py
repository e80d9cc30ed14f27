"""Arguments that fields of several types share."""

from kizuna.graphql.making import Argument
from kizuna.model import Class

ID = Argument("id", "ID!", "Its IRI, or the last part of it.")
IDS = Argument("ids", "[ID!]!", "Their IRIs, or the last parts of them.")
LANG = Argument("lang", "[String!]", "The languages for texts, the most wanted first.")
FIRST = Argument("first", "Int", "At most so many, from the beginning or from `after` on.")
AFTER = Argument("after", "String", "The cursor from which to go on.")
LAST = Argument("last", "Int", "At most so many, up to the end or to `before`.")
BEFORE = Argument("before", "String", "The cursor up to which to go.")
PAGE = (FIRST, AFTER, LAST, BEFORE)
NODE_FILTER = Argument("filter", "NodeFilter", "What each item must fulfil.")


def chosen(item: Class) -> list[Argument]:
    """``filter`` and ``orderBy`` of items of the class."""
    return [
        Argument("filter", f"{item.name}Filter", "What each item must fulfil."),
        Argument("orderBy", f"[{item.name}Order!]", "What the items are ordered by, in turn."),
    ]
