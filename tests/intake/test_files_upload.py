"""Files on the public pages: held sealed until the report is sent, counted, refused without losing anything typed."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from enlace.base.errors import Missing, Refusal
from enlace.intake import actions, rules
from enlace.intake.actions import Told
from enlace.intake.files import clean
from enlace.intake.models import Report
from enlace.intake.permissions import PUBLIC
from enlace.intake.queries import report, report_file, report_messages
from enlace.vault.models import RecordKey, RecordPart
from tests.intake.samples import CAMERA, TAIL, locked_pdf, pdf, picture
from tests.intake.telling import PLACE, WHAT, Teller, everything_stored, hidden, open_number, solved, upload
from tests.intake.test_report_send import helpline
from tests.world import World

TOLD = Told(topic_code="help", words={"what": WHAT})


def at_files(**given: Any) -> Teller:
    """Everything answered but the files."""
    teller = Teller().open().send(topic=given.get("topic", "help")).send(what=WHAT)
    return teller.send(state=given.get("state", ""), place=PLACE).send(who="")


def test_files_reach_the_recipient_made_anew_and_sealed(world: World) -> None:
    original = picture() + TAIL
    at_files().send(attached=[upload(original, "IMG_nombre.jpg"), upload(pdf())]).send()
    sent = Report.objects.get()
    messages = report_messages(viewer=helpline(), report_id=sent.pk, purpose="safety")
    held = [message for message in messages if message.file]
    assert ([message.file for message in held], sent.file_count) == (["jpeg", "pdf"], 2)
    data = report_file(viewer=helpline(), report_id=sent.pk, part_id=held[0].id, purpose="safety")
    assert data == clean(original).data
    assert held[0].original_digest == clean(original).original_digest
    assert [trace for trace in ("IMG_nombre", CAMERA) if trace in everything_stored()] == []
    assert all(bytes(row.data) and data not in bytes(row.data) for row in RecordPart.objects.filter(size__gt=0))


def test_what_is_only_held_belongs_to_no_inbox(world: World) -> None:
    at_files().send(attached=[upload(picture())])
    begun = Report.objects.get()
    assert begun.status == rules.BEGUN
    with pytest.raises(Missing):
        report(viewer=helpline(), report_id=begun.pk)


@pytest.mark.parametrize(
    "bad", [b"MZ\x00", locked_pdf(), picture()[:100], b""], ids=["program", "locked", "cut", "empty"]
)
def test_one_bad_file_is_told_the_good_one_is_held_and_nothing_typed_is_lost(world: World, bad: bytes) -> None:
    teller = at_files().send(attached=[upload(picture()), upload(bad)])
    assert teller.page.status_code == 422
    assert "File 2:" in teller.page.text
    assert "1 file is ready to be sent" in teller.page.text
    teller.send()
    assert WHAT in teller.page.text
    teller.send()
    assert Report.objects.get().file_count == 1


def test_files_can_be_removed_before_sending(world: World) -> None:
    teller = at_files().send(attached=[upload(picture())]).send(do="back").send(do="drop")
    assert not RecordKey.objects.exists()
    assert not Report.objects.exists()
    teller.send().send()
    assert Report.objects.get().file_count == 0


def test_more_files_than_allowed_and_larger_ones_are_left_out_with_a_reason(world: World, settings: Any) -> None:
    settings.ENLACE_FILE_COUNT, settings.ENLACE_FILE_BYTES = 2, 5000
    teller = at_files().send(attached=[upload(b"uno"), upload(b"a" * 6000), upload(b"tres")])
    assert teller.page.status_code == 422
    assert "too large" in teller.page.text
    assert "2 files are the most" in teller.page.text
    with pytest.raises(Refusal):
        actions.hold_files(by=PUBLIC, report_id=UUID(int=7), told=TOLD, files=[clean(b"uno")] * 3)


def test_a_flood_is_not_kept_in_memory_nor_on_disk(world: World, settings: Any, tmp_path: Path) -> None:
    settings.ENLACE_FILE_BYTES, settings.FILE_UPLOAD_TEMP_DIR = 100_000, str(tmp_path)
    teller = at_files().send(attached=[upload(b"a" * 20_000_000), upload(picture())])
    assert teller.page.status_code == 422
    assert list(tmp_path.iterdir()) == []
    assert Report.objects.get().file_count == 1


def test_holding_files_costs_the_effort_and_it_is_paid_once(world: World) -> None:
    teller = at_files().send(solve=False, attached=[upload(picture())])
    assert teller.page.status_code == 422
    assert not Report.objects.exists()
    teller.send(attached=[upload(picture())])
    assert "challenge" not in hidden(teller.page)
    teller.send(solve=False)
    assert Report.objects.get().status == "received"


def test_a_topic_changed_after_the_files_takes_them_to_the_other_agency(world: World) -> None:
    teller = at_files().send(attached=[upload(picture())]).send(do="change:topic").send(topic="labour").send()
    sent = Report.objects.get()
    assert "It was sent" in teller.page.text
    assert sent.to_agency == "labour-inspectorate"
    assert set(RecordKey.objects.values_list("agency_code", flat=True)) == {"labour-inspectorate"}
    assert RecordPart.objects.filter(record_id=sent.record_id, size__gt=0).count() == 1


def test_files_never_sent_are_destroyed_by_the_clock(world: World) -> None:
    actions.hold_files(by=PUBLIC, report_id=UUID(int=7), told=TOLD, files=[clean(b"uno")])
    now = timezone.now()
    assert actions.drop_unsent_reports(by=PUBLIC, at=now) == 0
    assert actions.drop_unsent_reports(by=PUBLIC, at=now + timedelta(hours=4)) == 1
    assert not Report.objects.exists()
    assert not RecordKey.objects.exists()


def test_a_report_whose_files_are_gone_says_so_instead_of_sending_without_them(world: World) -> None:
    teller = at_files().send(attached=[upload(picture())])
    actions.drop_unsent_reports(by=PUBLIC, at=timezone.now() + timedelta(hours=4))
    teller.send()
    assert teller.page.status_code == 422
    assert "Choose them again" in teller.page.text
    assert not Report.objects.exists()


def test_a_form_used_after_its_report_was_sent_holds_nothing_more(world: World) -> None:
    teller = at_files()
    paid = solved(teller.page)
    teller.send().send()
    page = teller.client.post(reverse("intake:inform"), {**paid, "attached": [upload(picture())]})
    assert page.status_code == 422
    assert Report.objects.get().file_count == 0


def test_files_added_later_reach_the_recipient(world: World) -> None:
    at = at_files()
    number = at.send().send().number()
    page = open_number(number)
    at.client.post(reverse("intake:come_back"), {**hidden(page), "do": "add", "attached": [upload(picture("PNG"))]})
    assert Report.objects.get().file_count == 1
