"""Definitions and invented facts that the tests of indicators share."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from reckon.indicators import Period
from reckon.tables import EventFact, ReportedFact

YEAR = Period("2020", date(2020, 1, 1), date(2020, 12, 31))
CATEGORIES = {
    "state": ["A", "B", "C"],
    "sex": ["f", "m"],
    "age_group": ["minor", "adult"],
    "form": ["x", "y", "several"],
    "outcome": ["yes", "no"],
    "jurisdiction": ["federal", "state"],
    "agency_kind": ["prosecutor", "ngo"],
}
RAW = {
    "id": "identified",
    "group": "people",
    "unit": "person",
    "source": "facts",
    "measure": "count",
    "of": "identified",
    "label": {"es": "Identificadas", "en": "Identified"},
    "population": {"es": "Personas", "en": "Persons"},
    "legal_basis": "art. 1",
    "where": {"agency_kind": ["prosecutor", "police"]},
    "dimensions": ["state", "sex", "age_group", "form"],
}
RETURNED = {
    "id": "investigations",
    "group": "prosecution",
    "unit": "investigation",
    "source": "returns",
    "measure": "sum",
    "counted": "payment",
    "of": "opened",
    "label": {"en": "Opened"},
    "population": {"en": "Files"},
    "legal_basis": "art. 1",
    "dimensions": ["state", "form", "agency_kind"],
    "protection": "none",
}
RATIO = {
    "id": "rate",
    "group": "rates",
    "unit": "person",
    "source": "indicators",
    "measure": "ratio",
    "numerator": "identified",
    "denominator": "population",
    "denominator_source": {"en": "The census"},
    "per": 100_000,
    "label": {"en": "Rate"},
    "population": {"en": "Persons"},
    "legal_basis": "art. 1",
    "dimensions": ["sex", "age_group.majority"],
}
DAYS = st.integers(-40, 400).map(lambda n: date(2020, 1, 1) + timedelta(days=n))
VALUES = st.none() | st.integers(-500, 500).map(lambda n: Decimal(n).scaleb(-2))
FACTS = st.lists(
    st.builds(
        EventFact,
        person=st.sampled_from([f"p{n}" for n in range(6)]),
        measure=st.sampled_from(["identified", "referred"]),
        on=DAYS,
        agency=st.sampled_from(["one", "two"]),
        agency_kind=st.sampled_from(["prosecutor", "ngo"]),
        state=st.sampled_from(["A", "B", ""]),
        sex=st.sampled_from(["f", "m"]),
        age_group=st.sampled_from(["minor", "adult", ""]),
        form=st.sampled_from(["x", "y", "several", ""]),
        case=st.sampled_from(["c1", "c2", "c3", ""]),
        record=st.sampled_from(["r1", "r2", "r3", ""]),
        outcome=st.sampled_from(["yes", "no", ""]),
        value=VALUES,
    ),
    max_size=25,
)
REPORTED = st.lists(
    st.builds(
        ReportedFact,
        measure=st.sampled_from(["opened", "closed"]),
        begins=DAYS,
        ends=DAYS,
        state=st.sampled_from(["A", "B", ""]),
        jurisdiction=st.sampled_from(["federal", "state"]),
        agency_kind=st.sampled_from(["prosecutor", "ngo"]),
        dimension=st.just(""),
        category=st.just(""),
        value=VALUES,
        template=st.just("justice"),
        record=st.sampled_from(["1", "2"]),
    )
    | st.builds(
        ReportedFact,
        measure=st.just("opened"),
        begins=DAYS,
        ends=DAYS,
        state=st.sampled_from(["A", "B", ""]),
        jurisdiction=st.sampled_from(["federal", "state"]),
        agency_kind=st.sampled_from(["prosecutor", "ngo"]),
        dimension=st.sampled_from(["form", "sex"]),
        category=st.sampled_from(["x", "y", ""]),
        value=VALUES,
        template=st.just("justice"),
        record=st.sampled_from(["1", "2"]),
    ),
    max_size=25,
)
