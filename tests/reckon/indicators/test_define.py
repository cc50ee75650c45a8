"""Definitions that are refused, each naming its file and its field."""

from typing import Any

import pytest

from reckon.indicators import DefinitionError, check_set, read_definition
from tests.reckon.indicators.given import RATIO, RAW, RETURNED


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"unit": "furlong"}, "unit: expected one of .*, not furlong"),
        ({"group": ""}, "group"),
        ({"source": "hearsay"}, "source"),
        ({"measure": "guess"}, "measure"),
        ({"measure": "ratio"}, "measure: ratio and source"),
        ({"counted": "case"}, "counted"),
        ({"measure": "median"}, "counted"),
        ({"where": {"name": ["x"]}}, "where.name"),
        ({"where": {"sex": []}}, "where.sex"),
        ({"where": {"sex": "f"}}, "where.sex: a list"),
        ({"dimensions": ["colour"]}, "dimensions: colour"),
        ({"dimensions": ["sex", "sex"]}, "twice"),
        ({"dimensions": ["age_group.majority"]}, "dimensions: age_group.majority is added up from age_group"),
        ({"label": {}}, "label"),
        ({"label": {"es": " "}}, "label.es"),
        ({"label": "x"}, "label: a table"),
        ({"population": {}}, "population"),
        ({"of": ""}, "of"),
        ({"legal_basis": ""}, "legal_basis"),
        ({"periods": ["week"]}, "periods"),
        ({"maps": {"nasa": "1"}}, "maps.nasa"),
        ({"maps": {"tip": "praise"}}, "maps.tip"),
        ({"figures": {"indicator": "x"}}, "figures: a list"),
        ({"figures": [{"indicator": ""}]}, "figures 1: indicator"),
        ({"figures": [{"indicator": "x", "dimension": "sex"}]}, "figures 1: category"),
        ({"figures": [{"indicator": "x", "colour": "red"}]}, "figures 1: unknown field colour"),
        ({"caveat_numbers": ["1"]}, "caveat_numbers"),
        ({"protection": "none"}, "protection"),
        ({"lists": {"kind": "permit_kind"}}, "lists.kind"),
        ({"categories": {"kind": {"a": {"en": "A"}}}}, "categories.kind"),
        ({"categories": {"sex": {"": {"en": "A"}}}}, "categories.sex"),
        ({"categories": {"sex": {"a": {}}}}, "categories.sex.a"),
        ({"per": 10}, "unknown field per"),
        ({"sql": "drop"}, "unknown field sql"),
    ],
)
def test_a_wrong_definition_names_its_field(change: dict[str, Any], said: str) -> None:
    with pytest.raises(DefinitionError, match=said) as error:
        read_definition(RAW | change, "identified.toml")
    assert str(error.value).startswith("identified.toml")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"where": {"sex": ["f"]}}, "where.sex"),
        ({"measure": "median", "unit": "days"}, "measure: a median"),
        ({"numerator": "x"}, "unknown field numerator"),
        ({"dimensions": ["state", "jurisdiction"]}, "dimensions: with state, state.jurisdiction"),
        ({"protection": "threshold"}, "rests_on"),
    ],
)
def test_returns_have_fields_of_their_own(change: dict[str, Any], said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        read_definition(RETURNED | change, "returns.toml")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"per": 0}, "per"),
        ({"per": True}, "per"),
        ({"numerator": ""}, "numerator"),
        ({"denominator_source": {}}, "denominator_source"),
        ({"dimensions": ["age_group.glotip"]}, "dimensions: age_group.glotip is not one of"),
        ({"of": "x"}, "unknown field of"),
    ],
)
def test_a_ratio_has_fields_of_its_own(change: dict[str, Any], said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        read_definition(RATIO | change, "rates.toml")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"numerator": "nothing"}, "numerator: nothing is no count"),
        ({"numerator": "rate"}, "numerator: rate is no count"),
        ({"numerator": "investigations"}, "no ratio of person may mix units"),
        ({"denominator": "investigations", "denominator_source": {}}, "no ratio of person may mix units"),
        ({"dimensions": ["migration_status"]}, "not broken down by migration_status"),
        ({"id": "identified"}, "id: identified is used twice"),
        ({"unit": "case", "numerator": "cases"}, "only persons"),
    ],
)
def test_the_parts_of_a_ratio_exist_and_share_its_unit(change: dict[str, Any], said: str) -> None:
    cases = RAW | {"id": "cases", "unit": "case"}
    definitions = [read_definition(raw, "all.toml") for raw in (RAW, RETURNED, cases, RATIO | change)]
    with pytest.raises(DefinitionError, match=said):
        check_set(definitions)


def test_a_whole_set_is_accepted() -> None:
    check_set([read_definition(raw, "all.toml") for raw in (RAW, RETURNED, RATIO)])
