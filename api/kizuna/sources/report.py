"""What ``kizuna sources`` says: the documents proved, and what of them was not coded."""

from collections.abc import Sequence
from pathlib import Path

from kizuna.dataset.files import read_file
from kizuna.sources.coded import Coded, Document, read_coded
from kizuna.sources.copies import LEAST, copies, literals, proper_names, whole
from kizuna.sources.coverage import Coverage, coverage, described
from kizuna.sources.held import Held, find_held
from kizuna.sources.proof import not_found, unproved


def verify(
    folder: Path, data: Sequence[Path], ontology: Path, also: Sequence[Path]
) -> tuple[str, bool]:
    """What isn't as the data says, or copies a document that the folder holds, and whether all is.

    Our own texts are the literals of the data and of the ontology's files, and the files in
    ``also`` whole. Raises InvalidInput where there is no such folder or no document in the data,
    MalformedData for a file that can't be read.
    """
    quads = [quad for file in data for quad in read_file(file)]
    coded = read_coded(quads)
    held = find_held(folder, coded)
    texts = [*literals([*data, *sorted(ontology.rglob("*.ttl"))]), *whole(also)]
    faults = [*unproved(coded, held), *copies(texts, held.values(), proper_names(quads))]
    end = (
        _proved(coded, len(texts)) if not faults else f"{_count(len(faults), 'fault')}: not proved"
    )
    return "\n".join([*faults, end]), not faults


def uncoded(folder: Path, data: Sequence[Path]) -> tuple[str, bool]:
    """What of each document was not coded, sentence by sentence, and whether all of it was.

    Raises InvalidInput and MalformedData like ``verify``.
    """
    coded = read_coded(quad for file in data for quad in read_file(file))
    held = find_held(folder, coded)
    told = [_uncoded(document, coded, held) for document in coded.documents]
    return "\n".join(line for lines, _ in told for line in lines), all(done for _, done in told)


def _uncoded(document: Document, coded: Coded, held: Held) -> tuple[list[str], bool]:
    if document.iri not in held:
        return [not_found(document)], False
    text = held[document.iri]
    found = coverage(text, coded.of(document))
    stretches = [f"  {described(text, stretch)}" for stretch in found.left]
    return [_summary(document, found), *stretches], not found.left


def _proved(coded: Coded, texts: int) -> str:
    return (
        f"{_count(len(coded.documents), 'document')} and {_count(len(coded.passages), 'passage')} "
        f"proved; none of {_count(texts, 'text')} shares {LEAST} words in a row with a document"
    )


def _summary(document: Document, found: Coverage) -> str:
    left = sum(stretch.end - stretch.start for stretch in found.left)
    return (
        f"{document.iri} ({document.label}): {_count(found.characters, 'character')}, "
        f"{found.claimed} behind claims, {found.without_fact} read without a codable fact, "
        f"{left} left in {_count(len(found.left), 'stretch', 'stretches')}"
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
