"""What imports cannot show: relations point down the ranks, none touches the vault, every field has its class."""

import pytest
from django.apps import apps
from django.db.models import Model
from django.db.models.fields.related import RelatedField

from enlace.base.classes import CLASSES
from tests.architecture.source import rank

OURS = [model for model in apps.get_models() if model.__module__.startswith("enlace.")]
OUTSIDE = {"contenttypes", "sessions", "auth"}  # Django's own tables, below all of ours


def module_of(model: type[Model]) -> str:
    return model._meta.app_label


def relations() -> list[tuple[type[Model], str, type[Model]]]:
    return [
        (model, field.name, field.related_model)
        for model in OURS
        for field in model._meta.get_fields()
        if isinstance(field, RelatedField)
    ]


def test_there_is_something_to_look_at() -> None:
    assert len(OURS) > 20
    assert len(relations()) > 15


def test_relations_point_down_the_ranks() -> None:
    upward = [
        f"{module_of(model)}.{model.__name__}.{name} -> {module_of(target)}"
        for model, name, target in relations()
        if module_of(target) not in OUTSIDE and rank(module_of(target)) > rank(module_of(model))
    ]
    assert upward == []


def test_no_relation_leads_into_the_vault_or_out_of_it() -> None:
    ends = [(name, module_of(model), module_of(target)) for model, name, target in relations()]
    assert [end for end in ends if "vault" in end] == []


def test_a_relation_never_removes_a_record_silently() -> None:
    """Deleting a row must not take others with it: a record goes only by the action that says so."""
    cascading = [
        f"{model.__name__}.{field.name}"
        for model in OURS
        for field in model._meta.get_fields()
        if isinstance(field, RelatedField) and field.remote_field.on_delete.__name__ == "CASCADE"
    ]
    assert cascading == []


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_has_a_sensitivity_class(model: type[Model]) -> None:
    classes = getattr(model, "data_classes", {})
    fields = {field.name for field in model._meta.concrete_fields}
    assert fields - classes.keys() == set(), "fields without a class"
    assert classes.keys() - fields == set(), "classes of fields that do not exist"
    assert set(classes.values()) <= CLASSES


# In which house and bed somebody sleeps: the database has to see that no two do, and where the house is, the vault knows.
IN_A_BED = {"placements.Stay.site", "placements.Stay.bed"}


def test_identity_is_kept_only_in_the_vault() -> None:
    """Class A (identity and contact) and B (whereabouts) have one home."""
    elsewhere = [
        f"{model._meta.label}.{name}"
        for model in OURS
        for name, letter in model.data_classes.items()
        if letter in "AB" and module_of(model) != "vault"
    ]
    assert set(elsewhere) == IN_A_BED
