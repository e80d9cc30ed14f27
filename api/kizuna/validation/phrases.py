"""What the code itself says in a report, in every language that it speaks.

Each phrase is a template in every language of ``LANGUAGES``.
"""

# ruff: noqa: RUF001 - Japanese punctuation is full-width

from collections.abc import Mapping

from kizuna.model import Texts

LANGUAGES = ("en", "it", "ja")

STRUCTURE: Mapping[str, Texts] = {
    "typed": {
        "en": "it has no type: say what it is with rdf:type",
        "it": "non ha un tipo: indicare che cos’è con rdf:type",
        "ja": "型がありません。rdf:type で何であるかを示してください",
    },
    "one-type": {
        "en": "it has {count} types ({types}): state one, superclasses are derived",
        "it": "ha {count} tipi ({types}): indicarne uno, le superclassi sono derivate",
        "ja": "型が{count}つあります（{types}）。一つだけ示してください。上位クラスは導出されます",
    },
    "known-class": {
        "en": "unknown class {name}",
        "it": "classe sconosciuta {name}",
        "ja": "未知のクラス {name}",
    },
    "leaf-class": {
        "en": "{name} is abstract: use {leaves}",
        "it": "{name} è astratta: usare {leaves}",
        "ja": "{name} は抽象クラスです。{leaves} を使ってください",
    },
    "known-property": {
        "en": "unknown property {name}",
        "it": "proprietà sconosciuta {name}",
        "ja": "未知のプロパティ {name}",
    },
    "own-property": {
        "en": "{name} is not a property of {type}, but of {owners}",
        "it": "{name} non è una proprietà di {type}, ma di {owners}",
        "ja": "{name} は {type} のプロパティではなく、{owners} のものです",
    },
    "not-derived": {
        "en": "{name} is derived, never stated: leave it out",
        "it": "{name} è derivata, mai dichiarata: toglierla",
        "ja": "{name} は導出される値で、記述できません。取り除いてください",
    },
    "no-blank-node": {
        "en": "a node without an IRI: give it one",
        "it": "un nodo senza IRI: assegnargliene uno",
        "ja": "IRI のないノードです。IRI を付けてください",
    },
    "own-graph": {
        "en": "the graph {name} is written by the code alone: use another",
        "it": "il grafo {name} è scritto solo dal codice: usarne un altro",
        "ja": "グラフ {name} に書き込めるのはプログラムだけです。別のグラフを使ってください",
    },
    "readable-time": {
        "en": "{value} is no time in EDTF that can be used: write such as 2025-12-06 or 2022/..",
        "it": "{value} non è un tempo EDTF utilizzabile: scrivere per esempio 2025-12-06 o 2022/..",
        "ja": "{value} は EDTF の時間として使えません。2025-12-06 や 2022/.. のように書きます",
    },
}

SUGGESTION: Texts = {
    "en": "{said}; did you mean {near}?",
    "it": "{said}; si intendeva {near}?",
    "ja": "{said}。{near} のことですか",
}

# Said of a constraint that has no message of its own.
UNMET: Texts = {
    "en": "not met: {name}",
    "it": "non rispettato: {name}",
    "ja": "満たされていない制約：{name}",
}

# How many there are, by severity: first one, then more than one.
COUNTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Violation": {
        "en": ("1 violation", "{count} violations"),
        "it": ("1 violazione", "{count} violazioni"),
        "ja": ("違反 1 件", "違反 {count} 件"),
    },
    "Warning": {
        "en": ("1 warning", "{count} warnings"),
        "it": ("1 avviso", "{count} avvisi"),
        "ja": ("警告 1 件", "警告 {count} 件"),
    },
    "Info": {
        "en": ("1 note", "{count} notes"),
        "it": ("1 nota", "{count} note"),
        "ja": ("情報 1 件", "情報 {count} 件"),
    },
    "file": {
        "en": (" in 1 file", " in {count} files"),
        "it": (" in 1 file", " in {count} file"),
        "ja": ("（1 ファイル）", "（{count} ファイル）"),
    },
}

SEVERITY: Mapping[str, Texts] = {
    "Violation": {"en": "Violation", "it": "Violazione", "ja": "違反"},
    "Warning": {"en": "Warning", "it": "Avviso", "ja": "警告"},
    "Info": {"en": "Note", "it": "Nota", "ja": "情報"},
}

VERDICT: Mapping[bool, Texts] = {
    True: {"en": "conforms", "it": "conforme", "ja": "適合しています"},
    False: {"en": "does not conform", "it": "non conforme", "ja": "適合していません"},
}

LINE: Texts = {"en": " (line {line})", "it": " (riga {line})", "ja": "（{line} 行目）"}
COMMA: Texts = {"en": ", ", "it": ", ", "ja": "、"}
COLON: Texts = {"en": ": ", "it": ": ", "ja": "："}


def fill(phrase: Texts, **values: object) -> dict[str, str]:
    """The phrase in every language, its placeholders filled."""
    return {language: template.format(**values) for language, template in phrase.items()}


def suggest(messages: Texts, near: str) -> dict[str, str]:
    """The messages, each with the question whether that was meant."""
    return {
        language: SUGGESTION[language].format(said=said, near=near)
        for language, said in messages.items()
    }
