"""Invented people, houses and conditions, small enough to try everything."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from enlace.directory.rules import CODED, FLAGGED, RANGED, AgreementFacts, Criterion, SiteFacts, UnitFacts
from enlace.placements.rules import Child, Limits, Need

AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
STATES = ("N", "S", "W")
KILOMETRES = {("N", "S"): 200.0, ("S", "N"): 200.0, ("S", "W"): 500.0, ("W", "S"): 500.0}  # N to W is not known
LIMITS = Limits(vacancy_stale=timedelta(hours=24), safe_km=300, kilometres=KILOMETRES)

CODES = {
    "sex": ("female", "male", "other"),
    "gender": ("feminine", "masculine"),
    "nationality": ("national", "foreign"),
    "migration_status": ("irregular", "humanitarian"),
    "form": ("labour", "sexual"),
    "exclusion": ("addiction", "violence"),
}


def site(number: int = 1, **facts: object) -> SiteFacts:
    """A specialised shelter in state N with two free beds, confirmed an hour ago; keyword arguments change it."""
    unit = UnitFacts(UUID(int=100 + number), total=4, confirmed_at=AT - timedelta(hours=1), free=2)
    given: dict[str, object] = {
        "site_id": UUID(int=number),
        "agency_code": f"HOUSE_{number}",
        "kind": "shelter",
        "state": "N",
        "specialised": True,
        "services": frozenset({"SHELTER"}),
        "languages": frozenset({"spa"}),
        "units": (unit,),
    }
    return SiteFacts(**(given | facts))


def unit(number: int = 101, **facts: object) -> UnitFacts:
    """Two of four beds free, confirmed an hour ago."""
    given: dict[str, object] = {
        "unit_id": UUID(int=number),
        "total": 4,
        "confirmed_at": AT - timedelta(hours=1),
        "free": 2,
    }
    return UnitFacts(**(given | facts))


def woman(**facts: object) -> Need:
    """A woman of twenty-five from state N of whom everything is known; keyword arguments change it."""
    given: dict[str, object] = {
        "sex": "female",
        "gender": "feminine",
        "age": 25,
        "children": (),
        "family": False,
        "pregnant": False,
        "disability": False,
        "lgbti": False,
        "nationality": "national",
        "migration_status": "national",
        "forms": frozenset({"sexual"}),
        "exclusions": frozenset(),
        "security": 0,
        "state": "N",
        "services": frozenset({"SHELTER"}),
        "languages": frozenset({"spa"}),
        "has_consent_or_ground": True,
    }
    return Need(**(given | facts))


def _coded(fact: str) -> st.SearchStrategy[Criterion]:
    values = st.frozensets(st.sampled_from(CODES[fact]), min_size=1, max_size=2)
    return st.builds(Criterion, must=st.booleans(), fact=st.just(fact), values=values)


limits_of_age = st.none() | st.sampled_from((3, 5, 8))
coded = st.sampled_from(tuple(CODED)).flatmap(_coded)
flagged = st.builds(Criterion, must=st.booleans(), fact=st.sampled_from(FLAGGED))
ranged = st.builds(
    Criterion, must=st.booleans(), fact=st.sampled_from(RANGED), least=limits_of_age, most=st.sampled_from((5, 8, 12))
).filter(lambda one: one.least is None or one.least <= (one.most or 0))
criteria = st.one_of(coded, flagged, ranged)

ages = st.none() | st.integers(0, 15)
spans = st.tuples(st.integers(0, 10), st.integers(0, 10)).map(lambda ends: (min(ends), max(ends)))
children = st.builds(Child, sex=st.sampled_from(("", "female", "male")), age=ages)
flags = st.sampled_from((None, True, False))


def _some(codes: tuple[str, ...], most: int = 2) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(codes), max_size=most)


needs = st.builds(
    Need,
    sex=st.sampled_from(("", "unknown", *CODES["sex"])),
    gender=st.sampled_from(("not_specified", *CODES["gender"])),
    age=ages,
    age_span=spans,
    children=st.none() | st.lists(children, max_size=2).map(tuple),
    family=flags,
    pregnant=flags,
    disability=flags,
    lgbti=flags,
    nationality=st.sampled_from(("", *CODES["nationality"])),
    migration_status=st.sampled_from(("", *CODES["migration_status"])),
    forms=_some(CODES["form"]),
    exclusions=st.none() | _some(CODES["exclusion"]),
    security=st.none() | st.integers(0, 9),
    state=st.sampled_from(("", *STATES)),
    services=_some(("LEGAL", "SHELTER")),
    accessibility=_some(("ramp",)),
    languages=_some(("eng", "spa")),
    needs_interpreter=st.booleans(),
    avoid_states=_some(STATES),
    refused_sites=st.frozensets(st.sampled_from([UUID(int=n) for n in (1, 2, 999)]), max_size=1),
    days=st.none() | st.sampled_from((30, 90)),
    beds=st.integers(0, 2),
    has_consent_or_ground=st.sampled_from((True, True, False)),
    consented_agencies=_some(("HOUSE_A",)),
    refused_agencies=_some(("HOUSE_B",)),
)
"""Anybody; much is often not known."""

limits = st.builds(
    Limits,
    vacancy_stale=st.just(timedelta(hours=24)),
    safe_km=st.just(300),
    kilometres=st.just(KILOMETRES),
    needs_agreement=st.booleans(),
)
agreements = st.lists(
    st.builds(
        AgreementFacts,
        from_state=st.sampled_from(STATES),
        to_state=st.sampled_from(STATES),
        site_id=st.none() | st.sampled_from([UUID(int=n) for n in (1, 2, 999)]),
        service=st.sampled_from(("", "LEGAL", "SHELTER")),
    ),
    max_size=2,
)
hours = st.none() | st.sampled_from((0, 24, 25, 70))


@st.composite
def units(draw: st.DrawFn, number: int) -> UnitFacts:
    since = draw(hours)
    return UnitFacts(
        unit_id=UUID(int=number),
        total=draw(st.integers(0, 3)),
        confirmed_at=None if since is None else AT - timedelta(hours=since),
        criteria=draw(st.lists(criteria, max_size=1).map(tuple)),
        free=draw(st.integers(-1, 3)),
    )


@st.composite
def sites(draw: st.DrawFn, number: int, kindly: bool = False) -> SiteFacts:
    """Any house; ``kindly``: with nothing that would never fit, so that what else happens is seen more often."""
    return SiteFacts(
        site_id=UUID(int=number),
        agency_code=draw(st.sampled_from(("HOUSE_A", "HOUSE_B"))),
        kind=draw(st.sampled_from(("shelter", "station"))),
        state=draw(st.sampled_from(STATES)),
        barred=not kindly and draw(st.integers(0, 5)) == 0,
        article=draw(st.sampled_from(("", "90"))),
        specialised=draw(st.booleans()),
        security=9 if kindly else draw(st.integers(0, 9)),
        services=frozenset({"LEGAL", "SHELTER"}) if kindly else draw(_some(("LEGAL", "SHELTER"))),
        languages=draw(_some(("eng", "spa"))),
        accessibility=frozenset({"ramp"}) if kindly else draw(_some(("ramp",))),
        # One rule written twice is one rule: to drop it is one decision.
        criteria=draw(st.lists(criteria, max_size=2, unique=True).map(tuple)),
        max_stay_days=draw(st.sampled_from((None, 30, 60))),
        may_go_out_alone=draw(st.booleans()),
        only_while_trial=draw(st.booleans()),
        accepts_trafficking=kindly or draw(st.integers(0, 5)) > 0,
        units=tuple(draw(units(number * 10 + each)) for each in range(draw(st.integers(int(kindly), 2)))),
    )


@st.composite
def directories(draw: st.DrawFn, most: int = 4) -> list[SiteFacts]:
    """Up to so many houses, half of them kindly."""
    return [draw(sites(number + 1, kindly=draw(st.booleans()))) for number in range(draw(st.integers(0, most)))]
