"""Names of codes in the reader's language, and the choices of a form field."""

from django.utils.translation import get_language

from enlace.country.queries import current


def figure_name(code: str) -> str:
    """What a published figure, a part of its breakdown, its unit or area is called; the code where the pack has no name."""
    names = current().figure_names.get(code)
    return names[language()] if names else code.partition(":")[2] or code


def language() -> str:
    """The reader's language, or the pack's first when the pack does not speak it."""
    wanted = (get_language() or "").split("-")[0]
    pack = current()
    return wanted if wanted in pack.languages else pack.default_language


def label(list_name: str, code: str) -> str:
    """The name of a code; the code itself when the list no longer has it, nothing for nothing."""
    if not code:
        return ""
    found = current().codes(list_name).get(code)
    return found.label(language()) if found else code


def choices(list_name: str, *, blank: object = None) -> list[tuple[str, object]]:
    """The list as choices in its own order; ``blank`` adds a first choice with an empty value."""
    first: list[tuple[str, object]] = [] if blank is None else [("", blank)]
    return first + list(current().codes(list_name).choices(language()))


def state_label(code: str) -> str:
    pack = current()
    return pack.state(code).name(language()) if code in pack.states_by_code else code


def state_choices(*, blank: object = None) -> list[tuple[str, object]]:
    first: list[tuple[str, object]] = [] if blank is None else [("", blank)]
    return first + sorted(((s.code, s.name(language())) for s in current().states), key=lambda pair: pair[1])
