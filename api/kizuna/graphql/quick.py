"""The quick way to tell a field of a subject, for the fields that make up most of every answer.

A quick way answers UNTOLD wherever there is more to say than a value, such as an error; the field
is then told the long way.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from kizuna.dataset.seeking import Along, Sought
from kizuna.graphql import bindings as b
from kizuna.graphql.plan import FieldPlan
from kizuna.graphql.scalars import fits, scalar_of, shown
from kizuna.graphql.texts import preferred, texts_of
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
    scalar = scalar_of(datatype)

    def tell(subject: Term) -> object:
        terms = known.get(subject)
        if not terms:
            return otherwise
        value = shown(terms[0])
        return value if len(terms) == 1 and fits(value, scalar) else UNTOLD

    return tell


def _text(plan: FieldPlan, known: Along, otherwise: object) -> Quick:
    wanted = plan.languages[0].lower()
    parts = plan.selection.only if plan.selection else ()
    keys = [(part.key, part.binding) for part in parts]

    def told(text: Literal) -> dict[str, object]:
        return {key: _part(binding, text) for key, binding in keys}

    def tell(subject: Term) -> object:
        terms = known.get(subject)
        if not terms:
            return otherwise
        texts = [term for term in terms if isinstance(term, Literal)]
        exact = [text for text in texts if text.language == wanted]
        if len(exact) == 1:
            return told(exact[0])
        chosen = preferred(texts, plan.languages)
        return told(chosen[0]) if chosen else otherwise

    return tell


def _part(binding: object, text: Literal) -> object:
    match binding:
        case b.TextPart("value"):
            return text.value
        case b.TextPart("language"):
            return text.language or ""
    return "Text"
