"""The two walks of somebody without an account: telling something, and coming back with the receipt number.

Reports and complaints differ in their questions and in who receives them; how one is asked, keeps what was typed, pays
the effort, gets a number and returns is the same, and stands here.
"""

from enlace.intake.flow.asking import Inquiry, Said, inquire
from enlace.intake.flow.returning import FollowUp, Line, Thread, follow, lines_of

__all__ = ["FollowUp", "Inquiry", "Line", "Said", "Thread", "follow", "inquire", "lines_of"]
