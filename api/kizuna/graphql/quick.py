"""The quick way to tell a field of a subject, for the fields that make up most of every answer.

A quick way answers UNTOLD wherever there is more to say than a value, such as an error; the field
is then told the long way.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from kizuna.dataset.seeking import Along, Sought
from kizuna.graphql import bindings as b
from kizuna.graphql.plan import FieldPlan
from kizuna.graphql.scalars import fitting, scalar_of, shown
from kizuna.graphql.texts import texts_of
from kizuna.terms import Literal, NamedNode, Term, local_name

Quick: TypeAlias = Callable[[Term], object]
UNTOLD = object()


def quick(plan: FieldPlan, name: str, values: Mapping[Sought, Along]) -> Quick | None:
    """The quick way to tell the field of subjects of the type of that name, if it has one."""
    otherwise = UNTOLD if plan.required else None
    match plan.binding:
        case None if plan.name == "__typename":
            return lambda subject: name
        case b.Identity():
            return _identity
        case b.Code(codes):
            known: dict[Term, str] = {NamedNode(iri): code for iri, code in codes.items()}
            return lambda subject: known.get(subject) or _local(subject)
        case b.Scalar(prop) if prop.single:
            return _scalar(values.get(prop.path, {}), prop.datatype, otherwise)
        case b.TextField(prop) if prop.single:
            return _text(plan, values.get(texts_of(prop, plan.languages), {}), otherwise)
    return None


def _identity(subject: Term) -> object:
    return subject.value if isinstance(subject, NamedNode) else UNTOLD


def _local(subject: Term) -> object:
    return local_name(subject.value) if isinstance(subject, NamedNode) else UNTOLD


def _scalar(known: Along, datatype: str | None, otherwise: object) -> Quick:
    fits = fitting(scalar_of(datatype))

    def tell(subject: Term) -> object:
        terms = known.get(subject)
        if not terms:
            return otherwise
        value = shown(terms[0])
        return value if len(terms) == 1 and fits(value) else UNTOLD

    return tell


def _text(plan: FieldPlan, known: Along, otherwise: object) -> Quick:
    parts = plan.selection.only if plan.selection else ()
    keys = [(part.key, _TEXT_PARTS.get(part.binding, _typename)) for part in parts]

    def tell(subject: Term) -> object:
        texts = known.get(subject)
        if not texts:
            return otherwise
        text = texts[0]
        if len(texts) > 1 or not isinstance(text, Literal):
            return UNTOLD
        return {key: part(text) for key, part in keys}

    return tell


def _typename(_: Literal) -> str:
    return "Text"


_TEXT_PARTS: Mapping[object, Callable[[Literal], str]] = {
    b.TextPart("value"): lambda text: text.value,
    b.TextPart("language"): lambda text: text.language or "",
}
