"""Strawberry types made at run time from descriptions.

Strawberry looks for the module of a class by its name, so all types of one
schema live in one module of their own, which stands in ``sys.modules`` while the schema is built.
"""

import gc
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import reduce
from operator import or_
from types import ModuleType
from typing import Annotated, Any, Optional

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from kizuna.errors import InvalidInput

SCALARS = {
    "ID": strawberry.ID,
    "String": str,
    "Int": int,
    "Float": float,
    "Boolean": bool,
    "Date": date,
    "DateTime": datetime,
    "Decimal": Decimal,
}


@dataclass(frozen=True)
class Argument:
    """An argument of a field: its type in SDL (``[ID!]!``), what it is for, its default."""

    name: str
    type: str
    description: str
    default: object = strawberry.UNSET


@dataclass(frozen=True)
class Field:
    """A field of an output or input type: its type in SDL, what it is, its arguments."""

    name: str
    type: str
    description: str
    arguments: tuple[Argument, ...] = ()


@contextmanager
def uncollected() -> Iterator[None]:
    """While this lasts no garbage is looked for: what is made stays, and is a lot to go through."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class TypeModule:
    """The types of one schema, by name."""

    def __init__(self) -> None:
        self._module = ModuleType(f"kizuna_types_{id(self)}")
        self._descriptions: dict[str, str] = {}
        self._module.__dict__.update(SCALARS)

    @contextmanager
    def importable(self) -> Iterator[None]:
        """While this lasts the module can be found by name, as Strawberry needs to."""
        sys.modules[self._module.__name__] = self._module
        try:
            yield
        finally:
            del sys.modules[self._module.__name__]

    def __getitem__(self, name: str) -> Any:
        """The type of that name; raises KeyError where none was made."""
        return self._module.__dict__[name]

    def __contains__(self, name: str) -> bool:
        """Whether a type of that name was made."""
        return name in self._module.__dict__

    def interface(
        self, name: str, fields: Sequence[Field], description: str, bases: Sequence[str] = ()
    ) -> None:
        """Makes an interface that implements the bases."""
        made = self._class(name, fields, bases)
        self._keep(strawberry.interface(made, name=name, description=description), description)

    def object_type(
        self, name: str, fields: Sequence[Field], description: str, bases: Sequence[str] = ()
    ) -> None:
        """Makes an object type that implements the bases."""
        made = self._class(name, fields, bases)
        self._keep(strawberry.type(made, name=name, description=description), description)

    def input(
        self, name: str, fields: Sequence[Field], description: str, *, one_of: bool = False
    ) -> None:
        """Makes an input type; a field that may be null may be left out.

        With ``one_of`` exactly one of its fields is to be given
        (https://spec.graphql.org/draft/#sec-OneOf-Input-Objects).
        """
        made = self._class(name, fields, (), default=strawberry.UNSET)
        kept = strawberry.input(made, name=name, description=description, one_of=one_of)
        self._keep(kept, description)

    def enum(
        self,
        name: str,
        values: Mapping[str, str],
        descriptions: Mapping[str, str],
        description: str,
    ) -> None:
        """Makes an enum from its names with the values that they stand for."""
        members = {
            key: strawberry.enum_value(value, description=descriptions[key])
            for key, value in values.items()
        }
        made: Any = Enum(name, members, module=self._module.__name__)  # type: ignore[misc]
        enum = strawberry.enum(made, name=name, description=description)
        self._keep(enum, description, name)

    def union(self, name: str, members: Sequence[str], description: str) -> None:
        """Makes a union of object types that exist already."""
        types = reduce(or_, (self[member] for member in members))
        made: Any = Annotated[types, strawberry.union(name, description=description)]
        self._keep(made, description, name)

    def _keep(self, made: Any, description: str, name: str | None = None) -> None:
        name = name or made.__name__
        if name in self:
            other = self._descriptions.get(name, "what it is made with")
            raise InvalidInput(
                f"two types need the name {name}: “{other}” and “{description}”; "
                "rename a class or a field"
            )
        self._descriptions[name] = description
        setattr(self._module, name, made)

    def _class(
        self, name: str, fields: Sequence[Field], bases: Sequence[str], **settings: object
    ) -> type:
        body: dict[str, Any] = {"__module__": self._module.__name__, "__annotations__": {}}
        for field in fields:
            # A trailing underscore keeps Python's keywords out of the way.
            body["__annotations__"][f"{field.name}_"] = self._annotation(field.type)
            body[f"{field.name}_"] = self._field(field, settings)
        return type(name, tuple(self[base] for base in bases), body)

    def _field(self, field: Field, settings: Mapping[str, Any]) -> StrawberryField:
        optional = settings if not field.type.endswith("!") else {}
        made: StrawberryField = strawberry.field(
            name=field.name, description=field.description, **optional
        )
        made.arguments = self.arguments(field)
        return made

    def _annotation(self, type_: str) -> StrawberryAnnotation:
        return _Annotation(type_, namespace=self._module.__dict__)

    def arguments(self, field: Field) -> list[StrawberryArgument]:
        """The arguments of a field of the schema."""
        return [
            StrawberryArgument(
                python_name=argument.name,
                graphql_name=argument.name,
                type_annotation=self._annotation(argument.type),
                description=argument.description,
                default=argument.default,
            )
            for argument in field.arguments
        ]


class _Annotation(StrawberryAnnotation):
    """A type in SDL, looked up by its name.

    Strawberry evaluates each several times, and by parsing it as Python where it is a string: that
    was more than half of what making a schema took.
    """

    def evaluate(self) -> Any:
        """The type as Python has it; raises NameError where it isn't made yet."""
        return _evaluated(str(self.raw_annotation), self.namespace or {})


def _evaluated(sdl: str, types: Mapping[str, Any]) -> Any:
    """A type in SDL as Python has it: ``[ID!]`` is ``Optional[list[ID]]``."""
    if not sdl.endswith("!"):
        return Optional[_evaluated(f"{sdl}!", types)]  # noqa: UP045
    if sdl.startswith("["):
        return list[_evaluated(sdl[1:-2], types)]  # type: ignore[misc]
    name = sdl[:-1]
    if name not in types:
        raise NameError(name)
    return types[name]
