"""The invented person of the browser tests, and how forms are filled as a person fills them."""

from playwright.sync_api import Page, expect

GIVEN, NAME = "Persona", "Inventada Quinta"
PHONE = "5550004321"
MAIN_BUTTON = "main form.form .actions > button.button"


def choose(page: Page, name: str, code: str) -> None:
    """Choose in a list by its code, whether it is a plain list or has become a box to type in."""
    control = page.locator(f"select[name={name}]")
    if control.is_visible():
        control.select_option(code)
        return
    text = (control.locator(f"option[value='{code}']").text_content() or "").strip()
    box = page.locator(f"#id_{name}")
    box.fill(text)
    box.press("ArrowDown")
    box.press("Enter")
    expect(control).to_have_value(code)


def write(page: Page, **values: str) -> None:
    """Write into the fields of these names."""
    for name, value in values.items():
        page.fill(f"main [name={name}]", value)


def tick(page: Page, name: str, value: str = "on") -> None:
    """Tick a box or choose one of several buttons."""
    wanted = f"main input[name={name}]" + (f"[value='{value}']" if value != "on" else "")
    page.check(wanted)


def send(page: Page) -> None:
    """Press the main button of the form; the next page is there when this returns."""
    with page.expect_navigation():
        page.locator(MAIN_BUTTON).first.click()


def follow(page: Page, address: str) -> None:
    """Follow the link of the page whose address ends so."""
    with page.expect_navigation():
        page.locator(f"main a[href$='{address}']").first.click()


def register(page: Page) -> None:
    """Fill the form of registration for the invented person, with consent."""
    tick(page, "consent", "yes")
    choose(page, "consent_giver", "person")
    write(page, given_names=GIVEN, family_names=NAME, birth_date="3/5/1998", phone=PHONE)
    choose(page, "sex", "female")
    choose(page, "language", page.locator("select[name=language] option").nth(1).get_attribute("value") or "")
