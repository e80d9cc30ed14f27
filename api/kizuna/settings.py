"""Every setting: what it is for, its default, and where it is read from.

An argument of the command goes before the environment variable ``KIZUNA_<NAME>``, which goes
before the default. ``docs/settings.md`` documents each one.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from pathlib import Path

from kizuna import resources
from kizuna.errors import InvalidInput


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ValueError("a whole number, 1 or more")
    return int(text)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise ValueError("a port from 0 to 65535; 0 takes any free one")
    return int(text)


def _switch(text: str) -> bool:
    if text.lower() not in {"true", "false", "1", "0", "yes", "no"}:
        raise ValueError("true or false")
    return text.lower() in {"true", "1", "yes"}


def _level(text: str) -> str:
    if text.lower() not in {"error", "warning", "info", "debug"}:
        raise ValueError("error, warning, info or debug")
    return text.lower()


def _web(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError("an address that begins with https:// or http://")
    return text.rstrip("/")


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _told(
    sense: str, form: str, read: Callable[[str], object] = str, separator: str | None = None
) -> Mapping[str, object]:
    """What a setting is for, how its value looks, its reader, and what parts several values."""
    return {"help": sense, "form": form, "read": read, "separator": separator}


@dataclass(frozen=True)
class Settings:
    """All that can be set, read once at the start and handed on."""

    host: str = field(default="127.0.0.1", metadata=_told("Address to listen on.", "HOST"))
    port: int = field(
        default=8000, metadata=_told("Port to listen on; 0 takes any free one.", "PORT", _port)
    )
    public_url: str | None = field(
        default=None,
        metadata=_told("Where readers find the server; citations lead there.", "URL", _web),
    )
    data: tuple[Path, ...] = field(
        default=(),
        metadata=_told(
            "Data files to use instead of the packaged seeds.", "FILE", _path, os.pathsep
        ),
    )
    ontology: Path = field(
        default=resources.ONTOLOGY,
        metadata=_told("Folder of the ontology to use instead of the packaged one.", "DIR", _path),
    )
    check: bool = field(
        default=True,
        metadata=_told("Validate the files given as data before serving them.", "BOOL", _switch),
    )
    data_dir: Path | None = field(
        default=None,
        metadata=_told(
            "Folder that keeps the ledger; without it, nothing can change.", "DIR", _path
        ),
    )
    ledger: str | None = field(
        default=None,
        metadata=_told("URL of a ledger kept elsewhere, such as in PostgreSQL.", "URL"),
    )
    store: str | None = field(
        default=None,
        metadata=_told("URL of a SPARQL endpoint that holds the data, to serve read-only.", "URL"),
    )
    store_timeout: int = field(
        default=30,
        metadata=_told(
            "Longest that the endpoint of --store may take to answer, in seconds.", "N", _number
        ),
    )
    store_max_bytes: int = field(
        default=100_000_000,
        metadata=_told("Longest answer of the endpoint of --store, in bytes.", "N", _number),
    )
    anonymous_proposals: bool = field(
        default=False, metadata=_told("Let anyone propose, without a token.", "BOOL", _switch)
    )
    own_acceptance: bool = field(
        default=False,
        metadata=_told("Let curators accept what they proposed themselves.", "BOOL", _switch),
    )
    max_proposals: int = field(
        default=60,
        metadata=_told(
            "Most proposals of one contributor in a minute, dry runs included.", "N", _number
        ),
    )
    max_proposal_triples: int = field(
        default=10_000, metadata=_told("Most triples in a proposal.", "N", _number)
    )
    max_proposal_text: int = field(
        default=20_000,
        metadata=_told("Longest text in a proposal, in characters.", "N", _number),
    )
    proposal_timeout: int = field(
        default=10,
        metadata=_told(
            "Longest that reading a proposed document may take, in seconds.", "N", _number
        ),
    )
    proposal_max_memory: int = field(
        default=500_000_000,
        metadata=_told("Most memory for reading a proposed document, in bytes.", "N", _number),
    )
    max_body_bytes: int = field(
        default=1_000_000,
        metadata=_told("Longest request body, and longest query string, in bytes.", "N", _number),
    )
    max_page_size: int = field(
        default=1000,
        metadata=_told("Longest page that a connection may be asked for.", "N", _number),
    )
    max_depth: int = field(
        default=20,
        metadata=_told("Deepest nesting of fields in a GraphQL operation.", "N", _number),
    )
    max_tokens: int = field(
        default=10_000,
        metadata=_told("Most tokens in a GraphQL document or a SPARQL query.", "N", _number),
    )
    max_aliases: int = field(
        default=100, metadata=_told("Most aliases in a GraphQL operation.", "N", _number)
    )
    max_conditions: int = field(
        default=500,
        metadata=_told("Most conditions in the filters of a GraphQL operation.", "N", _number),
    )
    max_releases: int = field(
        default=10,
        metadata=_told("Most releases that a GraphQL operation may look into.", "N", _number),
    )
    max_persisted_bytes: int = field(
        default=10_000_000,
        metadata=_told("Most bytes of GraphQL documents kept by their hashes.", "N", _number),
    )
    trusted_documents: Path | None = field(
        default=None,
        metadata=_told(
            "Folder or manifest of the only GraphQL documents to run; without it, all.",
            "PATH",
            _path,
        ),
    )
    max_path_length: int = field(
        default=6, metadata=_told("Most facts on a path between two entities.", "N", _number)
    )
    max_path_links: int = field(
        default=200_000,
        metadata=_told("Most links looked at to find paths between two entities.", "N", _number),
    )
    max_values: int = field(
        default=200_000,
        metadata=_told("Most values that a GraphQL operation may read and tell.", "N", _number),
    )
    max_cost: int = field(
        default=100_000,
        metadata=_told("Largest estimated cost of a GraphQL operation.", "N", _number),
    )
    graphql_timeout: int = field(
        default=10,
        metadata=_told("Longest that a GraphQL operation may run, in seconds.", "N", _number),
    )
    max_subscribers: int = field(
        default=100,
        metadata=_told("Most clients that follow releases at a time.", "N", _number),
    )
    max_groups: int = field(
        default=10_000,
        metadata=_told(
            "Most groups that one groupBy of a GraphQL operation may make.", "N", _number
        ),
    )
    sparql_timeout: int = field(
        default=10, metadata=_told("Longest that a SPARQL query may run, in seconds.", "N", _number)
    )
    sparql_max_bytes: int = field(
        default=50_000_000,
        metadata=_told("Longest answer to a SPARQL query, in bytes.", "N", _number),
    )
    sparql_max_memory: int = field(
        default=500_000_000,
        metadata=_told("Most memory for one SPARQL query, in bytes.", "N", _number),
    )
    sparql_processes: int = field(
        default=8, metadata=_told("Most SPARQL queries that run at once.", "N", _number)
    )
    cors_origins: tuple[str, ...] = field(
        default=("*",),
        metadata=_told("Origins whose pages may ask; * is any.", "ORIGIN", separator=","),
    )
    log_level: str = field(
        default="warning",
        metadata=_told("What to log: error, warning, info or debug.", "LEVEL", _level),
    )

    @property
    def packaged(self) -> bool:
        """Whether the ontology is the packaged one."""
        return self.ontology == resources.ONTOLOGY

    @property
    def queries(self) -> Path:
        """The folder of the queries that go with the ontology: its own, or the packaged ones."""
        return resources.QUERIES if self.packaged else self.ontology


def environment_name(name: str) -> str:
    """The environment variable of a setting."""
    return f"KIZUNA_{name.upper()}"


def described() -> tuple[Field[object], ...]:
    """Every setting in order, with ``help``, ``form`` and ``separator`` in its metadata."""
    return fields(Settings)


def _value(setting: Field[object], given: str | Sequence[str], origin: str) -> object:
    read, separator = setting.metadata["read"], setting.metadata["separator"]
    try:
        if separator is None:
            return read(given)
        parts = given.split(separator) if isinstance(given, str) else given
        return tuple(read(part.strip()) for part in parts if part.strip())
    except ValueError as error:
        raise InvalidInput(f"{origin}: {given!r} is not {error}.") from None


def read_settings(
    arguments: Mapping[str, str | Sequence[str] | None], environment: Mapping[str, str]
) -> Settings:
    """The settings from a command's arguments and the environment.

    Raises InvalidInput that names the argument or variable and what would be right.
    """
    values = {}
    for setting in described():
        given = arguments.get(setting.name)
        if given is not None:
            values[setting.name] = _value(setting, given, "--" + setting.name.replace("_", "-"))
        elif text := environment.get(environment_name(setting.name)):
            values[setting.name] = _value(setting, text, environment_name(setting.name))
    return Settings(**values)  # type: ignore[arg-type]  # each read by its own reader
