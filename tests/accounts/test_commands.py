"""What is done by hand at the machine."""

import pytest
from django.urls import resolve

from enlace.accounts import queries
from enlace.accounts.models import User
from enlace.base.actor import Actor
from enlace.cli import main


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(list(words))
    said = capsys.readouterr()
    return code, said.out + said.err


def test_from_an_empty_installation_to_an_invitation(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "agency", "load")[1].endswith("16\n")
    assert "ngo-harbour\tngo\tXX-S\tSafe Harbour (NGO)" in run(capsys, "agency", "list")[1]
    code, said = run(capsys, "user", "add", "Nora", "--agency", "ngo-harbour", "--role", "R06", "--role", "R08")
    assert code == 0
    path = said.splitlines()[-1]
    assert resolve(path).view_name == "accounts:join"
    assert queries.invitation(resolve(path).kwargs["code"]).user.username == "nora"
    assert run(capsys, "user", "list")[1] == "nora\tngo-harbour\tR06 R08\tactive\n"


def test_what_is_refused_says_why_and_fails(agencies: None, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run(capsys, "user", "add", "nora", "--agency", "nowhere", "--role", "R06")
    assert (code, said[:8]) == (1, "enlace: ")
    assert run(capsys, "user", "disable", "nobody")[0] == 1


def test_disabling_and_inviting_again(make_user: object, capsys: pytest.CaptureFixture[str]) -> None:
    make_user("nora", "ngo-harbour", "R06", password=None)
    assert "/join/" in run(capsys, "user", "invite", "nora")[1]
    assert run(capsys, "user", "disable", "nora")[0] == 0
    assert not User.objects.get().is_active
    assert queries.users(Actor.system("x"), state="disabled").count() == 1
