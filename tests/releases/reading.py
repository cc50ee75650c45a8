"""What an outsider reads off a page: the tables of the public site, as rows of words, and as tables of reckon."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from reckon.tables import Cell, Table


class Tables(HTMLParser):
    """Every table with its attributes and its rows of cells."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[dict[str, str | None], list[list[str]]]] = []
        self.is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.found.append((dict(attrs), []))
        elif tag == "tr":
            self.found[-1][1].append([])
        elif tag in ("td", "th"):
            self.is_open = True
            self.found[-1][1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.is_open = False

    def handle_data(self, data: str) -> None:
        if self.is_open:
            self.found[-1][1][-1][-1] += data.strip()


def page_tables(client: Client, document: Mapping[str, Any]) -> list[Table]:
    """The tables of all pages of a release in English, by what they say alone; codes are given back to names."""
    found = []
    for item in document["indicators"]:
        address = reverse("releases:indicator", args=[document["number"], item["id"]])
        answer = client.get(address, {"lang": "en"})
        assert answer.status_code == 200
        counted = {tuple(table["dimensions"]) for table in item["tables"]}
        parser = Tables()
        parser.feed(answer.content.decode())
        found += [
            table
            for attributes, rows in parser.found
            if (attributes.get("data-dimension"),) in counted
            for table in _tables(document, item, attributes, rows)
        ]
        if counted:
            found.append(_total(document, item))
    return found


def _tables(
    document: Mapping[str, Any], item: Mapping[str, Any], attributes: Any, rows: list[list[str]]
) -> list[Table]:
    """Lines by the first column; where lines are told apart by more columns, those are a table across."""
    name = attributes["data-dimension"]
    codes = names(document, item, name)
    described = (item["id"], item["unit"], document["period"]["name"])
    lines = [codes[row[0]] for row in rows[1:]]
    first = Table(
        *described,
        (name,),
        (tuple(lines),),
        tuple(_cell(((name, c),), r[1]) for c, r in zip(lines, rows[1:], strict=True)),
    )
    if len(rows[0]) == 2:
        return [first]
    split = item["split"]
    columns = [names(document, item, split)[said] for said in rows[0][2:]]
    cells = tuple(
        _cell(((name, line), (split, column)), said)
        for line, row in zip(lines, rows[1:], strict=True)
        for column, said in zip(columns, row[2:], strict=True)
    )
    return [first, Table(*described, (name, split), (tuple(lines), tuple(columns)), cells)]


def names(document: Mapping[str, Any], item: Mapping[str, Any], dimension: str) -> dict[str, str]:
    """What a page calls the categories of a dimension: word -> code."""
    labels = document["labels"]["en"]["categories"]
    own = labels.get(f"{item['id']}.{dimension}") or labels[dimension]
    return {said: code for code, said in own.items()}


def _total(document: Mapping[str, Any], item: Mapping[str, Any]) -> Table:
    """The headline of the page; the test of the page itself says that it shows this."""
    total = next(table for table in item["tables"] if not table["dimensions"])["cells"][0]
    cell = Cell((), total["value"], total["status"])
    return Table(item["id"], item["unit"], document["period"]["name"], (), (), (cell,))


def _cell(key: tuple[tuple[str, str], ...], said: str) -> Cell:
    if said in ("withheld", "no data"):
        return Cell(key, None, "suppressed" if said == "withheld" else "missing")
    value = int(said.replace(",", ""))
    return Cell(key, value, "published" if value else "zero")
