"""Giving form fields the choices that only the country pack knows."""

from collections.abc import Iterable

from django import forms

Choices = Iterable[tuple[str, object]]


def offer(form: forms.Form, **choices: Choices) -> None:
    """Set the choices of the named fields."""
    for name, values in choices.items():
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(values)
