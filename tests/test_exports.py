"""The exports through their doors: the command and HTTP; what is read back is what was there."""

import gzip
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
import rdflib
from starlette.testclient import TestClient

from kizuna.__main__ import main
from kizuna.app import create_app
from kizuna.dataset.dumps import FORMATS, Format
from kizuna.dataset.files import read_file, read_ontology
from kizuna.dataset.releases import Dataset, load_dataset, read_data, seed_files
from kizuna.exporting import exports, save
from kizuna.resources import ONTOLOGY, QUERIES, SEEDS
from kizuna.settings import Settings
from kizuna.terms import BlankNode, Quad, Triple

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

HERE = Path(__file__).parent
LIBRARY = HERE / "library"
ARGUMENTS = ["--ontology", str(LIBRARY / "ontology"), "--data", str(LIBRARY / "data.ttl")]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SUFFIXES = [form.suffix for form in FORMATS]


@pytest.fixture(scope="module")
def client(library: Dataset) -> TestClient:
    return TestClient(create_app(Settings(ontology=LIBRARY / "ontology"), library))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All exports of the packaged data, as the command writes them."""
    folder = tmp_path_factory.mktemp("exports")
    assert main(["export", "--all", "--out", str(folder)]) == 0
    return folder


def named(quads: Iterable[Quad]) -> set[Quad]:
    """The quads without blank nodes, which keep no name in a file."""
    return {q for q in quads if not any(isinstance(t, BlankNode) for t in (q.subject, q.object))}


def triples(quads: Iterable[Quad]) -> set[Triple]:
    return {quad.triple for quad in quads}


# What is read back


@pytest.mark.parametrize("form", FORMATS, ids=SUFFIXES)
def test_dump_read_back_is_the_dataset(written: Path, packaged: Dataset, form: Format) -> None:
    found = read_file(written / f"kizuna-0.{form.suffix}")
    there = packaged.store.quads()
    assert len(found) == len(there)
    if form.graphs:
        assert set(found) == set(there)
    else:
        assert triples(found) == triples(there)


@pytest.mark.parametrize("form", FORMATS, ids=SUFFIXES)
def test_dump_of_another_ontology(library: Dataset, tmp_path: Path, form: Format) -> None:
    assert main(["export", *ARGUMENTS, "--format", form.suffix, "--out", str(tmp_path)]) == 0
    found, there = read_file(tmp_path / f"kizuna-0.{form.suffix}"), library.store.quads()
    assert len(found) == len(there)
    assert triples(named(found)) == triples(named(there))


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_json_ld_round_trips_with_rdflib(
    written: Path, packaged: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    found = rdflib.Dataset()
    found.parse(data=(written / "kizuna-0.jsonld").read_bytes(), format="json-ld")
    lines = {line for line in found.serialize(format="nquads").splitlines() if line}
    (written / "again.nq").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert set(read_file(written / "again.nq")) == set(packaged.store.quads())


def test_json_ld_uses_the_published_context(written: Path) -> None:
    dump = json.loads((written / "kizuna-0.jsonld").read_text(encoding="utf-8"))
    published = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))
    assert dump["@context"] == published["@context"]
    nodes = {node["@id"]: node for graph in dump["@graph"] for node in graph["@graph"]}
    italy = next(
        node
        for graph in dump["@graph"]
        if graph["@id"] == "graph:reference"
        for node in graph["@graph"]
        if node["@id"] == "id:italy"
    )
    assert italy["@type"] == ["Country"]
    assert italy["prefLabel"]["ja"] == "イタリア"
    assert italy["gleditschWard"] == 325
    assert "ij:derivedSubject" in nodes[next(name for name in nodes if "derivation-" in name)]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_compressed_dumps_hold_the_dump(written: Path, suffix: str) -> None:
    plain = (written / f"kizuna-0.{suffix}").read_bytes()
    assert gzip.decompress((written / f"kizuna-0.{suffix}.gz").read_bytes()) == plain
    assert zstd.decompress((written / f"kizuna-0.{suffix}.zst").read_bytes()) == plain


def test_lines_are_sorted_and_their_hash_is_the_releases(written: Path, packaged: Dataset) -> None:
    text = (written / "kizuna-0.nq").read_bytes()
    lines = text.splitlines(keepends=True)
    assert lines == sorted(lines)
    ours = [b"/graph/" + name + b"> .\n" for name in (b"derived", b"derivation")]
    ours += [b"/graph/" + name + b"> .\n" for name in (b"ontology", b"vocabularies")]
    asserted = b"".join(line for line in lines if not line.endswith(tuple(ours)))
    assert hashlib.sha256(asserted).hexdigest() == packaged.release.hash
    triples = (written / "kizuna-0.nt").read_bytes().splitlines()
    assert triples == sorted(triples)


@pytest.mark.parametrize("suffix", ["ttl", "trig"])
def test_turtle_is_grouped_by_subject(written: Path, suffix: str) -> None:
    text = (written / f"kizuna-0.{suffix}").read_text(encoding="utf-8")
    starts = [line for line in text.splitlines() if line.lstrip("\t").startswith("id:italy a ")]
    assert len(starts) == (1 if suffix == "ttl" else 2)  # stated, and derived
    assert any("ij:Country" in start for start in starts)
    assert "modality:happened" in text


def test_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kizuna", "export", "--all", *ARGUMENTS]
    printed = set()
    for seed in ("0", "1", "random"):
        process = subprocess.run(  # noqa: S603 (a command of our own)
            [*command, "--out", str(tmp_path / seed)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        printed.add(process.stdout)
    assert len(printed) == 1


def test_same_bytes_whatever_the_order_of_the_files(packaged: Dataset, tmp_path: Path) -> None:
    ontology = read_ontology(ONTOLOGY, QUERIES / "derive")
    other = load_dataset(ontology, read_data(list(reversed(seed_files(SEEDS)))))
    assert other.store is not packaged.store
    for suffix in SUFFIXES:
        one = save(exports(packaged, QUERIES)[suffix], tmp_path / "one")
        assert save(exports(other, QUERIES)[suffix], tmp_path / "other") == one


# The command


def test_checksums_are_printed_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", *ARGUMENTS, "--format", "ttl", "nq.gz", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    names = ["kizuna-0.ttl", "kizuna-0.nq.gz"]
    digests = [hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in names]
    lines = [f"{digest}  {name}\n" for digest, name in zip(digests, names, strict=True)]
    assert printed == "".join(lines)
    assert [(tmp_path / f"{name}.sha256").read_text() for name in names] == lines
    assert {file.name for file in tmp_path.iterdir()} == {*names, *(f"{n}.sha256" for n in names)}


def test_default_is_trig_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", *ARGUMENTS]) == 0
    assert {file.name for file in tmp_path.iterdir()} == {"kizuna-0.trig", "kizuna-0.trig.sha256"}


def test_unknown_format_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", *ARGUMENTS, "--format", "docx", "--out", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert "'docx'" in told
    assert "trig.gz" in told
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_a_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "taken"
    file.touch()
    assert main(["export", *ARGUMENTS, "--out", str(file)]) == 2
    assert "taken" in capsys.readouterr().err


def test_context_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    """The golden file is what ``kizuna context`` prints."""
    assert main(["context"]) == 0
    golden = (ONTOLOGY / "context.jsonld").read_text(encoding="utf-8")
    assert capsys.readouterr().out == golden


# Over HTTP


def test_list_for_programs(client: TestClient) -> None:
    answer = client.get("/export")
    assert answer.headers["content-type"] == "application/json"
    assert "Accept" in answer.headers["vary"]
    listed = {export["name"]: export for export in answer.json()["exports"]}
    assert {f"kizuna-0.{s}{c}" for s in SUFFIXES for c in ("", ".gz", ".zst")} <= set(listed)
    for export in listed.values():
        head = client.head(export["url"])
        assert head.status_code == 200
        assert head.headers["content-type"].partition(";")[0] == export["mediaType"]
        assert client.get(export["sha256"]).text.endswith(f"  {export['name']}\n")


@pytest.mark.parametrize("language", ["en", "it", "ja"])
def test_list_for_browsers(client: TestClient, language: str) -> None:
    answer = client.get("/export", headers={"accept": BROWSER, "accept-language": language})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert f'<html lang="{language}">' in answer.text
    assert 'href="/export/kizuna-0.ttl.zst"' in answer.text
    assert 'href="/export/kizuna-0.ttl.zst.sha256"' in answer.text


@pytest.mark.parametrize("name", ["kizuna-0.trig", "kizuna-0.nq.gz", "kizuna-0.jsonld.zst"])
def test_file(client: TestClient, name: str) -> None:
    answer = client.get(f"/export/{name}", headers={"accept-encoding": "identity"})
    digest = hashlib.sha256(answer.content).hexdigest()
    assert client.get(f"/export/{name}.sha256").text == f"{digest}  {name}\n"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["etag"] == f'W/"{digest}"'
    assert "Accept-Encoding" in answer.headers["vary"]
    assert "last-modified" not in answer.headers


def test_head_says_what_get_would(client: TestClient) -> None:
    headers = {"accept-encoding": "identity"}
    get = client.get("/export/kizuna-0.ttl", headers=headers)
    head = client.head("/export/kizuna-0.ttl", headers=headers)
    assert head.content == b""
    same = [{k: v for k, v in answer.headers.items() if k != "vary"} for answer in (head, get)]
    assert same[0] == same[1]
    assert "Accept-Encoding" in head.headers["vary"]


@pytest.mark.parametrize("form", ["{}", '"other", {}', "*"])
def test_what_is_known_is_not_sent_again(client: TestClient, form: str) -> None:
    tag = client.head("/export/kizuna-0.ttl").headers["etag"]
    known = client.get("/export/kizuna-0.ttl", headers={"if-none-match": form.format(tag)})
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tag)
    other = client.get("/export/kizuna-0.ttl", headers={"if-none-match": '"other"'})
    assert other.status_code == 200


def test_export_of_an_unknown_release_is_a_problem(client: TestClient) -> None:
    answer = client.get("/export/kizuna-7.ttl")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "there is no release 7; the newest is 0."


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("kizuna-0.docx", "no such export"),
        ("kizuna-0.docx.sha256", "no such export"),
        ("other.ttl", "no such export"),
        ("kizuna-0.TTL", "no such export"),
    ],
)
def test_unknown_export_is_a_problem_that_lists_what_there_is(
    client: TestClient, name: str, said: str
) -> None:
    answer = client.get(f"/export/{name}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "NOT_FOUND"
    assert name in problem["detail"]
    assert said in problem["detail"]
    assert "kizuna-0.ttl.gz" in problem["detail"]


def test_unknown_export_is_a_page_in_a_browser(client: TestClient) -> None:
    answer = client.get("/export/kizuna-0.docx", headers={"accept": BROWSER})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "ttl.gz" in answer.text


def test_context_is_served(client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    answer = client.get("/context.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    assert main(["context", *ARGUMENTS[:2]]) == 0
    assert answer.text == capsys.readouterr().out
