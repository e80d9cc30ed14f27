"""The fixed text of the pages of releases, in each language that they are in."""

from collections.abc import Mapping

ENGLISH = {
    "releases": "Releases",
    "sense": "Each state that the data has been in. Any of them can still be asked and taken away.",
    "release": "Release {}",
    "seeds": "data shipped",
    "acceptance": "a contribution taken in",
    "reversal": "a contribution undone",
    "files": "files as they are",
    "made_at": "Made",
    "contributor": "Contributor",
    "decided_by": "Decided by",
    "message": "Why",
    "hash": "Hash",
    "changes": "Statements",
    "contribution": "Contribution {}",
    "difference": "What it changed, in JSON",
    "graphql": "Ask it in GraphQL",
    "sparql": "Ask it in SPARQL",
    "take": "Take it away",
    "follow": "Follow",
    "feed": "New releases as a feed",
    "more": "Earlier ones",
}

ITALIAN = {
    "releases": "Versioni",
    "sense": (
        "Ogni stato in cui i dati si sono trovati. Tutti si possono ancora interrogare e scaricare."
    ),
    "release": "Versione {}",
    "seeds": "dati forniti",
    "acceptance": "un contributo accolto",
    "reversal": "un contributo annullato",
    "files": "file così come sono",
    "made_at": "Creata",
    "contributor": "Autore",
    "decided_by": "Decisa da",
    "message": "Perché",
    "hash": "Hash",
    "changes": "Affermazioni",
    "contribution": "Contributo {}",
    "difference": "Che cosa ha cambiato, in JSON",
    "graphql": "Interrogala in GraphQL",
    "sparql": "Interrogala in SPARQL",
    "take": "Scaricala",
    "follow": "Seguire",
    "feed": "Le nuove versioni come feed",
    "more": "Versioni precedenti",
}

JAPANESE = {
    "releases": "リリース",
    "sense": "データがこれまでにとったすべての状態。どれも今なお問い合わせ、取得できます。",
    "release": "リリース {}",
    "seeds": "同梱データ",
    "acceptance": "投稿の採用",
    "reversal": "投稿の取り消し",
    "files": "ファイルのまま",
    "made_at": "作成",
    "contributor": "投稿者",
    "decided_by": "決定者",
    "message": "理由",
    "hash": "ハッシュ",
    "changes": "記述",
    "contribution": "投稿 {}",
    "difference": "変更内容 (JSON)",
    "graphql": "GraphQL で問い合わせる",
    "sparql": "SPARQL で問い合わせる",
    "take": "持ち出す",
    "follow": "購読",
    "feed": "新しいリリースのフィード",
    "more": "以前のもの",
}

WORDS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "it": ITALIAN, "ja": JAPANESE}
