"""What published figures are called."""

from enlace.country.loader import Pack


def test_a_figure_its_unit_and_its_area_have_names_and_no_codes(mx: Pack) -> None:
    codes = {figure.indicator_id for figure in mx.figures} | {f"unit:{figure.unit}" for figure in mx.figures}
    codes |= {f"{name}={code}" if code else name for f in mx.figures for name, code in f.breakdown.items()}
    codes |= {f"area:{part}" for f in mx.figures for part in f.area.split("+") if part not in mx.states_by_code}
    assert codes - {"area:area"} <= set(mx.figure_names)
    assert all(set(names) == set(mx.languages) for names in mx.figure_names.values())
