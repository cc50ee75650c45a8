"""``./run bench [NAME ...]``: runs the benchmarks named, or all, and prints one table."""

import importlib
import os
import shutil
import sys
import tempfile

NAMES = (
    "ctdc",
    "national",
    "pages",
    "vault",
    "intake",
    "demo",
    "prevalence",
    "latent",
    "matching",
    "disclosure",
    "synthesis",
)


def main(names: list[str]) -> int:
    """0 when every target is met, 1 when one is not, 2 when there is no such benchmark."""
    if unknown := set(names) - set(NAMES):
        print(f"There is no benchmark {min(unknown)}. There are: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    home = tempfile.mkdtemp(prefix="enlace-bench-")
    os.environ |= {"ENLACE_HOME": home, "ENLACE_COUNTRY": "mx", "DJANGO_SETTINGS_MODULE": "enlace.settings"}
    try:
        return _run(names or list(NAMES))
    finally:
        shutil.rmtree(home)


def _run(names: list[str]) -> int:
    import django

    django.setup()
    from bench import load
    from bench.measure import as_text

    rows = []
    load.make_template()
    try:
        for name in names:
            print(f"{name} ...", file=sys.stderr)
            for row in importlib.import_module(f"bench.{name}").run():
                print("  " + " | ".join(row.cells()), file=sys.stderr, flush=True)
                rows.append(row)
    finally:
        load.drop(load.TEMPLATE)
    print(as_text(rows))
    return 1 if any(row.met is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
