"""``{{ code|coded:"service" }}``: the name of a code in the reader's language."""

from collections.abc import Iterable

from django import template

from enlace.country.labels import label, state_label

register = template.Library()


@register.filter
def coded(code: str | None, list_name: str) -> str:
    return label(list_name, code or "")


@register.filter
def coded_all(codes: Iterable[str] | None, list_name: str) -> str:
    """Several codes, joined by commas."""
    return ", ".join(label(list_name, code) for code in codes or ())


@register.filter
def state_name(code: str | None) -> str:
    return state_label(code or "")


@register.filter
def get(names: dict[str, str], code: str) -> str:
    """The name that a table of names has for a code; the code itself when it has none."""
    return names.get(code, code)
