"""PDF through Typst: a template of a module and plain data in, a tagged document (PDF/UA-1) out."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.apps import apps

from enlace.base.errors import Missing

ROOT = Path(__file__).parents[1]  # templates include one another by their path from here
SHARED = ROOT / "base" / "templates"


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """The document of ``template`` ("screening/prompt_sheet.typ") filled with ``data``, which must be JSON.

    The template reads it as ``json(bytes(sys.inputs.data))`` and sets a title and a language, which PDF/UA demands. Only
    the fonts that Typst brings are used, so that the same data give the same document everywhere.
    """
    pdf: bytes = typst.compile(
        _found(template),
        root=ROOT,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(dict(data), ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    return pdf


def _found(template: str) -> Path:
    folders = [SHARED, *(Path(config.path) / "templates" for config in apps.get_app_configs())]
    for folder in folders:
        if (path := folder / template).is_file():
            return path
    raise Missing(f"There is no template {template}.")
