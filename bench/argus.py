"""The job that `bench.disclosure` gives to pytauargus, in a process of its own: `python argus.py < job.json`.

It needs pytauargus and nothing of this house, so that any interpreter that has the library can run it. The answer is JSON:
what the method withheld and in what time, and the library's own audit of that and of the choice of cells handed in.
"""

import json
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    job = json.load(sys.stdin)
    from pytauargus import protect
    from pytauargus.engine import audit_jj

    columns = job["columns"] | {"one": [1] * job["people"]}
    with tempfile.TemporaryDirectory() as folder:
        start, cpu = time.perf_counter(), time.process_time()
        done = protect(
            columns, job["names"], response="one", safety_rules="FREQ(5,20)", suppress=job["method"], workdir=folder
        )
        chosen, chosen_cpu = time.perf_counter(), time.process_time()
        found = done.engine.audit(0)
        audited, audited_cpu = time.perf_counter(), time.process_time()
        problem = Path(folder) / "problem.jj"
        engine = done.engine
        engine._tau.write_jj_format(0, str(problem), *engine._table_cell_bounds(0), False, False, False)
        _withhold(problem, set(job["ours"]))
        judged = audit_jj(str(problem))
    table = done.tables[0]
    pairs = list(zip(table.status(), table.unsafe(), strict=True))
    answer = {
        "wall": chosen - start,
        "cpu": chosen_cpu - cpu,
        "audit_wall": audited - chosen,
        "audit_cpu": audited_cpu - chosen_cpu,
        "primary": sum(status == "U" for status, _ in pairs),
        "secondary": sum(status == "M" for status, _ in pairs),
        "loss": round(sum(value for status, value in pairs if status == "M")),
        "unsafe": sum(bool(cell["unsafe"]) for cell in found),
        "judged": len(judged),
        "judged_unsafe": sum(bool(cell["unsafe"]) for cell in judged),
    }
    print(json.dumps(answer))


def _withhold(problem: Path, ours: set[int]) -> None:
    """Put the cells handed in (by number, totals before codes, the last dimension fastest) in place of the method's own."""
    lines = problem.read_text().splitlines()
    cells = int(lines[1])
    for number in range(cells):
        line = lines[2 + number].split()
        if line[3] in ("s", "m"):
            line[3] = "m" if int(line[0]) in ours else "s"
        lines[2 + number] = " ".join(line)
    problem.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
