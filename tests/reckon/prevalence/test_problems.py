"""Whatever can be wrong with a file is told in Spanish too."""

import ast
from pathlib import Path

import pytest

from reckon.prevalence import captures, command, covariates, rates_command, reading, strata, study, workforce
from reckon.prevalence.captures import BadCaptures, captures_from_rows
from reckon.prevalence.problems import PROBLEMS, in_spanish
from reckon.prevalence.reading import read_captures

# Mistakes of a program, not of a file.
OF_PROGRAMS = {
    "Every history needs one count.",
    "Histories must ascend and counts must be positive; captures_from_masks sees to that.",
    "A history must lie between 1 and {} when there are {} lists.",
    "A list cannot be merged with itself; name two different lists.",
    "The order must hold each of the places 0 to {} once.",
    "A sample of {} people can hold 0 to {} of them.",
    "These are not the data of the stored study: their digest differs.",
}


def form(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def test_every_sentence_that_files_and_options_can_raise_is_there() -> None:
    raised = {
        form(node.args[0])
        for module in (captures, reading, covariates, study, strata, command, rates_command, workforce)
        for node in ast.walk(ast.parse(Path(module.__file__).read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "BadCaptures"
    }
    assert {one for one in raised - OF_PROGRAMS - set(PROBLEMS) if in_spanish(one) == one} == set()
    assert all(english.count("{}") == spanish.count("{}") for english, spanish in PROBLEMS.items())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "a,b,count\n1,0,3\n0,1,-4",
            "Línea 3, columna count: el conteo es negativo; una historia tiene 0 personas o más.",
        ),
        ("a,b,count\n1,0", "Línea 2: se esperan 3 valores, uno por columna."),
        ("a,b\n1,0", "No existe la columna count; indique la columna que contiene el número de personas."),
    ],
)
def test_the_values_stand_in_their_places(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "lists.csv"
    path.write_text(text)
    with pytest.raises(BadCaptures) as caught:
        read_captures(path)
    assert in_spanish(str(caught.value)) == said


def test_a_row_that_is_no_history_is_named() -> None:
    with pytest.raises(BadCaptures) as caught:
        captures_from_rows(("a", "b"), [(1, 0, 2), (1, 7, 2)])
    assert in_spanish(str(caught.value)) == "Renglón 2, lista b: se esperaba 0 (no está en la lista) o 1 (está)."


def test_what_nobody_has_put_into_words_stays_as_it_is() -> None:
    assert in_spanish("Something else.") == "Something else."
