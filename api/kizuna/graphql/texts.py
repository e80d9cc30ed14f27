"""Which of several texts a reader is shown."""

from collections.abc import Iterable, Sequence

from kizuna.dataset.seeking import Shown, Sought, language_fits
from kizuna.model import Property
from kizuna.terms import Literal


def texts_of(prop: Property, languages: Sequence[str]) -> Sought:
    """What is read to tell readers of the languages a property's texts."""
    if not prop.single:
        return prop.path
    return Shown(prop.path, tuple(language for language in languages if language != "*"))


def preferred(texts: Sequence[Literal], languages: Iterable[str]) -> list[Literal]:
    """The texts of the first of the languages that there are any in, else of the first there is.

    A language takes in its regional forms (``it`` also ``it-CH``), as in basic filtering of
    https://www.rfc-editor.org/rfc/rfc4647#section-3.3.1.
    """
    ordered = sorted(texts, key=lambda text: (text.language or "", text.value))
    for language in languages:
        fitting = [
            text
            for text in ordered
            if language != "*" and language_fits(text.language or "", language)
        ]
        if fitting:
            return fitting
    return [text for text in ordered if text.language == ordered[0].language]
