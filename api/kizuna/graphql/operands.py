"""Reading the dates, moments and decimals that operations give.

https://spec.graphql.org/draft/#sec-Scalars.Custom-Scalars: what can't be read is refused where it
stands, and told how it is to be written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from graphql import GraphQLError, ValueNode, value_from_ast_untyped
from strawberry.schema.types.base_scalars import (
    DateDefinition,
    DateTimeDefinition,
    DecimalDefinition,
)
from strawberry.types.scalar import ScalarDefinition

# Written out in full, so that 1e999999999 would fill the memory.
MOST_DIGITS = 1000


@dataclass(frozen=True)
class Operand:
    """A scalar of operations, and how a value of it is written."""

    definition: ScalarDefinition
    written: str

    def scalar(self) -> ScalarDefinition:
        """The definition, with what is known here."""
        description = f"{self.written[0].upper()}{self.written[1:]}."
        return replace(
            self.definition,
            description=description,
            parse_value=self.value,
            parse_literal=self.literal,
        )

    def value(self, given: object) -> object:
        """What a variable's value stands for; raises GraphQLError."""
        parse: Callable[[object], object] | None = self.definition.parse_value
        try:
            found = parse(given) if parse else given
        except GraphQLError:
            raise self._refusal(given) from None
        if not _in_range(found):
            raise self._refusal(given)
        return found

    def literal(self, node: ValueNode, variables: dict[str, Any] | None = None) -> object:
        """What a value in the document stands for; raises GraphQLError with its place."""
        try:
            return self.value(value_from_ast_untyped(node, variables))
        except GraphQLError as error:
            raise GraphQLError(error.message, node) from None

    def _refusal(self, given: object) -> GraphQLError:
        shown = f"'{given}'" if isinstance(given, str) else str(given)
        return GraphQLError(f"{shown} is no {self.definition.name}; give {self.written}")


OPERANDS = (
    Operand(DateDefinition, "a day as ISO 8601 has it, such as '2026-01-31'"),
    Operand(DateTimeDefinition, "a moment as ISO 8601 has it, such as '2026-01-31T12:00:00Z'"),
    Operand(
        DecimalDefinition,
        f"a number such as '12.50', of at most {MOST_DIGITS} digits before or after the point",
    ),
)


def operand_scalars() -> Mapping[object, ScalarDefinition]:
    """The scalars by the Python types that stand for them."""
    return {operand.definition.origin: operand.scalar() for operand in OPERANDS}


def _in_range(found: object) -> bool:
    """Whether a number can be told in full, and a moment in UTC."""
    match found:
        case Decimal():
            return found.is_finite() and abs(found.adjusted()) <= MOST_DIGITS
        case datetime(tzinfo=zone) if zone:
            return _is_in_utc(found)
    return True


def _is_in_utc(moment: datetime) -> bool:
    """Whether it lies in the years that there are once its zone is taken off."""
    try:
        return bool(moment.astimezone(UTC))
    except OverflowError:
        return False
