"""Sealing identities, and writing the record: absolute numbers, which have no baseline to stand beside."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

from bench import load
from bench.measure import Row, Timed, timed
from enlace.accounts.actions import load_agencies
from enlace.audit.actions import record_read
from enlace.base.actor import Actor
from enlace.base.ids import new_id
from enlace.country.queries import current
from enlace.people.actions import Registration, register_people
from enlace.vault.actions import seal_identities
from enlace.vault.queries import open_identity
from enlace.vault.rules import Identity

PEOPLE, READS, OPENED = 5_000, 2_000, 200


def run() -> Iterator[Row]:
    """Sealing, opening, recording."""
    with load.database("bench_vault"):
        load_agencies(by=load.SYSTEM, seeds=current().agencies)
        by = replace(load.SYSTEM, agency_code=current().agencies[0].code)
        people = {new_id(): identity(number) for number in range(PEOPLE)}
        register_people(by=by, rows=[Registration(id=pk, sex_code="female", birth_year=1990) for pk in people])
        took = timed(lambda: seal_identities(by=by, identities=people))
        yield Row(f"sealing {PEOPLE:,} people", f"{took}: {_rate(PEOPLE, took)}")
        purpose = next(iter(current().codes("access_purpose"))).code
        took = timed(lambda: [open_identity(viewer=by, person_id=pk, purpose=purpose) for pk in list(people)[:OPENED]])
        yield Row("opening an identity, with its record", _rate(OPENED, took))
        about = UUID(int=1)
        took = timed(lambda: _read_often(by, about))
        yield Row("appending to the record, one transaction each", _rate(READS, took))


def identity(number: int) -> Identity:
    """Somebody invented, with five fields that are searched for."""
    return Identity(
        given_names="Sintética",
        family_names=f"Ficticia Prueba {number}",
        birth_date=date(1990, 1, 1),
        phones=(f"55000{number:05d}",),
        documents=(("curp", f"XEXX900101MNEXXX{number:04d}"),),
    )


def _rate(count: int, took: Timed) -> str:
    return f"{count / took.wall:,.0f} a second ({count / took.cpu:,.0f} a CPU second)"


def _read_often(by: Actor, about: UUID) -> None:
    for _number in range(READS):
        record_read(by=by, action="identity.opened", subject=("person", about), data_class="A")
