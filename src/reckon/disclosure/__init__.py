"""Disclosure control of frequency tables: what to withhold so that no small count can be worked out.

`protect` withholds and ends in `audit`; `attack` is what an outsider can do with any published tables. Owns no rule of
its own: the threshold comes from the caller. The attacker and the side that suppresses share no computation.
"""

from reckon.disclosure.attacker import Interval, attack
from reckon.disclosure.audit import Finding, GroupDisclosure, audit, groups_disclosed
from reckon.disclosure.hierarchy import Hierarchy
from reckon.disclosure.microdata import Anonymised, Anonymity, anonymise, anonymity
from reckon.disclosure.protection import Loss, Protected, difference, protect
from reckon.disclosure.rounding import Rounded, round_tables
from reckon.disclosure.rule import Rule
from reckon.disclosure.sheets import Earlier

__all__ = [
    "Anonymised",
    "Anonymity",
    "Earlier",
    "Finding",
    "GroupDisclosure",
    "Hierarchy",
    "Interval",
    "Loss",
    "Protected",
    "Rounded",
    "Rule",
    "anonymise",
    "anonymity",
    "attack",
    "audit",
    "difference",
    "groups_disclosed",
    "protect",
    "round_tables",
]
