"""State machines as tables: every machine of the house, walked at random."""

from importlib import import_module
from importlib.util import find_spec

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from enlace.base.errors import Refusal
from enlace.base.states import Machine, Move

names = st.sampled_from(["a", "b", "c", "d", "e"])
machines = st.builds(
    Machine,
    name=st.just("thing"),
    start=names,
    moves=st.lists(st.builds(Move, names, names, names), max_size=12, unique_by=lambda m: (m.verb, m.source)).map(
        tuple
    ),
)


def machines_of_the_house() -> list[Machine]:
    found = []
    for config in apps.get_app_configs():
        if config.name.startswith("enlace.") and find_spec(f"{config.name}.rules"):
            members = vars(import_module(f"{config.name}.rules")).values()
            found += [member for member in members if isinstance(member, Machine)]
    return found


HOUSE = machines_of_the_house()
VERBS = [*sorted({move.verb for machine in HOUSE for move in machine.moves}), "", "no_such_verb"]


def test_the_house_has_machines() -> None:
    assert {machine.name for machine in HOUSE} >= {"case", "identification", "referral"}


@pytest.mark.parametrize("machine", HOUSE, ids=[machine.name for machine in HOUSE])
def test_a_machine_of_the_house_is_whole(machine: Machine) -> None:
    steps = [(move.source, move.verb) for move in machine.moves]
    assert len(steps) == len(set(steps)), "one verb leads to one place"
    reached, waiting = set(), [machine.start]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting += [machine.after(state, verb) for verb in machine.verbs(state)]
    assert reached == set(machine.states), "nothing is stranded"


class Walk(RuleBasedStateMachine):
    """The table, walked by verbs of all machines, beside a plain dictionary of the same moves."""

    @initialize(machine=st.sampled_from(HOUSE))
    def start(self, machine: Machine) -> None:
        self.machine, self.state = machine, machine.start
        self.table = {(move.source, move.verb): move.target for move in machine.moves}

    @rule(verb=st.sampled_from(VERBS))
    def try_verb(self, verb: str) -> None:
        target = self.table.get((self.state, verb))
        if target is not None:
            self.state = self.machine.after(self.state, verb)
            assert self.state == target
            return
        with pytest.raises(Refusal) as refused:
            self.machine.after(self.state, verb)
        for possible in self.machine.verbs(self.state):
            assert possible in str(refused.value.reason), "the refusal names what can be done"

    @precondition(lambda self: hasattr(self, "machine"))
    @rule(data=st.data())
    def take_a_step(self, data: st.DataObject) -> None:
        if verbs := self.machine.verbs(self.state):
            verb = data.draw(st.sampled_from(verbs))
            self.state = self.machine.after(self.state, verb)
            assert self.state in self.machine.states


def test_walking_at_random_goes_only_where_the_table_leads() -> None:
    run_state_machine_as_test(Walk)


@given(machines, names, names)
def test_any_table_allows_its_own_moves_and_no_others(machine: Machine, state: str, verb: str) -> None:
    targets = [move.target for move in machine.moves if (move.source, move.verb) == (state, verb)]
    if targets:
        assert [machine.after(state, verb)] == targets
    else:
        with pytest.raises(Refusal):
            machine.after(state, verb)
    assert set(machine.verbs(state)) == {move.verb for move in machine.moves if move.source == state}


@given(machines)
def test_the_diagram_shows_every_move_and_every_end(machine: Machine) -> None:
    lines = machine.diagram().splitlines()
    assert lines[:2] == ["stateDiagram-v2", f"    [*] --> {machine.start}"]
    drawn = [f"    {move.source} --> {move.target}: {move.verb}" for move in machine.moves]
    ends = [f"    {state} --> [*]" for state in machine.states if not machine.verbs(state)]
    assert lines[2:] == drawn + ends


def test_a_refusal_without_any_way_on_says_so() -> None:
    with pytest.raises(Refusal, match="possible: -"):
        Machine("thing", "a", ()).after("a", "b")
