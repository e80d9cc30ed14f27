"""Mutations with inputs made from the Model: what is proposed without RDF.

For each class of which something can be stated there is an input with the fields that are stated,
and a correction of something that is there. What a field links to is named by its ``id``, or given
as a new thing in its place; so a fact can be proposed with its claims and their passages. An
abstract class is proposed as one of its leaves.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import strawberry

from kizuna.graphql.making import Argument, Field, TypeModule
from kizuna.graphql.mutations import Info, Json, Mutation, ProposedContribution, propose
from kizuna.graphql.scalars import scalar_of
from kizuna.graphql.stating import Stated, Stating
from kizuna.graphql.wording import about, label_of
from kizuna.model import Class, Model, Property
from kizuna.namespaces import RDF_LANG_STRING

MORE = (
    Argument("message", "String!", "Why; a dry run needs none.", ""),
    Argument("dryRun", "Boolean!", "Answer, but keep nothing.", False),
)
ABOUT_LINK = "Something that is there, by its id, or a new thing: exactly one of them."
ABOUT_ONE = "One of these."


class Proposing:
    """Makes the inputs of what can be proposed, and the mutations that take them."""

    def __init__(self, model: Model, made: TypeModule) -> None:
        self._model = model
        self._made = made
        self._stating = Stating(model)
        self._links: set[str] = set()

    def mutation(self) -> type:
        """The mutations there are, with one to propose and one to correct each class."""
        self._made.input("TextInput", _TEXT, "A text in a language.")
        fields = [field for found in self._stating.classes for field in self._fields(found)]
        body = {f"{field.name}_": self._resolved(field, run) for field, run in fields}
        made: type = type("Mutation", (Mutation,), body)
        return strawberry.type(made, name="Mutation", description=_DESCRIPTION)

    def _fields(self, found: Class) -> Iterable[tuple[Field, Callable[..., Stated]]]:
        if found.abstract:
            leaves = self._leaves([found.iri])
            self._made.input(f"{found.name}Input", leaves, ABOUT_ONE, one_of=True)
        else:
            own = [self._field(p, new=True) for p in self._stating.fields(found)]
            self._made.input(f"{found.name}Input", own, about(found))
            own = [self._field(p, new=False) for p in self._stating.fields(found) if p.predicate]
            fields = [Field("id", "ID!", "What to correct."), *own]
            said = f"Fields of {found.name} to say anew; null takes back what was said."
            self._made.input(f"{found.name}Correction", fields, said)
            yield _mutation("correct", found, "Correction"), self._stating.corrected(found)
        yield _mutation("propose", found, "Input"), self._stating.new(found)

    def _field(self, prop: Property, *, new: bool) -> Field:
        needed = new and prop.required and not self._stating.implied(prop)
        return Field(prop.name, self._type(prop) + "!" * needed, about(prop))

    def _type(self, prop: Property) -> str:
        item = self._item(prop)
        single = prop.maximum == 1 and prop.datatype != RDF_LANG_STRING
        return item if single else f"[{item}!]"

    def _item(self, prop: Property) -> str:
        if prop.datatype == RDF_LANG_STRING:
            return "TextInput"
        if not prop.targets:
            return scalar_of(prop.datatype).name
        first = self._model.classes[prop.targets[0]]
        if not prop.predicate:
            return f"{first.name}Input"
        scheme = self._model.schemes.get(first.iri)
        if scheme and len(prop.targets) == 1:
            return f"{first.name}Code" if scheme.closed else "ID"
        return self._link(prop.targets)

    def _link(self, targets: Sequence[str]) -> str:
        name = "Or".join(self._model.classes[target].name for target in targets) + "Link"
        if name not in self._links:
            self._links.add(name)
            by_id = Field("id", "ID", "What is there already.")
            self._made.input(name, [by_id, *self._leaves(targets)], ABOUT_LINK, one_of=True)
        return name

    def _leaves(self, targets: Iterable[str]) -> list[Field]:
        leaves = self._stating.leaves(targets)
        return [
            Field(name, f"{leaf.name}Input", f"A new thing: {label_of(leaf)}.")
            for name, leaf in leaves.items()
        ]

    def _resolved(self, field: Field, run: Callable[..., Stated]) -> Any:
        def resolve(self: object, info: Info, **given: Any) -> Json:
            stated = run(info.context.dataset, given["input"])
            answer = propose(info, stated.submission, given["message"], dry_run=given["dryRun"])
            return {**answer, "results": [stated.placed(one) for one in answer["results"]]}

        made: Any = strawberry.field(
            resolver=resolve,
            name=field.name,
            description=field.description,
            graphql_type=ProposedContribution | None,
        )
        made.arguments = self._made.arguments(field)
        return made


_DESCRIPTION = "What can be changed, with a token in the request's Authorization."
_TEXT = [
    Field("value", "String!", "The text."),
    Field("language", "String!", "Its tag, such as en or ja."),
]


def _mutation(verb: str, found: Class, kind: str) -> Field:
    label = label_of(found)
    said = {
        "propose": f"Proposes something new: {label}.",
        "correct": f"Proposes to correct something that is there: {label}.",
    }[verb]
    arguments = (Argument("input", f"{found.name}{kind}!", "What is proposed."), *MORE)
    return Field(f"{verb}{found.name}", "ProposedContribution", said, arguments)
