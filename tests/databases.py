"""A PostgreSQL server of the tests' own, where its programs are installed."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


@contextmanager
def postgresql() -> Iterator[str]:
    """The start of a URL that a database's name completes; skips the test where there is none."""
    path = os.pathsep.join([*map(str, FOLDERS), os.environ.get("PATH", "")])
    programs = {name: shutil.which(name, path=path) for name in ("initdb", "pg_ctl")}
    initdb, pg_ctl = programs["initdb"], programs["pg_ctl"]
    if initdb is None or pg_ctl is None:
        pytest.skip("PostgreSQL is not installed")
    with TemporaryDirectory(prefix="kizuna-pg-", ignore_cleanup_errors=True) as folder:
        user = _hand_over(Path(folder))
        data = f"{folder}/data"
        _run(user, initdb, "--auth=trust", "--username=kizuna", "--no-sync", data)
        options = f"-k {folder} -c listen_addresses=''"
        _run(user, pg_ctl, "start", "--wait", "-D", data, "-l", f"{folder}/log", "-o", options)
        try:
            yield f"postgresql://kizuna@/{{name}}?host={folder}"
        finally:
            _run(user, pg_ctl, "stop", "--mode=immediate", "-D", data)


def new_database(template: str, name: str) -> str:
    """The URL of a database made on the server whose URL begins so."""
    with psycopg.connect(template.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return template.format(name=name)


def _hand_over(folder: Path) -> str | None:
    """Gives the folder to the user that PostgreSQL runs as: it refuses to run as root."""
    if os.geteuid():
        return None
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return user.pw_name


def _run(user: str | None, *command: str) -> None:
    as_user = ["runuser", "-u", user, "--"] if user else []
    subprocess.run([*as_user, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")  # noqa: S603 (our own command)
