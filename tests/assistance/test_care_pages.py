"""Pages of plans, sessions, permits, returns and follow-up: what they send, what they show, and what they keep."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from enlace.assistance.actions import NewStep, add_step
from enlace.assistance.models import (
    AssistedReturn,
    CarePlan,
    Cost,
    Feedback,
    FollowUp,
    Goal,
    GoalStep,
    GroupActivity,
    HalfReport,
    InKind,
    Permit,
    Session,
)
from enlace.assistance.queries import open_papers, read_plan
from enlace.assistance.views.plans import _document
from enlace.country.queries import current
from tests.accounts.entering import enter
from tests.architecture.routes import somebody
from tests.assistance.caring import (
    PERMIT,
    SAFE,
    a_permit,
    a_plan,
    a_return,
    a_service,
    a_source,
    agreed_to_return,
    days_ago,
    followed,
    helped_by_another,
    moved,
)
from tests.cases.pages import queries_of, send, signed_in, token_in, told
from tests.world import World, a_case


def sent(client: Client, address: str, said: dict[str, object]) -> str:
    """Send the form of a page that opens; answers where it led."""
    page = client.get(address)
    assert page.status_code == 200
    answer = send(client, address, said, token_in(page))
    assert answer.status_code == 302, told(answer)
    return str(answer.headers["Location"])


def test_a_plan_from_the_first_word_to_the_paper(world: World) -> None:
    case_id = a_case(world.bruno)
    browser = signed_in("bruno")
    plan_page = sent(browser, f"/cases/{case_id}/plan/", {"words": "Quiero volver a la escuela."})
    sent(browser, f"{plan_page}goal/", {"area": "education", "objective": "Inscribirme", "planned_end_on": "1/12/2199"})
    goal = Goal.objects.get()
    sent(browser, f"/goals/{goal.pk}/step/", {"what": "Juntar papeles", "who": "prosecutor-north", "due_on": ""})
    agreed = {"on": "hoy", "words": "", "agreement": "agreed", "given_by": "person", "is_shared": "on"}
    sent(browser, f"{plan_page}step/agree/", agreed)
    step = GoalStep.objects.get()
    sent(browser, f"/steps/{step.pk}/end/reach/", {})
    page = told(browser.get(plan_page))
    for text in ("Quiero volver a la escuela.", "Inscribirme", "Juntar papeles", "Agrees"):
        assert text in page
    assert CarePlan.objects.get().is_shared
    sheet = browser.get(f"{plan_page}print/")
    assert (sheet["Content-Type"], sheet.content[:5]) == ("application/pdf", b"%PDF-")


def test_the_paper_names_nobody_and_tells_of_no_case(world: World) -> None:
    plan_id = a_plan(world.bruno, a_case(world.bruno))
    goal = Goal.objects.get()
    add_step(by=world.bruno, goal_id=goal.pk, row=NewStep(what="Dar la cita", agency_code="prosecutor-north"))
    detail = read_plan(viewer=world.bruno, plan_id=plan_id)
    paper = str(_document(detail))
    assert "Quiero estudiar." in paper
    assert "The team that helps me" in paper
    for secret in (detail.plan.case.code, str(detail.plan.case_id), "rosecutor", "traffick", "victim"):
        assert secret not in paper


def test_sessions_and_feedback(world: World) -> None:
    _case_id, service_id = helped_by_another(world)
    carla, bruno = signed_in("carla"), signed_in("bruno")
    address = f"/services/{service_id}/"
    sent(carla, f"{address}session/", {"day": "ayer", "hour": "10:30", "verb": "", "language": "", "interpreter": ""})
    session = Session.objects.get()
    said = {"verb": "hold", "minutes": "50", "language": "north_tongue", "interpreter": "given", "cancelled_by": ""}
    sent(carla, f"/sessions/{session.pk}/", said)
    assert "Needed, and there was one" in told(carla.get(address))
    assert "feedback" not in told(carla.get(address))
    sent(bruno, f"{address}feedback/", {"score": "4", "words": "Me ayudaron."})
    assert Feedback.objects.get().score == 4
    assert "Me ayudaron." not in told(carla.get("/services/quality/"))


def test_things_costs_and_activities(world: World) -> None:
    case_id = a_case(world.bruno)
    browser = signed_in("bruno")
    sent(browser, f"/cases/{case_id}/in-kind/", {"item": "food", "quantity": "3", "given_on": "hoy", "funding": ""})
    assert InKind.objects.get().quantity == 3
    cost = {"service": "EDU", "funding": a_source(), "amount": "120.50", "spent_on": "hoy"}
    sent(browser, "/services/costs/new/", cost)
    assert "120.50" in told(browser.get("/services/costs/"))
    assert Cost.objects.get().case_id is None
    said = {"title": "Taller", "service": "EDU", "day": "ayer", "hour": "", "cases": [str(case_id)]}
    activity_page = sent(browser, "/services/activities/new/", said)
    session = Session.objects.get()
    sent(browser, f"{activity_page}settle/", {"verb": "hold", "minutes": "60", "came": [str(session.pk)]})
    assert GroupActivity.objects.get().status == "held"
    assert "Taller" in told(browser.get("/services/activities/"))


def test_a_permit_with_its_papers(world: World) -> None:
    case_id = a_case(world.bruno)
    browser = signed_in("bruno")
    assert "It depends on no testimony" in browser.get(f"/cases/{case_id}/").text
    page = sent(browser, f"/cases/{case_id}/permit/", {"kind": PERMIT, "on": "hoy"})
    told_so = {"on": "hoy", "code": "person", "language": "spa", "interpreter": "not_needed", "note": ""}
    sent(browser, f"{page}step/inform/", told_so)
    sent(browser, f"{page}step/apply/", {"on": "hoy", "note": "Con su abogada."})
    sent(browser, f"{page}step/refuse/", {"on": "hoy", "code": "no_testimony", "note": ""})
    assert "This refusal is contrary to law" in told(browser.get(page))
    file = SimpleUploadedFile("x.txt", b"copia inventada", "text/plain")
    assert browser.post(f"{page}papers/", {"text": "INVENTADO-77", "file": file}).status_code == 302
    assert "INVENTADO-77" not in told(browser.get(page))
    opened = browser.post(page, {"purpose": "plan_care"})
    assert "INVENTADO-77" in told(opened)
    permit_id = Permit.objects.get().pk
    (paper,) = open_papers(viewer=world.bruno, record_id=permit_id, purpose="plan_care")
    saved = browser.post(f"{page}papers/{paper.id}/", {"purpose": "plan_care"})
    assert (saved.content, saved["Content-Disposition"]) == (b"copia inventada", 'attachment; filename="file.txt"')
    assert browser.post(page, {"purpose": ""}).status_code == 422


def test_a_return_says_what_is_missing_until_nothing_is(world: World) -> None:
    case_id = a_case(world.bruno)
    browser = signed_in("bruno")
    page = sent(browser, f"/cases/{case_id}/return/", {"kind": "going_home", "country": "MX", "on": "hoy"})
    assert "this is missing" in told(browser.get(page))
    risks = {f"risk_{code}": answer for code, answer in SAFE.items()}
    sent(browser, f"{page}step/check_risks/", {"on": "hoy", "code": "safe", "measures": "", "note": "", **risks})
    sealed = {"on": "hoy", "code": "ngo", "sealed": "Hogar inventado", "note": ""}
    sent(browser, f"{page}step/confirm/", sealed)
    refused = send(browser, f"{page}step/depart/", {"on": "hoy", "note": ""})
    assert (refused.status_code, "no consent" in refused.text) == (422, True)
    agreed_to_return(world.bruno, case_id)
    assert "Everything is there" in told(browser.get(page))
    sent(browser, f"{page}step/depart/", {"on": "hoy", "note": ""})
    sent(browser, f"{page}step/arrive/", {"on": "hoy", "code": "ngo", "note": ""})
    assert AssistedReturn.objects.get().status == "arrived"
    assert "Hogar inventado" not in told(browser.get(page))
    assert "Hogar inventado" in told(browser.post(page, {"purpose": "plan_care"}))


def test_a_half_year_is_reported_from_abroad(world: World) -> None:
    browser = enter(Client(), somebody(current().role("R02"), "consular-network"))
    browser.raise_request_exception = False
    page = browser.get("/returns/").text
    half = re.findall(r"/returns/halves/(\d{4}-H[12])/", page)[0]
    sent(browser, f"/returns/halves/{half}/", {})
    assert HalfReport.objects.get().half == half
    assert f"/returns/halves/{half}/" not in browser.get("/returns/").text
    assert signed_in("bruno").get(f"/returns/halves/{half}/").status_code == 409


def test_follow_up_with_its_safe_terms(world: World) -> None:
    case_id = a_case(world.bruno)
    browser = signed_in("bruno")
    sent(browser, f"/cases/{case_id}/follow-ups/", {"on": f"{days_ago(60):%d/%m/%Y}"})
    row = FollowUp.objects.order_by("number").first()
    assert row
    page = f"/follow-ups/{row.pk}/"
    assert page in browser.get("/follow-ups/").text
    assert browser.post(f"{page}contact/", {"purpose": ""}).status_code == 422
    assert "recorded no way to reach" in told(browser.post(f"{page}contact/", {"purpose": "contact_person"}))
    sent(browser, f"{page}record/", {"done_on": "hoy", "outcome": "fine", "remark": "Contenta."})
    assert "Contenta." in told(browser.get(page))
    assert page in browser.get("/follow-ups/?status=met").text
    assert browser.get(f"{page}record/").status_code == 409


def test_the_case_and_the_queue_show_what_runs(world: World) -> None:
    case_id = a_case(world.bruno)
    a_plan(world.bruno, case_id)
    permit_id = a_permit(world.bruno, case_id, "inform", "apply")
    moved(world.bruno, permit_id, "refuse", Permit.objects.get().moved_on, code="no_testimony")
    a_return(world.bruno, case_id)
    row = followed(world.bruno, case_id)[0]
    browser = signed_in("bruno")
    case_page, queue = browser.get(f"/cases/{case_id}/").text, browser.get("/").text
    for address in (f"/permits/{permit_id}/", f"/follow-ups/{row.pk}/"):
        assert address in case_page
        assert address in queue
    assert "Refused against the law" in case_page


@pytest.mark.parametrize(
    "address", ["/permits/", "/returns/", "/follow-ups/", "/services/activities/", "/services/costs/"]
)
def test_lists_are_opened_by_who_may_and_say_what_to_do_when_empty(world: World, address: str) -> None:
    page = signed_in("bruno").get(address)
    assert page.status_code == 200
    assert 'class="empty"' in page.text
    refused = signed_in("elena")
    assert refused.get(address).status_code == 403


@pytest.mark.parametrize("address", ["/permits/?status=zzz", "/follow-ups/?status=%00", "/services/costs/?year=abc"])
def test_a_filter_that_makes_no_sense_is_no_fault(world: World, address: str) -> None:
    assert signed_in("bruno").get(address).status_code == 200


def test_lists_take_as_many_queries_for_twenty_as_for_two(world: World) -> None:
    browser = signed_in("bruno")

    def fill(count: int) -> None:
        for _ in range(count):
            case_id = a_case(world.bruno)
            a_permit(world.bruno, case_id)
            a_return(world.bruno, case_id)
            followed(world.bruno, case_id)

    addresses = ("/permits/", "/returns/", "/follow-ups/")
    fill(2)
    few = [queries_of(browser, address) for address in addresses]
    fill(18)
    assert [queries_of(browser, address) for address in addresses] == few
    assert max(few) <= 20


def test_a_step_that_does_not_exist_is_told_so(world: World) -> None:
    case_id = a_case(world.bruno)
    browser = signed_in("bruno")
    browser.raise_request_exception = False
    found = [
        f"/plans/{a_plan(world.bruno, case_id)}/step/zzz/",
        f"/permits/{a_permit(world.bruno, case_id)}/step/zzz/",
        f"/returns/{a_return(world.bruno, case_id)}/step/zzz/",
    ]
    assert [browser.get(address).status_code for address in found] == [404] * 3


def test_a_service_of_another_is_no_place_to_record_a_session(world: World) -> None:
    case_id = a_case(world.bruno)
    service_id = a_service(world.bruno, case_id)
    browser = signed_in("omar")
    browser.raise_request_exception = False
    for page in ("", "session/", "feedback/"):
        assert browser.get(f"/services/{service_id}/{page}").status_code == 404
