"""Documents parsed and checked, each once: first their size, then whether they are valid.

What is too large isn't validated, since that takes the longer the larger a document is.
"""

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse, specified_rules
from strawberry.schema.schema import validate_document

from kizuna.graphql.hinting import hinted
from kizuna.graphql.limits import Limits, excesses
from kizuna.recent import Recent

# Of all documents kept; a parsed character takes up to 300 bytes.
KEPT_CHARACTERS = 200_000


class Documents:
    """The documents of one schema, and what is wrong with them."""

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._parsed: Recent[str, DocumentNode] = Recent(KEPT_CHARACTERS)
        self._errors: Recent[str, list[GraphQLError]] = Recent(KEPT_CHARACTERS)

    def parsed(self, text: str) -> DocumentNode:
        """The document; raises GraphQLSyntaxError."""
        tokens = self._limits.tokens
        return self._parsed.get(text, lambda: parse(text, max_tokens=tokens), len(text))

    def errors(self, text: str, document: DocumentNode) -> list[GraphQLError]:
        """What is wrong with the document, which is what the text says."""
        return self._errors.get(text, lambda: self._found(document), len(text))

    def _found(self, document: DocumentNode) -> list[GraphQLError]:
        return excesses(document, self._limits) or [
            hinted(_readable(error), self._schema)
            for error in validate_document(self._schema, document, tuple(specified_rules))
        ]


def _readable(error: GraphQLError) -> GraphQLError:
    """The error, told as the document's where graphql-core failed to read a number in it."""
    if not isinstance(error.original_error, ValueError):
        return error
    return GraphQLError("A number in the document has too many digits.", error.nodes)
