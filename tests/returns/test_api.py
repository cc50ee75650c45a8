"""Returns as JSON: opened, answered, submitted, and refused with the reason."""

import json
from typing import Any

from django.test import Client

from enlace.accounts.models import User
from enlace.base.actor import Actor
from enlace.returns.models import PeriodicReturn
from tests.accounts.entering import enter
from tests.returns.cast import submitted
from tests.world import World

ROOT = "/api/v1/returns"


def call(actor: Actor, address: str, body: object = None) -> tuple[int, Any]:
    client = enter(Client(), User.objects.get(pk=actor.id))
    answer = (
        client.get(ROOT + address)
        if body is None
        else client.post(ROOT + address, body, content_type="application/json")
    )
    return answer.status_code, json.loads(answer.content)


def test_a_return_is_opened_answered_and_submitted(world: World) -> None:
    status, row = call(world.bruno, "", {"template": "crown_justice", "period": "2024-H1", "state": "XX-N"})
    assert (status, row["status"], row["due_on"]) == (201, "open", "2024-07-30")
    address = f"/{row['id']}"
    empty = [one for one in call(world.bruno, address)[1]["findings"] if one["rule"] == "unanswered"]
    answers = [{"measure": one["measure"], "breakdown": one["breakdown"], "answer": "no_data"} for one in empty]
    answers.append({"measure": "charged", "answer": "4"})
    status, whole = call(world.bruno, f"{address}/values", {"answers": answers, "saves": 0, "submit": True})
    assert (status, whole["status"], whole["findings"], whole["unread"]) == (200, "submitted", [], [])
    told = {(one["measure"], one["breakdown"]): (one["kind"], one["value"]) for one in whole["values"]}
    assert told["charged", ""] == ("value", "4.00")
    assert told["found", "sex=female"] == ("no_data", None)


def test_what_is_wrong_is_told_and_kept_as_a_draft(world: World) -> None:
    _status, row = call(world.bruno, "", {"template": "crown_justice", "period": "2024-H1", "state": "XX-N"})
    answers = [{"measure": "charged", "answer": "-4"}, {"measure": "nothing", "answer": "1"}]
    status, kept = call(world.bruno, f"/{row['id']}/values", {"answers": answers})
    assert (status, [one["reason"] for one in kept["unread"]]) == (200, ["negative", "unknown-cell"])
    status, refused = call(world.bruno, f"/{row['id']}/values", {"answers": [], "submit": True})
    assert (status, "must be put right" in refused["detail"]) == (409, True)
    assert call(world.bruno, f"/{row['id']}/values", {"answers": [], "saves": 0})[0] == 409


def test_a_list_is_narrowed_and_shows_nobody_elses(world: World) -> None:
    submitted(world.bruno)
    submitted(world.elena, state="XX-S")
    assert [row["state"] for row in call(world.bruno, "")[1]["rows"]] == ["XX-N"]
    assert [row["state"] for row in call(world.elena, "?state=XX-S&status=submitted")[1]["rows"]] == ["XX-S"]
    assert call(world.carla, "")[0] == 403


def test_only_who_checks_is_told_what_enlace_counts(world: World) -> None:
    return_id = submitted(world.bruno, {"found|": "5"})
    PeriodicReturn.objects.filter(pk=return_id).update(casework={"identified": 3})
    found = {actor.display_name: call(actor, f"/{return_id}")[1]["findings"] for actor in (world.bruno, world.elena)}
    assert found["Bruno"] == []
    assert [one["rule"] for one in found["Elena"]] == ["found_in_enlace"]
