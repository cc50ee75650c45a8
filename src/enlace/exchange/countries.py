"""Countries by ISO 3166-1 code, by English name, and by codes and names of former use."""

from functools import cache

from enlace.exchange.tables import fold_accents, read_table

# CTDC writes 00 where the country is not known.
NOT_KNOWN = "00"


@cache
def _codes() -> dict[str, str]:
    """Alpha-2 codes by folded code or name; names of the HTCDS toolkit win over names of former use."""
    rows = read_table("countries.csv")
    known = {fold_accents(text): row["alpha2"] for row in rows for text in (row["alpha2"], row["alpha3"], row["name"])}
    also = {fold_accents(text): row["alpha2"] for row in rows for text in row["also"].split(";") if text.strip()}
    return also | known


@cache
def names() -> dict[str, str]:
    """English names by alpha-2 code, as the HTCDS toolkit lists them."""
    return {row["alpha2"]: row["name"] for row in read_table("countries.csv")}


def alpha2_of(text: str) -> str | None:
    """The alpha-2 code of a country given by code or English name, accents and case aside; else ``None``.

    ``NA`` is Namibia, not a missing value.
    """
    return _codes().get(fold_accents(text))
