"""From a code as somebody reads it out to the page of the person or the case."""

from enlace.cases.queries import case
from tests.cases.pages import signed_in, told
from tests.world import World, a_case


def test_the_search_page_takes_the_code_of_a_case_as_it_promises(world: World) -> None:
    case_id = a_case(world.bruno)
    found = case(viewer=world.bruno, case_id=case_id)
    browser = signed_in("bruno")
    typed = found.code.lower().replace("-", "")
    page = browser.post("/people/", {"q": typed}, follow=True)
    assert page.redirect_chain[-1][0] == f"/cases/{case_id}/"
    page = browser.post("/people/", {"q": found.person.code})
    assert page.headers["Location"] == f"/people/{found.person_id}/"


def test_a_code_of_another_agency_and_a_code_of_nobody_are_the_same(world: World) -> None:
    code = case(viewer=world.alma, case_id=a_case(world.alma)).code
    browser = signed_in("bruno")
    answers = [browser.get(f"/cases/code/{text}/") for text in (code, "C-2222-2222-2", "nonsense")]
    assert {a.status_code for a in answers} == {404}
    assert len({told(a) for a in answers}) == 1


def test_a_mistyped_code_finds_nobody(world: World) -> None:
    page = signed_in("bruno").post("/people/", {"q": "C-2222-2222-X"})
    assert page.status_code == 200
