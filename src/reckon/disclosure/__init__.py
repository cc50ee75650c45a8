"""Disclosure control of frequency tables: what to withhold so that no small count can be worked out.

`protect` withholds and ends in `audit`; `attack` is what an outsider can do with any published tables. Owns no rule of
its own: the threshold comes from the caller. Two neighbours that it does not yet cover: earlier releases of the same
counts, and indicators of which one is part of another.
"""

from reckon.disclosure.attacker import Interval, attack
from reckon.disclosure.audit import Finding, GroupDisclosure, audit, groups_disclosed
from reckon.disclosure.protection import Protected, difference, protect
from reckon.disclosure.rule import Rule

__all__ = [
    "Finding",
    "GroupDisclosure",
    "Interval",
    "Protected",
    "Rule",
    "attack",
    "audit",
    "difference",
    "groups_disclosed",
    "protect",
]
