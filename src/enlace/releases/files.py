"""The files of a release, made from its document, and read again as tables.

JSON and CSV are canonical: the same document gives the same bytes. A workbook and a Parquet file depend on the version of
the library that writes them: they are written once, their digest is kept, and they are read back to the same rows.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from openpyxl import Workbook, load_workbook

from enlace.base.spreadsheets import defused
from enlace.releases import canonical
from reckon.tables import Cell, Table

JSON, CSV, XLSX, PARQUET = "release.json", "tables.csv", "tables.xlsx", "tables.parquet"
CODEBOOK, PACKAGE = "codebook.csv", "datapackage.json"
MANIFEST, SIGNATURE, KEY = "manifest.json", "manifest.sig", "public-key.pem"
TYPES = {
    JSON: "application/json",
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PARQUET: "application/vnd.apache.parquet",
    CODEBOOK: "text/csv; charset=utf-8",
    PACKAGE: "application/json",
    MANIFEST: "application/json",
    SIGNATURE: "application/octet-stream",
    KEY: "application/x-pem-file",
}


def report_name(language: str, kind: str) -> str:
    """The annual report in a language, as "html" or "pdf"."""
    return f"annual-report-{language}.{kind}"


REPORTS = {report_name(code, kind): media for code, _name in settings.LANGUAGES for kind, media in (
    ("html", "text/html; charset=utf-8"), ("pdf", "application/pdf"),
)}  # fmt: skip
TYPES |= REPORTS
COLUMNS = (
    "release", "period", "indicator", "unit", "measure", "dimension_1", "category_1", "dimension_2", "category_2",
    "value", "status",
)  # fmt: skip
COUNT = "count"
FRACTION = re.compile(r"\d+\.\d+")
AMOUNT = pa.decimal128(20, 4)
EPOCH = (1980, 1, 1, 0, 0, 0)
Row = tuple[Any, ...]


def written(document: Mapping[str, Any]) -> dict[str, bytes]:
    """Every file but the manifest, by name."""
    return canonical_files(document) | {XLSX: _workbook(document), PARQUET: _parquet(document)}


def canonical_files(document: Mapping[str, Any]) -> dict[str, bytes]:
    """Those whose bytes follow from the document alone."""
    said = [f"label_{name}" for name in sorted(document["labels"])]
    return {
        JSON: canonical.to_json(document),
        CSV: canonical.to_csv([*COLUMNS, *said], rows(document)),
        CODEBOOK: canonical.to_csv(["column", "code", *said], codebook(document)),
        PACKAGE: canonical.to_json(_package(document)),
    }


def manifest(document: Mapping[str, Any], made: Mapping[str, bytes], inputs_digest: str) -> bytes:
    """The list of all files with their digests: what is signed."""
    return canonical.to_json(
        {
            "format": "enlace-manifest/1",
            "release": document["number"],
            "period": document["period"]["name"],
            "files": [
                {"name": name, "bytes": len(made[name]), "sha256": canonical.sha256(made[name])}
                for name in sorted(made)
            ],
            "inputs_sha256": inputs_digest,
            "facts_sha256": document["facts"]["digest"],
        }
    )


def archive(contents: Mapping[str, bytes]) -> bytes:
    """All files in one zip, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(contents):
            packed.writestr(zipfile.ZipInfo(name, EPOCH), contents[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def rows(document: Mapping[str, Any]) -> list[Row]:
    """One row for each cell, its line in words in every language at the end."""
    labels = document["labels"]
    return [(*row, *(_words(labels[name], row) for name in sorted(labels))) for row in _plain_rows(document)]


def codebook(document: Mapping[str, Any]) -> list[Row]:
    """What each column means, each indicator, unit, mark, dimension and category in every language."""
    labels = document["labels"]
    languages = sorted(labels)
    first = labels[languages[0]]
    found: list[Row] = []
    for kind in ("columns", "indicators", "units", "marks", "dimensions"):
        found += [(kind, code, *(labels[name][kind][code] for name in languages)) for code in sorted(first[kind])]
    for dimension in sorted(first["categories"]):
        for code in sorted(first["categories"][dimension]):
            found.append((dimension, code, *(labels[name]["categories"][dimension][code] for name in languages)))
    return found


def tables(document: Mapping[str, Any]) -> list[Table]:
    """The tables of a document, as ``reckon`` knows them."""
    return _tables(dict(zip(COLUMNS, row, strict=True)) for row in _plain_rows(document))


def tables_of_csv(data: bytes) -> list[Table]:
    """The tables of counts that a published CSV holds; nothing else of the release is looked at."""
    return _tables(csv.DictReader(io.StringIO(data.decode(), newline="")))


def tables_of_workbook(data: bytes) -> list[Table]:
    """The same from a published workbook."""
    lines = list(load_workbook(io.BytesIO(data), read_only=True)["tables"].iter_rows(values_only=True))
    return _tables(dict(zip(COLUMNS, line, strict=False)) for line in lines[1:])


def tables_of_parquet(data: bytes) -> list[Table]:
    """The same from a published Parquet file."""
    return _tables(pq.read_table(io.BytesIO(data)).to_pylist())


def _tables(found: Iterable[Mapping[str, Any]]) -> list[Table]:
    """Tables from rows, in their order; a category's place is where it first appears. What is deduced is left out."""
    groups: dict[tuple[str, str, str, tuple[str, ...]], list[Mapping[str, Any]]] = {}
    for row in found:
        if row["measure"] == COUNT:
            dimensions = tuple(row[name] for name in ("dimension_1", "dimension_2") if row[name])
            groups.setdefault((row["indicator"], row["unit"], row["period"], dimensions), []).append(row)
    return [_table(described, lines) for described, lines in groups.items()]


def _table(described: tuple[str, str, str, tuple[str, ...]], lines: Sequence[Mapping[str, Any]]) -> Table:
    indicator, unit, period, dimensions = described
    codes = [tuple(row[name] or "" for name in ("category_1", "category_2"))[: len(dimensions)] for row in lines]
    categories = tuple(tuple(dict.fromkeys(key[n] for key in codes)) for n in range(len(dimensions)))
    cells = tuple(
        Cell(
            tuple(zip(dimensions, key, strict=True)),
            None if row["value"] in (None, "") else int(row["value"]),
            row["status"],
        )
        for key, row in zip(codes, lines, strict=True)
    )
    return Table(indicator, unit, period, dimensions, categories, cells)


def _plain_rows(document: Mapping[str, Any]) -> Iterator[Row]:
    for indicator in document["indicators"]:
        for table in indicator["tables"]:
            yield from _cells(document, indicator, table, COUNT)
        for table in indicator["deduced"]:
            yield from _cells(
                document, indicator, table, "group" if indicator["measure"] == COUNT else indicator["measure"]
            )


def _cells(
    document: Mapping[str, Any], indicator: Mapping[str, Any], table: Mapping[str, Any], measure: str
) -> Iterator[Row]:
    first = (str(document["number"]), document["period"]["name"], indicator["id"], indicator["unit"], measure)
    names = (*table["dimensions"], "", "")[:2]
    for cell in table["cells"]:
        codes = (*cell["key"], "", "")[:2]
        value = "" if cell["value"] is None else cell["value"]
        yield (*first, names[0], codes[0], names[1], codes[1], value, cell["status"])


def category_name(labels: Mapping[str, Any], indicator: str, dimension: str, code: str) -> str:
    """A category in words; some dimensions mean something else in each indicator."""
    categories = labels["categories"]
    own = categories.get(f"{indicator}.{dimension}") or categories[dimension]
    return str(own.get(code, code))


def _words(labels: Mapping[str, Any], row: Row) -> str:
    indicator, places = row[2], ((row[5], row[6]), (row[7], row[8]))
    named = [category_name(labels, indicator, name, code) for name, code in places if name]
    return " · ".join([labels["indicators"][indicator], *named])


def _workbook(document: Mapping[str, Any]) -> bytes:
    said = [f"label_{name}" for name in sorted(document["labels"])]
    book = Workbook(write_only=True)
    sheets: dict[str, list[Row]] = {
        "tables": [(*COLUMNS, *said), *rows(document)],
        "codebook": [("column", "code", *said), *codebook(document)],
    }
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append([_for_sheet(value) for value in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _parquet(document: Mapping[str, Any]) -> bytes:
    names = [*COLUMNS, *(f"label_{name}" for name in sorted(document["labels"]))]
    found = rows(document)
    columns = {}
    for n, name in enumerate(names):
        values = [_decimal(row[n]) if name == "value" else row[n] for row in found]
        columns[name] = pa.array(values, type=AMOUNT if name == "value" else pa.string())
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, compression="zstd")
    return out.getvalue()


def _for_sheet(value: Any) -> Any:
    """Numbers with a fraction are texts in the document; a spreadsheet can add them up."""
    if value == "":
        return None
    if isinstance(value, str) and FRACTION.fullmatch(value):
        return float(value)
    return defused(value)


def _decimal(value: Any) -> Decimal | None:
    return None if value == "" else Decimal(value)


def _package(document: Mapping[str, Any]) -> dict[str, Any]:
    """A Frictionless data package (specification v1) of the two CSV files."""
    said = [f"label_{name}" for name in sorted(document["labels"])]
    fields = [{"name": name, "type": "number" if name == "value" else "string"} for name in (*COLUMNS, *said)]
    book = [{"name": name, "type": "string"} for name in ("column", "code", *said)]
    return {
        "profile": "tabular-data-package",
        "name": f"release-{document['number']}",
        "version": str(document["number"]),
        "resources": [
            {"name": "tables", "path": CSV, "encoding": "utf-8", "schema": {"fields": fields}},
            {"name": "codebook", "path": CODEBOOK, "encoding": "utf-8", "schema": {"fields": book}},
        ],
    }
