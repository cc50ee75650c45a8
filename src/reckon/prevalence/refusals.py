"""What methods say about their own answers, and why there is none, by code: (English, Spanish).

In English a method speaks for itself, with its numbers; the Spanish words are those of its code.
"""

Pair = tuple[str, str]

CAUTIONS: dict[str, Pair] = {
    "chains_disagree": (
        "{sentence}",
        "Las cadenas no coinciden: el resultado depende de dónde empezaron; no use la cifra.",
    ),
    "no_upper_limit": (
        "{sentence}",
        "Los datos no fijan un límite superior; la cifra proviene de donde termina la cuadrícula.",
    ),
    "lower_bound": ("{sentence}", "Es un límite inferior de la población, no una estimación de ella."),
    "independence_assumed": (
        "{sentence}",
        "Supone que estar en una lista no cambia la posibilidad de estar en otra; no puede comprobarse.",
    ),
    "equal_chances": (
        "{sentence}",
        "Supone listas independientes y que toda persona es igual de fácil de encontrar que cualquier otra en la misma lista.",
    ),
    "at_boundary": (
        "{sentence}",
        "La estimación está en un borde (una posibilidad de 0 o de 1); tómela solo como comparación.",
    ),
    "not_identifiable": ("{sentence}", "Varias soluciones ajustan igual de bien; el total no queda determinado."),
    "not_converged": ("{sentence}", "El cálculo no terminó de asentarse; la cifra puede moverse."),
    "close_call": ("{sentence}", "Algún término quedó muy cerca del umbral; otra corrida podría decidir distinto."),
    "several_modes": (
        "{sentence}",
        "Los datos admiten varias respuestas; un solo número lo oculta. Vea las medianas de cada cadena.",
    ),
    "few_draws": (
        "{sentence}",
        "Las cadenas contienen pocos sorteos independientes; alárguelas para límites más precisos.",
    ),
    "strong_prior": ("{sentence}", "El supuesto previo pesa mucho y acerca la respuesta a las personas vistas."),
    "bound_reached": ("{sentence}", "El límite superior proviene de la cota impuesta, no de los datos."),
    "classes_full": ("{sentence}", "Todas las clases estuvieron en uso; compare con más clases."),
    "one_chain": ("{sentence}", "Con una sola cadena no puede verse si otras terminarían en otro lugar."),
    "short_burn_in": (
        "{sentence}",
        "Se descartaron pocos pasos iniciales; las cadenas olvidan despacio su punto de partida.",
    ),
}

REFUSALS: dict[str, Pair] = {
    "not_finite": (
        "No finite estimate exists: the number never seen has no upper limit on these data.",
        "No existe una estimación finita: con estos datos, el número de quienes no se ven no tiene tope.",
    ),
    "not_identifiable": (
        "Many totals fit these data equally well, so none can be given.",
        "Muchos totales ajustan igual de bien a estos datos; no puede darse ninguno.",
    ),
    "too_many_lists": (
        "There are too many lists for this method; merge lists that meet people in the same way.",
        "Hay demasiadas listas para este método; una las que encuentran a las personas de la misma manera.",
    ),
    "no_interval": (
        "In most resamples there is no estimate, so there is no interval, and without interval no number.",
        "En la mayoría de los remuestreos no hay estimación: no hay intervalo, y sin intervalo no se da una cifra.",
    ),
    "not_a_headline": (
        "The interval of this method does not include the choice of the model, so its number cannot stand alone; put another "
        "method first.",
        "El intervalo de este método no incluye la elección del modelo; su cifra no puede ser la principal: ponga primero otro "
        "método.",
    ),
    "below_seen": (
        "The estimate is smaller than the number of people seen, because a list was left out; see the lists.",
        "La estimación es menor que el número de personas vistas, porque se dejó fuera una lista; revise las listas.",
    ),
    "one_sided": (
        "All resamples lie on one side of the estimate.",
        "Todos los remuestreos quedan de un solo lado de la estimación.",
    ),
    "unstable": (
        "The estimate depends too much on single people.",
        "La estimación depende demasiado de personas individuales.",
    ),
    "too_many_classes": (
        "The data are too few for so many kinds of people.",
        "Los datos no alcanzan para tantos tipos de personas.",
    ),
    "not_converged": (
        "The computation did not come to rest.",
        "El cálculo no llegó a asentarse.",
    ),
    "no_pairs": ("Nobody is on exactly two lists.", "Nadie está exactamente en dos listas."),
    "not_two_lists": (
        "This estimate is for two lists; there are more.",
        "Esta estimación es para dos listas; hay más.",
    ),
    "small_count": (
        "Fewer people than the threshold for publication.",
        "Menos personas que el umbral de publicación.",
    ),
    "not_adequate": (
        "The data of this group do not pass the first item of the panel.",
        "Los datos de este grupo no pasan el primer punto del panel.",
    ),
    "no_population": (
        "The size of the group in the country is not known.",
        "No se conoce el tamaño de este grupo en el país.",
    ),
}
