"""A made-up world of any size, the same for the same size: agreements, who is party to them, what
became of them, and the claims and passages by which documents say so.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

STATUSES = ("in-preparation", "signed", "adopted", "in-force", "under-review", "withdrawn", "ended")
THEMES = ("security", "defence", "economy", "trade", "energy", "technology", "research", "industry")
MODALITIES = ("happened", "happened", "happened", "in-effect", "planned", "expected", "possible")
WORDS = ("north", "south", "sea", "air", "grain", "steel", "silk", "port", "rail", "ship")
MORE = ("supply", "safety", "survey", "rescue", "review", "transit", "storage", "training")
SEED = 20
PASSAGES_EACH = 40
SPAN = 120  # characters of a passage


@dataclass(frozen=True)
class Actor:
    """A company that may be party to an agreement."""

    key: str
    label: str


@dataclass(frozen=True)
class Document:
    """A source document; ``issued`` is an ISO date."""

    key: str
    label: str
    issued: str
    characters: int


@dataclass(frozen=True)
class Passage:
    """A passage of a document of the year ``told_in``, from ``start`` to before ``end``."""

    key: str
    document: str
    start: int
    end: int
    sha256: str
    paraphrase: str
    told_in: int


@dataclass(frozen=True)
class Claim:
    """A claim on a fact; ``year`` is the time that it states, if any."""

    key: str
    fact: str
    passage: Passage
    modality: str
    basis: str
    year: int | None


@dataclass(frozen=True)
class Fact:
    """That an agreement reached a status, or, without one, who its parties are."""

    key: str
    agreement: str
    label: str
    theme: str
    status: str | None
    parties: tuple[str, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Agreement:
    """An agreement with the facts about it."""

    key: str
    label: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class World:
    """Actors, documents and agreements; the agreements are made as they are asked for."""

    actors: tuple[Actor, ...]
    documents: tuple[Document, ...]
    size: int

    def agreements(self) -> Iterator[Agreement]:
        """The agreements, the same every time."""
        random, passages = Random(SEED), self._passages()  # noqa: S311 (nothing is secret here)
        for number in range(self.size):
            yield self._agreement(random, passages, f"agreement-{number}")

    def _agreement(self, random: Random, passages: Iterator[Passage], key: str) -> Agreement:
        label = f"{random.choice(WORDS)} {random.choice(MORE)} accord {key.rpartition('-')[2]}"
        theme = random.choice(THEMES)
        parties = tuple(a.key for a in random.sample(self.actors, random.randint(2, 3)))
        told = ["", *random.sample(STATUSES, random.randint(1, 3))]
        facts = []
        for number, status in enumerate(told):
            name = f"fact-{key}-{number}"
            # Only the last change is dated: no order of dates then contradicts the stages.
            distance = random.randint(1, 20) if status == told[-1] else None
            claims = tuple(
                _claim(random, next(passages), f"{name}-{turn}", name, distance)
                for turn in range(random.randint(1, 2))
            )
            about = f"The {label} is {status}." if status else f"The {label} has its parties."
            facts.append(Fact(name, key, about, theme, status or None, parties, claims))
        return Agreement(key, label, tuple(facts))

    def _passages(self) -> Iterator[Passage]:
        number = 0
        while True:
            document = self.documents[number // PASSAGES_EACH]
            start = number % PASSAGES_EACH * SPAN
            key = f"passage-{document.key}-{start}"
            sha256 = hashlib.sha256(key.encode()).hexdigest()
            about, year = f"What {key} says, told shortly.", int(document.issued[:4])
            yield Passage(key, document.key, start, start + SPAN, sha256, about, year)
            number += 1


def make_world(size: int) -> World:
    """A world of so many agreements."""
    actors = tuple(Actor(f"company-{n}", f"Company {n}") for n in range(max(20, size // 20)))
    needed = size * 8 // PASSAGES_EACH + 1  # no agreement has more than four facts of two claims
    documents = tuple(
        Document(f"document-{n}", f"Bulletin {n}", f"{1990 + n % 36}-06-01", PASSAGES_EACH * SPAN)
        for n in range(needed)
    )
    return World(actors, documents, size)


def _claim(random: Random, passage: Passage, key: str, fact: str, distance: int | None) -> Claim:
    modality = random.choice(MODALITIES)
    done = modality in ("happened", "in-effect")
    year = None if distance is None else passage.told_in + (-distance if done else distance)
    return Claim(f"claim-{key}", fact, passage, modality, "recorded" if done else "assessed", year)
