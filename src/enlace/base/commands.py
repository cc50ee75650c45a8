"""``enlace messages`` and ``enlace docs``: the catalogues and the documents that are made from the source."""

import argparse

from django.conf import settings

from enlace.base import catalogue, documents


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    messages = verbs.add_parser("messages", help="bring the translation catalogues up to date with the source")
    messages.add_argument("--compile", action="store_true", help="only compile what is there")
    messages.set_defaults(run=run_messages)
    docs = verbs.add_parser("docs", help="write the documents that are made from the source")
    docs.add_argument("--check", action="store_true", help="write nothing; fail when one is stale")
    docs.set_defaults(run=run_docs)


def run_messages(options: argparse.Namespace) -> int:
    if not options.compile:
        found = catalogue.sentences()
        for language, path in catalogue.catalogue_files().items():
            lacking = catalogue.untranslated(catalogue.update(path, language, found), found)
            print(f"{language}: {len(found)} sentences, {len(lacking)} to translate")
    catalogue.compile_all()
    return 0


def run_docs(options: argparse.Namespace) -> int:
    touched = documents.stale() if options.check else documents.write()
    for path in touched:
        print(f"{'stale' if options.check else 'written'}: {path.relative_to(settings.ROOT)}")
    return 1 if options.check and touched else 0
