"""Whether each number of the annual report is what the release says, worked out from the release once more."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tests.releases.annual_reading import NUMBER, Page


def faults(page: bytes, read: Mapping[str, Any]) -> list[str]:
    """Every number of a page that is not what the release says at the place that the page gives for it."""
    found = []
    shown = Page(page)
    for place, text in shown.numbers:
        if place.startswith("@"):
            found += [text for number in NUMBER.findall(text) if number not in facts(read)]
        elif text != number_at(read, place):
            found.append(f"{place}: {text}")
    return found + [number for words in shown.words for number in NUMBER.findall(words) if number not in texts(read)]


def number_at(read: Mapping[str, Any], place: str) -> str:
    """What stands at a place of the document, worked out here once more."""
    indicator, dimension, category, what = place.split("|")
    table = {
        (tuple(one["dimensions"]), tuple(entry["key"])): entry["value"]
        for found in read["indicators"]
        if found["id"] == indicator
        for one in (*found["tables"], *found["deduced"])
        for entry in one["cells"]
    }
    value = table[(dimension,), (category,)] if dimension else table[(), ()]
    then = read["year_before"].get("totals", {}).get(indicator, {}).get("value")
    if what == "share":
        return f"{float(round(Fraction(1000 * int(value), int(table[(), ()]))) / 10):.1f}%"
    if what == "change":
        return f"{int(value) - int(then):+,}"
    if what == "earlier":
        old = [one["before"] for one in read["changes"] if one["indicator"] == indicator and not one["dimensions"]]
        value = old[0]["value"] if old else value
    value = then if what == "before" else value
    return f"{value:,}" if isinstance(value, int) else str(value)


def facts(read: Mapping[str, Any]) -> set[str]:
    """Numbers of the release that are no cells: how complete it is, its rule, its year, its figures of others."""
    counted = [
        sum(one["status"] == "suppressed" for one in cells) if hidden else len(cells)
        for found in [*([one] for one in read["indicators"]), read["indicators"]]
        for cells in [[c for one in found for table in (*one["tables"], *one["deduced"]) for c in table["cells"]]]
        for hidden in (True, False)
    ]
    complete = read["completeness"]
    states = [len(complete["states"]), len(complete["states"]) + len(complete["silent"])]
    plain = [complete["agencies"], complete["agency_count"], read["number"], read["supersedes"], *counted, *states]
    asked = [number for one in read["indicators"] for number in one["completeness"].values()]
    rule = [read["parameters"]["threshold"], read["parameters"]["minimum_interval"]]
    ours = [c["value"] for one in read["indicators"] for table in one["tables"] for c in table["cells"] if c["value"]]
    others = [str(value) for one in read["indicators"] for row in one["figures"] for value in row.values()]
    changed = Counter(change["indicator"] for change in read["changes"]).values()
    reasons = [change["reason"] for change in read["changes"]]
    numbers = {f"{number:,}" for number in [*plain, *asked, *rule, *ours, *changed]}
    return (
        numbers
        | set(NUMBER.findall(" ".join([*others, *reasons, str(read["period"]), str(read["year_before"])])))
        | texts(read)
    )


def texts(read: Mapping[str, Any]) -> set[str]:
    """Numbers that stand in names, dates, warnings and provisions."""
    law = [section["law"] for section in read["annual"]["sections"]]
    period = [read["period"]["name"], read["year_before"].get("period", {}).get("name", "")]
    names = [str({**one, "annual": one["annual"]["cut_off"]}) for one in read["labels"].values()]
    return set(NUMBER.findall(" ".join([*law, *period, *names, str(read["annual"]["names"]), str(read["caveats"])])))
