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
)

from kizuna.graphql.plan import ObjectPlan
from kizuna.graphql.preparing import Prepared


def introspected(schema: GraphQLSchema, prepared: Prepared, plan: ObjectPlan) -> Mapping[str, Any]:
    """The answer to what the plan, one of the operation's, asks of the schema, by response key."""
    asked = [f for f in plan.only if f.name in ("__schema", "__type")]
    if not asked:
        return {}
    operation = prepared.operation
    alone = OperationDefinitionNode(
        operation=OperationType.QUERY,
        variable_definitions=operation.variable_definitions,
        selection_set=SelectionSetNode(selections=tuple(n for f in asked for n in f.nodes)),
    )
    rest = (d for d in prepared.document.definitions if isinstance(d, FragmentDefinitionNode))
    core = execute_sync(
        schema, DocumentNode(definitions=(alone, *rest)), variable_values=dict(prepared.given)
    )
    return core.data or {}
