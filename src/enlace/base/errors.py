"""Three ways to say no. Each carries the sentence the person in front of the screen will read."""

from collections.abc import Callable
from typing import ClassVar


class EnlaceError(Exception):
    """Base of the errors whose text may be shown. The text never holds an identity.

    ``values`` fill the gaps of the sentence after it is translated. The rules raise these errors and know no Django, so
    the translation is handed in when the application starts (``base.apps``).
    """

    status = 400
    translate: ClassVar[Callable[[str], str]] = str

    def __init__(self, reason: object, **values: object) -> None:
        super().__init__(reason)
        self._reason, self._values = reason, values

    def __str__(self) -> str:
        return self.reason

    @property
    def reason(self) -> str:
        """The sentence in the language of whoever reads it now."""
        said = type(self).translate(str(self._reason))
        return said % self._values if self._values else said


class Refusal(EnlaceError):
    """The request is understood and may be permitted, but not now or not like this (state, dates, missing ground)."""

    status = 409


class Forbidden(EnlaceError):
    """The role in use does not include this."""

    status = 403


class Missing(EnlaceError):
    """There is no such thing, or none that this viewer may know of: the two are told in the same words."""

    status = 404
