"""The fixed text of the pages, in each language that they are in."""

from collections.abc import Mapping, Sequence

ENGLISH = {
    "language_name": "English",
    "language": "Language",
    "ask": "Ask in GraphQL",
    "schema": "Schema",
    "home": "Front page",
    "skip": "Skip to the content",
    "examples": "Asked just now",
    "open": "Open this question in GraphQL",
    "disclosed": "The question as a GraphQL operation",
    "contents": "What there is",
    "contents_sense": "How many there are of each kind; follow one to list them.",
    "release": "Release {number}",
    "alive": "Is it alive?",
    "ready": "Is it ready?",
    "generic": "A knowledge graph, served as its ontology describes it.",
    "license": "Data under CC BY 4.0, code under Apache 2.0.",
    "yes": "yes",
    "no": "no",
    "query_title": "Ask in GraphQL",
    "query_sense": "Write an operation, or start from one of those below.",
    "operation": "Operation",
    "variables": "Variables, as JSON",
    "run": "Run",
    "run_sense": "or Ctrl+Enter in either box",
    "answer": "Answer",
    "running": "Running …",
    "unreachable": "The server can’t be reached.",
    "at_hand": "Operations at hand",
    "exports": "Take it away",
    "exports_sense": "All of the data in one file. The same release always gives the same file.",
    "checksum": "Checksum of",
    "sparql": "Ask in SPARQL",
    "sparql_sense": (
        "Write a query, or start from a question below. GRAPH tells who says "
        "so; without it, all graphs are read as one."
    ),
    "sparql_query": "Query",
    "sparql_rows": "Rows: {count}. Shown: {shown}.",
    "sparql_more": "This is only the beginning; take the whole below.",
    "sparql_as": "The whole answer as",
    "sparql_at_hand": "Questions at hand",
}

ITALIAN = {
    "language_name": "Italiano",
    "language": "Lingua",
    "ask": "Interroga in GraphQL",
    "schema": "Schema",
    "home": "Pagina iniziale",
    "skip": "Vai al contenuto",
    "examples": "Chiesto in questo momento",
    "open": "Apri questa domanda in GraphQL",
    "disclosed": "La domanda come operazione GraphQL",
    "contents": "Che cosa c’è",
    "contents_sense": "Quanti elementi di ogni tipo; segui un collegamento per elencarli.",
    "release": "Versione dei dati {number}",
    "alive": "È attivo?",
    "ready": "È pronto?",
    "generic": "Un grafo di conoscenza, servito come lo descrive la sua ontologia.",
    "license": "Dati con licenza CC BY 4.0, codice con licenza Apache 2.0.",
    "yes": "sì",
    "no": "no",
    "query_title": "Interroga in GraphQL",
    "query_sense": "Scrivi un’operazione o parti da una di quelle qui sotto.",
    "operation": "Operazione",
    "variables": "Variabili, in JSON",
    "run": "Esegui",
    "run_sense": "oppure Ctrl+Invio in uno dei due riquadri",
    "answer": "Risposta",
    "running": "In corso …",
    "unreachable": "Il server non è raggiungibile.",
    "at_hand": "Operazioni pronte",
    "exports": "Da portare via",
    "exports_sense": "Tutti i dati in un solo file. La stessa versione dà sempre lo stesso file.",
    "checksum": "Somma di controllo di",
    "sparql": "Interroga in SPARQL",
    "sparql_sense": (
        "Scrivi una query o parti da una delle domande qui sotto. GRAPH dice "
        "chi lo afferma; senza, tutti i grafi si leggono come uno solo."
    ),
    "sparql_query": "Query",
    "sparql_rows": "Righe: {count}. Mostrate: {shown}.",
    "sparql_more": "Questo è solo l’inizio; il resto si scarica qui sotto.",
    "sparql_as": "Tutta la risposta in",
    "sparql_at_hand": "Domande pronte",
}

JAPANESE = {
    "language_name": "日本語",
    "language": "言語",
    "ask": "GraphQLで問い合わせる",
    "schema": "スキーマ",
    "home": "トップページ",
    "skip": "本文へ移動",
    "examples": "いま問い合わせた答え",
    "open": "この質問をGraphQLで開く",
    "disclosed": "この質問のGraphQL操作",
    "contents": "収録内容",
    "contents_sense": "種類ごとの件数。リンクから一覧を表示できます。",
    "release": "リリース {number}",
    "alive": "稼働状況",
    "ready": "準備状況",
    "generic": "オントロジーの記述どおりに提供されるナレッジグラフです。",
    "license": "データはCC BY 4.0、コードはApache 2.0で提供します。",
    "yes": "はい",
    "no": "いいえ",
    "query_title": "GraphQLで問い合わせる",
    "query_sense": "操作を書くか、下の例から始めてください。",
    "operation": "操作",
    "variables": "変数(JSON)",
    "run": "実行",
    "run_sense": "または入力欄でCtrl+Enter",
    "answer": "答え",
    "running": "実行中…",
    "unreachable": "サーバーに接続できません。",
    "at_hand": "用意された操作",
    "exports": "ダウンロード",
    "exports_sense": "全データを一つのファイルで。同じリリースからは常に同じファイルになります。",
    "checksum": "チェックサム",
    "sparql": "SPARQLで問い合わせる",
    "sparql_sense": (
        "クエリを書くか、下の質問から始めてください。"
        "GRAPHを使うとどの出典によるかがわかります。使わない場合は、すべてのグラフを一つとして読みます。"
    ),
    "sparql_query": "クエリ",
    "sparql_rows": "行数:{count}、表示:{shown}",
    "sparql_more": "表示は冒頭のみです。全体は下からダウンロードできます。",
    "sparql_as": "答え全体の形式:",
    "sparql_at_hand": "用意された質問",
}

PHRASES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "it": ITALIAN, "ja": JAPANESE}


def page_language(wanted: Sequence[str]) -> str:
    """The first wanted language that the pages are in, else English."""
    return next((language for language in wanted if language in PHRASES), "en")
