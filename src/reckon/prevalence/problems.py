"""What is wrong with a file, in Spanish: the sentences of ``BadCaptures`` by their English form, `{}` for each gap.

The errors are raised in English, where they are found; whoever shows them to a reader of Spanish asks here.
"""

import re
from functools import cache

from reckon.prevalence.captures import BadCaptures
from reckon.prevalence.wording import Language

PLACES = (("Line ", "Línea "), ("Row ", "Renglón "), (", column ", ", columna "), (", list ", ", lista "))

PROBLEMS: dict[str, str] = {
    "A count is not a whole number; histories count people.": "Un conteo no es un número entero; las historias cuentan personas.",
    "A count is negative; a history has 0 people or more.": "Un conteo es negativo; una historia tiene 0 personas o más.",
    "The table counts nobody; give at least one history with a count above zero.": (
        "La tabla no cuenta a nadie; dé al menos una historia con un conteo mayor que cero."
    ),
    "{}: expected {} times 0 or 1 and a count.": "{}: se esperaban {} veces 0 o 1 y un conteo.",
    "{}: the count is not a whole number; histories count people.": (
        "{}: el conteo no es un número entero; las historias cuentan personas."
    ),
    "{}: the count is negative; a history has 0 people or more.": (
        "{}: el conteo es negativo; una historia tiene 0 personas o más."
    ),
    "{}: it counts people who are on no list, whom nobody can have seen; remove the row.": (
        "{}: cuenta a personas que no están en ninguna lista, a quienes nadie pudo ver; quite ese renglón."
    ),
    "There are no lists; give at least two, better three or more.": "No hay listas; dé al menos dos, mejor tres o más.",
    "There are {} lists and at most {} can be read; merge lists that meet people in the same way (several police forces, "
    "several shelters) before counting.": (
        "Hay {} listas y pueden leerse {} como máximo; antes de contar, una las listas que encuentran a las personas de la "
        "misma manera (varias policías, varios refugios)."
    ),
    "Every list needs a name of its own.": "Cada lista necesita un nombre propio.",
    "{}, list {}: expected 0 (not on the list) or 1 (on it).": "{}, lista {}: se esperaba 0 (no está en la lista) o 1 (está).",
    "There is no list {}; there are {}.": "No existe la lista {}; las que hay son {}.",
    "The file is empty; its first line must name the lists and the column of counts.": (
        "El archivo está vacío; su primera línea debe nombrar las listas y la columna de conteos."
    ),
    "Two columns have the same name; the first line must name each list once.": (
        "Dos columnas tienen el mismo nombre; la primera línea debe nombrar cada lista una vez."
    ),
    "There is no column {}; name the column that holds the number of people.": (
        "No existe la columna {}; indique la columna que contiene el número de personas."
    ),
    "{}: expected 0 (not on the list) or 1 (on it). If the column is no list, name the lists that are.": (
        "{}: se esperaba 0 (no está en la lista) o 1 (está). Si la columna no es una lista, quítela del archivo."
    ),
    "{}: expected a whole number of people.": "{}: se esperaba un número entero de personas.",
    "The file is not there; check its name.": "El archivo no está; revise su nombre.",
    "The file is empty; its first line must name the columns.": (
        "El archivo está vacío; su primera línea debe nombrar las columnas."
    ),
    "The file has no rows; it needs one for each person and list.": (
        "El archivo no tiene renglones; necesita uno por persona y lista."
    ),
    "{} of {} rows lack the person or the list; complete or remove them.": (
        "A {} de {} renglones les falta la persona o la lista; complételos o quítelos."
    ),
    "Nobody is on the list {}; check its spelling or leave it out.": (
        "Nadie está en la lista {}; revise cómo se escribe u omítala."
    ),
    "The file cannot be read; give a text file in CSV form, in UTF-8.": (
        "El archivo no puede leerse; dé un archivo de texto en forma CSV, en UTF-8."
    ),
    "There is no column {} that could be a list; check the first line of the file.": (
        "No hay una columna {} que pueda ser una lista; revise la primera línea del archivo."
    ),
    "{}: {} values are expected, one for each column.": "{}: se esperan {} valores, uno por columna.",
    "The file cannot be read; give CSV (with a first line of names) or Parquet.": (
        "El archivo no puede leerse; dé CSV (con una primera línea de nombres) o Parquet."
    ),
    "A line of the file does not have the columns of its first line.": (
        "Una línea del archivo no tiene las columnas de la primera."
    ),
    "There is no column {}; check the first line, and that all lines have as many values.": (
        "No existe la columna {}; revise la primera línea y que todas tengan el mismo número de valores."
    ),
    "There are {} lists, and at most {} can be studied together; merge lists that meet people in the same way (several "
    "police forces, several shelters).": (
        "Hay {} listas y pueden estudiarse juntas {} como máximo; una las que encuentran a las personas de la misma manera "
        "(varias policías, varios refugios)."
    ),
    "There is no column {}; the columns are {}.": "No existe la columna {}; las columnas son {}.",
    "Two columns have the same name; give every column its own.": (
        "Dos columnas tienen el mismo nombre; dé a cada una el suyo."
    ),
    "At least two lists are needed: what one list misses cannot be known from it.": (
        "Hacen falta al menos dos listas: lo que le falta a una no puede saberse con ella misma."
    ),
    "The file counts nobody; give at least one history with a count above zero.": (
        "El archivo no cuenta a nadie; dé al menos una historia con un conteo mayor que cero."
    ),
    "The covariates have too many levels together; merge levels or leave a covariate out.": (
        "Las características tienen demasiados niveles en conjunto; una niveles o quite una característica."
    ),
    "{}: expected 0 (not on the list) or 1 (on it) for each list.": (
        "{}: se esperaba 0 (no está en la lista) o 1 (está) para cada lista."
    ),
    "{}: the count must be a whole number, zero or more.": "{}: el conteo debe ser un número entero, cero o más.",
    "{}: a covariate is empty; write a level such as unknown.": (
        "{}: una característica está vacía; escriba un nivel, por ejemplo: no se sabe."
    ),
    "Column {}: a polynomial needs whole numbers, such as years.": (
        "Columna {}: un polinomio necesita números enteros, por ejemplo años."
    ),
    "Column {}: with {} levels the degree is 1 to {}.": "Columna {}: con {} niveles el grado va de 1 a {}.",
    "{}: {} values are expected.": "{}: se esperan {} valores.",
    "{}: it counts people who are on no list, whom nobody can have seen; remove it.": (
        "{}: cuenta a personas que no están en ninguna lista, a quienes nadie pudo ver; quítela."
    ),
    "One model for all groups is one computation; --jobs and --cluster go with --separately.": (
        "Un modelo para todos los grupos es un solo cálculo; --jobs y --cluster van con --separately."
    ),
    "The file of populations cannot be read; give CSV in UTF-8.": (
        "El archivo de poblaciones no puede leerse; dé CSV en UTF-8."
    ),
    "{} of the populations: a group and a whole number of people are expected.": (
        "{} de las poblaciones: se esperan un grupo y un número entero de personas."
    ),
    "The file of populations needs the columns group and population.": (
        "El archivo de poblaciones necesita las columnas group y population."
    ),
    "There is no covariate {}; there are {}.": "No existe la característica {}; las que hay son {}.",
    "Choose methods among {}.": "Elija métodos entre {}.",
    "An interval needs {} replicates or more; 1000 are usual.": (
        "Un intervalo necesita {} remuestreos o más; lo habitual son 1000."
    ),
    "The level lies from 0.5 to 1, the threshold from 0 to 1; seed and sweeps are not negative.": (
        "El nivel va de 0.5 a 1 y el umbral de 0 a 1; la semilla y los pasos no son negativos."
    ),
    "The largest term holds one list or more.": "El término mayor contiene una lista o más.",
    "There is no question {}; there are {}.": "No existe la pregunta {}; las que hay son {}.",
    "--people needs two names: the column of the person and that of the list.": (
        "--people necesita dos nombres: la columna de la persona y la de la lista."
    ),
    "--confirm needs QUESTION=yes or QUESTION=no.": "--confirm necesita PREGUNTA=yes o PREGUNTA=no.",
    "A cluster needs the package distributed: install Enlace with its extra of that name.": (
        "Para usar varios equipos hace falta el paquete distributed: instale Enlace con el extra de ese nombre."
    ),
    "The cluster does not answer; check the address of its scheduler.": (
        "Los otros equipos no responden; revise la dirección del planificador."
    ),
    "No case was recorded in this period. Choose another one.": "No se registró ningún caso en este periodo. Elija otro.",
}


def in_spanish(sentence: str) -> str:
    """The sentence of a ``BadCaptures`` in Spanish, its values in place; as it is when nobody has put it into words."""
    for form, words in _forms():
        if found := form.fullmatch(sentence):
            return words.format(*map(_place, found.groups()))
    return sentence


def told(error: BadCaptures, language: Language) -> str:
    """What is wrong, in the language asked for."""
    return in_spanish(str(error)) if language == "es" else str(error)


@cache
def _forms() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile("(.+?)".join(map(re.escape, form.split("{}")))), words) for form, words in PROBLEMS.items()]


def _place(value: str) -> str:
    for english, spanish in PLACES:
        value = value.replace(english, spanish)
    return value
