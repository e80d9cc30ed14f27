"""Operations that show what a link leads to, written from the schema."""

from dataclasses import dataclass

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

UNKNOWN = " { __typename }"


@dataclass(frozen=True)
class Looking:
    """Writes operations for a schema."""

    schema: GraphQLSchema

    def one(self, type_name: str, identifier: str) -> str:
        """An operation for a subject: all that its type has, and the labels of what it links to."""
        fields = _fields(self.schema.type_map.get(type_name))
        asked = "".join(
            f"\n      {name}{self._short(get_named_type(field.type))}"
            for name, field in fields.items()
            if name != "id"
        )
        inline = f"\n    ... on {type_name} {{{asked}\n    }}" if asked else ""
        return f'{{\n  node(id: "{identifier}") {{\n    __typename\n    id{inline}\n  }}\n}}\n'

    def many(self, field: str) -> str:
        """An operation for a connection of the root: how many there are, and their labels."""
        found = _fields(self.schema.query_type)[field]
        short = self._short(get_named_type(found.type)).removeprefix(" {")
        return f"{{\n  {field} {{\n    totalCount\n   {short}\n}}\n"

    def _short(self, found: GraphQLNamedType) -> str:
        """The selection that names a value, be it a scalar, a text, a subject or a connection."""
        if is_leaf_type(found):
            return ""
        fields = _fields(found)
        for name, label in (("nodes", False), ("label", True)):
            if name in fields:
                inner = self._short(get_named_type(fields[name].type))
                return f" {{ id {name}{inner} }}" if label else f" {{ {name}{inner} }}"
        leaves = [
            name for name, field in fields.items() if is_leaf_type(get_named_type(field.type))
        ]
        return f" {{ {' '.join(leaves)} }}" if leaves else UNKNOWN


def _fields(found: GraphQLNamedType | None) -> dict[str, GraphQLField]:
    """The fields of a type that can be asked for without an argument."""
    if not isinstance(found, GraphQLObjectType | GraphQLInterfaceType):
        return {}
    return {
        name: field
        for name, field in found.fields.items()
        if not any(is_required_argument(argument) for argument in field.args.values())
    }
