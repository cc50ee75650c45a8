"""The snapshot of a period as it was gathered before, brought up to date with what was changed since (ADR 17).

A folder of ``ENLACE_HOME/snapshots`` for each period holds three sealed files: ``base``, every event as it once was
(Parquet); ``fresh``, those of the cases, contacts and screenings touched since, as they are now; ``manifest``, which names
both by digest and says what of ``base`` no longer counts, and up to where the log was read. What is read together is the
table that gathering everything anew would give. Whatever does not fit, gathers everything anew.
"""

import hashlib
import json
import logging
import os
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Self

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

import enlace
import reckon
from enlace.base import keyring
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.rows import seeing_as
from enlace.cases.facts import AT_ONCE, cases_of
from enlace.country.queries import current
from enlace.statistics import changes
from enlace.statistics.changes import Changed, Mark
from enlace.statistics.snapshot import WHOLE, Part, snapshot
from reckon.tables import CODE_COLUMNS, COLUMNS, SCHEMA, checked, digest

READER = Actor.system("statistics")
PURPOSE = "statistics.snapshot"
FORMAT = "enlace-snapshot/1"
MANIFEST = "manifest"
MOST_CHANGED = 0.2
"""The share of changed cases, contacts and screenings among events from which on everything is gathered anew."""
MOST_STALE = 0.05
"""The share of events in ``base`` that no longer count from which on ``base`` is written anew."""
PLAIN = pa.schema([(name, pa.string() if name in CODE_COLUMNS else SCHEMA.field(name).type) for name in COLUMNS])
UNLIKE = """
    SELECT measure, count(*) FROM (
        (SELECT * FROM kept EXCEPT ALL SELECT * FROM whole) UNION ALL (SELECT * FROM whole EXCEPT ALL SELECT * FROM kept)
    ) GROUP BY measure ORDER BY measure
"""
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Keys:
    """Of which cases, of which records without a case, and of which whole measures the events are meant."""

    cases: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()
    measures: frozenset[str] = frozenset()

    def __or__(self, other: "Keys") -> "Keys":
        return Keys(self.cases | other.cases, self.records | other.records, self.measures | other.measures)

    def to_plain(self) -> dict[str, list[str]]:
        return {"cases": sorted(self.cases), "records": sorted(self.records), "measures": sorted(self.measures)}

    @classmethod
    def from_plain(cls, plain: dict[str, list[str]]) -> Self:
        return cls(*(frozenset(plain[name]) for name in ("cases", "records", "measures")))


@dataclass(frozen=True)
class Kept:
    """What the manifest says. ``base`` and ``fresh`` are the SHA-256 (hexadecimal) by which their files are named.

    ``digest`` is that of the whole table, "" while nobody asked for it.
    """

    frame: str
    mark: Mark
    base: str = ""
    fresh: str = ""
    stale: Keys = Keys()
    digest: str = ""

    def to_bytes(self) -> bytes:
        plain = {"format": FORMAT, "frame": self.frame, "base": self.base, "fresh": self.fresh, "digest": self.digest}
        return json.dumps(plain | {"mark": self.mark.to_plain(), "stale": self.stale.to_plain()}).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        plain = json.loads(data)
        if plain["format"] != FORMAT:
            raise ValueError("this is no kept snapshot")
        mark, stale = Mark.from_plain(plain["mark"]), Keys.from_plain(plain["stale"])
        return cls(plain["frame"], mark, plain["base"], plain["fresh"], stale, plain["digest"])


@dataclass(frozen=True)
class Taken:
    """A snapshot. ``kept`` is the manifest of what lies in the folder, where that is this very table."""

    table: pa.Table
    folder: Path
    kept: Kept | None

    def digest(self) -> str:
        """The name of its content (``reckon.tables.digest``), which is worked out once as long as nothing is touched."""
        if self.kept and self.kept.digest:
            return self.kept.digest
        found = digest(self.table)
        if self.kept:
            _keep(self.folder, replace(self.kept, digest=found))
        return found


def taken(start: date, end: date) -> Taken:
    """Every event from ``start`` to ``end``, both included: the rows of ``snapshot``, in no order.

    What was found is kept for the next time, but not from inside a transaction: it may hold what will never have been.
    """
    folder, frame = folder_of(start, end), frame_of(current().folder)
    with seeing_as(READER):
        now = changes.mark()  # before anything is gathered
        kept = _read(folder, frame)
        found = _brought_up(kept, now, folder, start, end) if kept else None
        if found is not None:
            return found
        table = snapshot(start, end)
        if not changes.is_watching():
            return Taken(table, folder, None)
        return Taken(table, folder, _keep(folder, Kept(frame, now), table, table.slice(0, 0)))


def keep(start: date, end: date) -> None:
    """Have the snapshot and its digest ready for who needs them inside a transaction."""
    if not connection.in_atomic_block:
        taken(start, end).digest()


def faults(start: date, end: date) -> dict[str, int]:
    """What is kept beside everything gathered anew: measure -> how many events only one of the two has.

    Where they differ, what was kept is thrown away. Raises ``Refusal`` when records were changed meanwhile.
    """
    found = taken(start, end).table
    with seeing_as(READER):
        before, whole = changes.mark(), snapshot(start, end)
        if digest(found) == digest(whole):
            return {}
        if changes.mark().last != before.last:
            raise Refusal(_("Records were changed during the comparison. Compare again."))
    forget(start, end)
    with duckdb.connect(":memory:") as database:
        for name, table in (("kept", found), ("whole", whole)):
            database.register(name, table.cast(PLAIN))
        return dict(database.execute(UNLIKE).fetchall())


def _brought_up(kept: Kept, now: Mark, folder: Path, start: date, end: date) -> Taken | None:
    """What was kept with what was changed since; ``None`` where gathering everything is needed, or cheaper."""
    changed = changes.since(kept.mark)
    if changed is None:
        return None
    try:
        base, fresh = _open(folder, kept.base), _open(folder, kept.fresh)
    except (OSError, ValueError, keyring.KeyUnavailable):
        logger.warning("A kept snapshot could not be read; everything is gathered anew.")
        return None
    part = _part(changed)
    if part.size > MOST_CHANGED * base.num_rows:
        return None
    touched = _keys(part)
    if touched == Keys():
        table = pa.concat_tables([without(base, kept.stale), fresh])
        return Taken(table, folder, kept if now == kept.mark else _keep(folder, replace(kept, mark=now)) or kept)
    stale = kept.stale | touched
    lasting = without(base, stale)
    fresh = pa.concat_tables([without(fresh, touched), snapshot(start, end, part)]).unify_dictionaries()
    table = pa.concat_tables([lasting, fresh])
    if base.num_rows - lasting.num_rows > MOST_STALE * base.num_rows:
        return Taken(table, folder, _keep(folder, Kept(kept.frame, now), table, fresh.slice(0, 0)))
    return Taken(table, folder, _keep(folder, Kept(kept.frame, now, kept.base, stale=stale), fresh=fresh))


def forget(start: date, end: date) -> None:
    """Remove what is kept of a period."""
    shutil.rmtree(folder_of(start, end), ignore_errors=True)


def forget_unused(before: datetime) -> int:
    """Remove what nobody has used since a moment; returns how many periods."""
    old = [path for path in _root().glob("*_*") if _last_used(path) < before.timestamp()]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return len(old)


def folder_of(start: date, end: date) -> Path:
    """Where the snapshot of a period is kept."""
    return _root() / f"{start}_{end}"


def without(table: pa.Table, keys: Keys) -> pa.Table:
    """The events that are about none of these."""
    masks = [
        pc.is_in(table.column(name).cast(pa.string()), value_set=pa.array(sorted(ids), pa.string()))
        for name, ids in (("case", keys.cases), ("record", keys.records), ("measure", keys.measures))
        if ids
    ]
    for mask in masks[1:]:
        masks[0] = pc.or_(masks[0], mask)
    return table.filter(pc.invert(masks[0])) if masks else table


def _part(changed: Changed) -> Part:
    """Which events can have become others: a person is in all her cases, and in what came of contacts."""
    cases, people = set(changed.cases), sorted(changed.people)
    for first in range(0, len(people), AT_ONCE):
        cases |= cases_of(people[first : first + AT_ONCE])
    measures = {"spent"} if changed.costs else set()
    if changed.contacts or changed.people:
        measures |= WHOLE.keys() - {"spent"}
    return Part(cases, changed.contacts, changed.screenings, measures)


def _keys(part: Part) -> Keys:
    records = frozenset(map(str, part.contacts)) | frozenset(map(str, part.screenings))
    return Keys(frozenset(map(str, part.cases)), records, frozenset(part.measures))


@lru_cache
def frame_of(pack: Path) -> str:
    """What must be the same for kept events to count: the pack, this software, the time zone. SHA-256, hexadecimal."""
    packages = [Path(package.__file__ or "").parent for package in (enlace, reckon)]
    found = hashlib.sha256(f"{FORMAT}\n{settings.TIME_ZONE}\n".encode())
    for folder, pattern in ((pack, "*"), *((package, "*.py") for package in packages)):
        for path in sorted(path for path in folder.rglob(pattern) if path.is_file()):
            found.update(f"{path.relative_to(folder)}\n{path.stat().st_size}\n".encode() + path.read_bytes())
    return found.hexdigest()


def _root() -> Path:
    return Path(settings.ENLACE_HOME) / "snapshots"


def _last_used(folder: Path) -> float:
    try:
        return (folder / MANIFEST).stat().st_mtime
    except OSError:
        return folder.stat().st_mtime if folder.exists() else 0.0


def _read(folder: Path, frame: str) -> Kept | None:
    """The manifest, if there is one that this software with this pack wrote under this key."""
    try:
        kept = Kept.from_bytes(keyring.unseal_bytes(PURPOSE, (folder / MANIFEST).read_bytes()))
    except (OSError, ValueError, LookupError, keyring.KeyUnavailable):
        return None
    return kept if kept.frame == frame else None


def _open(folder: Path, name: str) -> pa.Table:
    data = (folder / name).read_bytes()
    if hashlib.sha256(data).hexdigest() != name:
        raise ValueError("another file than the manifest names")
    return checked(pq.read_table(pa.BufferReader(keyring.unseal_bytes(PURPOSE, data))))


def _keep(folder: Path, kept: Kept, base: pa.Table | None = None, fresh: pa.Table | None = None) -> Kept | None:
    """Write the tables given, then the manifest, then take away what no manifest names; ``None`` where nothing is kept.

    Two processes that keep at once both leave a whole snapshot or none: whoever finds a file missing gathers anew.
    """
    if connection.in_atomic_block:
        return None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _root().chmod(0o700)
        before = {path.name for path in folder.iterdir()}
        kept = kept if base is None else replace(kept, base=_sealed(folder, base))
        kept = kept if fresh is None else replace(kept, fresh=_sealed(folder, fresh))
        _write(folder, MANIFEST, keyring.seal_bytes(PURPOSE, kept.to_bytes()))
        _remove(folder / name for name in before - {MANIFEST, kept.base, kept.fresh})
    except OSError as error:  # a full disk makes the next snapshot slow, and this one no worse
        logger.warning("The snapshot could not be kept: %s.", type(error).__name__)
        return None
    return kept


def _sealed(folder: Path, table: pa.Table) -> str:
    """Write a table under the digest of its sealed bytes."""
    buffer = pa.BufferOutputStream()
    pq.write_table(table.cast(SCHEMA), buffer, compression="zstd", use_dictionary=list(CODE_COLUMNS))
    data = keyring.seal_bytes(PURPOSE, buffer.getvalue().to_pybytes())
    name = hashlib.sha256(data).hexdigest()
    _write(folder, name, data)
    return name


def _write(folder: Path, name: str, data: bytes) -> None:
    """Put a file there at once and whole, for the owner alone."""
    draft = folder / f"{name[:16]}.{secrets.token_hex(8)}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    os.replace(draft, folder / name)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
