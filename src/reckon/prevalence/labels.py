"""Names of methods with their papers, headings, axes and columns: (English, Spanish)."""

from dataclasses import dataclass

Pair = tuple[str, str]


@dataclass(frozen=True)
class Method:
    """A method for the reader: its name, what it does in a sentence, and where it was published."""

    name: Pair
    does: Pair
    paper: str


METHODS: dict[str, Method] = {
    "stepwise": Method(
        ("Stepwise log-linear model", "Modelo log-lineal por pasos"),
        (
            "Begins with independent lists and adds, one by one, the pairs of lists that share surprisingly many or few "
            "people. The interval repeats the whole choice on resampled data.",
            "Parte de listas independientes y agrega, uno por uno, los pares de listas que comparten sorprendentemente muchas "
            "o pocas personas. El intervalo repite toda la elección con datos remuestreados.",
        ),
        "Chan, Silverman & Vincent, JASA 116:1297 (2021)",
    ),
    "bic": Method(
        ("Best log-linear model by BIC", "Mejor modelo log-lineal según BIC"),
        (
            "Fits every model of dependence among the lists and keeps the one that balances fit and simplicity best; with six "
            "lists or more it searches step by step.",
            "Ajusta todos los modelos de dependencia entre listas y conserva el que mejor equilibra ajuste y sencillez; con seis "
            "listas o más busca paso a paso.",
        ),
        "Silverman, Chan & Vincent, Statistics and Computing 34:44 (2024)",
    ),
    "threshold": Method(
        ("Bayesian thresholding", "Umbral bayesiano"),
        (
            "Estimates all pairs at once with a cautious prior and keeps those that stand out clearly.",
            "Estima todos los pares a la vez con un supuesto previo cauto y conserva los que destacan con claridad.",
        ),
        "Silverman, JRSS-A 183:691 (2020)",
    ),
    "dga": Method(
        ("Average over decomposable graphs", "Promedio sobre grafos descomponibles"),
        (
            "Averages over every simple pattern of dependence, each weighted by how well it explains the data.",
            "Promedia todos los patrones simples de dependencia, cada uno según lo bien que explica los datos.",
        ),
        "Madigan & York, Biometrika 84:19 (1997)",
    ),
    "lcmcr": Method(
        ("Bayesian latent classes", "Clases latentes bayesianas"),
        (
            "Supposes a few hidden kinds of people who differ in how easily each list meets them.",
            "Supone unos cuantos tipos ocultos de personas que difieren en lo fácil que cada lista las encuentra.",
        ),
        "Manrique-Vallier, Biometrics 72:1246 (2016)",
    ),
    "mixture": Method(
        ("Latent classes by maximum likelihood", "Clases latentes por máxima verosimilitud"),
        (
            "The same idea with a fixed number of kinds; a check, without interval.",
            "La misma idea con un número fijo de tipos; una comprobación, sin intervalo.",
        ),
        "Dempster, Laird & Rubin, JRSS-B 39:1 (1977)",
    ),
    "chao": Method(
        ("Chao's lower bound", "Límite inferior de Chao"),
        (
            "Uses only how many people were met once and twice. It is a lower bound and no estimate.",
            "Usa solo cuántas personas fueron vistas una y dos veces. Es un límite inferior y no una estimación.",
        ),
        "Chao, Biometrics 43:783 (1987)",
    ),
    "independence": Method(
        ("Independent lists", "Listas independientes"),
        (
            "Supposes that being on one list changes nothing about the others. For comparison.",
            "Supone que estar en una lista no cambia nada respecto de las otras. Para comparar.",
        ),
        "Fienberg, Biometrika 59:591 (1972)",
    ),
    "chapman": Method(
        ("Two lists (Chapman)", "Dos listas (Chapman)"),
        (
            "Two lists, taken as independent, which two lists cannot show.",
            "Dos listas, tomadas como independientes, lo que dos listas no pueden mostrar.",
        ),
        "Chapman, Univ. California Publ. Stat. 1:131 (1951)",
    ),
}

STAGES: dict[str, Pair] = {
    "models": ("models compared", "comparación de modelos"),
    "lists": ("without each list", "sin cada lista"),
    "consistency": ("test on known sizes", "prueba con tamaños conocidos"),
    "trajectory": ("growing data", "datos crecientes"),
    "linkage": ("errors of linkage", "errores de vinculación"),
}

LABELS: dict[str, Pair] = {
    "pass": ("in order", "en orden"),
    "warn": ("caution", "precaución"),
    "refuse": ("no number", "sin cifra"),
    "no_limit": ("no limit", "sin límite"),
    "up_to": ("to", "a"),
    "none": ("none", "ninguna"),
    "source_threshold": ("stepwise at p <", "por pasos con p <"),
    "source_model": ("model", "modelo"),
    "adequacy": ("1. Are there enough data?", "1. ¿Alcanzan los datos?"),
    "existence": ("2. Does an estimate exist?", "2. ¿Existe una estimación?"),
    "spread": ("3. How far do methods and models differ?", "3. ¿Cuánto difieren métodos y modelos?"),
    "bimodality": ("4. Is there more than one answer?", "4. ¿Hay más de una respuesta?"),
    "lists": ("5. Does one list decide?", "5. ¿Decide una sola lista?"),
    "consistency": ("6. Does it find sizes that are known?", "6. ¿Acierta tamaños conocidos?"),
    "trajectory": ("7. Does the estimate settle?", "7. ¿Se asienta la estimación?"),
    "bootstrap": ("8. What does the interval rest on?", "8. ¿En qué descansa el intervalo?"),
    "bayesian": ("9. How much does the prior decide?", "9. ¿Cuánto decide el supuesto previo?"),
    "linkage": ("10. What if the linkage is wrong?", "10. ¿Y si la vinculación se equivoca?"),
    "assumptions": ("11. What only people can confirm", "11. Lo que solo las personas pueden confirmar"),
    "bic_title": ("Estimate and fit of the best models", "Estimación y ajuste de los mejores modelos"),
    "bic_desc": (
        "Each point is a model. The further left, the better it fits for its size; models within the marked band fit about "
        "equally well. Points far apart in height mean that the data allow different answers.",
        "Cada punto es un modelo. Más a la izquierda, mejor ajuste para su tamaño; los de la banda marcada ajustan casi igual. "
        "Puntos muy separados en altura significan que los datos admiten respuestas distintas.",
    ),
    "bic_axis": ("BIC (lower fits better)", "BIC (menor es mejor ajuste)"),
    "model": ("Model", "Modelo"),
    "total": ("Estimate (people)", "Estimación (personas)"),
    "bic": ("BIC", "BIC"),
    "close": ("Close to the best", "Cerca del mejor"),
    "yes": ("yes", "sí"),
    "no": ("no", "no"),
    "unknown": ("not known", "no se sabe"),
    "bootstrap_title": ("How the estimate varies in resampled data", "Cómo varía la estimación en datos remuestreados"),
    "bootstrap_desc": (
        "The data were drawn again many times and the model chosen anew each time. Bars count resamples, the last one with all "
        "that lie above; the full line marks the estimate, the dashed lines the interval.",
        "Los datos se sortearon de nuevo muchas veces y cada vez se eligió otra vez el modelo. Las barras cuentan remuestreos, "
        "la última con todos los que quedan más arriba; la línea continua marca la estimación y las punteadas el intervalo.",
    ),
    "from": ("From", "De"),
    "to": ("To", "A"),
    "resamples": ("Resamples", "Remuestreos"),
    "not_estimable": ("Without estimate", "Sin estimación"),
    "estimate": ("Estimate", "Estimación"),
    "lower": ("Lower limit", "Límite inferior"),
    "upper": ("Upper limit", "Límite superior"),
    "overlap_title": ("People shared by the lists", "Personas compartidas por las listas"),
    "overlap_desc": (
        "Each cell counts the people on both lists; the diagonal holds the size of each list. Pairs that share nobody are "
        "outlined.",
        "Cada celda cuenta las personas que están en ambas listas; la diagonal es el tamaño de cada lista. Los pares que no "
        "comparten a nadie llevan contorno.",
    ),
    "number": ("Number", "Número"),
    "list": ("List", "Lista"),
    "trajectory_title": ("The estimate as data are added", "La estimación al agregar datos"),
    "trajectory_desc": (
        "Estimates from a half to twice the data, in random order, brought to the size of the data. A steady line can be "
        "trusted more than one that jumps.",
        "Estimaciones desde la mitad hasta el doble de los datos, en orden aleatorio, llevadas al tamaño de los datos. Una línea "
        "estable merece más confianza que una que salta.",
    ),
    "size": ("People in the data", "Personas en los datos"),
    "methods_title": ("All methods side by side", "Todos los métodos lado a lado"),
    "methods_desc": (
        "Each row is a method: the point is its estimate, the line its interval; an arrow means no upper limit.",
        "Cada renglón es un método: el punto es su estimación y la línea su intervalo; una flecha significa sin límite superior.",
    ),
    "method": ("Method", "Método"),
    "rate": ("Rate per 100,000 [interval]", "Tasa por 100,000 [intervalo]"),
    "group": ("Group", "Grupo"),
    "seen": ("People seen", "Personas vistas"),
    "not_published": ("not published", "no se publica"),
}
