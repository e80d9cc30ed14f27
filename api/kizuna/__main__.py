"""The ``kizuna`` command."""

import argparse
import json
import os
import socket
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import uvicorn

from kizuna import __version__, resources
from kizuna.app import create_server, make_review
from kizuna.check import check
from kizuna.dataset.files import Ontology, read_ontology
from kizuna.dataset.jsonld import Context
from kizuna.dataset.ledger import Ledger
from kizuna.dataset.releases import (
    Dataset,
    LedgerReleases,
    Releases,
    SingleRelease,
    load_dataset,
    read_data,
    seed_files,
)
from kizuna.dataset.tokens import Scope, Tokens
from kizuna.errors import BrokenLedger, InvalidInput, KizunaError, ShapeViolation
from kizuna.exporting import chosen, exports, save
from kizuna.graphql.schema import Api
from kizuna.handbook.codebook import codebook
from kizuna.handbook.reference import reference
from kizuna.handbook.statements import Statements
from kizuna.history import compared, listed, open_ledger, open_releases, rebuilt, verified
from kizuna.http.openapi import OpenApi
from kizuna.model import read_model
from kizuna.proposing import answer, examined, kept, outcome
from kizuna.questions import Questions
from kizuna.settings import Settings, described, environment_name, read_settings
from kizuna.sources.report import uncoded, verify
from kizuna.tokens import created, revoked, told
from kizuna.validation import Data, render, validate

FAULT = 2
NOT_CONFORMING = 1
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; what goes wrong is told in one line, without a traceback."""
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except (KizunaError, OSError) as error:
        sys.stderr.write(f"kizuna: {_line(error)}\n")
        refused = isinstance(error, ShapeViolation | BrokenLedger)
        return NOT_CONFORMING if refused else FAULT
    except KeyboardInterrupt:
        return INTERRUPTED


def parser() -> argparse.ArgumentParser:
    """The command's arguments; those of ``serve`` are the settings."""
    top = argparse.ArgumentParser(
        prog="kizuna", description="A knowledge graph to query, check and extend."
    )
    top.add_argument("--version", action="version", version=f"kizuna {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="serve the data over HTTP")
    serve.description = "Serve the data over HTTP. Each option is also an environment variable."
    serve.set_defaults(run=_serve)
    for setting in described():
        _add_setting(serve, setting.name)

    check = commands.add_parser("check", help="validate data files against the shapes")
    check.description = "Validate data files against the shapes; exit with 1 where they don't fit."
    check.set_defaults(run=_check)
    check.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="files to check; without any, the packaged seeds",
    )
    check.add_argument("--lang", default="en", help="language of the report, such as it or ja")
    _add_setting(check, "ontology")

    sdl = commands.add_parser("sdl", help="print the GraphQL schema")
    sdl.description = "Print the GraphQL schema, made from the ontology and its shapes."
    sdl.set_defaults(run=_sdl)
    _add_setting(sdl, "ontology")

    openapi = commands.add_parser("openapi", help="print what is answered over HTTP")
    openapi.description = "Print what is answered over HTTP, as an OpenAPI document."
    openapi.set_defaults(run=_openapi)
    sense = "with what a server with a ledger answers besides"
    openapi.add_argument("--contributions", action="store_true", help=sense)
    _add_setting(openapi, "ontology")

    context = commands.add_parser("context", help="print the JSON-LD context")
    context.description = "Print the JSON-LD context, made from the ontology and its shapes."
    context.set_defaults(run=_context)
    _add_setting(context, "ontology")

    _add_propose(commands.add_parser("propose", help="propose a contribution, or only try it"))
    _add_export(commands.add_parser("export", help="write the data to files"))
    _add_pages(commands)
    _add_history(commands)
    _add_tokens(commands.add_parser("token", help="say who may propose and who may decide"))
    _add_sources(commands.add_parser("sources", help="compare the data with its documents"))
    return top


def _add_propose(propose: argparse.ArgumentParser) -> None:
    propose.description = (
        "Examine a contribution: whether it conforms, what it looks like, what follows from it. "
        "Where it conforms, keep it in the ledger for a curator to decide on; else exit with 1."
    )
    propose.set_defaults(run=_propose)
    kinds = "Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML or CSV"
    propose.add_argument("file", nargs="?", type=Path, metavar="FILE", help=f"to add: {kinds}")
    propose.add_argument("--remove", type=Path, metavar="FILE", help="what to remove, likewise")
    propose.add_argument("--dry-run", action="store_true", help="keep nothing")
    propose.add_argument("--contributor", metavar="NAME", help="who proposes it")
    propose.add_argument("--message", default="", metavar="TEXT", help="why, in a few words")
    propose.add_argument("--json", action="store_true", help="answer in JSON")
    propose.add_argument("--lang", default="en", help="language of the answer, such as it or ja")
    for name in ("data", "ontology", "data_dir", "ledger"):
        _add_setting(propose, name)


def _add_export(export: argparse.ArgumentParser) -> None:
    export.description = "Write the data to files with their checksums, which are printed."
    export.set_defaults(run=_export)
    which = export.add_mutually_exclusive_group()
    which.add_argument(
        "tables", nargs="?", choices=["tables"], help="tables and networks for research, in a zip"
    )
    which.add_argument(
        "--format",
        nargs="+",
        metavar="FORMAT",
        help="formats, such as trig, ttl.gz or jsonld.zst. Default: trig.",
    )
    which.add_argument("--all", action="store_true", help="everything that there is")
    sense = "folder to write to. Default: this one."
    export.add_argument("--out", type=Path, default=Path(), metavar="DIR", help=sense)
    for name in ("data", "ontology", "check"):
        _add_setting(export, name)


def _add_pages(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    pages = {
        "codebook": (codebook, "print how texts are coded, with examples from the data"),
        "reference": (
            reference,
            "print what classes, fields, constraints and properties there are",
        ),
    }
    for name, (page, sense) in pages.items():
        command = commands.add_parser(name, help=sense)
        command.description = f"{sense[0].upper()}{sense[1:]}, in Markdown."
        command.set_defaults(run=_print_page, page=page)
        _add_setting(command, "data")
        _add_setting(command, "ontology")


def _add_history(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    releases = commands.add_parser("releases", help="list the releases of a ledger")
    releases.description = "List the releases: number, time, what changed, by whom and why."
    diff = commands.add_parser("diff", help="compare two releases of a ledger")
    diff.description = (
        "Print what leads from one release to another as N-Quads, added ones behind +, removed "
        "ones behind -."
    )
    diff.add_argument("old", type=int, metavar="N", help="number of the release to start from")
    diff.add_argument("new", type=int, metavar="M", help="number of the release to come to")
    ledger = commands.add_parser("ledger", help="prove a ledger, or make its dataset anew")
    ledger.description = "Prove a ledger, or make its dataset anew."
    ledgers = ledger.add_subparsers(required=True, metavar="COMMAND")
    verify = ledgers.add_parser("verify", help="prove that the ledger is as it was written")
    verify.description = (
        "Prove the chain of entries and that each decision has its entry; exit with 1 and name "
        "the first entry that is wrong where one is."
    )
    rebuild = ledgers.add_parser("rebuild", help="make the newest release anew from the ledger")
    rebuild.description = "Make the newest release anew from the ledger alone; print its hash."
    for command, run in (
        (releases, _list_releases),
        (diff, _diff),
        (verify, _verify_ledger),
        (rebuild, _rebuild),
    ):
        command.set_defaults(run=run)
        _add_setting(command, "data_dir")
        _add_setting(command, "ledger")
    _add_setting(rebuild, "ontology")


def _add_tokens(token: argparse.ArgumentParser) -> None:
    token.description = "Say who may propose contributions and who may decide on them."
    commands = token.add_subparsers(required=True, metavar="COMMAND")
    create = commands.add_parser("create", help="make a token for a contributor, and print it")
    create.description = (
        "Make a token for a contributor and print it. It is told this once: only its hash is kept."
    )
    create.set_defaults(run=_create_token)
    revoke = commands.add_parser("revoke", help="end a contributor's token")
    revoke.description = "End a contributor's token; what they contributed stays."
    revoke.set_defaults(run=_revoke_token)
    for command in (create, revoke):
        command.add_argument("name", metavar="NAME", help="the contributor's name, which is public")
    create.add_argument(
        "--scope",
        nargs="+",
        choices=[scope.value for scope in Scope],
        default=[Scope.PROPOSE.value],
        help="what it allows. Default: propose.",
    )
    listing = commands.add_parser("list", help="list the tokens, never the tokens themselves")
    listing.description = "List who holds a token: since when, for what, until when."
    listing.set_defaults(run=_list_tokens)
    for command in (create, revoke, listing):
        _add_setting(command, "data_dir")
        _add_setting(command, "ledger")


def _add_sources(sources: argparse.ArgumentParser) -> None:
    sources.description = "Compare the data with the documents that it was coded from."
    commands = sources.add_subparsers(required=True, metavar="COMMAND")
    verify = commands.add_parser("verify", help="prove every passage; find text that was copied")
    verify.description = (
        "Prove each document's hash and length and each passage's place and hash, and report "
        "text of ours that shares seven or more words in a row with a document; exit with 1 where "
        "something is wrong. A document's lines before the first of over 100 characters don't "
        "count; a proper name, as in the data's labels, counts as one word, a figure as none."
    )
    verify.set_defaults(run=_verify)
    coverage = commands.add_parser("coverage", help="list what no passage covers")
    coverage.description = (
        "List what of each document is neither behind a claim nor marked as read without a "
        "codable fact; exit with 1 where something is left."
    )
    coverage.set_defaults(run=_coverage)
    for command in (verify, coverage):
        sense = "folder with the documents, known by their hashes"
        command.add_argument("folder", type=Path, metavar="DIR", help=sense)
        _add_setting(command, "data")
        _add_setting(command, "ontology")
    verify.add_argument(
        "--also",
        nargs="+",
        type=Path,
        default=[],
        metavar="FILE",
        help="other texts of ours to compare with the documents",
    )


def _add_setting(command: argparse.ArgumentParser, name: str) -> None:
    setting = next(setting for setting in described() if setting.name == name)
    option = "--" + name.replace("_", "-")
    sense = _help(name, str(setting.metadata["help"]), setting.default)
    if isinstance(setting.default, bool):
        option = option.replace("--", "--no-") if setting.default else option
        const = str(not setting.default).lower()
        command.add_argument(option, dest=name, action="store_const", const=const, help=sense)
        return
    many = "+" if setting.metadata["separator"] else None
    metavar = str(setting.metadata["form"])
    command.add_argument(option, dest=name, nargs=many, metavar=metavar, help=sense)


def _help(name: str, sense: str, default: object) -> str:
    """The setting's sense, its default where that is short, and its variable."""
    values = default if isinstance(default, tuple) else (default,)
    said = [v for v in values if isinstance(v, str | int) and not isinstance(v, bool)]
    shown = ", ".join(str(value) for value in said)
    if default is True:
        sense = f"Do not {sense[0].lower()}{sense[1:]}"
    return f"{sense} {f'Default: {shown}. ' if shown else ''}[{environment_name(name)}]"


def _serve(arguments: argparse.Namespace) -> int:
    settings = read_settings(vars(arguments), os.environ)
    with _listen(settings.host, settings.port) as listener:
        app = create_server(settings, _releases(settings))
        config = uvicorn.Config(app, log_level=settings.log_level, server_header=False)
        _Server(config).run(sockets=[listener])
    return 0


def _check(arguments: argparse.Namespace) -> int:
    settings = read_settings({"ontology": arguments.ontology}, os.environ)
    files = [file.absolute() for file in arguments.files]
    text, conforms = check(files, settings.ontology, arguments.lang)
    sys.stdout.write(f"{text}\n")
    return 0 if conforms else NOT_CONFORMING


def _propose(arguments: argparse.Namespace) -> int:
    settings = read_settings(vars(arguments), os.environ)
    if not arguments.dry_run:
        return _keep(arguments, settings)
    ontology, data = _read(settings)
    in_ledger = settings.ledger or settings.data_dir
    dataset = (
        LedgerReleases(ontology, open_ledger(settings)).current
        if in_ledger
        else load_dataset(ontology, data)
    )
    files = (arguments.file, arguments.remove)
    found = examined(dataset, ontology, settings.queries / "questions", files, arguments.lang)
    sys.stdout.write(answer(found, as_data=arguments.json) + "\n")
    return 0 if found.conforms else NOT_CONFORMING


def _keep(arguments: argparse.Namespace, settings: Settings) -> int:
    files = (arguments.file, arguments.remove)
    ontology = read_ontology(settings.ontology, settings.queries / "derive")
    with closing(open_ledger(settings)) as ledger:
        review = make_review(settings, LedgerReleases(ontology, ledger))
        proposed = kept(review, files, arguments.contributor, arguments.message, arguments.lang)
    sys.stdout.write(outcome(proposed, as_data=arguments.json) + "\n")
    return 0 if proposed.examination.conforms else NOT_CONFORMING


def _sdl(arguments: argparse.Namespace) -> int:
    settings = read_settings({"ontology": arguments.ontology}, os.environ)
    ontology = read_ontology(settings.ontology, settings.queries / "derive")
    sys.stdout.write(Api(load_dataset(ontology, {})).sdl)
    return 0


def _openapi(arguments: argparse.Namespace) -> int:
    settings = read_settings({"ontology": arguments.ontology}, os.environ)
    dataset = load_dataset(read_ontology(settings.ontology, settings.queries / "derive"), {})
    questions = Questions(dataset, settings.queries / "questions")
    document = OpenApi(dataset, questions, arguments.contributions).document()
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    settings = _ontology_and_data(arguments)
    text, proved = verify(
        arguments.folder, _data_files(settings), settings.ontology, arguments.also
    )
    sys.stdout.write(f"{text}\n")
    return 0 if proved else NOT_CONFORMING


def _coverage(arguments: argparse.Namespace) -> int:
    text, whole = uncoded(arguments.folder, _data_files(_ontology_and_data(arguments)))
    sys.stdout.write(f"{text}\n")
    return 0 if whole else NOT_CONFORMING


def _print_page(arguments: argparse.Namespace) -> int:
    settings = _ontology_and_data(arguments)
    ontology = read_ontology(settings.ontology, settings.queries / "derive")
    dataset = load_dataset(ontology, read_data(_data_files(settings)))
    sys.stdout.write(arguments.page(Statements(ontology, dataset)))
    return 0


def _ontology_and_data(arguments: argparse.Namespace) -> Settings:
    return read_settings({"data": arguments.data, "ontology": arguments.ontology}, os.environ)


def _data_files(settings: Settings) -> Sequence[Path]:
    """The files given as data, else the seeds that come with the packaged ontology."""
    return settings.data or (seed_files(resources.SEEDS) if settings.packaged else [])


def _context(arguments: argparse.Namespace) -> int:
    settings = read_settings({"ontology": arguments.ontology}, os.environ)
    ontology = read_ontology(settings.ontology, settings.queries / "derive")
    sys.stdout.write(Context(load_dataset(ontology, {})).text())
    return 0


def _export(arguments: argparse.Namespace) -> int:
    settings = read_settings(vars(arguments), os.environ)
    found = exports(_load(settings), settings.queries)
    wanted = ["tables.zip"] if arguments.tables else arguments.format or ["trig"]
    for variant in found if arguments.all else wanted:
        sys.stdout.write(save(chosen(found, variant), arguments.out))
    return 0


def _list_releases(arguments: argparse.Namespace) -> int:
    with closing(_ledger(arguments)) as ledger:
        sys.stdout.write(listed(ledger))
    return 0


def _diff(arguments: argparse.Namespace) -> int:
    with closing(_ledger(arguments)) as ledger:
        sys.stdout.write(compared(ledger, arguments.old, arguments.new))
    return 0


def _verify_ledger(arguments: argparse.Namespace) -> int:
    with closing(_ledger(arguments)) as ledger:
        sys.stdout.write(verified(ledger))
    return 0


def _create_token(arguments: argparse.Namespace) -> int:
    with closing(_ledger(arguments, create=True)) as ledger:
        sys.stdout.write(created(Tokens(ledger), arguments.name, map(Scope, arguments.scope)))
    return 0


def _revoke_token(arguments: argparse.Namespace) -> int:
    with closing(_ledger(arguments)) as ledger:
        sys.stdout.write(revoked(Tokens(ledger), arguments.name))
    return 0


def _list_tokens(arguments: argparse.Namespace) -> int:
    with closing(_ledger(arguments)) as ledger:
        sys.stdout.write(told(Tokens(ledger)))
    return 0


def _rebuild(arguments: argparse.Namespace) -> int:
    settings = read_settings({"ontology": arguments.ontology}, os.environ)
    ontology = read_ontology(settings.ontology, settings.queries / "derive")
    with closing(_ledger(arguments)) as ledger:
        sys.stdout.write(rebuilt(ledger, ontology))
    return 0


def _ledger(arguments: argparse.Namespace, *, create: bool = False) -> Ledger:
    given = {"data_dir": arguments.data_dir, "ledger": arguments.ledger}
    return open_ledger(read_settings(given, os.environ), create=create)


def _releases(settings: Settings) -> Releases:
    """The releases to serve: those of the ledger, if one is named, else the files as they are."""
    if not settings.ledger and not settings.data_dir:
        return SingleRelease(_load(settings))
    ontology, data = _read(settings)
    return open_releases(settings, ontology, list(data.values()))


def _load(settings: Settings) -> Dataset:
    """The dataset of the files; raises ShapeViolation for files that the shapes refuse."""
    ontology, data = _read(settings)
    return load_dataset(ontology, data, overlapping=not settings.check)


def _read(settings: Settings) -> tuple[Ontology, Data]:
    """The ontology and the files' data; raises ShapeViolation for files that the shapes refuse."""
    ontology = read_ontology(settings.ontology, settings.queries / "derive")
    data = read_data(_data_files(settings))
    if settings.data and settings.check:
        _require_conforming(data, ontology)
    return ontology, data


def _require_conforming(data: Data, ontology: Ontology) -> None:
    report = validate(data, ontology, read_model(ontology.quads, ontology.shapes))
    if not report.conforms:
        sys.stderr.write(render(report, "en") + "\n")
        raise ShapeViolation("the shapes refuse the data; mend them, or serve with --no-check.")


class _Server(uvicorn.Server):
    """A server that says where to look as soon as it answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or []:
            sys.stdout.write(_welcome(*listener.getsockname()[:2]))
            sys.stdout.flush()


def _welcome(host: str, port: int) -> str:
    named = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 (shown, not bound)
    return (
        f"Kizuna {__version__} answers at http://{named}:{port}/\n"
        f"  ask in GraphQL  http://{named}:{port}/graphql\n"
        f"  read the schema http://{named}:{port}/schema.graphql\n"
        "Stop it with Ctrl+C.\n"
    )


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything is loaded.

    Raises InvalidInput that says which address can't be had and what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (")[0].lower()
        raise InvalidInput(
            f"can't listen on {host}, port {port}: {reason}; choose another with --host or --port."
        ) from error


def _line(error: Exception) -> str:
    """The error in one line, with the file it is about."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {(error.strerror or 'can not be read').lower()}."
    return " ".join(str(error).split())


if __name__ == "__main__":
    sys.exit(main())
