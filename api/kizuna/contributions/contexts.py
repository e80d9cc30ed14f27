"""The published JSON-LD context, named in a submitted document by its address.

Nothing is fetched: in place of the address the document is given what the server itself publishes
(https://www.w3.org/TR/json-ld11/#the-context), on the same line, so that lines stay as they are.
"""

import json
import re
from collections.abc import Mapping
from urllib.parse import urljoin

from kizuna.dataset.jsonld import Context
from kizuna.dataset.releases import Dataset

FILE = "context.jsonld"
# Within a text the quotes are escaped, so that it is never taken for this.
NAMED = re.compile(rb'("@context"\s*:\s*(?:\[\s*)?)("[^"\\]*")')


def published(dataset: Dataset) -> Mapping[str, str]:
    """The context by its address, which lies beside the ontology's; none without an ontology's."""
    if dataset.model.ontology is None:
        return {}
    context = json.dumps(Context(dataset).document()["@context"])
    return {urljoin(dataset.model.ontology, FILE): context}


def with_contexts(content: bytes, contexts: Mapping[str, str]) -> bytes:
    """The document with the contexts in place of their addresses, alone or first in a list."""
    known = {json.dumps(address).encode(): text.encode() for address, text in contexts.items()}
    return NAMED.sub(lambda found: found[1] + known.get(found[2], found[2]), content)
