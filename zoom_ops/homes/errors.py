"""What can go wrong at a home. The base classes say what a run does next."""

from ..errors import ParkedError, PermanentError, SettlingError, TemporaryError


class HomeDownError(TemporaryError):
    """The home did not answer, or said that it is overloaded. Nothing was written."""


class PacedError(SettlingError):
    """The home is asked as often as its file allows. Nothing was sent, and nothing failed."""


class StrangeAnswerError(TemporaryError):
    """The home answered what it should not, such as a page instead of JSON. Nothing was written."""


class ConflictError(TemporaryError):
    """Somebody changes the record again and again. Nothing was written."""


class UnauthorizedError(ParkedError):
    """The home does not accept the credentials."""


class MissingRightError(ParkedError):
    """The credentials are right, and may not do this."""


class FormChangedError(ParkedError):
    """The home refused what it took before: its form has changed with a newer version."""


class DriftedError(ParkedError):
    """Somebody changed our entry in the home. It stays as it is."""


class ConsentRefusedError(ParkedError):
    """The record says that it may not be recorded: nothing is published."""


class CannotHideError(PermanentError):
    """The home cannot keep a link from visitors: a link for members is not written."""


class ExposedError(CannotHideError):
    """The home showed visitors a link for members for a moment, before it was taken back."""


class UnprotectedError(FormChangedError):
    """The home did not protect a link for members as asked. Visitors may have seen it until it was removed."""


class NoPlaceError(PermanentError):
    """The record has no place for a link, as this home is written to: nothing is written."""
