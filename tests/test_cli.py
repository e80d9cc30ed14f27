"""The command through its door: what it prints, its exit codes, one line for what goes wrong."""

import json
import re
import signal
import socket
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from kizuna.__main__ import main, parser
from tests.serving import serving

HERE = Path(__file__).parent
LIBRARY = HERE / "library"
ONTOLOGY = ["--ontology", str(LIBRARY / "ontology")]
DATA = str(LIBRARY / "data.ttl")


@pytest.mark.parametrize(
    "command",
    [
        "",
        "serve",
        "check",
        "sdl",
        "codebook",
        "reference",
        "sources",
        "sources verify",
        "sources coverage",
        "context",
        "openapi",
        "export",
        "propose",
        "releases",
        "diff",
        "ledger",
        "ledger verify",
        "ledger rebuild",
        "token",
        "token create",
        "token revoke",
        "token list",
    ],
)
def test_help(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The golden files are what ``COLUMNS=100 NO_COLOR=1 kizuna … --help`` prints."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    with pytest.raises(SystemExit):
        parser().parse_args([*command.split(), "--help"])
    golden = HERE / "golden" / f"help{'-' if command else ''}{command.replace(' ', '-')}.txt"
    assert capsys.readouterr().out == golden.read_text(encoding="utf-8")


def told(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on stderr; nothing else was said."""
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("kizuna: ")
    return err


def test_port_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", "--port", port]) == 2
    line = told(capsys)
    assert port in line
    assert "address already in use" in line
    assert "--port" in line


def test_unknown_host(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--host", "256.0.0.1", "--port", "0"]) == 2
    assert "256.0.0.1" in told(capsys)


@pytest.mark.parametrize("command", ["serve --port 0", "sdl", "check"])
def test_no_such_folder(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split(), "--ontology", str(tmp_path / "nowhere")]) == 2
    assert "nowhere" in told(capsys)


def test_unreadable_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "folder.ttl"
    folder.mkdir()
    assert main(["serve", "--port", "0", *ONTOLOGY, "--data", str(folder)]) == 2
    assert "folder.ttl: " in told(capsys)


@pytest.mark.parametrize("command", [["serve", "--port", "0", *ONTOLOGY, "--data"], ["check"]])
def test_malformed_file_is_named_with_its_line(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("\n\n<https://example.org/a> <b\n", encoding="utf-8")
    assert main([*command, str(broken)]) == 2
    assert re.search(r"broken\.ttl:3: ", told(capsys))


@pytest.mark.parametrize("file", ["missing.ttl", "unknown.docx"])
def test_file_that_is_no_data(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *ONTOLOGY, file]) == 2
    assert file in told(capsys)


def test_unusable_setting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIZUNA_PORT", "http")
    assert main(["serve"]) == 2
    assert "KIZUNA_PORT: 'http' is not a port" in told(capsys)


def test_check_conforming(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *ONTOLOGY, DATA]) == 0
    assert capsys.readouterr().out.endswith("\n")


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    file = tmp_path / "faulty.ttl"
    text = "@prefix lib: <https://example.org/library/ns#> .\n"
    file.write_text(text + "<https://example.org/library/id/x> a lib:Book .\n", encoding="utf-8")
    return file


def test_check_not_conforming(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *ONTOLOGY, str(faulty)]) == 1
    english = capsys.readouterr().out
    assert "faulty.ttl" in english
    assert main(["check", *ONTOLOGY, "--lang", "it", str(faulty)]) == 1
    assert capsys.readouterr().out != english


def test_serve_refuses_what_does_not_conform(
    faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--port", "0", *ONTOLOGY, "--data", str(faulty)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "faulty.ttl" in err
    assert err.splitlines()[-1].startswith("kizuna: ")
    assert "--no-check" in err.splitlines()[-1]


def test_sdl(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sdl", *ONTOLOGY]) == 0
    assert "type Book " in capsys.readouterr().out


def ask(address: str, query: str) -> object:
    headers = {"content-type": "application/json"}
    request = Request(f"{address}graphql", json.dumps({"query": query}).encode(), headers)  # noqa: S310
    with urlopen(request) as answer:  # noqa: S310 (an address of our own)
        return json.load(answer)["data"]


def test_serve_says_where_to_look_and_answers() -> None:
    with serving(*ONTOLOGY, "--data", DATA) as (address, said, process):
        data = ask(address, '{ book(id: "kokoro") { title(lang: "ja") { value } } }')
        assert data == {"book": {"title": {"value": "こころ"}}}
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    assert f"{address}graphql" in said
    assert (out, err) == ("", "")
    assert process.returncode == 130


def test_serve_unchecked(faulty: Path) -> None:
    with serving(*ONTOLOGY, "--no-check", "--data", str(faulty)) as (address, _, _):
        assert ask(address, "{ books { totalCount } }") == {"books": {"totalCount": 1}}


def test_serve_an_ontology_without_data() -> None:
    with serving(*ONTOLOGY) as (address, _, _):
        assert ask(address, "{ books { totalCount } }") == {"books": {"totalCount": 0}}


def test_serve_on_ipv6() -> None:
    with serving("--host", "::1", *ONTOLOGY) as (address, _, _):
        assert address.startswith("http://[::1]:")
        assert ask(address, "{ __typename }") == {"__typename": "Query"}
