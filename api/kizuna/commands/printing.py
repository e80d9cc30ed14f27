"""Commands that print what is made from the ontology and the data."""

import argparse
import json
import os
import sys

from kizuna.commands.loading import data_files, ontology_and_data
from kizuna.commands.options import Commands, add_setting
from kizuna.dataset.files import read_ontology
from kizuna.dataset.jsonld import Context
from kizuna.dataset.releases import load_dataset, read_data
from kizuna.graphql.schema import Api
from kizuna.handbook.codebook import codebook
from kizuna.handbook.reference import reference
from kizuna.handbook.statements import Statements
from kizuna.http.openapi import OpenApi
from kizuna.questions import Questions
from kizuna.settings import read_settings


def add_contracts(commands: Commands) -> None:
    """Adds ``sdl``, ``openapi`` and ``context``."""
    sdl = commands.add_parser("sdl", help="print the GraphQL schema")
    sdl.description = "Print the GraphQL schema, made from the ontology and its shapes."
    sdl.set_defaults(run=_sdl)
    openapi = commands.add_parser("openapi", help="print what is answered over HTTP")
    openapi.description = "Print what is answered over HTTP, as an OpenAPI document."
    openapi.set_defaults(run=_openapi)
    sense = "with what a server with a ledger answers besides"
    openapi.add_argument("--contributions", action="store_true", help=sense)
    context = commands.add_parser("context", help="print the JSON-LD context")
    context.description = "Print the JSON-LD context, made from the ontology and its shapes."
    context.set_defaults(run=_context)
    for command in (sdl, openapi, context):
        add_setting(command, "ontology")


def add_pages(commands: Commands) -> None:
    """Adds ``codebook`` and ``reference``."""
    pages = {
        "codebook": (codebook, "print how texts are coded, with examples from the data"),
        "reference": (
            reference,
            "print what classes, fields, constraints and properties there are",
        ),
    }
    for name, (page, sense) in pages.items():
        command = commands.add_parser(name, help=sense)
        command.description = f"{sense[0].upper()}{sense[1:]}, in Markdown."
        command.set_defaults(run=_print_page, page=page)
        add_setting(command, "data")
        add_setting(command, "ontology")


def _sdl(arguments: argparse.Namespace) -> int:
    settings = read_settings({"ontology": arguments.ontology}, os.environ)
    ontology = read_ontology(settings.ontology, settings.queries / "derive")
    sys.stdout.write(Api(load_dataset(ontology, {})).sdl)
    return 0


def _openapi(arguments: argparse.Namespace) -> int:
    settings = read_settings({"ontology": arguments.ontology}, os.environ)
    dataset = load_dataset(read_ontology(settings.ontology, settings.queries / "derive"), {})
    questions = Questions(dataset, settings.queries / "questions")
    document = OpenApi(dataset, questions, arguments.contributions).document()
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    return 0


def _context(arguments: argparse.Namespace) -> int:
    settings = read_settings({"ontology": arguments.ontology}, os.environ)
    ontology = read_ontology(settings.ontology, settings.queries / "derive")
    sys.stdout.write(Context(load_dataset(ontology, {})).text())
    return 0


def _print_page(arguments: argparse.Namespace) -> int:
    settings = ontology_and_data(arguments)
    ontology = read_ontology(settings.ontology, settings.queries / "derive")
    dataset = load_dataset(ontology, read_data(data_files(settings)))
    sys.stdout.write(arguments.page(Statements(ontology, dataset)))
    return 0
