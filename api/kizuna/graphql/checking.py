"""Documents parsed and checked, each once: first their size, then whether they are valid.

What is too large isn't validated, since that takes the longer the larger a document is.
"""

from collections.abc import Iterator

from graphql import DocumentNode, GraphQLError, parse
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document
from strawberry.types.execution import ExecutionContext

from kizuna.graphql.limits import Limits, excesses
from kizuna.recent import Recent

# Of all documents kept; a parsed character takes up to 300 bytes.
KEPT_CHARACTERS = 200_000


class Documents:
    """The documents of one schema, and what is wrong with them."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._parsed: Recent[str, DocumentNode] = Recent(KEPT_CHARACTERS)
        self._errors: Recent[str, list[GraphQLError]] = Recent(KEPT_CHARACTERS)

    def parsed(self, text: str) -> DocumentNode:
        """The document; raises GraphQLSyntaxError."""
        tokens = self._limits.tokens
        return self._parsed.get(text, lambda: parse(text, max_tokens=tokens), len(text))

    def errors(self, context: ExecutionContext) -> list[GraphQLError]:
        """What is wrong with the document that is to be executed."""
        text = context.query or ""
        return self._errors.get(text, lambda: self._found(context), len(text))

    def _found(self, context: ExecutionContext) -> list[GraphQLError]:
        document = context.graphql_document
        if document is None:
            return []
        schema, rules = context.schema._schema, context.validation_rules
        return excesses(document, self._limits) or [
            _readable(error) for error in validate_document(schema, document, rules)
        ]


def _readable(error: GraphQLError) -> GraphQLError:
    """The error, told as the document's where graphql-core failed to read a number in it."""
    if not isinstance(error.original_error, ValueError):
        return error
    return GraphQLError("A number in the document has too many digits.", error.nodes)


class UseDocuments(SchemaExtension):
    """Gives Strawberry what is known of a document, so that it has nothing left to do."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def on_parse(self) -> Iterator[None]:
        """Gives Strawberry the document, if there is any."""
        context = self.execution_context
        if context.query:
            context.graphql_document = self._documents.parsed(context.query)
        yield

    def on_validate(self) -> Iterator[None]:
        """Gives Strawberry the errors, none of which is an empty list."""
        context = self.execution_context
        context.pre_execution_errors = self._documents.errors(context)
        yield
