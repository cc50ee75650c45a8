"""The sites as columns, made once and asked for many people: one row for each site, one for each unit.

Conditions repeat from house to house, so each different one is kept, and asked, once; a pair (row, condition) says whose it
is. Rows are sorted by agency and id: nothing after this depends on the order in which the sites came.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from enlace.directory.rules import FACTS, AgreementFacts, Criterion, SiteFacts, UnitFacts

Rows = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]
Key = TypeVar("Key", str, tuple[str, str])

NO_LIMIT = 10**6  # days


class Conditions:
    """Which rows have which of the different conditions: pairs (``rows``, ``columns``)."""

    def __init__(self, owned: Sequence[tuple[Criterion, ...]], columns: Mapping[Criterion, int]) -> None:
        pairs = [(row, columns[one]) for row, criteria in enumerate(owned) for one in set(criteria)]
        pairs.sort()
        self.size = len(owned)
        self.rows = np.array([row for row, _ in pairs], dtype=np.int64)
        self.columns = np.array([column for _, column in pairs], dtype=np.int64)

    def where(self, chosen: Rows) -> tuple[Numbers, Numbers]:
        """The pairs of the chosen conditions, in the order of rows."""
        kept = chosen[self.columns]
        return self.rows[kept], self.columns[kept]

    def count(self, chosen: Rows) -> Numbers:
        """How many of the chosen conditions each row has."""
        return np.bincount(self.where(chosen)[0], minlength=self.size)


class SiteTable:
    """``sites``, ``units`` and everything the matcher asks of them, as arrays of one value for each row."""

    def __init__(self, sites: Iterable[SiteFacts], agreements: Iterable[AgreementFacts] = ()) -> None:
        self.sites = sorted(sites, key=lambda site: (site.agency_code, site.site_id.int))
        self.agreements = tuple(agreements)
        self.site_ids = [site.site_id for site in self.sites]
        self.row_of = {site_id: row for row, site_id in enumerate(self.site_ids)}
        self.agency_codes = [site.agency_code for site in self.sites]
        self.barred = self._by(lambda site: ((site.kind, site.article),) if site.barred else ())
        self.accepting = self._rows(lambda site: site.accepts_trafficking)
        self.specialised = self._rows(lambda site: site.specialised)
        self.goes_out = self._rows(lambda site: site.may_go_out_alone)
        self.tied = self._rows(lambda site: site.only_while_trial)
        self.security = np.array([site.security for site in self.sites], dtype=np.int64)
        self.stay = np.array([_days(site) for site in self.sites], dtype=np.int64)
        self.agencies = self._by(lambda site: (site.agency_code,))
        self.states = self._by(lambda site: (site.state,))
        self.services = self._by(lambda site: site.services)
        self.languages = self._by(lambda site: site.languages)
        self.accessibility = self._by(lambda site: site.accessibility)
        self._lay_out_units()
        self._gather_conditions()

    def none(self) -> Rows:
        """No site, as a column to add to."""
        return np.zeros(len(self.sites), dtype=np.bool_)

    def in_any(self, column: Mapping[str, Rows], codes: Iterable[str]) -> Rows:
        """The sites that have any of the codes in ``services``, ``languages``, ``accessibility``, ``agencies`` or ``states``."""
        found = self.none()
        for code in codes:
            found |= column.get(code, False)
        return found

    def _rows(self, test: Callable[[SiteFacts], bool]) -> Rows:
        return np.array([test(site) for site in self.sites], dtype=np.bool_)

    def _by(self, keys_of: Callable[[SiteFacts], Iterable[Key]]) -> dict[Key, Rows]:
        rows: dict[Key, list[int]] = {}
        for row, site in enumerate(self.sites):
            for key in keys_of(site):
                rows.setdefault(key, []).append(row)
        columns = {key: self.none() for key in sorted(rows)}
        for key, having in rows.items():
            columns[key][having] = True
        return columns

    def _lay_out_units(self) -> None:
        pairs = [
            (row, unit)
            for row, site in enumerate(self.sites)
            for unit in sorted(site.units, key=lambda unit: unit.unit_id.int)
        ]
        self.units = [unit for _, unit in pairs]
        self.unit_ids = [*(unit.unit_id for unit in self.units), None]  # the last, so that -1 is no unit
        self.unit_row = np.array([row for row, _ in pairs], dtype=np.int64)
        self.free = np.array([max(unit.free, 0) for unit in self.units], dtype=np.int64)
        self.total = np.array([unit.total for unit in self.units], dtype=np.int64)
        self.confirmed = np.array([_seconds(unit) for unit in self.units], dtype=np.float64)
        self.has_units = np.bincount(self.unit_row, minlength=len(self.sites)) > 0

    def _gather_conditions(self) -> None:
        of_sites = [site.criteria for site in self.sites]
        of_units = [unit.criteria for unit in self.units]
        self.criteria = sorted({one for criteria in (*of_sites, *of_units) for one in criteria}, key=_order)
        columns = {one: column for column, one in enumerate(self.criteria)}
        self.of_sites = Conditions(of_sites, columns)
        self.of_units = Conditions(of_units, columns)


def _days(site: SiteFacts) -> int:
    return NO_LIMIT if site.max_stay_days is None else site.max_stay_days


def _seconds(unit: UnitFacts) -> float:
    return -np.inf if unit.confirmed_at is None else unit.confirmed_at.timestamp()


def _order(one: Criterion) -> tuple[int, bool, list[str], int, int, str]:
    least, most = (-1 if number is None else number for number in (one.least, one.most))
    return FACTS.index(one.fact), one.must, sorted(one.values), least, most, one.basis
