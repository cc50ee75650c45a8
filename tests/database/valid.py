"""One valid row of every table that has constraints, so that a test spoils one thing and knows what was refused."""

from tests.database import valid_desks, valid_help, valid_people, valid_releases, valid_returns, valid_statistics

VALID = valid_people.VALID | valid_help.VALID | valid_desks.VALID | valid_releases.VALID | valid_returns.VALID
VALID |= valid_statistics.VALID
