"""From an open return to facts: what may be done when, and by whom."""

from decimal import Decimal

import pytest

from enlace.base.errors import EnlaceError, Forbidden, Missing, Refusal
from enlace.returns import queries, rules
from enlace.returns.actions import (
    accept_return,
    check_return,
    give_back_return,
    publish_returns,
    revise_return,
    save_return,
    submit_return,
)
from enlace.returns.models import PeriodicReturn, Template
from tests.returns.cast import BORDER, accepted, filled, opened, submitted, template, typed, whole
from tests.world import SYSTEM, World


def test_a_return_is_opened_once_and_found_again(world: World) -> None:
    first = opened(world.bruno)
    assert opened(world.lucas).pk == first.pk
    assert (first.status, first.agency_code, first.agency_kind) == ("open", "prosecutor-north", "prosecutor")
    assert str(first.due_on) == "2024-07-30"


def test_it_keeps_its_template_as_it_was(world: World) -> None:
    row = opened(world.bruno)
    kept = Template.objects.get()
    assert (row.template_id, kept.code, kept.version) == (template().digest, "crown_justice", 1)
    assert queries.template_of(row) == template()


@pytest.mark.parametrize(
    ("where", "error"),
    [
        ({"period": "2024-Q1"}, Refusal),
        ({"period": "2150-H1"}, Refusal),
        ({"period": "24"}, Refusal),
        ({"period": "2019-H2"}, Missing),
        ({"state": "XX-S"}, Forbidden),
        ({"state": ""}, Forbidden),
        ({"code": BORDER, "period": "2024-Q1", "state": ""}, Forbidden),
        ({"code": "nothing"}, Missing),
    ],
)
def test_what_is_not_asked_cannot_be_opened(world: World, where: dict[str, str], error: type[EnlaceError]) -> None:
    with pytest.raises(error):
        opened(world.bruno, **where)


def test_the_commission_answers_for_an_agency_that_writes_letters(world: World) -> None:
    row = opened(world.elena, state="XX-S")
    assert (row.agency_code, row.agency_kind) == ("prosecutor-south", "prosecutor")
    alone = opened(world.elena, state="XX-I")
    assert (alone.agency_code, alone.agency_kind) == ("commission", "prosecutor")


def test_the_four_kinds_of_answer_are_kept_apart(world: World) -> None:
    row = opened(world.bruno)
    answers = {"inquiries|": "1,200", "charged|": "0", "convicted|": "nd", "compensation|": "No preguntado"}
    save_return(by=world.bruno, return_id=row.pk, typed=typed(answers))
    found = {cell[0]: (answer.kind, answer.value) for cell, answer in queries.answers_of(row).items()}
    assert found == {
        "inquiries": ("value", Decimal(1200)),
        "charged": ("zero", Decimal(0)),
        "convicted": ("no_data", None),
        "compensation": ("not_asked", None),
    }


def test_what_cannot_be_read_is_kept_with_its_reason_until_it_is_put_right(world: World) -> None:
    row = opened(world.bruno)
    save_return(by=world.bruno, return_id=row.pk, typed=typed({"inquiries|": "-3", "charged|": "2.5"}))
    row.refresh_from_db()
    assert {(one["cell"], one["text"], one["reason"]) for one in row.unread} == {
        ("inquiries|", "-3", "negative"),
        ("charged|", "2.5", "fraction"),
    }
    save_return(by=world.bruno, return_id=row.pk, typed=typed({"inquiries|": "3"}))
    row.refresh_from_db()
    assert [one["cell"] for one in row.unread] == ["charged|"]
    assert ("inquiries", ()) in queries.answers_of(row)


def test_emptying_a_cell_takes_its_answer_away(world: World) -> None:
    return_id = filled(world.bruno)
    row = save_return(by=world.bruno, return_id=return_id, typed=typed({"charged|": " "}))
    assert ("charged", ()) not in queries.answers_of(row)


def test_one_choice_answers_what_is_empty_and_nothing_else(world: World) -> None:
    row = opened(world.bruno)
    given = typed({"found|": "4", "found|sex=male": "x"})
    save_return(by=world.bruno, return_id=row.pk, typed=given, fills={"found": "zero", "charged": "not_asked"})
    found = {rules.cell_name(cell): answer.kind for cell, answer in queries.answers_of(row).items()}
    assert found == {
        "found|": "value", "found|sex=female": "zero", "found|sex=other": "zero", "found|sex=unknown": "zero",
        "charged|": "not_asked",
    }  # fmt: skip


def test_who_saves_an_older_form_is_told_and_overwrites_nothing(world: World) -> None:
    row = opened(world.bruno)
    save_return(by=world.lucas, return_id=row.pk, typed=typed({"charged|": "7"}), saves=0)
    with pytest.raises(Refusal, match="meanwhile"):
        save_return(by=world.bruno, return_id=row.pk, typed=typed({"charged|": "5"}), saves=0)
    assert queries.answers_of(row)["charged", ()].value == 7


def test_a_return_with_a_gap_an_error_or_something_unread_is_not_submitted(world: World) -> None:
    row = opened(world.bruno)
    for wrong in ({"charged|": ""}, {"charged|": "1", "convicted|": "2"}, {"charged|": "many"}):
        save_return(by=world.bruno, return_id=row.pk, typed=[*whole(template()), *typed(wrong)])
        with pytest.raises(Refusal, match="1 thing must be put right"):
            submit_return(by=world.bruno, return_id=row.pk)


def test_what_was_submitted_is_never_edited(world: World) -> None:
    return_id = submitted(world.bruno)
    with pytest.raises(Refusal, match="new revision"):
        save_return(by=world.bruno, return_id=return_id, typed=typed({"charged|": "9"}))
    with pytest.raises(Refusal, match="already submitted"):
        opened(world.bruno)


def test_it_is_checked_and_accepted_by_another_account(world: World) -> None:
    return_id = submitted(world.elena)
    with pytest.raises(Refusal, match="another person"):
        check_return(by=world.elena, return_id=return_id)
    check_return(by=SYSTEM, return_id=return_id)
    with pytest.raises(Refusal, match="another person"):
        accept_return(by=world.elena, return_id=return_id)
    accept_return(by=SYSTEM, return_id=return_id)
    assert PeriodicReturn.objects.get().status == "accepted"


def test_only_who_may_checks_accepts_and_gives_back(world: World) -> None:
    return_id = submitted(world.bruno)
    for act in (check_return, accept_return):
        with pytest.raises(Forbidden):
            act(by=world.lucas, return_id=return_id)
    with pytest.raises(Forbidden):
        give_back_return(by=world.lucas, return_id=return_id, because="wrong")
    with pytest.raises(Refusal):
        accept_return(by=world.elena, return_id=return_id)


def test_given_back_with_a_reason_it_is_corrected_in_a_new_revision(world: World) -> None:
    return_id = submitted(world.bruno, {"charged|": "4"})
    with pytest.raises(Refusal, match="put right"):
        give_back_return(by=world.elena, return_id=return_id, because=" ")
    give_back_return(by=world.elena, return_id=return_id, because="Charged counts cases.")
    with pytest.raises(Refusal, match="why"):
        revise_return(by=world.bruno, return_id=return_id, because="")
    again = revise_return(by=world.bruno, return_id=return_id, because="Counted persons this time.")
    assert (again.revision, again.status, again.replaces_id) == (2, "open", return_id)
    assert queries.answers_of(again)["charged", ()].value == 4
    with pytest.raises(Refusal, match="later revision"):
        revise_return(by=world.bruno, return_id=return_id, because="And again.")


def test_publishing_moves_the_newest_accepted_revisions(world: World) -> None:
    first = accepted(world.bruno, world.elena)
    again = revise_return(by=world.bruno, return_id=first, because="A file was found.")
    submit_return(by=world.bruno, return_id=again.pk)
    span = {"start": again.starts_on, "end": again.ends_on}
    assert publish_returns(by=world.elena, only=[again.pk], **span) == 0
    assert publish_returns(by=world.elena, only=[first, again.pk], **span) == 1
    assert publish_returns(by=world.elena, only=[first, again.pk], **span) == 0
    assert dict(PeriodicReturn.objects.values_list("revision", "status")) == {1: "published", 2: "submitted"}


def test_who_has_nothing_to_do_with_a_return_finds_none(world: World) -> None:
    return_id = filled(world.bruno)
    for viewer in (world.dora, world.nadia):
        with pytest.raises(Missing):
            queries.periodic_return(viewer=viewer, return_id=return_id)
    with pytest.raises(Forbidden):
        queries.periodic_return(viewer=world.carla, return_id=return_id)
    assert queries.periodic_return(viewer=world.elena, return_id=return_id).pk == return_id
