"""Ledger and releases as the commands need them: opened, shown, compared, proved."""

import sys
from collections.abc import Sequence

from kizuna import __version__
from kizuna.dataset.entries import Entry
from kizuna.dataset.files import Ontology, distinct
from kizuna.dataset.ledger import Ledger, ledger_url
from kizuna.dataset.releases import LedgerReleases, difference
from kizuna.dataset.seeding import take_seeds
from kizuna.errors import InvalidInput, ShapeViolation
from kizuna.model import Model, read_model
from kizuna.settings import Settings
from kizuna.terms import Quad
from kizuna.validation import validate


def open_ledger(settings: Settings, *, create: bool = False) -> Ledger:
    """The ledger that the settings name.

    Raises InvalidInput where they name none, NotFound where there is none yet and none is created.
    """
    if settings.ledger:
        return Ledger.open(settings.ledger, create=create)
    if settings.data_dir:
        return Ledger.open(ledger_url(settings.data_dir), create=create)
    raise InvalidInput("which ledger? Name its folder with --data-dir or its URL with --ledger.")


def open_releases(
    settings: Settings, ontology: Ontology, seeds: Sequence[Sequence[Quad]]
) -> LedgerReleases:
    """The releases of the settings' ledger, which takes in what it lacks of the seeds.

    Where the seeds don't conform with what has been accepted, the old release stays, and stderr
    says so.
    """
    ledger = open_ledger(settings, create=True)
    model = read_model(ontology.quads, ontology.shapes)
    quads = distinct(quad for file in seeds for quad in file)
    try:
        take_seeds(
            ledger,
            quads,
            f"Seeds of Kizuna {__version__}",
            lambda together: _conform(together, ontology, model),
        )
    except ShapeViolation as error:
        sys.stderr.write(f"kizuna: {error}\n")
    return LedgerReleases(ontology, ledger)


def verified(ledger: Ledger) -> str:
    """What there is to say of a ledger that is as it was written; raises BrokenLedger."""
    count = ledger.verify()
    head = ledger.entries(after=count - 2)
    newest = f"; the newest has the hash {head[-1].hash}" if head else ""
    return f"The chain holds: {_counted(count, 'entry', 'entries')}{newest}.\n"


def rebuilt(ledger: Ledger, ontology: Ontology) -> str:
    """What the newest release is, made anew from the ledger alone."""
    releases = LedgerReleases(ontology, ledger)
    release, total = releases.current.release, len(releases.current.store.quads())
    return (
        f"Release {release.number} has the hash {release.hash}: "
        f"{_counted(len(releases.asserted), 'quad')}, {total} with ontology and what is derived.\n"
    )


def listed(ledger: Ledger) -> str:
    """The releases, a line each: number, time, what was added and removed, who and why."""
    return "".join(_line(entry) for entry in ledger.entries())


def compared(ledger: Ledger, old: int, new: int) -> str:
    """What leads from one release to another: a line of counts, then the patch."""
    change = difference(ledger, old, new)
    added, removed = len(change.added), len(change.removed)
    return f"# release {old} to {new}: {added} added, {removed} removed\n{change.patch()}"


def _conform(quads: frozenset[Quad], ontology: Ontology, model: Model) -> bool:
    return validate({"": sorted(quads, key=str)}, ontology, model).conforms


def _line(entry: Entry) -> str:
    counts = f"+{len(entry.change.added)} -{len(entry.change.removed)}"
    people = [name for name in (entry.contributor, entry.decided_by) if name]
    who = f"{', '.join(people)}: " if people else ""
    at = entry.at.isoformat(timespec="seconds")
    return (
        f"{entry.number}  {at}  {entry.action}  {counts}  {who}{' '.join(entry.message.split())}\n"
    )


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or f'{one}s'}"
