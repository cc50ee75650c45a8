"""The sentences of findings and refusals by code: (English, Spanish). Values stand in braces; see `wording`.

Both languages speak to an analyst who is no statistician, and say what to do where something can be done.
"""

from reckon.prevalence.refusals import CAUTIONS

Pair = tuple[str, str]

ADEQUACY: dict[str, Pair] = {
    "nobody": ("The lists name nobody.", "Las listas no contienen a nadie."),
    "one_list": (
        "Only one list can be used. What it missed cannot be known from itself; a second list kept by others is needed.",
        "Solo hay una lista utilizable. Lo que le falta no puede saberse con ella misma; hace falta otra, llevada por otros.",
    ),
    "no_overlap": (
        "None of the {n} people is on two lists, so nothing is known about those on none. Check how people were linked.",
        "Ninguna de las {n} personas está en dos listas; nada se sabe de quienes no están en ninguna. Revise la vinculación.",
    ),
    "few_on_several": (
        "Only {several} of {n} people are on two lists or more. With fewer than {least} every estimate is fragile.",
        "Solo {several} de {n} personas están en dos listas o más. Con menos de {least} toda estimación es frágil.",
    ),
    "enough_on_several": (
        "{several} of {n} people are on two lists or more; all that is known of the unseen comes from them.",
        "{several} de {n} personas están en dos listas o más; de ellas viene todo lo que se sabe de quienes no se ven.",
    ),
    "two_lists": (
        "There are two lists. Whether they are independent cannot be checked; a third list is needed for that.",
        "Hay dos listas. No puede comprobarse si son independientes; para eso hace falta una tercera.",
    ),
    "lists_apart": (
        "{number} of {possible} pairs of lists share nobody: {pairs}.",
        "{number} de {possible} pares de listas no comparten a nadie: {pairs}.",
    ),
    "small_lists": (
        "These lists hold fewer than {least} people: {lists}. Consider merging them with lists of the same kind.",
        "Estas listas tienen menos de {least} personas: {lists}. Considere unirlas a otras del mismo tipo.",
    ),
    "dropped_empty": (
        "The list {list} is empty and was left out.",
        "La lista {list} está vacía y no se usó.",
    ),
    "dropped_duplicate": (
        "The list {list} has exactly the members of {other} and was left out.",
        "La lista {list} tiene exactamente las mismas personas que {other} y no se usó.",
    ),
    "dropped_holds_all": (
        "The list {list} holds everybody who was seen, says nothing about who was not, and was left out, and with it {lost} "
        "people whom no other list met.",
        "La lista {list} contiene a todas las personas vistas, nada dice de quienes no lo fueron y no se usó; con ella "
        "quedaron fuera {lost} personas que ninguna otra lista encontró.",
    ),
}

EXISTENCE: dict[str, Pair] = {
    "chosen_estimable": (
        "The chosen model {model} has one finite estimate on these data.",
        "El modelo elegido {model} tiene una sola estimación finita con estos datos.",
    ),
    "chosen_infinite": (
        "The chosen model {model} has an estimate; the terms {terms} are at their limit because those lists share nobody.",
        "El modelo elegido {model} tiene estimación; los términos {terms} están en su límite: esas listas no comparten a nadie.",
    ),
    "chosen_not_estimable": (
        "No finite estimate exists: too few combinations of lists share people. No number can be given.",
        "No existe una estimación finita: muy pocas combinaciones de listas comparten personas. No puede darse una cifra.",
    ),
    "all_pairs_estimable": (
        "The model with all pairs of lists has an estimate too.",
        "El modelo con todos los pares de listas también tiene estimación.",
    ),
    "all_pairs_infinite": (
        "The model with all pairs has an estimate, with the terms {terms} at their limit.",
        "El modelo con todos los pares tiene estimación, con los términos {terms} en su límite.",
    ),
    "all_pairs_not_estimable": (
        "The model with all pairs of lists cannot be estimated: the data cannot tell every dependence apart.",
        "El modelo con todos los pares no puede estimarse: los datos no distinguen todas las dependencias.",
    ),
}

SPREAD: dict[str, Pair] = {
    "spread_wide": (
        "Methods and models answer between {lowest} ({lowest_from}) and {highest} ({highest_from}): {ratio} times apart.",
        "Métodos y modelos responden entre {lowest} ({lowest_from}) y {highest} ({highest_from}): {ratio} veces de distancia.",
    ),
    "spread_narrow": (
        "Methods and models agree within a factor of {ratio}: {lowest} ({lowest_from}) to {highest} ({highest_from}).",
        "Métodos y modelos coinciden dentro de un factor de {ratio}: {lowest} ({lowest_from}) a {highest} ({highest_from}).",
    ),
    "no_method": ("No method has an answer on these data.", "Ningún método tiene respuesta con estos datos."),
    "models_not_ranked": (
        "The models could not be ranked one by one (only with three to five lists), so two answers might go unnoticed.",
        "No pudieron ordenarse los modelos uno por uno (solo con tres a cinco listas): podría no notarse que hay dos respuestas.",
    ),
    "one_model": (
        "One model fits clearly better than all others: {model}, with {total} people.",
        "Un modelo ajusta claramente mejor que todos los demás: {model}, con {total} personas.",
    ),
    "one_cluster": (
        "The {models} models that fit about equally well agree: {lowest} to {highest}.",
        "Los {models} modelos que ajustan casi igual de bien coinciden: de {lowest} a {highest}.",
    ),
    "two_clusters": (
        "Models that fit about equally well give two answers: {low}, and {high}. The data "
        "cannot decide between them; quote both.",
        "Modelos que ajustan casi igual de bien dan dos respuestas: {low}, y {high}. "
        "Los datos no deciden entre ellas; cite ambas.",
    ),
}

LISTS: dict[str, Pair] = {
    "lists_not_testable": (
        "With so few lists none can be left out or merged to see what happens.",
        "Con tan pocas listas no puede quitarse ni unirse ninguna para ver qué ocurre.",
    ),
    "variants_without_estimate": (
        "{number} of {of} variants (a list left out, or two merged) have no estimate.",
        "{number} de {of} variantes (una lista menos, o dos unidas) no tienen estimación.",
    ),
    "lists_steady": (
        "No list decides alone: the largest change ({lists}) gives {total}, {ratio} times the estimate.",
        "Ninguna lista decide por sí sola: el mayor cambio ({lists}) da {total}, {ratio} veces la estimación.",
    ),
    "list_without_moves": (
        "Without the list {lists} the estimate is {total}, {ratio} times as large: the answer rests on that list.",
        "Sin la lista {lists} la estimación es {total}, {ratio} veces la actual: la respuesta descansa en esa lista.",
    ),
    "list_merged_moves": (
        "With {lists} taken as one list the estimate is {total}, {ratio} times as large: it depends on how lists are drawn up.",
        "Al unir {lists} en una lista la estimación es {total}, {ratio} veces la actual: depende de cómo se formen las listas.",
    ),
    "consistency_untested": (
        "No list's known size could be estimated from the others, so the method could not be tried on these data.",
        "No pudo estimarse el tamaño conocido de ninguna lista con las demás: el método quedó sin prueba con estos datos.",
    ),
    "consistency_good": (
        "Put to the test on the {lists} lists, whose sizes are known, the interval held the true size {covered} of {tested} "
        "times; mean log error {bias}.",
        "A prueba con las {lists} listas, de tamaño conocido, el intervalo contuvo el tamaño real {covered} de {tested} veces; "
        "error logarítmico medio {bias}.",
    ),
    "consistency_partial": (
        "Only {tested} of {lists} lists could serve as a test; the interval held the true size {covered} times; mean log error "
        "{bias}.",
        "Solo {tested} de {lists} listas sirvieron de prueba; el intervalo contuvo el tamaño real {covered} veces; error "
        "logarítmico medio {bias}.",
    ),
    "consistency_low": (
        "Put to the test on lists of known size, the interval held the true size only {covered} of {tested} times; mean log "
        "error {bias}. Below zero means estimates were too low.",
        "A prueba con listas de tamaño conocido, el intervalo contuvo el tamaño real solo {covered} de {tested} veces; error "
        "logarítmico medio {bias}. Menor que cero significa que se estimó de menos.",
    ),
    "trajectory_settles": (
        "As data are added the estimate stays between {lowest} and {highest}.",
        "Al agregar datos la estimación permanece entre {lowest} y {highest}.",
    ),
    "trajectory_jumps": (
        "As data are added the estimate moves between {lowest} and {highest}, {ratio} times apart: it depends on few people.",
        "Al agregar datos la estimación se mueve entre {lowest} y {highest}, {ratio} veces una de otra: depende de pocos casos.",
    ),
    "trajectory_breaks": (
        "With part of the data there was no estimate at {number} of {of} sizes.",
        "Con parte de los datos no hubo estimación en {number} de {of} tamaños.",
    ),
}

BOOTSTRAP: dict[str, Pair] = {
    "no_bootstrap": (
        "The headline's method has no resamples, so the stability of its choice is not shown.",
        "El método de la cifra principal no usa remuestreo: no se muestra qué tan estable es su elección.",
    ),
    "bootstrap_complete": (
        "All {replicates} resamples have an estimate.",
        "Los {replicates} remuestreos tienen estimación.",
    ),
    "replicates_lost": (
        "{share} of the resamples have no estimate; they count as infinite in the interval.",
        "{share} de los remuestreos no tienen estimación; en el intervalo cuentan como infinito.",
    ),
    "limits_extreme": (
        "A limit of the interval is one of the most extreme of {replicates} resamples; ask for more resamples.",
        "Un límite del intervalo es de los más extremos de {replicates} remuestreos; pida más remuestreos.",
    ),
    "limits_uncertain": (
        "The limits of the interval are themselves uncertain by about {share} because only {replicates} resamples were drawn.",
        "Los límites del intervalo son inciertos en cerca de {share} porque solo se hicieron {replicates} remuestreos.",
    ),
    "choice_unstable": (
        "No model wins: the most frequent one is chosen in {share} of the resamples (different models chosen: {models}).",
        "Ningún modelo domina: el más frecuente se elige en {share} de los remuestreos (modelos distintos elegidos: {models}).",
    ),
    "choice_stable": (
        "One model is chosen in {share} of the resamples (different models chosen: {models}).",
        "Un mismo modelo se elige en {share} de los remuestreos (modelos distintos elegidos: {models}).",
    ),
    "percentile_instead": (
        "The corrected interval (BCa) could not be computed; the interval is that of simple percentiles.",
        "No pudo calcularse el intervalo corregido (BCa); se da el de percentiles simples.",
    ),
    "far_beyond_seen": (
        "The estimate is {times} times the number of people seen. Such a number rests on hardly any data: do not publish it.",
        "La estimación es {times} veces el número de personas vistas. Una cifra así casi no descansa en datos: no la publique.",
    ),
    "no_upper_limit": (
        "The data set no upper limit: the interval is open above.",
        "Los datos no fijan un límite superior: el intervalo queda abierto hacia arriba.",
    ),
}

BAYESIAN: dict[str, Pair] = {
    "no_bayesian": ("No Bayesian method was run beside it.", "No se ejecutó ningún método bayesiano para comparar."),
    "chains_agree": (
        "{method}: the chains tell the same story (R-hat {r_hat}).",
        "{method}: las cadenas coinciden (R-hat {r_hat}).",
    ),
    "chains_disagree": (
        "{method}: the chains disagree (R-hat {r_hat}); several answers are possible, do not use the middle.",
        "{method}: las cadenas no coinciden (R-hat {r_hat}); hay varias respuestas posibles, no use la del medio.",
    ),
    "prior_moves": (
        "{method}: reasonable settings of the prior give {lowest} to {highest}: the data say less than the assumption.",
        "{method}: supuestos previos razonables dan de {lowest} a {highest}: los datos dicen menos que el supuesto.",
    ),
    "prior_steady": (
        "{method}: other reasonable settings of the prior give {lowest} to {highest}.",
        "{method}: otros supuestos previos razonables dan de {lowest} a {highest}.",
    ),
}

LINKAGE: dict[str, Pair] = {
    "linkage_untested": ("Errors of linkage could not be tried.", "No pudieron probarse errores de vinculación."),
    "linkages_pooled": (
        "Over {tables} linkages of the same records the estimate is {total} ({lower} to {upper}, the model taken as known); "
        "{share} of its variance comes from not knowing who is who.",
        "Con {tables} vinculaciones de los mismos registros la estimación es {total} ({lower} a {upper}, con el modelo dado por "
        "conocido); {share} de su varianza viene de no saber quién es quién.",
    ),
    "linkages_without_estimate": (
        "At least one of the {tables} linkages of the same records has no estimate, so neither have they together.",
        "Al menos una de las {tables} vinculaciones de los mismos registros no tiene estimación; en conjunto tampoco la hay.",
    ),
    "linkage_false": (
        "If {share} of the matches were false, the estimate would be {total} ({move_share}).",
        "Si {share} de las coincidencias fueran falsas, la estimación sería {total} ({move_share}).",
    ),
    "linkage_missed": (
        "If {share} of the true matches had been missed, the estimate would be {total} ({move_share}).",
        "Si se hubiera omitido {share} de las coincidencias verdaderas, la estimación sería {total} ({move_share}).",
    ),
    "linkage_false_breaks": (
        "If {share} of the matches were false, there would be no estimate.",
        "Si {share} de las coincidencias fueran falsas, no habría estimación.",
    ),
    "linkage_missed_breaks": (
        "If {share} of the true matches had been missed, there would be no estimate.",
        "Si se hubiera omitido {share} de las coincidencias verdaderas, no habría estimación.",
    ),
}

QUESTIONS: dict[str, Pair] = {
    "same_period": (
        "All lists cover the same period, and nobody entered or left the population in it.",
        "Todas las listas cubren el mismo periodo, y en él nadie entró ni salió de la población.",
    ),
    "same_people": (
        "All lists could have met people of the same territory and population.",
        "Todas las listas pudieron encontrar a personas del mismo territorio y población.",
    ),
    "same_definition": (
        "All lists use the same definition of trafficking.",
        "Todas las listas usan la misma definición de trata.",
    ),
    "everyone_reachable": (
        "Everybody in the population had some chance of being on at least one list.",
        "Toda persona de la población tuvo alguna posibilidad de estar al menos en una lista.",
    ),
    "linkage_checked": (
        "A sample of the matches between lists was checked by hand.",
        "Se revisó a mano una muestra de las coincidencias entre listas.",
    ),
    "no_outsiders": (
        "No list holds people who are not of the population.",
        "Ninguna lista contiene a personas ajenas a la población.",
    ),
}

ASSUMPTIONS: dict[str, Pair] = {
    "highest_interaction": (
        "Every estimate rests on one assumption that no data can test: that the lists together do not depend on each other in "
        "a way that pairs and smaller groups do not show. See the table of what-ifs.",
        "Toda estimación descansa en un supuesto que ningún dato puede comprobar: que las listas en conjunto no dependan entre "
        "sí de un modo que no se vea en grupos menores. Vea la tabla de supuestos alternativos.",
    ),
    "censored_untested": (
        "The list {list} holds outsiders, but there are too few other lists to estimate without its own cell.",
        "La lista {list} contiene personas ajenas, pero hay muy pocas listas más para estimar sin su propia celda.",
    ),
    "censored_kept": (
        "The list {list} holds outsiders. With its own cell predicted ({predicted}, of {bound} on that list only) instead of "
        "believed, the estimate is {total}.",
        "La lista {list} contiene personas ajenas. Si se predice su propia celda ({predicted}, de {bound} solo en esa lista) en "
        "lugar de creerla, la estimación es {total}.",
    ),
    "censored_exceeds": (
        "The list {list} holds outsiders, but the model predicts {predicted} people on that list only, more than its {bound}: "
        "the model does not fit. Its estimate would be {total}.",
        "La lista {list} contiene personas ajenas, pero el modelo predice {predicted} solo en ella, más que sus {bound}: "
        "el modelo no ajusta. Su estimación sería {total}.",
    ),
    "choice_not_included": (
        "The interval takes the chosen model as known; with the choice included it would be wider.",
        "El intervalo da por conocido el modelo elegido; si incluyera la elección sería más ancho.",
    ),
    "not_computed": (
        "Not computed: the data cannot be used for an estimate.",
        "No se calculó: los datos no sirven para una estimación.",
    ),
}

ANSWERED: dict[str, Pair] = {
    "yes": ("Confirmed by the analyst: {question}", "Confirmado por quien analiza: {question}"),
    "no": ("The analyst says that this does not hold: {question}", "Quien analiza indica que no se cumple: {question}"),
    "unknown": ("Nobody has confirmed this: {question}", "Nadie lo ha confirmado: {question}"),
}

FINDINGS: dict[str, Pair] = {
    **ADEQUACY,
    **EXISTENCE,
    **SPREAD,
    **LISTS,
    **BOOTSTRAP,
    **BAYESIAN,
    **LINKAGE,
    **ASSUMPTIONS,
    **{f"note_{code}": pair for code, pair in CAUTIONS.items()},
}
