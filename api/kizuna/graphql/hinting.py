"""What an error in an operation lacks: the way out, where graphql-core knows none."""

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

MOST_NAMES = 24
LONGEST_VALUE = 60
# Fields that stand between an object and what is wanted of it.
BETWEEN = ("nodes", "node", "keys")
# Fields of inputs that a value alone stands for.
ALONE = ("eq", "field", "any", "id")

_Hint: TypeAlias = Callable[[GraphQLSchema, re.Match[str]], str]


def hinted(error: GraphQLError, schema: GraphQLSchema) -> GraphQLError:
    """The error, with a hint where there is one to give."""
    for pattern, hint in _HINTS.items():
        if found := re.search(pattern, error.message):
            if told := hint(schema, found):
                return GraphQLError(
                    f"{error.message} {told}", error.nodes, original_error=error.original_error
                )
            return error
    return error


def _behind(schema: GraphQLSchema, found: re.Match[str]) -> str:
    """A field that is there, but not of this type."""
    wanted, name = found.groups()
    type_ = schema.get_type(name)
    if not isinstance(type_, GraphQLObjectType):
        return ""
    for between in (each for each in BETWEEN if each in type_.fields):
        inner = get_named_type(type_.fields[between].type)
        if isinstance(inner, GraphQLObjectType | GraphQLInterfaceType) and wanted in inner.fields:
            return f"Did you mean '{between} {{ {wanted} }}'?"
    return ""


def _object(schema: GraphQLSchema, found: re.Match[str]) -> str:
    """A value where an input is wanted that could hold it."""
    name, value = found.groups()
    type_ = schema.get_type(name)
    if not isinstance(type_, GraphQLInputObjectType) or len(value) > LONGEST_VALUE:
        return ""
    fields = ((each, type_.fields[each].type) for each in ALONE if each in type_.fields)
    fitting = (each for each, of_type in fields if is_leaf_type(get_named_type(of_type)))
    if (alone := next(fitting, None)) is None:
        return ""
    # The name of an enum's value stands without quotation marks.
    value = value.strip("\"'") if alone == "field" else value
    return f"Did you mean {{ {alone}: {value} }}?"


def _fields(schema: GraphQLSchema, found: re.Match[str]) -> str:
    type_ = schema.get_type(found[1])
    return _names(type_.fields) if isinstance(type_, GraphQLInputObjectType) else ""


def _values(schema: GraphQLSchema, found: re.Match[str]) -> str:
    type_ = schema.get_type(found[1])
    return _names(type_.values) if isinstance(type_, GraphQLEnumType) else ""


def _names(names: Mapping[str, object]) -> str:
    return f"There are: {', '.join(names)}." if len(names) <= MOST_NAMES else ""


def _no_ledger(_: GraphQLSchema, __: re.Match[str]) -> str:
    return "Contributions are taken by a server with a ledger, and this one has none."


_HINTS: Mapping[str, _Hint] = {
    r"^Cannot query field '(\w+)' on type '(\w+)'\.$": _behind,
    r"Expected value of type '(\w+)' to be an object, found: (.+)\.$": _object,
    r"Expected value of type '(\w+)' not to include unknown field '\w+', found: ": _fields,
    r"Value '[^']*' does not exist in '(\w+)' enum\.$": _values,
    r"^The mutation operation is not supported by the schema\.$": _no_ledger,
}
