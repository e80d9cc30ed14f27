"""Operations made ready to be executed: parsed, checked, their variables coerced, and planned.

Each of it is done once for as long as it is kept, a plan with the values of its variables too: the
same operation is often asked again with the same ones.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

import orjson
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
)
from graphql.error import located_error
from graphql.execution.values import VariableValues, get_variable_values

from kizuna.errors import KizunaError
from kizuna.graphql.bindings import Bindings
from kizuna.graphql.checking import Documents
from kizuna.graphql.codes import BAD_USER_INPUT, VALIDATION_FAILED
from kizuna.graphql.compiling import Plans
from kizuna.graphql.hinting import hinted
from kizuna.graphql.limits import Limits
from kizuna.graphql.plan import ObjectPlan
from kizuna.recent import Recent

# In bytes: what is kept of all operations, and what of one besides its text, of a character of its
# variables, and of a field of its own at most.
MOST_KEPT = 30_000_000
OF_OPERATION, OF_CHARACTER, OF_FIELD = 2_000, 100, 1_000
NO_OPERATION = "there is no operation to run; give a document that holds one"
HOW_TO_FOLLOW = (
    "a subscription has many answers: send it with Accept: text/event-stream, or over a WebSocket"
)

_Key: TypeAlias = tuple[str, str | None, tuple[str, ...], bytes]


class Unfit(Exception):
    """The operation can't be executed: ``errors`` say why, of ``code`` where they say no other."""

    def __init__(self, errors: list[GraphQLError], code: str = BAD_USER_INPUT) -> None:
        super().__init__(errors)
        self.errors = errors
        self.code = code


@dataclass(frozen=True)
class Asked:
    """An operation as it is asked, for readers of the languages."""

    query: str
    variables: Mapping[str, Any]
    name: str | None
    languages: tuple[str, ...]


@dataclass(eq=False, frozen=True)
class Prepared:
    """An operation that can be executed, by graphql-core where there is no plan.

    ``given`` are the variables as they were asked with.
    """

    document: DocumentNode
    operation: OperationDefinitionNode
    given: Mapping[str, Any]
    variables: VariableValues
    plan: ObjectPlan | None


class Preparing:
    """Makes operations of a schema ready; any thread may ask."""

    def __init__(self, schema: GraphQLSchema, bindings: Bindings, limits: Limits) -> None:
        self._schema = schema
        self._documents = Documents(schema, limits)
        self._plans = Plans(schema, bindings)
        self._kept: Recent[_Key, Prepared] = Recent(MOST_KEPT)

    def known(self, asked: Asked) -> Prepared | None:
        """The operation, if it is a query that was made ready before."""
        key = _key(asked)
        return None if key is None else self._kept.find(key)

    def prepared(self, asked: Asked, allowed: Collection[OperationType]) -> Prepared:
        """The operation, which is of a type that is allowed, as a query always is; raises Unfit."""
        known = self.known(asked)
        if known is not None:
            return known
        made, key = self._made(asked, allowed), _key(asked)
        if key and made.plan and made.operation.operation is OperationType.QUERY:
            self._kept.keep(key, made, _weight(key, made.plan))
        return made

    def _made(self, asked: Asked, allowed: Collection[OperationType]) -> Prepared:
        document = self.checked(asked.query)
        operation = get_operation_ast(document, asked.name)
        if operation is None:
            raise Unfit([GraphQLError(_which(document, asked.name))])
        if operation.operation not in allowed:
            raise Unfit([GraphQLError(HOW_TO_FOLLOW)])
        definitions = operation.variable_definitions or ()
        variables = get_variable_values(self._schema, definitions, dict(asked.variables))
        if isinstance(variables, list):
            raise Unfit([hinted(error, self._schema) for error in variables])
        plan = None
        if operation.operation is not OperationType.MUTATION:
            plan = self._planned(asked, document, operation, variables)
        return Prepared(document, operation, asked.variables, variables, plan)

    def checked(self, text: str) -> DocumentNode:
        """The document, which is valid; raises Unfit."""
        if not text:
            raise Unfit([GraphQLError(NO_OPERATION)])
        try:
            document = self._documents.parsed(text)
        except GraphQLError as error:
            raise Unfit([error], VALIDATION_FAILED) from error
        if not any(isinstance(each, OperationDefinitionNode) for each in document.definitions):
            raise Unfit([GraphQLError(NO_OPERATION)])
        if errors := self._documents.errors(text, document):
            raise Unfit(errors, VALIDATION_FAILED)
        return document

    def _planned(
        self,
        asked: Asked,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: VariableValues,
    ) -> ObjectPlan:
        try:
            return self._plans.plan(asked.query, document, operation, variables, asked.languages)
        except KizunaError as error:
            raise Unfit([located_error(error, [operation])]) from error


def _which(document: DocumentNode, name: str | None) -> str:
    """Why none of a document's operations is the one to run."""
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    names = ", ".join(each.name.value for each in operations if each.name)
    if name is None:
        return f"the document holds several operations ({names}); name one with operationName"
    there = f"the document holds {names}" if names else "the document's operation has no name"
    return f"there is no operation {name}: {there}; give its name, or leave operationName out"


def _key(asked: Asked) -> _Key | None:
    """What all of a plan depends on; None where the variables are none that JSON knows."""
    try:
        return asked.query, asked.name, asked.languages, orjson.dumps(asked.variables)
    except TypeError:
        return None


def _weight(key: _Key, plan: ObjectPlan) -> int:
    text, *_, variables = key
    of_plan = OF_CHARACTER * len(variables) + OF_FIELD * _own_fields(plan)
    return OF_OPERATION + len(text) + of_plan


def _own_fields(plan: ObjectPlan) -> int:
    """How many fields there are in it that no other plan of the operation has."""
    known, waiting, number = {id(plan)}, [plan], 0
    for selection in waiting:
        if selection.constant:
            continue
        for found in chain.from_iterable(selection.fields.values()):
            number += 1
            if found.selection is not None and id(found.selection) not in known:
                known.add(id(found.selection))
                waiting.append(found.selection)
    return number
