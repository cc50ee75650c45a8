"""The annual report of a release as files: a page and a PDF in each language, written once and read again."""

from collections.abc import Mapping
from typing import Any

from enlace.releases import annual_html, annual_pdf
from enlace.releases.annual import blocks
from enlace.releases.files import CSV, JSON, TYPES, report_name

KINDS = ("html", "pdf")


def written(document: Mapping[str, Any]) -> dict[str, bytes]:
    """Each file by name; none when the country has no script for the report."""
    found = {}
    for language in _languages(document):
        shown = blocks(document, language)
        page = annual_html.render(shown, document, language, _links(document, language))
        found[report_name(language, "html")] = page
        found[report_name(language, "pdf")] = annual_pdf.render(shown, document, language)
    return found


def at_fault(kept: Mapping[str, bytes], document: Mapping[str, Any]) -> list[str]:
    """Names of the files that do not say what the document says. Their bytes depend on the versions that wrote them."""
    found = []
    for language in _languages(document):
        page, pdf = (kept.get(report_name(language, kind), b"") for kind in KINDS)
        shown = blocks(document, language)
        if annual_html.read(page) != annual_html.said(shown):
            found.append(report_name(language, "html"))
        if not pdf or not annual_pdf.says(pdf, shown, document, language):
            found.append(report_name(language, "pdf"))
    return found


def _languages(document: Mapping[str, Any]) -> list[str]:
    known = [language for language in sorted(document["labels"]) if report_name(language, "html") in TYPES]
    return known if document.get("annual") else []


def _links(document: Mapping[str, Any], language: str) -> dict[str, str]:
    """What a reader of the page may want beside it, as names of files in the same folder."""
    words = document["labels"][language]["annual"]
    others = [other for other in _languages(document) if other != language]
    translated = {document["labels"][other]["annual"]["language"]: report_name(other, "html") for other in others}
    return {words["site"]: "../", "PDF": report_name(language, "pdf"), "CSV": CSV, "JSON": JSON, **translated}
