"""The code lists of the standards, read from the CSV files in ``data/``."""

import csv
import io
import unicodedata
from importlib.resources import files


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of one file of ``data/``, as text by heading."""
    text = files("enlace.exchange").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def fold(text: str) -> str:
    """The text as it is compared: single spaces, one case, straight apostrophes, compatible characters."""
    return " ".join(
        unicodedata.normalize("NFKC", text).casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split()
    )


def fold_accents(text: str) -> str:
    """As ``fold``, and without accents."""
    parts = unicodedata.normalize("NFD", fold(text))
    return "".join(c for c in parts if not unicodedata.combining(c))
