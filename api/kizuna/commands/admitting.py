"""Commands that say who may propose and who may decide."""

import argparse
import sys
from contextlib import closing

from kizuna.commands.loading import ledger_of
from kizuna.commands.options import Commands, add_setting
from kizuna.dataset.tokens import Scope, Tokens
from kizuna.tokens import created, revoked, told


def add(top: Commands) -> None:
    """Adds ``token``."""
    token = top.add_parser("token", help="say who may propose and who may decide")
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
    create.add_argument(
        "--create-ledger",
        action="store_true",
        help="make the ledger where there is none yet, as kizuna serve does when it starts",
    )
    listing = commands.add_parser("list", help="list the tokens, never the tokens themselves")
    listing.description = "List who holds a token: since when, for what, until when."
    listing.set_defaults(run=_list_tokens)
    for command in (create, revoke, listing):
        add_setting(command, "data_dir")
        add_setting(command, "ledger")


def _create_token(arguments: argparse.Namespace) -> int:
    with closing(ledger_of(arguments, create=arguments.create_ledger)) as ledger:
        sys.stdout.write(created(Tokens(ledger), arguments.name, map(Scope, arguments.scope)))
    return 0


def _revoke_token(arguments: argparse.Namespace) -> int:
    with closing(ledger_of(arguments)) as ledger:
        sys.stdout.write(revoked(Tokens(ledger), arguments.name))
    return 0


def _list_tokens(arguments: argparse.Namespace) -> int:
    with closing(ledger_of(arguments)) as ledger:
        sys.stdout.write(told(Tokens(ledger)))
    return 0
