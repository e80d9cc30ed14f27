"""The command that serves."""

import argparse
import gc
import os
import socket
import sys

import uvicorn

from kizuna import __version__
from kizuna.app import create_server
from kizuna.commands.loading import load, load_attached, read
from kizuna.commands.options import Commands, add_setting
from kizuna.dataset.releases import Releases, SingleRelease
from kizuna.errors import InvalidInput
from kizuna.history import open_releases
from kizuna.http.following import Following
from kizuna.settings import Settings, described, read_settings

YOUNG = 10_000  # objects made before the next collection; a request needs some hundreds


def add(commands: Commands) -> None:
    """Adds ``serve``, whose options are the settings."""
    serve = commands.add_parser("serve", help="serve the data over HTTP")
    serve.description = "Serve the data over HTTP. Each option is also an environment variable."
    serve.set_defaults(run=_serve)
    for setting in described():
        add_setting(serve, setting.name)


def _serve(arguments: argparse.Namespace) -> int:
    settings = read_settings(vars(arguments), os.environ)
    with _listen(settings.host, settings.port) as listener:
        app = create_server(settings, _releases(settings))
        config = uvicorn.Config(
            app,
            log_level=settings.log_level,
            access_log=settings.log_level in ("info", "debug"),  # it is written at that level
            server_header=False,
            ws_max_size=settings.max_body_bytes,
        )
        _Server(config, app).run(sockets=[listener])
    return 0


def _releases(settings: Settings) -> Releases:
    """The releases to serve: a store's, or a ledger's, if one is named, else the files'."""
    if settings.store:
        return SingleRelease(load_attached(settings, settings.store))
    if not settings.ledger and not settings.data_dir:
        return SingleRelease(load(settings))
    ontology, data = read(settings)
    return open_releases(settings, ontology, list(data.values()))


class _Server(uvicorn.Server):
    """A server that says where to look as soon as it answers, and ends what would go on."""

    def __init__(self, config: uvicorn.Config, app: Following) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.end()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        settle()
        for listener in sockets or []:
            sys.stdout.write(_welcome(*listener.getsockname()[:2]))
            sys.stdout.flush()


def settle() -> None:
    """Has collections of garbage pass over what is there for good, and come less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)


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
