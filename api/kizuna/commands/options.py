"""Options that several commands have."""

import argparse
from typing import TypeAlias

from kizuna.settings import described, environment_name

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

NOT_CONFORMING = 1


def add_setting(command: argparse.ArgumentParser, name: str) -> None:
    """Adds a setting's option to a command; left out, it is None."""
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
