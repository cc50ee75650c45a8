"""Who acts: the one description of a person or a process that actions, queries and the audit share."""

from dataclasses import dataclass, field
from typing import Self

OWN, STATE, NATIONAL, NONE = "own", "state", "national", "none"


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person in one role, somebody on the own page, or a named process of the system.

    ``scope`` says how far the role's permissions reach: the own agency, the own state, the nation or nothing.
    """

    id: str
    agency_code: str = ""
    role_code: str = ""
    scope: str = OWN
    can: frozenset[str] = field(default_factory=frozenset)
    display_name: str = ""
    agency_name: str = ""
    role_label: str = ""
    state_code: str = ""
    is_system: bool = False
    person_id: str = ""  # of whoever reads her or his own page, and nobody else's

    @classmethod
    def system(cls, name: str) -> Self:
        """A process (set-up, import, clock) that acts for the installation and may do everything."""
        return cls(id=f"system:{name}", scope=NATIONAL, display_name=name, is_system=True)

    def may(self, permission: str) -> bool:
        return self.is_system or permission in self.can
