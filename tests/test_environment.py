"""The set-up that ``serve`` and ``test`` share: which Python it takes, what it says without."""

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BASH = shutil.which("bash") or "bash"

NEW = "exit 0"
OLD = "exit 1"
WITHOUT_VENV = 'case "$2" in *ensurepip*) exit 1 ;; esac'


def find_python(folder: Path, **pythons: str) -> "subprocess.CompletedProcess[str]":
    """What the set-up finds where the PATH holds only these stand-ins."""
    for name, body in pythons.items():
        stand_in = folder / name.replace("_", ".")
        stand_in.write_text(f"#!{BASH}\n{body}\n", encoding="utf-8")
        stand_in.chmod(stat.S_IRWXU)
    (folder / "basename").symlink_to(shutil.which("basename") or "")
    script = ". scripts/environment.sh; find_python"
    return subprocess.run(  # noqa: S603 (our own script)
        [BASH, "-c", script, "serve"],
        env={"PATH": str(folder)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("pythons", "taken"),
    [
        ({"python3": NEW, "python3_13": NEW}, "python3"),
        ({"python3": OLD, "python3_13": NEW, "python3_12": NEW}, "python3.13"),
        ({"python3": WITHOUT_VENV, "python3_11": NEW}, "python3.11"),
    ],
)
def test_takes_the_first_that_will_do(pythons: dict[str, str], taken: str, tmp_path: Path) -> None:
    assert find_python(tmp_path, **pythons).stdout == f"{tmp_path / taken}\n"


@pytest.mark.parametrize(
    ("pythons", "way_out"),
    [
        ({}, "no Python 3.11 or newer"),
        ({"python3": OLD}, "no Python 3.11 or newer"),
        ({"python3": WITHOUT_VENV}, "apt install python3-venv"),
    ],
)
def test_says_in_one_line_what_to_do(pythons: dict[str, str], way_out: str, tmp_path: Path) -> None:
    found = find_python(tmp_path, **pythons)
    assert (found.returncode, found.stdout, found.stderr.count("\n")) == (2, "", 1)
    assert found.stderr.startswith("serve: ")
    assert way_out in found.stderr


@pytest.mark.parametrize("script", ["serve", "test"])
def test_executable(script: str) -> None:
    assert (ROOT / script).stat().st_mode & stat.S_IXUSR


def test_the_lock_file_names_no_registry() -> None:
    lock = (ROOT / "explorer" / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in lock
    assert '"resolved"' not in lock
