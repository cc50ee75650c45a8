"""Disclosure control of the tables of `bench.victims`, beside pytauargus (tau-ARGUS) in the same run.

pytauargus is a yardstick and no dependency: set PYTAUARGUS to an interpreter that has it; without one its rows are left out.

How the two were made comparable. Its rule FREQ(5,20) puts to its solver, as its problem file shows: counts of 1 to 4 are
primary; each must be able to lie 1 lower and 1 higher; a withheld cell may hold nobody; zeros are shown and never withheld;
the cost of a cell is its persons (times 0.4, rounded). The first rows give our exact search that same problem, and its audit
judges our choice too. Times are from the 50,000 rows to the end of the check, on either side. Our own rule, in the other
rows, asks more: readers know that a withheld cell is not zero, and each count must be able to lie anywhere from the lowest
value to the threshold.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench import victims
from bench.measure import Row, Timed, timed
from reckon.disclosure import Earlier, Protected, Rule, attack, protect
from reckon.disclosure.attacker import pose, withheld
from reckon.disclosure.needs import least
from reckon.disclosure.reach import Aim, meet
from reckon.disclosure.suppress import EXACT, QUICK, choose
from reckon.disclosure.system import Flags, System, build
from reckon.tables import CountTable, Key

THRESHOLD = 5
RULE = Rule(THRESHOLD)
METHODS = ("OPT(1)", "MOD(1)")
AT_MOST_HEURISTIC, AT_MOST_LARGE = 1.1, 60.0
LARGE = victims.SHAPES[-1]
LONGEST = 900
"""Seconds after which the largest table is given up."""


def run() -> Iterator[Row]:
    """Beside pytauargus; our own rule on the same tables; two releases; the table of four dimensions."""
    people = victims.victims()
    for names in victims.SHAPES[:-1]:
        yield from _side_by_side(people, names)
    for names in victims.SHAPES[:-1]:
        yield from _own_rule(people, names)
    yield _two_releases(people, ("state", "sex", "exploitation"))
    yield from _large()


def _side_by_side(people: victims.Columns, names: Sequence[str]) -> Iterator[Row]:
    tables = victims.counted(people, names)
    system = build(tables, RULE)
    hidden = _like_theirs(system)
    secondary = hidden & ~system.sensitive
    loss = int(system.values[secondary].sum())
    numbers = _numbers(names, _keys(tables, system), secondary)
    took = timed(lambda: _like_theirs(build(victims.counted(people, names), RULE)))
    label = f"{' x '.join(names)}, FREQ(5,20)"
    for method in METHODS:
        theirs = _argus(people, names, method, numbers)
        if theirs is None:
            yield Row(f"{label}: persons lost", f"{loss:,} in {took}", "pytauargus is not here")
            return
        ours = "safe" if not theirs["judged_unsafe"] else f"{theirs['judged_unsafe']} cells unsafe"
        spent = Timed(theirs["wall"] + theirs["audit_wall"], theirs["cpu"] + theirs["audit_cpu"])
        yield Row(
            f"{label}: persons lost, by {method[:3]}; its audit of ours",
            f"{loss:,}; {ours}",
            f"{theirs['loss']:,}; {theirs['unsafe']} cells unsafe",
            f"{loss / theirs['loss']:.3f}" if theirs["loss"] else "",
            "≤ 1, safe",
            loss <= theirs["loss"] and not theirs["judged_unsafe"],
        )
        ratio = f"{took.cpu / spent.cpu:.2f} (wall {took.wall / spent.wall:.2f})"
        yield Row(f"{label}: time with check, {method[:3]}", str(took), str(spent), ratio, "≤ 1", took.cpu <= spent.cpu)


def _like_theirs(system: System) -> Flags:
    """The least loss under the rule of tau-ARGUS: every small count can be one less and one more."""
    system = replace(system, lowest=0)
    small = np.flatnonzero(system.sensitive)
    aims = [Aim(int(cell), sign, int(system.values[cell]) + sign) for cell in small for sign in (1, -1)]
    hidden = choose(system, aims, EXACT).hidden
    assert not meet(system, hidden, aims)[1], "every aim is met"
    return hidden


def _numbers(names: Sequence[str], keys: Sequence[Key], chosen: Flags) -> list[int]:
    """The chosen cells as pytauargus numbers them: totals before codes, the last dimension fastest."""
    shape = [victims.SIZES[name] + 1 for name in names]
    numbers = []
    for key in (keys[int(cell)] for cell in np.flatnonzero(chosen)):
        code = dict(key)
        place = [victims.codes(name).index(code[name]) + 1 if name in code else 0 for name in names]
        numbers.append(int(np.ravel_multi_index(place, shape)))
    return numbers


def _argus(people: victims.Columns, names: Sequence[str], method: str, ours: list[int]) -> dict[str, float] | None:
    """What pytauargus makes of the table; None without it."""
    python = os.environ.get("PYTAUARGUS", sys.executable)
    if subprocess.run([python, "-c", "import pytauargus"], capture_output=True).returncode:
        return None
    columns = {name: np.array(victims.codes(name))[people[name]].tolist() for name in names}
    job = {"columns": columns, "people": len(people["state"]), "names": list(names), "method": method, "ours": ours}
    script = str(Path(__file__).with_name("argus.py"))
    with tempfile.TemporaryDirectory() as folder:  # its solver leaves files where it is started
        done = subprocess.run(
            [python, script], input=json.dumps(job), capture_output=True, text=True, check=True, cwd=folder
        )
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _own_rule(people: victims.Columns, names: Sequence[str]) -> Iterator[Row]:
    """The heuristic beside the least loss; for the largest table beside what is proven, as the exact search is long."""
    tables = victims.counted(people, names)
    label = f"{' x '.join(names)}, our rule"
    made: list[Protected] = []
    took = timed(lambda: made.append(protect(tables, RULE, effort=QUICK)))
    fast = made[0].losses[0]
    best, said = fast.bound, f"{fast.bound:,} proven least"
    if names in victims.BY_STATE:
        exact = protect(tables, RULE, effort=EXACT).losses[0]
        best, said = exact.secondary_persons, f"{exact.secondary_persons:,} exact, {exact.bound:,} proven least"
    ratio = fast.secondary_persons / best if best else 1.0 + fast.secondary_persons
    measured = f"{fast.secondary_persons:,} in {took}"
    target = f"≤ {AT_MOST_HEURISTIC:g}"
    yield Row(
        f"{label}: persons lost by the heuristic", measured, said, f"{ratio:.3f}", target, ratio <= AT_MOST_HEURISTIC
    )
    yield _attacked(label, tables, made[0])


def _attacked(label: str, tables: list[CountTable], protected: Protected) -> Row:
    """The independent attacker over all tables, and the narrowest interval beside what the rule asks."""
    system = build(tables, RULE)
    floors = dict(zip(_keys(tables, system), least(system).tolist(), strict=True))
    counts = {key: count or 0 for table in tables for key, count in table.cells()}
    intervals = attack(protected.for_release)
    recovered = sum(interval.is_recovered for interval in intervals)
    ratios = []
    for interval in intervals:
        if RULE.is_sensitive(counts[interval.key]) and interval.high is not None:
            low, high = RULE.span(counts[interval.key], int(floors[interval.key]))
            ratios.append((interval.high - interval.low) / (high - low))
    narrowest = min(ratios, default=np.inf)
    measured = f"{recovered} of {len(intervals)}; {narrowest:.2f}"
    is_met = recovered == 0 and narrowest >= 1
    return Row(f"{label}: recovered; narrowest interval / asked", measured, target="0; ≥ 1", met=is_met)


def _keys(tables: list[CountTable], system: System) -> list[Key]:
    """The key of each variable."""
    keys: list[Key] = [()] * system.size
    for table, index in zip(tables, system.index, strict=True):
        for key, variable in zip(table.keys(), index.tolist(), strict=True):
            if variable >= 0:
                keys[variable] = key
    return keys


def _two_releases(people: victims.Columns, names: Sequence[str]) -> Row:
    """A tenth of the victims is found after the first release."""
    before = victims.counted({name: codes[: len(codes) * 9 // 10] for name, codes in people.items()}, names)
    after = victims.counted(people, names)
    first = protect(before, RULE)
    earlier = [[Earlier(table, counts) for table, counts in zip(first.for_release, before, strict=True)]]
    made: list[Protected] = []
    took = timed(lambda: made.append(protect(after, RULE, earlier=earlier)))
    intervals = attack(made[0].for_release, earlier=[first.for_release], exact=False)
    recovered = sum(interval.is_recovered for interval in intervals)
    label = f"{' x '.join(names)}, two releases, 45,000 then 50,000: recovered"
    return Row(label, f"{recovered} of {len(intervals)}; second protected in {took}", target="0", met=recovered == 0)


def _large() -> Iterator[Row]:
    """In a process of its own, which is given up after a quarter of an hour."""
    label, target = f"{' x '.join(LARGE)}, 10,560 cells: protected and audited safe in", f"≤ {AT_MOST_LARGE:g} s"
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bench.disclosure"], capture_output=True, text=True, check=True, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        yield Row(label, f"no result in {LONGEST} s", target=target, met=False)
        return
    found = json.loads(done.stdout)
    took = Timed(found["wall"], found["cpu"])
    yield Row(label, str(took), target=target, met=took.wall <= AT_MOST_LARGE)
    ratio = found["loss"] / max(found["bound"], 1)
    lost = f"{found['loss']:,} in {found['secondary']:,} cells"
    yield Row("the same: persons lost", lost, f"{found['bound']:,} proven least", f"{ratio:.3f}")
    took = Timed(found["attack_wall"], found["attack_cpu"])
    measured = f"{found['recovered']} of {found['withheld']}; {found['narrowest']:.2f} in {took}"
    is_met = found["recovered"] == 0 and found["narrowest"] >= 1
    yield Row("the same, attacked: recovered; narrowest interval / asked", measured, target="0; ≥ 1", met=is_met)


def _protect_large() -> None:
    """Prints what `_large` reads."""
    tables = victims.counted(victims.victims(), LARGE)
    made: list[Protected] = []
    took = timed(lambda: made.append(protect(tables, RULE)))
    loss = made[0].losses[0]
    found: dict[str, float] = {"loss": loss.secondary_persons, "secondary": loss.secondary, "bound": loss.bound}
    spent = timed(lambda: found.update(_withstood(tables, made[0])))
    print(json.dumps(found | vars(took) | {"attack_wall": spent.wall, "attack_cpu": spent.cpu}))


def _withstood(tables: list[CountTable], protected: Protected) -> dict[str, float]:
    """The attacker looks for two values of each withheld cell, and as wide as the rule asks at each small count."""
    system = build(tables, RULE)
    floors = dict(zip(_keys(tables, system), least(system).tolist(), strict=True))
    counts = {key: count or 0 for table in tables for key, count in table.cells()}
    puzzle = pose([protected.for_release], RULE.lowest)
    cells = {key: puzzle.cell(key) for _, cell in withheld(protected.for_release) for key in [cell.key]}
    asked = {key: RULE.span(n, int(floors[key])) for key, n in counts.items() if RULE.is_sensitive(n)}
    puzzle.stretch({number: asked[key] for key, number in cells.items() if key in asked and number is not None})
    puzzle.loosen()
    ratios = []
    for key, (low, high) in asked.items():
        number = cells[key]
        assert number is not None, "one block, and each cell in one table"
        reached = min(puzzle.high[number], high) - max(puzzle.low[number], low)
        ratios.append(round(reached / (high - low), 5))
    recovered = sum(number is None or puzzle.is_fixed(number) for number in cells.values())
    return {"withheld": len(cells), "recovered": recovered, "narrowest": min(ratios)}


if __name__ == "__main__":
    _protect_large()
