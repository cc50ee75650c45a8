"""State machines as tables: what may follow what, the reason when it may not, and the diagram in the documentation."""

from dataclasses import dataclass

from enlace.base.errors import Refusal


@dataclass(frozen=True, slots=True)
class Move:
    verb: str
    source: str
    target: str


@dataclass(frozen=True)
class Machine:
    """What may follow what. ``name`` names the page in ``docs/states``."""

    name: str
    start: str
    moves: tuple[Move, ...]

    @property
    def states(self) -> tuple[str, ...]:
        seen = [self.start, *(state for move in self.moves for state in (move.source, move.target))]
        return tuple(dict.fromkeys(seen))

    def verbs(self, state: str) -> tuple[str, ...]:
        return tuple(move.verb for move in self.moves if move.source == state)

    def after(self, state: str, verb: str) -> str:
        """The state that ``verb`` leads to. Raises ``Refusal`` when it cannot be done from ``state``."""
        for move in self.moves:
            if move.source == state and move.verb == verb:
                return move.target
        possible = ", ".join(self.verbs(state)) or "-"
        raise Refusal(
            "This step is not possible now (%(name)s: “%(verb)s” while “%(state)s”; possible: %(possible)s).",
            name=self.name,
            verb=verb,
            state=state,
            possible=possible,
        )

    def diagram(self) -> str:
        """Mermaid text."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.start}"]
        lines += [f"    {move.source} --> {move.target}: {move.verb}" for move in self.moves]
        ends = [state for state in self.states if not self.verbs(state)]
        return "\n".join(lines + [f"    {state} --> [*]" for state in ends])
