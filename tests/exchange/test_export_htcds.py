"""What goes out comes in again as it was; identity leaves only when asked for, with a purpose, and on record."""

import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from enlace.base import synthetic
from enlace.base.errors import Forbidden, Refusal
from enlace.cases.actions import Coded, close_case, decide_cases, edit_case, reopen_case
from enlace.cases.actions import Ruling as Decided
from enlace.cases.models import Case
from enlace.exchange.actions import MARK, export_htcds, import_htcds
from enlace.exchange.htcds import read_htcds
from enlace.exchange.htcds_rows import HtcdsRecord
from enlace.exchange.standard_htcds import fields
from enlace.people.actions import Consent, correct_person, record_consents
from enlace.vault.actions import reseal_identity
from enlace.vault.rules import Identity
from tests.exchange.files import toolkit
from tests.exchange.house import events, everything, someone_at, values
from tests.exchange.test_import_htcds import ROW, mended, sample
from tests.world import World, a_case, a_person, identified

NAMED = Identity(
    given_names="Persona",
    family_names="Inventada Nueve",
    birth_date=date(1991, 4, 30),
    phones=("+525500000009", "+525500000010"),
    emails=("nueve@example.org",),
    addresses=("Calle Inventada 9",),
    documents=(("passport", "X0000009"),),
)


def exported(by: Any, path: Path, **options: Any) -> list[HtcdsRecord]:
    export_htcds(by=by, path=path, **options)
    found = read_htcds(path)
    assert found.errors == []
    return found.records


def with_identity(by: Any, path: Path) -> list[HtcdsRecord]:
    return exported(by, path, with_identity=True, purpose="verify_identity")


def texts_in(path: Path) -> str:
    """All that a workbook holds, as its files inside have it."""
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def brought(world: World, shared_data: Path, folder: Path) -> None:
    """Both fictional samples, mended, and a case that was opened here."""
    import_htcds(by=world.bruno, path=mended(sample(shared_data), folder / "mended.xlsx"))
    import_htcds(by=world.bruno, path=sample(shared_data, "sample_survey_export_FICTIONAL.csv"))
    identified(world.bruno, a_case(world.bruno, a_person(world.bruno, identity=NAMED)))


def test_import_export_import_is_a_fixed_point(world: World, shared_data: Path, tmp_path: Path) -> None:
    brought(world, shared_data, tmp_path)
    first = with_identity(world.bruno, tmp_path / "a.xlsx")
    assert len(first) == 9
    south = someone_at("prosecutor-south")
    assert import_htcds(by=south, path=tmp_path / "a.xlsx").new == 9
    second = with_identity(south, tmp_path / "b.xlsx")
    assert values(second) == values(first)
    read = (
        read_htcds(tmp_path / "mended.xlsx").records
        + read_htcds(sample(shared_data, "sample_survey_export_FICTIONAL.csv")).records
    )
    said = values(first)
    assert all(dict(record.values) in said for record in read)


def test_the_own_export_brings_nothing_back_with_or_without_identity(
    world: World, shared_data: Path, tmp_path: Path
) -> None:
    brought(world, shared_data, tmp_path)
    with_identity(world.bruno, tmp_path / "a.xlsx")
    exported(world.lucas, tmp_path / "b.xlsx")
    before = everything()
    for name in ("a.xlsx", "b.xlsx"):
        found = import_htcds(by=world.bruno, path=tmp_path / name)
        assert (found.new, found.known) == (0, 9)
    assert everything() == before


def test_an_export_without_identity_holds_none(world: World, shared_data: Path, tmp_path: Path) -> None:
    brought(world, shared_data, tmp_path)
    sealed = {
        str(value)
        for record in with_identity(world.bruno, tmp_path / "a.xlsx")
        for name, value in record.values.items()
        if fields()[name].sealed and len(str(value)) > 2
    }
    records = exported(world.bruno, tmp_path / "b.xlsx")
    text = texts_in(tmp_path / "b.xlsx")
    assert len(sealed) > 30
    assert [found for found in sorted(sealed) if found in text] == []
    assert not any(fields()[name].sealed for record in records for name in record.values)
    assert len(events("export.htcds")) == 2


def test_identity_needs_a_purpose_of_the_list(world: World, tmp_path: Path) -> None:
    a_case(world.bruno, a_person(world.bruno, identity=NAMED))
    before = everything()
    for purpose in ("", "curiosity"):
        with pytest.raises(Refusal):
            export_htcds(by=world.bruno, path=tmp_path / "a.xlsx", with_identity=True, purpose=purpose)
    assert everything() == before
    assert list(tmp_path.iterdir()) == []


def test_each_identity_that_leaves_is_on_record_with_its_purpose(world: World, tmp_path: Path) -> None:
    people = [a_person(world.bruno, identity=NAMED) for _ in range(2)]
    for person_id in people:
        a_case(world.bruno, person_id)
    export_htcds(by=world.bruno, path=tmp_path / "a.xlsx", with_identity=True, purpose="verify_identity")
    (event,) = events("export.htcds")
    assert (event.data_class, event.purpose) == ("A", "verify_identity")
    assert event.detail == {"count": 2, "identity": True}
    reads = events("identity.read")
    assert {read.subject_id for read in reads} == {str(person_id) for person_id in people}
    assert all(read.data_class == "AB" and read.purpose == "verify_identity" for read in reads)


def test_an_export_without_identity_opens_none(world: World, tmp_path: Path) -> None:
    a_case(world.bruno, a_person(world.bruno, identity=NAMED))
    export_htcds(by=world.bruno, path=tmp_path / "a.xlsx", purpose="verify_identity")
    (event,) = events("export.htcds")
    assert (event.data_class, event.purpose) == ("C", "")
    assert events("identity.read", "identity.exported") == []


def test_what_only_our_forms_ask_for_goes_to_the_nearest_field(world: World, tmp_path: Path) -> None:
    a_case(world.bruno, a_person(world.bruno, identity=NAMED), forms=("bonded_work",))
    (record,) = with_identity(world.bruno, tmp_path / "a.xlsx")
    assert record.values == {
        "prs_FirstName": "Persona",
        "prs_SecondName": "Inventada Nueve",
        "prs_Birthdate": date(1991, 4, 30),
        "prs_MobilePhone": "+525500000009",
        "prs_Email": "nueve@example.org",
        "prs_MailingStreet": "Calle Inventada 9",
        "prs_IdentityNumber": "X0000009",
        "prs_Citizenship": ("MX",),
        "vic_TraffickingStatus": "PossibleVictimOfTrafficking",
        "vic_TypeOfExploitation": ("ForcedLabour",),
        "cas_Status": "Active",
        "con_Consent": True,
    }
    assert record.source_id == Case.objects.get().code


def test_a_name_that_looks_like_a_formula_stays_text(world: World, tmp_path: Path) -> None:
    for text in ("=1+1", "+52", "-1", "@SUM(A1)"):
        a_case(world.bruno, a_person(world.bruno, identity=Identity(given_names=text)))
    with_identity(world.bruno, tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Sheet1"]
    for row in range(3, 7):
        assert (sheet[f"D{row}"].data_type, sheet[f"D{row}"].quotePrefix) == ("s", True)


@pytest.fixture
def invented(settings: Any, tmp_path: Path) -> Any:
    """An installation whose data are marked as invented."""
    settings.ENLACE_HOME = tmp_path / "home"
    (tmp_path / "home").mkdir()
    synthetic.mark()
    yield
    synthetic.is_synthetic.cache_clear()


def test_invented_cases_are_plainly_marked_and_read_again(world: World, invented: None, tmp_path: Path) -> None:
    a_case(world.bruno, a_person(world.bruno, identity=replace(NAMED, given_names="=1+1")))
    (record,) = with_identity(world.bruno, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["Sheet1", MARK]
    assert book[MARK]["A1"].value
    assert book["Sheet1"].row_dimensions[1].hidden
    assert (book["Sheet1"]["D3"].data_type, book["Sheet1"]["D3"].quotePrefix) == ("s", True)
    assert record.values["prs_FirstName"] == "=1+1"
    assert import_htcds(by=world.bruno, path=tmp_path / "a.xlsx").known == 1


def test_real_cases_are_not_marked(world: World, tmp_path: Path) -> None:
    a_case(world.bruno)
    exported(world.bruno, tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == ["Sheet1"]


def test_what_is_changed_here_is_what_goes_out(world: World, tmp_path: Path) -> None:
    row = ROW | {"cas_Status": "Follow Up", "vic_TypeOfExploitation": "Forced labour; Surrogacy"}
    row["vic_TraffickingStatus"] = "Possible victim of trafficking"
    import_htcds(by=world.bruno, path=toolkit(tmp_path / "in.xlsx", row))
    case = Case.objects.get()
    codes = [Coded(list_name="exploitation_form", code=code) for code in ("bonded_work", "organ_taking")]
    edit_case(by=world.bruno, case_id=case.pk, codes=codes, relationship_code="family", age_when_trafficked=17)
    decide_cases(
        by=world.bruno,
        rows=[Decided(case_id=case.pk, verb="identify", ground_code="prosecutor", body_code="court_or_prosecution")],
    )
    correct_person(by=world.bruno, person_id=case.person_id, changes={"gender_code": "non_conforming"})
    reseal_identity(by=world.bruno, person_id=case.person_id, identity=Identity(family_names="Inventada Once"))
    refused = {"purpose_code": "referral", "given_by_code": "person", "given_on": date(2025, 3, 1), "is_refusal": True}
    record_consents(by=world.bruno, rows=[Consent(person_id=case.person_id, **refused)])
    (record,) = with_identity(world.bruno, tmp_path / "a.xlsx")
    assert {name: record.values[name] for name in record.values if name != "cas_IncomingReferralDate"} == {
        "prs_FirstName": "Persona",
        "prs_SecondName": "Inventada Once",
        "prs_Birthdate": date(1999, 5, 20),
        "prs_Gender": "NonConforming",
        "prs_Citizenship": ("MX",),
        "vic_TraffickingStatus": "ActualVictimOfTrafficking",
        "vic_TraffickingStatusDecisionMakingOrg": "CourtOrProsecution",
        "vic_TypeOfExploitation": ("ForcedLabour", "Surrogacy", "OrganRemoval"),
        "vic_RelationshipToTrafficker": "Familial",
        "vic_AgeWhenTrafficked": 17,
        "cas_Status": "FollowUp",
        "con_Consent": False,
    }


def test_closing_and_reopening_here_is_what_goes_out(world: World, tmp_path: Path) -> None:
    row = ROW | {"cas_Status": "Closed Referred", "cas_ReasonForCaseClosure": "En palabras inventadas"}
    import_htcds(by=world.bruno, path=toolkit(tmp_path / "in.xlsx", row))
    case_id = Case.objects.get().pk

    def states() -> tuple[Any, Any]:
        (record,) = with_identity(world.bruno, tmp_path / "a.xlsx")
        return record.values["cas_Status"], record.values.get("cas_ReasonForCaseClosure")

    assert states() == ("ClosedReferred", "En palabras inventadas")
    reopen_case(by=world.bruno, case_id=case_id)
    assert states() == ("Active", None)
    close_case(by=world.bruno, case_id=case_id, reason_code="moved")
    assert states() == ("ClosedReferred", "Moved")


def test_only_cases_that_the_agency_leads_go_out(world: World, tmp_path: Path) -> None:
    a_case(world.alma)
    assert export_htcds(by=world.bruno, path=tmp_path / "a.xlsx") == 0
    with pytest.raises(Forbidden):
        export_htcds(by=world.alma, path=tmp_path / "b.xlsx")


def test_only_its_owner_can_read_the_file(world: World, tmp_path: Path) -> None:
    a_case(world.bruno)
    (tmp_path / "a.xlsx").write_text("an older file")
    exported(world.bruno, tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


@pytest.mark.parametrize("name", ["missing/a.xlsx", ""])
def test_a_file_that_cannot_be_written_is_refused_and_leaves_nothing(world: World, tmp_path: Path, name: str) -> None:
    a_case(world.bruno)
    (tmp_path / "kept").write_text("kept")
    with pytest.raises(Refusal, match=r"."):
        export_htcds(by=world.bruno, path=tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
