"""What the pack says of kinds of sites and of levels of security."""

from dataclasses import dataclass

from enlace.country.queries import current


@dataclass(frozen=True)
class KindInLaw:
    """What the pack says of one kind of site. ``article`` is what it rests on."""

    barred: bool
    specialised: bool
    article: str


def kinds_in_law() -> dict[str, KindInLaw]:
    """Every kind of site: whether the law closes it to victims of trafficking, and whether it is specialised."""
    return {
        kind.code: KindInLaw(kind.extra["barred"] == "yes", kind.extra["specialised"] == "yes", kind.extra["article"])
        for kind in current().codes("site_kind")
    }


def security_levels() -> dict[str, int]:
    """The number of each level of security; a higher one is safer."""
    return {item.code: int(item.extra["level"]) for item in current().codes("security_level")}
