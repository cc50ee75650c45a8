"""Small documents of releases for the annual report: invented numbers, the script of the invented country."""

from datetime import UTC, datetime
from typing import Any

from django.utils import translation

from enlace.country.queries import current
from enlace.releases import labels

CUT_OFF = datetime(2021, 2, 3, 12, tzinfo=UTC)
NAMES = {
    "sex": {"female": "Female", "male": "Male", "other": "Other", "": "Not recorded"},
    "state": {"XX-N": "North Xandoria", "XX-S": "South Xandoria", "XX-I": "The Isles", "": "Not recorded"},
    "outcome": {"accepted": "Accepted", "declined": "Declined", "": "Not recorded"},
}
TITLES = {"identified": "Persons identified", "referrals": "Referrals", "inquiries": "Inquiries"}
UNITS = {"identified": "person", "referrals": "referral", "inquiries": "investigation"}

WORDS = {"person": "persons", "referral": "referrals", "investigation": "files"}


def cell(value: int | None, *key: str, status: str = "") -> dict[str, Any]:
    return {"key": list(key), "value": value, "status": status or ("published" if value else "zero")}


def withheld(*key: str) -> dict[str, Any]:
    return cell(None, *key, status="suppressed")


def missing(*key: str) -> dict[str, Any]:
    return cell(None, *key, status="missing")


def item(indicator: str, total: dict[str, Any], **breakdowns: list[dict[str, Any]]) -> dict[str, Any]:
    """An indicator with its total and its tables of one dimension."""
    tables = [{"dimensions": [name], "cells": cells} for name, cells in breakdowns.items()]
    return {
        "id": indicator, "kind": "indicator", "group": "people", "measure": "count", "unit": UNITS[indicator],
        "split": "", "label": {}, "population": {}, "legal_basis": "s. 40", "caveat": {}, "caveat_numbers": [],
        "definition": {}, "tables": [{"dimensions": [], "cells": [total]}, *tables], "deduced": [], "completeness": {},
        "figures": [],
    }  # fmt: skip


def document(*items: dict[str, Any], before: dict[str, Any] | None = None, **facts: Any) -> dict[str, Any]:
    """A release that holds these. ``before``: totals of the year before."""
    held = {one["id"] for one in items}
    left = {one.id: dict(one.label) for one in current().definitions if one.id not in held}
    return {
        "number": 1, "synthetic": True, "supersedes": 0, "changes": [], "caveats": [], "indicators": list(items),
        "period": {"name": "2020", "start": "2020-01-01", "end": "2020-12-31"},
        "parameters": {"threshold": 10, "minimum_interval": 10},
        "completeness": {"states": ["XX-N", "XX-S"], "silent": ["XX-I"], "agencies": 4, "agency_count": 7},
        "year_before": {"number": 1, "period": {"name": "2019"}, "totals": before} if before else {},
        "annual": {**current().annual, "names": left, "outlines": False},
        "labels": {language: _labels(language) for language in ("en", "es")},
        **facts,
    }  # fmt: skip


def _labels(language: str) -> dict[str, Any]:
    with translation.override(language):
        words = labels.annual(CUT_OFF)
    return {
        "country": "Xandoria", "annual": words, "indicators": TITLES, "units": WORDS, "categories": NAMES,
        "dimensions": {"sex": "Sex", "state": "State", "outcome": "Outcome"},
    }  # fmt: skip
