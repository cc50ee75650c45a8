"""The attacker, apart from the side that suppresses: a second, independent path through the same tables."""

from reckon.disclosure.attacker.puzzle import Block, Interval, Puzzle, attack, blocks, pose
from reckon.disclosure.attacker.reading import Tie, withheld

__all__ = ["Block", "Interval", "Puzzle", "Tie", "attack", "blocks", "pose", "withheld"]
