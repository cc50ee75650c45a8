"""What a pack holds and what it lacks, as lines to read."""

from collections import Counter
from collections.abc import Iterator

from enlace.country.codelists import LISTS, CodeList, targets
from enlace.country.loader import Pack

UNCHECKED = "[unchecked]"
OPTIONAL_FILES = (
    "geography/states.geojson",
    "geography/census.csv",
    "figures/published.csv",
    "figures/caveats.toml",
    "labels/glossary.csv",
    "screening/indicators.csv",
    "screening/rule.toml",
    "finance/red_flags.csv",
    "report/annual.toml",
    "SOURCES.md",
)


def holdings(pack: Pack) -> Iterator[str]:
    """What is there, with counts."""
    years = sorted({key[1] for key in pack.populations})
    yield f"{pack.code}: {pack.name(pack.default_language)}, adult from {pack.adult_age}"
    yield f"languages {', '.join(pack.languages)}, the first by default"
    yield f"facts checked up to {pack.head.checked_on or 'an unknown day'}"
    yield f"{len(pack.states)} states, population {years[0]}-{years[-1]}"
    yield "borders" if pack.borders else "no borders: maps are drawn on the tile grid"
    yield f"{len(pack.offences)} offences, {len(pack.forms)} forms of exploitation"
    yield f"{len(pack.limits)} time limits"
    yield f"{len(pack.roles)} roles, {len(pack.agencies)} agencies to start with"
    yield f"{len(pack.figures)} published figures with {len(pack.caveats)} warnings"
    yield f"{len(pack.glossary)} glossary terms"
    yield f"{len(pack.screening_indicators)} screening indicators"
    yield from _protocols(pack)
    yield from _returns(pack)
    yield f"{len(pack.finance_red_flags)} financial red flags"
    sources = Counter(definition.source for definition in pack.definitions)
    told = ", ".join(f"{count} from {source}" for source, count in sources.items())
    yield f"{len(pack.definitions)} indicators" + (f": {told}" if told else "")
    yield f"{len(pack.annual.get('sections', ()))} sections of the annual report"
    yield "code lists:"
    for name in pack.list_names:
        yield f"  {_list_line(pack.codes(name))}"


def _protocols(pack: Pack) -> Iterator[str]:
    """Each protocol of screening with the start of its digest, by which a change under the same version is seen."""
    yield f"{len(pack.protocols)} screening protocols" + (":" if pack.protocols else "")
    for protocol in pack.protocols:
        until = f" until {protocol.valid_to}" if protocol.valid_to else ""
        yield (
            f"  {protocol.code} {protocol.version} ({protocol.kind}): {len(protocol.questions)} questions, "
            f"from {protocol.valid_from}{until}, content {protocol.digest[:12]}"
        )


def _returns(pack: Pack) -> Iterator[str]:
    """Each template of periodic returns with the start of its digest, as for protocols."""
    yield f"{len(pack.return_templates)} return templates" + (":" if pack.return_templates else "")
    for template in pack.return_templates:
        cells = sum(1 for measure in template.measures for _key in template.keys(measure))
        yield (
            f"  {template.id} {template.version} (each {template.periodicity}, {template.level}): "
            f"{len(template.measures)} measures in {cells} cells, {len(template.rules)} rules, content {template.digest[:12]}"
        )


def _list_line(codes: CodeList) -> str:
    dated = sum(1 for item in codes if item.valid_from or item.valid_to)
    own = "" if codes.name in LISTS else ", only in this pack"
    return f"{codes.name}: {len(codes)} codes" + (f", {dated} with dates of validity" if dated else "") + own


def gaps(pack: Pack) -> Iterator[str]:
    """What is missing but leaves the pack usable: files, codes without a counterpart, unchecked facts."""
    for name in OPTIONAL_FILES:
        if not (pack.folder / name).exists():
            yield f"no file {name}"
    if not pack.definitions:
        yield "no indicator definition in indicators/"
    computed = {figure.indicator for definition in pack.definitions for figure in definition.figures}
    silent = {figure.indicator_id for figure in pack.figures} - computed - set(pack.not_computed)
    if silent:
        yield f"published figures neither computed nor in figures/not_computed.csv: {', '.join(sorted(silent))}"
    if not pack.return_templates:
        yield "no template in returns/: who keeps no cases here cannot send numbers"
    if not pack.protocols:
        yield "no protocol in screening/protocols/"
    elif not any(protocol.kind == "second" for protocol in pack.protocols):
        yield "no protocol of the kind second: whoever was asked too little is asked the same again"
    for (name, standard), _ in sorted(targets().items()):
        unmapped = [item.code for item in pack.codes(name) if standard not in item.maps]
        if unmapped:
            yield f"no {standard} code in {name}: {', '.join(unmapped)}"
    yield from unchecked(pack)


def unchecked(pack: Pack) -> Iterator[str]:
    """Facts marked ``[unchecked]`` or provisional in their files or in SOURCES.md, and time limits of source K."""
    for limit in pack.limits_by_name.values():
        if limit.source == "K":
            yield f"unchecked limit {limit.name}: {limit.basis}"
    for offence in pack.offences:
        if offence.note.startswith(UNCHECKED):
            yield f"unchecked offence {offence.code}: {offence.note.removeprefix(UNCHECKED).strip()}"
    for name in pack.list_names:
        for item in pack.codes(name):
            if item.note.startswith(UNCHECKED):
                yield f"unchecked code {name}/{item.code}: {item.note.removeprefix(UNCHECKED).strip()}"
    for protocol in pack.protocols:
        if protocol.provisional:
            yield f"provisional protocol {protocol.code} {protocol.version}: {protocol.basis}"
    for person in pack.screening_rule.people if pack.screening_rule else ():
        if person.provisional:
            yield f"provisional finding {person.code}: {person.basis}"
    sources = pack.folder / "SOURCES.md"
    for line in sources.read_text(encoding="utf-8").splitlines() if sources.exists() else ():
        if line.startswith(f"- {UNCHECKED}"):
            yield f"unchecked: {line.removeprefix(f'- {UNCHECKED}').strip()}"
