"""What is said of a contribution, in every language that the code speaks."""

# ruff: noqa: RUF001 - Japanese punctuation is full-width

from collections.abc import Mapping

from kizuna.model import Texts

NOT_THERE: Texts = {
    "en": "there is nothing to remove: this doesn’t stand in the data as it is written",
    "it": "non c’è nulla da togliere: nei dati non figura così com’è scritto",
    "ja": "取り除くものがありません。この記述はデータにありません",
}

UNREAD_KEY: Texts = {
    "en": "the key {place} says nothing and was left out: the context doesn’t have it",
    "it": "la chiave {place} non dice nulla e va persa: il contesto non ce l’ha",
    "ja": "キー {place} はコンテキストになく、何も表さないため読み飛ばしました",
}

# What is said behind a fault whose value is a link to nothing: either of the first, then the last.
NOTHING: Texts = {
    "en": "There is nothing with this IRI: propose it as well, or name something that is there.",
    "it": "Non c’è nulla con questo IRI: proporre anche quello, o indicare qualcosa che c’è.",
    "ja": "この IRI のものはありません。併せて提案するか、既存のものを指定してください。",
}
NOT_LISTED: Texts = {
    "en": "The list has nothing with this IRI.",
    "it": "L’elenco non ha nulla con questo IRI.",
    "ja": "この IRI の項目は一覧にありません。",
}
ALIKE: Texts = {
    "en": "Of a like name: {near}.",
    "it": "Di nome simile: {near}.",
    "ja": "名前の似たもの：{near}。",
}
BETWEEN: Texts = {"en": " ", "it": " ", "ja": ""}

CLOSED_LIST: Texts = {
    "en": "the list {name} is closed: use one of its entries, or propose a change of the ontology",
    "it": "l’elenco {name} è chiuso: usarne una voce, o proporre una modifica dell’ontologia",
    "ja": "一覧 {name} は閉じています。既存の項目を使うか、オントロジーの変更を提案してください",
}

DERIVED_CLASS: Texts = {
    "en": "{name} is derived, never stated: leave it out",
    "it": "{name} è derivata, mai dichiarata: toglierla",
    "ja": "{name} は導出されるもので、記述できません。取り除いてください",
}

HEADINGS: Mapping[str, Texts] = {
    "added": {
        "en": "Triples to add: {count}",
        "it": "Triple da aggiungere: {count}",
        "ja": "追加するトリプル：{count}",
    },
    "removed": {
        "en": "Triples to remove: {count}",
        "it": "Triple da togliere: {count}",
        "ja": "取り除くトリプル：{count}",
    },
    "lookalikes": {
        "en": "Like something that is there already",
        "it": "Simile a qualcosa che c’è già",
        "ja": "既存のものと似ています",
    },
    "opened": {
        "en": "Disputes that it opens",
        "it": "Controversie che apre",
        "ja": "新たに生じる食い違い",
    },
    "closed": {
        "en": "Disputes that it closes",
        "it": "Controversie che chiude",
        "ja": "解消される食い違い",
    },
    "turns": {
        "en": "Facts that stand otherwise",
        "it": "Fatti che mutano stato",
        "ja": "状態が変わる事実",
    },
    "derived": {
        "en": "Derived values that change",
        "it": "Valori derivati che cambiano",
        "ja": "変わる導出値",
    },
    "answers": {
        "en": "Saved questions whose answers change",
        "it": "Domande salvate la cui risposta cambia",
        "ja": "答えの変わる保存済みの質問",
    },
    "suggestion": {
        "en": "Suggested: write {added} instead of {removed}",
        "it": "Suggerimento: scrivere {added} invece di {removed}",
        "ja": "提案：{removed} を {added} にする",
    },
    "suggested-removal": {
        "en": "Suggested: leave out {removed}",
        "it": "Suggerimento: togliere {removed}",
        "ja": "提案：{removed} を取り除く",
    },
}
