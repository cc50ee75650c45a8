"""Which questions are asked, which answers count, and which are still open (skip logic)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from enlace.country.protocols import (
    Answers,
    Condition,
    Given,
    Leaf,
    NoAnswer,
    Protocol,
    Question,
    asked_if,
    holds,
    leaf_holds,
    leaves,
    truth,
)


@dataclass(frozen=True)
class Standing:
    """Where the questioning stands.

    ``counted``: the answers of questions that are asked; an answer to a hidden question is kept elsewhere and counts for nothing.
    ``open``: questions without an answer that are asked, or would be if other open ones were answered in some way.
    """

    visible: tuple[Question, ...]
    counted: Mapping[str, Given]
    open: frozenset[str]
    conditions: Mapping[str, Condition]

    def truth(self, condition: Condition) -> bool | None:
        """Whether it holds on what counts; None when open questions leave it undecided."""
        return truth(condition, self._leaf)

    def _leaf(self, leaf: Leaf) -> bool | None:
        if leaf.question in self.open:
            return None
        return leaf_holds(leaf, self.counted.get(leaf.question))

    def askable(self, codes: Iterable[str]) -> frozenset[str]:
        """The questions to put now so that these come to be answered: themselves if they are shown, else what they hang on."""
        shown = {question.code for question in self.visible}
        found: set[str] = set()
        for code in set(codes) & self.open:
            mentioned = {leaf.question for leaf in leaves(self.conditions[code])}
            found |= {code} if code in shown else self.askable(mentioned)
        return frozenset(found)


def stand(protocol: Protocol, answers: Answers) -> Standing:
    """Walk the questions in order. A condition mentions earlier questions only, so one pass is enough."""
    visible: list[Question] = []
    counted: dict[str, Given] = {}
    undecided: set[str] = set()
    conditions: dict[str, Condition] = {}
    for section, question in protocol.asked():
        condition = asked_if(section, question)
        so_far = Standing((), counted, frozenset(undecided), conditions)
        conditions[question.code] = condition
        value = answers.get(question.code)
        if not holds(condition, counted):
            if so_far.truth(condition) is None:
                undecided.add(question.code)
            continue
        visible.append(question)
        if value is None or isinstance(value, NoAnswer):
            undecided.add(question.code)
        else:
            counted[question.code] = value
    return Standing(tuple(visible), counted, frozenset(undecided), conditions)


def visible(protocol: Protocol, answers: Answers) -> tuple[Question, ...]:
    """The questions to ask after these answers, in order."""
    return stand(protocol, answers).visible


def missing_required(protocol: Protocol, answers: Answers) -> tuple[str, ...]:
    """Required questions that are asked and have neither an answer nor a reason why there is none."""
    return tuple(q.code for q in visible(protocol, answers) if q.required and q.code not in answers)
