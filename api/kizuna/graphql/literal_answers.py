"""The answers that tell of literals: values, texts, and what is made of them."""

from collections.abc import Callable

from kizuna.citations import Style
from kizuna.dataset.seeking import Sought
from kizuna.dataset.times import display
from kizuna.graphql import bindings as b
from kizuna.graphql.citing import Citing
from kizuna.graphql.filling import Filling, Place, selection_of, text_answer
from kizuna.graphql.lapsing import lapsed
from kizuna.graphql.plan import FieldPlan
from kizuna.graphql.scalars import fitting, scalar_of, shown
from kizuna.graphql.texts import preferred, texts_of
from kizuna.model import Property
from kizuna.terms import Literal, NamedNode, Term


class LiteralAnswers:
    """Tells of literals; ``along`` gives a subject's values along a path."""

    def __init__(
        self, along: Callable[[Sought, Term], list[Term]], citing: Citing, filling: Filling
    ) -> None:
        self._along = along
        self._citing = citing
        self._filling = filling

    def of(self, plan: FieldPlan, subject: Term, place: Place) -> object:
        """What is told of a subject by the field."""
        match plan.binding:
            case b.Scalar(prop):
                return self._scalar(plan, prop, subject, place)
            case b.TextField(prop):
                return self._text(plan, prop, subject)
            case b.Lapsed():
                return lapsed(subject, plan.arguments["on"], self._along)
            case b.Citation() if isinstance(subject, NamedNode):
                return self._citation(plan, subject)
            case b.TimeDisplay(path):
                edtf = self._along(path, subject)
                return display(str(shown(edtf[0])), plan.languages[0]) if edtf else None
        raise TypeError(f"{plan.binding} stands for no field of a subject")

    def _citation(self, plan: FieldPlan, subject: NamedNode) -> str:
        given = plan.arguments.get("style") or Style.APA.value
        style = Style(getattr(given, "value", given))
        return self._citing.cited(subject, self._along, plan.languages, style)

    def _scalar(self, plan: FieldPlan, prop: Property, subject: Term, place: Place) -> object:
        scalar = scalar_of(prop.datatype)
        values = [shown(term) for term in self._along(prop.path, subject)]
        for value in values:
            if not fitting(scalar)(value):
                message = f"{value} of {subject} can't be told as {scalar.name}"
                raise self._filling.failed(message, plan, place)
        return (values[0] if values else None) if prop.single else values

    def _text(self, plan: FieldPlan, prop: Property, subject: Term) -> object:
        terms = self._along(texts_of(prop, plan.languages), subject)
        chosen = preferred([t for t in terms if isinstance(t, Literal)], plan.languages)
        answers = [text_answer(selection_of(plan), text) for text in chosen]
        return (answers[0] if answers else None) if prop.single else answers
