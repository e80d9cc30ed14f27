"""Settings: read from arguments and environment, refused in words, documented."""

from pathlib import Path

import pytest

from kizuna.errors import InvalidInput
from kizuna.settings import described, environment_name, read_settings

DOCUMENTED = Path(__file__).parents[1] / "docs" / "settings.md"


@pytest.mark.parametrize("name", [setting.name for setting in described()])
def test_documented(name: str) -> None:
    option = f"--{'no-' if name == 'check' else ''}{name.replace('_', '-')}"
    rows = [
        r
        for r in DOCUMENTED.read_text(encoding="utf-8").splitlines()
        if r.startswith((f"| `{option} ", f"| `{option}`"))
    ]
    assert [environment_name(name) in row for row in rows] == [True]


def test_documents_the_defaults() -> None:
    text = DOCUMENTED.read_text(encoding="utf-8")
    defaults = {s.name: s.default for s in described() if isinstance(s.default, int | str)}
    shown = {name: str(value).lower() for name, value in defaults.items()}
    assert [n for n, v in shown.items() if f"`{environment_name(n)}` | `{v}` |" not in text] == []


def test_argument_goes_before_variable_before_default() -> None:
    settings = read_settings({"port": "1"}, {"KIZUNA_PORT": "2", "KIZUNA_MAX_DEPTH": "3"})
    assert (settings.port, settings.max_depth, settings.host) == (1, 3, "127.0.0.1")


def test_several_values() -> None:
    environment = {"KIZUNA_DATA": "/a.ttl:/b.ttl", "KIZUNA_CORS_ORIGINS": "https://a, https://b"}
    settings = read_settings({}, environment)
    assert settings.data == (Path("/a.ttl"), Path("/b.ttl"))
    assert settings.cors_origins == ("https://a", "https://b")
    assert read_settings({"data": ["c.ttl"]}, environment).data == (Path.cwd() / "c.ttl",)


def test_switch() -> None:
    assert read_settings({}, {}).check
    assert not read_settings({"check": "false"}, {"KIZUNA_CHECK": "true"}).check
    assert not read_settings({}, {"KIZUNA_CHECK": "no"}).check


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "eighty"),
        ("port", "65536"),
        ("max_depth", "0"),
        ("max_tokens", "-1"),
        ("max_body_bytes", "1e6"),
        ("check", "maybe"),
        ("log_level", "loud"),
    ],
)
def test_unusable_value_is_refused_in_words(name: str, value: str) -> None:
    with pytest.raises(InvalidInput, match=f"^KIZUNA_{name.upper()}: '{value}' is not "):
        read_settings({}, {environment_name(name): value})
    with pytest.raises(InvalidInput, match=f"^--{name.replace('_', '-')}: '{value}' is not "):
        read_settings({name: value}, {})


def test_queries_go_with_the_ontology() -> None:
    assert (read_settings({}, {}).queries / "derive").is_dir()
    assert read_settings({"ontology": "/other"}, {}).queries == Path("/other")
