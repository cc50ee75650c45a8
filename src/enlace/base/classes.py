"""The sensitivity class of every stored field: A identity and contact, B whereabouts, C screening and case facts,
D health, E justice, F finance, G complaints, H statistics and structure; ``S`` marks the system's own plumbing."""

CLASSES = frozenset("ABCDEFGHS")


def classify(**fields_by_class: str) -> dict[str, str]:
    """``classify(H="id code", C="form_code")`` -> ``{"id": "H", "code": "H", "form_code": "C"}``."""
    marked: dict[str, str] = {}
    for letter, names in fields_by_class.items():
        if letter not in CLASSES:
            raise ValueError(f"there is no data class {letter}")
        for name in names.split():
            if name in marked:
                raise ValueError(f"{name} has two data classes")
            marked[name] = letter
    return marked
