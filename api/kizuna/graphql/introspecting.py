"""What graphql-core answers to an operation's introspection."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    execute_sync,
    get_operation_ast,
)
from strawberry.types.execution import ExecutionContext

from kizuna.graphql.plan import ObjectPlan


def introspected(
    schema: GraphQLSchema, context: ExecutionContext, plan: ObjectPlan
) -> Mapping[str, Any]:
    """The answer to what the plan asks of the schema, by response key."""
    asked = [f for f in plan.only if f.name in ("__schema", "__type")]
    document = context.graphql_document
    operation = get_operation_ast(document, context.operation_name) if document else None
    if not asked or document is None or operation is None:
        return {}
    alone = OperationDefinitionNode(
        operation=OperationType.QUERY,
        variable_definitions=operation.variable_definitions,
        selection_set=SelectionSetNode(selections=tuple(n for f in asked for n in f.nodes)),
    )
    rest = (d for d in document.definitions if isinstance(d, FragmentDefinitionNode))
    core = execute_sync(
        schema, DocumentNode(definitions=(alone, *rest)), variable_values=context.variables
    )
    return core.data or {}
