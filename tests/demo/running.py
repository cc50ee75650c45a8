"""Running the command as a person does, in a home of its own, and looking at what it wrote."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(home: Path, *words: str, country: str = "mx") -> str:
    """Run a module of this repository as a fresh process with a home and a database file of its own."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    env = kept | {"ENLACE_HOME": str(home), "ENLACE_COUNTRY": country, "ENLACE_LANGUAGE": "en"}
    done = subprocess.run(
        [sys.executable, "-m", *words], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def enlace(home: Path, *words: str, country: str = "mx") -> str:
    return run(home, "enlace", *words, country=country)


def read(home: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{home / 'enlace.sqlite3'}?mode=ro", uri=True)) as kept:
        return kept.execute(query).fetchall()
