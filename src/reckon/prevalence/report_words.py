"""The running text of the report: (English, Spanish)."""

Pair = tuple[str, str]

REPORT: dict[str, Pair] = {
    "title": (
        "How many are never seen: an estimate with its reliability",
        "Cuántas personas no se ven: estimación y confiabilidad",
    ),
    "answer": ("The answer", "La respuesta"),
    "no_answer": ("No number can be given", "No puede darse una cifra"),
    "people": ("people", "personas"),
    "interval_is": (
        "{level} interval, the choice of the model included: {lower} to {upper}.",
        "Intervalo de {level}, con la elección del modelo incluida: {lower} a {upper}.",
    ),
    "range_is": (
        "Other methods and models say between {lowest} ({lowest_from}) and {highest} ({highest_from}).",
        "Otros métodos y modelos dicen entre {lowest} ({lowest_from}) y {highest} ({highest_from}).",
    ),
    "seen_is": (
        "{n} people are on the lists; about {unseen} more are thought to be on none.",
        "{n} personas están en las listas; se estima que unas {unseen} más no están en ninguna.",
    ),
    "method_is": ("Method: {method}. {does}", "Método: {method}. {does}"),
    "warnings": ("To be quoted with the number", "Lo que debe citarse junto con la cifra"),
    "unconfirmed": ("Nobody has confirmed the following. {questions}", "Nadie ha confirmado lo siguiente. {questions}"),
    "means": ("What the number means", "Qué significa la cifra"),
    "means_text": (
        "The lists of several agencies overlap: some people are on two or more. How much they overlap tells how many people "
        "were probably on none. The number is all people in the situation counted, seen and unseen, in the period of the lists. "
        "It is an estimate and no count: read it together with its interval.",
        "Las listas de varias instituciones se traslapan: algunas personas están en dos o más. Cuánto se traslapan indica "
        "cuántas personas probablemente no estuvieron en ninguna. La cifra comprende a todas las personas en la situación que "
        "se cuenta, vistas y no vistas, en el periodo de las listas. Es una estimación y no un conteo: léala con su intervalo.",
    ),
    "assumes": ("What it assumes", "Qué supone"),
    "assumes_text": (
        "One period in which the population stays the same; the same definition on all lists; no errors in saying who is the "
        "same person; everybody had some chance of being on a list; and the lists together hold no dependence that their "
        "smaller groups do not show. The last cannot be tested with any data.",
        "Un periodo en que la población no cambia; la misma definición en todas las listas; sin errores al decidir quién es la "
        "misma persona; toda persona pudo estar en alguna lista; y las listas en conjunto no guardan una dependencia que no se "
        "vea en grupos menores. Lo último no puede comprobarse con ningún dato.",
    ),
    "breaks": ("What would break it", "Qué la invalidaría"),
    "breaks_text": (
        "People whom no list could ever meet are not in the estimate. If being on one list makes being on another more likely "
        "for everyone, the true number is higher than estimated; if lists avoid each other's people, it is lower. Records of "
        "one person counted as two raise the number. The tables below show by how much.",
        "Las personas que ninguna lista podría encontrar no están en la estimación. Si estar en una lista hace más probable "
        "estar en otra, el número real es mayor que el estimado; si las listas evitan a las mismas personas, es menor. Registros "
        "de una persona contados como dos elevan la cifra. Las tablas siguientes muestran cuánto.",
    ),
    "reliability": ("Reliability: eleven questions", "Confiabilidad: once preguntas"),
    "counts_left_out": (
        "How many people each list met and how many lists share is left out here: some of these numbers are so small that "
        "they could expose somebody.",
        "Aquí se omite a cuántas personas encontró cada lista y cuántas comparten: algunos de esos números son tan pequeños "
        "que podrían exponer a alguien.",
    ),
    "other_methods": ("Methods without an answer on these data", "Métodos sin respuesta con estos datos"),
    "explained": ("The methods and where they were published", "Los métodos y dónde se publicaron"),
    "again": ("To compute it again", "Para volver a calcularla"),
    "again_text": (
        "The same data, options, seed and versions give the same numbers.",
        "Los mismos datos, opciones, semilla y versiones dan los mismos números.",
    ),
    "digest": ("Digest of the data (SHA-256)", "Huella de los datos (SHA-256)"),
    "methods": ("Methods, the headline's first", "Métodos; el primero da la cifra principal"),
    "seed": ("Seed", "Semilla"),
    "boot": ("Resamples", "Remuestreos"),
    "level": ("Level of intervals", "Nivel de los intervalos"),
    "threshold": ("Threshold of the stepwise choice", "Umbral de la elección por pasos"),
    "versions": ("Versions", "Versiones"),
    "numbered": ("Lists by the number that models call them", "Listas según el número con que las nombran los modelos"),
    "by_number": ("People on exactly so many lists", "Personas exactamente en ese número de listas"),
    "number_of_lists": ("Lists", "Listas"),
    "seen": ("People", "Personas"),
    "path": ("Stepwise estimate by threshold", "Estimación por pasos según el umbral"),
    "p": ("Threshold", "Umbral"),
    "variants": ("Without one list, or with two taken as one", "Sin una lista, o con dos tomadas como una"),
    "without": ("without", "sin"),
    "merged": ("merged", "unidas"),
    "change": ("Change", "Cambio"),
    "consistency_rows": (
        "Known sizes of lists beside what the others estimate",
        "Tamaños conocidos de las listas y lo que estiman las demás",
    ),
    "known": ("Known size", "Tamaño conocido"),
    "inside": ("Inside the interval", "Dentro del intervalo"),
    "linkage_rows": ("If so many matches were wrong", "Si tantas coincidencias fueran erróneas"),
    "kind": ("Kind of error", "Tipo de error"),
    "false": ("false matches", "coincidencias falsas"),
    "missed": ("missed matches", "coincidencias omitidas"),
    "share": ("Share", "Proporción"),
    "lowest": ("Lowest", "Menor"),
    "highest": ("Highest", "Mayor"),
    "what_ifs": (
        "If the assumption that cannot be tested were wrong",
        "Si el supuesto que no puede comprobarse fuera falso",
    ),
    "what": ("If", "Si"),
    "factor": (
        "the unseen were {parameter} times those estimated",
        "quienes no se ven fueran {parameter} veces lo estimado",
    ),
    "heterogeneity": (
        "people differed in how easily they are met (coefficient of variation {parameter})",
        "las personas difirieran en lo fácil que es encontrarlas (coeficiente de variación {parameter})",
    ),
    "priors": ("Other settings of the prior", "Otros supuestos previos"),
    "setting": ("Setting", "Supuesto"),
    "choices": ("Models chosen in the resamples", "Modelos elegidos en los remuestreos"),
    "chains": ("Medians of the chains", "Medianas de las cadenas"),
    "made_with": (
        "Computed with reckon, part of Enlace. Attach this page whole: the number is not to be quoted without it.",
        "Calculado con reckon, parte de Enlace. Adjunte esta página completa: la cifra no debe citarse sin ella.",
    ),
}
