"""What the worker does: it answers one question."""

from uuid import UUID

from django_tasks import task

from enlace.base.actor import Actor
from enlace.statistics import actions, rules

WORKER = Actor.system("worker")


@task()
def answer(table_id: str) -> None:
    """Answer one question, or keep why not. Safe to be called twice."""
    try:
        actions.answer_question(by=WORKER, table_id=UUID(table_id))
    except Exception:  # whatever it was, whoever asked must not wait for ever; it goes on up
        actions.end_question(by=WORKER, table_id=UUID(table_id), reason=rules.FAILED)
        raise
