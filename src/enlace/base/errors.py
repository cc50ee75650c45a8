"""Three ways to say no. Each carries the sentence the person in front of the screen will read."""


class EnlaceError(Exception):
    """Base of the errors whose text may be shown. The text never holds an identity."""

    status = 400

    def __init__(self, reason: object) -> None:
        super().__init__(reason)
        self.reason = reason


class Refusal(EnlaceError):
    """The request is understood and may be permitted, but not now or not like this (state, dates, missing ground)."""

    status = 409


class Forbidden(EnlaceError):
    """The role in use does not include this."""

    status = 403


class Missing(EnlaceError):
    """There is no such thing, or none that this viewer may know of: the two are told in the same words."""

    status = 404
