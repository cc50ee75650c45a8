"""The life of a periodic return. What was submitted is never edited: a correction is a new revision with its reason."""

from enlace.base.states import Machine, Move

OPEN, SUBMITTED, CHECKED, ACCEPTED = "open", "submitted", "checked", "accepted"
RETURNED, PUBLISHED = "returned", "published"
UNFINISHED = (OPEN, SUBMITTED, CHECKED)
COUNTED = (ACCEPTED, PUBLISHED)
"""States in which its numbers are facts."""

RETURN = Machine(
    "periodic_return",
    OPEN,
    (
        Move("submit", OPEN, SUBMITTED),
        Move("check", SUBMITTED, CHECKED),
        Move("give_back", SUBMITTED, RETURNED),
        Move("accept", CHECKED, ACCEPTED),
        Move("give_back", CHECKED, RETURNED),
        Move("publish", ACCEPTED, PUBLISHED),
    ),
)
