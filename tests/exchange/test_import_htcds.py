"""Cases come in once, whole or not at all, and what cannot be read is told and can be mended."""

import csv
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import timezone, translation

from enlace.base.errors import Forbidden, Refusal
from enlace.base.rows import seeing_as
from enlace.cases.models import Case, CaseCode, Decision
from enlace.cases.queries import export_rows
from enlace.exchange.actions import import_ctdc, import_htcds, import_sesnsp
from enlace.exchange.htcds import read_htcds
from enlace.exchange.models import ImportBatch
from enlace.exchange.queries import htcds_records, imported_files
from enlace.people.models import ConsentGrant, Person
from enlace.statistics.actions import compute_national
from enlace.statistics.national import cells_of
from tests.exchange.files import survey, toolkit
from tests.exchange.house import events, everything
from tests.exchange.test_read_htcds import ASKED, as_written
from tests.own import together
from tests.world import SYSTEM, World, make_world

ROW = {
    "con_Consent": "TRUE",
    "prs_FirstName": "Persona",
    "prs_SecondName": "Inventada Uno",
    "prs_Birthdate": date(1999, 5, 20),
    "prs_Gender": "Feminine",
    "prs_Citizenship": "Mexico",
    "vic_TraffickingStatus": "Actual victim of trafficking",
    "vic_TraffickingStatusDecisionMakingOrg": "Police",
    "vic_TypeOfExploitation": "Forced labour",
    "cas_Status": "Active",
    "cas_IncomingReferralDate": date(2025, 2, 3),
}


def sample(shared_data: Path, name: str = "sample_excel_filled_FICTIONAL.xlsx") -> Path:
    return shared_data / "htcds" / name


def mended(source: Path, target: Path) -> Path:
    """The fictional workbook with its six cells put right."""
    book = openpyxl.load_workbook(source)
    sheet = book["Sheet1"]
    sheet["G7"], sheet["AD7"] = "1990-03-05", "2025-03-05"
    sheet["F8"], sheet["W8"], sheet["X8"] = "Sí", "Physical threats", "Sexual exploitation"
    book.save(target)
    return target


def test_the_fictional_workbook_gives_cases_with_exactly_the_expected_values(world: World, shared_data: Path) -> None:
    found = import_htcds(by=world.bruno, path=sample(shared_data))
    assert (found.new, found.known, found.unit) == (4, 0, "case")
    assert {error.row for error in found.errors} == {7, 8}
    with sample(shared_data, "sample_excel_filled_FICTIONAL_expected.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    expected: dict[str, dict[str, str]] = defaultdict(dict)
    asked = {row["sheet_row"] for row in rows if row["expected"] in ASKED}
    for row in rows:
        if row["sheet_row"] not in asked and row["expected"]:
            expected[row["sheet_row"]][row["field"]] = row["expected"]
    records = list(htcds_records(viewer=world.bruno, with_identity=True, purpose="verify_identity"))
    written = [{name: as_written(value) for name, value in record.values.items()} for record in records]
    assert len(written) == len(expected)
    for said in expected.values():
        assert any(said.items() <= case.items() for case in written), said


def test_a_second_run_changes_nothing(world: World, shared_data: Path) -> None:
    for name in ("sample_excel_filled_FICTIONAL.xlsx", "sample_survey_export_FICTIONAL.csv"):
        first = import_htcds(by=world.bruno, path=sample(shared_data, name))
        before = everything()
        again = import_htcds(by=world.lucas, path=sample(shared_data, name))
        assert everything() == before
        assert again == replace(first, new=0, known=first.new)


def test_of_a_mended_file_only_the_mended_rows_come_in(world: World, shared_data: Path, tmp_path: Path) -> None:
    import_htcds(by=world.bruno, path=sample(shared_data))
    again = import_htcds(by=world.bruno, path=mended(sample(shared_data), tmp_path / "a.xlsx"))
    assert (again.new, again.known, again.errors) == (2, 4, [])
    assert Case.objects.count() == Person.objects.count() == 6
    assert import_htcds(by=world.bruno, path=sample(shared_data)).new == 0
    assert [batch.row_count for batch in imported_files(viewer=world.bruno)] == [6, 4]


def test_a_dry_run_gives_the_result_of_the_real_run_and_leaves_nothing(world: World, shared_data: Path) -> None:
    before = everything()
    tried = import_htcds(by=world.bruno, path=sample(shared_data), dry_run=True)
    assert everything() == before
    assert import_htcds(by=world.bruno, path=sample(shared_data)) == replace(tried, is_dry_run=False)


def test_one_event_carries_the_digest_of_the_file(world: World, shared_data: Path) -> None:
    found = import_htcds(by=world.bruno, path=sample(shared_data))
    (event,) = events("import.htcds")
    assert (event.subject_kind, event.subject_id) == ("file", found.digest)
    assert event.actor_id == world.bruno.id
    assert event.detail == {"new": 4, "known": 0, "errors": 5, "layout": "toolkit workbook"}


@pytest.mark.parametrize("lacking", ["CASE_CLOSE", "CASE_DECIDE", "IDENTITY_WRITE"])
def test_an_import_that_fails_on_its_way_leaves_nothing(world: World, shared_data: Path, lacking: str) -> None:
    by = replace(world.bruno, can=world.bruno.can - {lacking})
    before = everything()
    with pytest.raises(Forbidden):
        import_htcds(by=by, path=sample(shared_data))
    assert everything() == before


def test_columns_of_one_option_each_become_the_lists_of_the_case(world: World, tmp_path: Path) -> None:
    options = {"vic_TypeOfExploitation/ForcedLabour": "1", "vic_TypeOfExploitation/Surrogacy": "1"}
    options |= {"vic_TypeOfExploitation/OrganRemoval": "0", "g/vic_Methods_of_Control/DebtBondage": "1"}
    path = survey(tmp_path / "a.csv", {"_uuid": "u-1", "prs_Gender": "Masculine", "cas_Status": "Active"} | options)
    assert import_htcds(by=world.bruno, path=path).new == 1
    codes = CaseCode.objects.order_by("list_name").values_list("list_name", "code", "standard")
    assert list(codes) == [
        ("exploitation_form", "bonded_work", "ForcedLabour"),
        ("means", "debt_bondage", "DebtBondage"),
    ]
    assert Case.objects.get().standard["vic_TypeOfExploitation"] == ["ForcedLabour", "Surrogacy"]


def test_a_submission_is_known_by_its_own_id_in_any_layout(world: World, tmp_path: Path) -> None:
    case = {"_uuid": "uuid:u-1", "prs_Gender": "Masculine", "cas_Status": "Active", "con_Consent": "TRUE"}
    assert import_htcds(by=world.bruno, path=survey(tmp_path / "a.csv", case, case)).new == 1
    corrected = {"g/_uuid": "u-1", "prs_Gender": "Feminine", "cas_Status": "Active", "con_Consent": "TRUE"}
    found = import_htcds(by=world.bruno, path=survey(tmp_path / "b.csv", corrected, separator=";"))
    assert (found.new, found.known) == (0, 1)


def test_rows_that_say_the_same_are_different_people(world: World, tmp_path: Path) -> None:
    anonymous = {"prs_Gender": "Masculine", "vic_TypeOfExploitation": "Forced labour", "cas_Status": "Active"}
    assert import_htcds(by=world.bruno, path=toolkit(tmp_path / "a.xlsx", anonymous, anonymous)).new == 2
    again = import_htcds(by=world.bruno, path=toolkit(tmp_path / "b.xlsx", anonymous, ROW, anonymous, anonymous))
    assert (again.new, again.known) == (2, 2)


def test_the_same_file_of_two_agencies_is_two_imports(world: World, tmp_path: Path) -> None:
    path = toolkit(tmp_path / "a.xlsx", ROW)
    other = replace(world.bruno, agency_code="prosecutor-south", id=world.lucas.id)
    assert import_htcds(by=world.bruno, path=path).new == 1
    assert import_htcds(by=other, path=path).new == 1
    assert [batch.agency_code for batch in imported_files(viewer=world.bruno)] == ["prosecutor-north"]
    assert len(imported_files(viewer=SYSTEM)) == 2


def test_decision_state_and_consent_are_those_of_the_row(world: World, tmp_path: Path) -> None:
    closed = ROW | {"cas_Status": "Closed", "cas_ReasonForCaseClosure": "Moved", "con_Consent": "FALSE"}
    import_htcds(by=world.bruno, path=toolkit(tmp_path / "a.xlsx", closed))
    case, decision = Case.objects.get(), Decision.objects.get()
    assert (case.status, case.closure_reason_code, case.state_code) == ("closed", "moved", "XX-N")
    assert (decision.outcome, decision.body_code, decision.ground_code) == ("identified", "police", "other_register")
    assert decision.decided_at == case.opened_at == case.presumed_at
    assert timezone.localdate(case.opened_at) == date(2025, 2, 3)
    assert set(ConsentGrant.objects.values_list("purpose_code", "is_refusal")) == {
        ("referral", True),
        ("services", True),
    }


def test_who_did_not_consent_is_counted_all_the_same(world: World, tmp_path: Path) -> None:
    rows = [ROW | {"prs_FirstName": f"Persona {n}", "con_Consent": ("TRUE", "FALSE", None)[n % 3]} for n in range(18)]
    import_htcds(by=world.bruno, path=toolkit(tmp_path / "a.xlsx", *rows))
    table = compute_national(by=world.elena, year=2025)
    (total,) = cells_of(table.tables, "identified", "")
    assert (total["value"], total["status"]) == (18, "published")


def test_a_date_that_is_still_to_come_is_told_with_its_row_and_not_shown(world: World, tmp_path: Path) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    bad = ROW | {"prs_Birthdate": tomorrow, "cas_IncomingReferralDate": tomorrow}
    found = import_htcds(by=world.bruno, path=toolkit(tmp_path / "a.xlsx", ROW, bad))
    said = [(error.row, error.column, error.value, error.reason.code) for error in found.errors]
    assert said == [
        (4, "Birthdate", "(sealed)", "date-out-of-range"),
        (4, "Incoming Referral Date", str(tomorrow), "date-out-of-range"),
    ]
    assert Case.objects.count() == found.new == 1


def test_codes_that_the_country_does_not_have_stay_beside_its_own(world: World, tmp_path: Path) -> None:
    row = ROW | {
        "prs_Citizenship": "Namibia; Mexico",
        "vic_ForcedLabourIndustry": "Education",
        "prs_Gender": "TransgenderMasculine",
    }
    import_htcds(by=world.bruno, path=toolkit(tmp_path / "a.xlsx", row))
    (exported,) = export_rows(viewer=world.bruno)
    assert exported.case.person.citizenship_codes == ["MX"]
    assert exported.codes == {"exploitation_form": ["bonded_work"]}
    (record,) = htcds_records(viewer=world.bruno, with_identity=False)
    assert record.values["prs_Citizenship"] == ("NA", "MX")
    assert record.values["vic_ForcedLabourIndustry"] == ("P_Education",)
    assert record.values["prs_Gender"] == "TransgenderMasculine"


def test_who_may_not_import_is_refused(world: World, shared_data: Path) -> None:
    for action in (import_htcds, import_ctdc, import_sesnsp):
        with pytest.raises(Forbidden):
            action(by=world.alma, path=sample(shared_data))


@pytest.mark.parametrize(
    ("action", "name", "sentence"),
    [
        (import_htcds, "nothing.xlsx", "could not be opened"),
        (import_htcds, "htcds", "could not be opened"),
        (import_ctdc, "htcds", "could not be opened"),
        (import_sesnsp, "nothing.csv", "could not be opened"),
        (import_htcds, "ctdc/ctdc_kanon_slice_minus99.csv", "No columns of HTCDS"),
        (import_htcds, "ctdc/CTDCk_codebook_v7.pdf", "No columns of HTCDS"),
        (import_htcds, "htcds/HTCDS Excel Spreadsheet v2.0.xlsx", "no records"),
        (import_ctdc, "sesnsp/carpetas_trata_estatal_2026_latin1.csv", "UTF-8"),
        (import_ctdc, "htcds/sample_survey_export_FICTIONAL.csv", "not those of a known layout"),
        (import_ctdc, "htcds/sample_excel_filled_FICTIONAL.xlsx", "is a workbook"),
        (import_sesnsp, "ctdc/ctdc_vp_synthetic_condensed_2022.csv.gz", "not those of a known layout"),
        (import_sesnsp, "htcds/sample_excel_filled_FICTIONAL.xlsx", "is a workbook"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_one_sentence(
    world: World, shared_data: Path, action: Any, name: str, sentence: str
) -> None:
    before = everything()
    by = world.bruno if action is import_htcds else SYSTEM
    with translation.override("en"), pytest.raises(Refusal, match=sentence):
        action(by=by, path=shared_data / name)
    with translation.override("es"), pytest.raises(Refusal, match=r"^(?!.*(The|No columns)).*$"):
        action(by=by, path=shared_data / name)
    assert everything() == before


@pytest.mark.slow
def test_of_two_imports_at_once_one_finds_all_here_already(own_database: None, shared_data: Path) -> None:
    by = make_world().bruno
    found = together(lambda _number: import_htcds(by=by, path=sample(shared_data)), 2)
    assert sorted((one.new, one.known) for one in found) == [(0, 4), (4, 0)]
    with seeing_as(SYSTEM):
        assert Case.objects.count() == Person.objects.count() == 4
        assert len(events("import.htcds")) == ImportBatch.objects.count() == 1


@pytest.mark.slow
def test_of_a_file_and_its_mended_copy_at_once_no_row_comes_twice(
    own_database: None, shared_data: Path, tmp_path: Path
) -> None:
    by = make_world().bruno
    paths = [sample(shared_data), mended(sample(shared_data), tmp_path / "a.xlsx")]
    found = together(lambda number: import_htcds(by=by, path=paths[number]), 2)
    with seeing_as(SYSTEM):
        assert found[0].new + found[1].new == Case.objects.count() == 6


def test_progress_is_told_to_the_last_case(world: World, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    path = toolkit(tmp_path / "a.xlsx", ROW)
    import_htcds(by=world.bruno, path=path, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (1, 1)
    assert len(read_htcds(path).records) == 1
