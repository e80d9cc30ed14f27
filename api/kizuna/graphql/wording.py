"""What the schema says of things, in English where there is any."""

from kizuna.model import Class, Property, Texts


def english(texts: Texts, otherwise: str = "") -> str:
    """The text in English, else in whatever language there is."""
    return texts.get("en") or next(iter(texts.values()), otherwise)


def label_of(found: Class | Property) -> str:
    """What a class or field is called, else its name."""
    return english(found.labels, found.name)


def about(found: Class | Property) -> str:
    """What a class or field is, else what it is called."""
    return english(found.descriptions, label_of(found))
