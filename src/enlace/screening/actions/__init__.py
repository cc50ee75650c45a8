"""Every write of screening. The single form is the bulk of one."""

from enlace.screening.actions.alerts import Ended, end_alerts
from enlace.screening.actions.answers import AnswerPage, answer_screenings, correct_screenings
from enlace.screening.actions.deciding import Confirmed, Decision, decide_screenings, record_confirmations
from enlace.screening.actions.finishing import Finish, finish_screenings
from enlace.screening.actions.groups import GroupPage, GroupStart, answer_group, join_group, start_group
from enlace.screening.actions.recording import Recorded, record_screenings
from enlace.screening.actions.starting import Start, confirm_safety, start_screenings

__all__ = [
    "AnswerPage",
    "Confirmed",
    "Decision",
    "Ended",
    "Finish",
    "GroupPage",
    "GroupStart",
    "Recorded",
    "Start",
    "answer_group",
    "answer_screenings",
    "confirm_safety",
    "correct_screenings",
    "decide_screenings",
    "end_alerts",
    "finish_screenings",
    "join_group",
    "record_confirmations",
    "record_screenings",
    "start_group",
    "start_screenings",
]
