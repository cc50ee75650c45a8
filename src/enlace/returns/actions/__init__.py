"""Every write of periodic returns."""

from enlace.returns.actions.filling import revise_return, save_return, submit_return
from enlace.returns.actions.importing import import_returns, save_file
from enlace.returns.actions.judging import accept_return, check_return, give_back_return, publish_returns
from enlace.returns.actions.opening import open_return, remind_returns

__all__ = [
    "accept_return",
    "check_return",
    "give_back_return",
    "import_returns",
    "open_return",
    "publish_returns",
    "remind_returns",
    "revise_return",
    "save_file",
    "save_return",
    "submit_return",
]
