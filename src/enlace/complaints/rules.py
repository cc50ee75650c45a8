"""Pure rules of a complaint about an official: its states. Its handling after receipt is not here."""

from enlace.base.states import Machine, Move

BEGUN, RECEIVED, READ, ASKED, ANSWERED = "begun", "received", "read", "asked", "answered"
CLOSED, WITHDRAWN = "closed", "withdrawn"

COMPLAINT = Machine(
    "complaint",
    BEGUN,
    (
        Move("send", BEGUN, RECEIVED),
        Move("read", RECEIVED, READ),
        *(Move("ask", state, ASKED) for state in (READ, ASKED, ANSWERED)),
        *(Move("answer", state, ANSWERED) for state in (READ, ASKED, ANSWERED)),
        *(Move("close", state, CLOSED) for state in (READ, ASKED, ANSWERED)),
        *(Move("add", state, RECEIVED) for state in (RECEIVED, READ, ASKED, ANSWERED, CLOSED)),
        *(Move("withdraw", state, WITHDRAWN) for state in (RECEIVED, READ, ASKED, ANSWERED, CLOSED)),
    ),
)
