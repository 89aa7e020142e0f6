"""The errors that Zoom's answers become."""

from datetime import datetime

from ..errors import ConfigurationError, PermanentError, TemporaryError, WaitingError


class ZoomRefusedError(PermanentError):
    """Zoom refused."""

    def __init__(self, sentence: str | None = None, *, code: int = 0, message: str = "") -> None:
        super().__init__(sentence)
        self.code = code  # Zoom's code, not the HTTP status
        self.message = message  # in Zoom's words


class NoLicenceError(ZoomRefusedError):
    """The host can hold no webinar: no licence, or no active user."""


class WebinarGoneError(ZoomRefusedError):
    """Zoom has no such webinar: it was deleted, or has expired."""


class UserGoneError(ZoomRefusedError):
    """Zoom has no such user: the host was deleted, or is deactivated."""


class ConvertedError(WebinarGoneError):
    """Zoom has this number as a meeting now: somebody converted the webinar."""


class UnchangeableError(ZoomRefusedError):
    """Zoom lets no app change or delete this webinar."""


class PanelistRefusedError(ZoomRefusedError):
    """Zoom refuses to add panelists because of one of them: it refuses the whole call for one field."""


class PanelistsFullError(ZoomRefusedError):
    """The webinar cannot have so many panelists."""


class NoRecordingError(TemporaryError):
    """Zoom has no recording of this webinar yet, or none that it shows; that does not mean that it is gone."""


class RateLimitedError(TemporaryError):
    """Zoom's rate limit leaves no room now; nothing was sent, or what was sent was turned away."""

    def __init__(self, message: str | None = None, *, retry_at: datetime) -> None:
        super().__init__(message, retry_at=retry_at)


class CredentialError(ConfigurationError, PermanentError):
    """Zoom does not accept the credentials."""


class WrongAddressError(CredentialError):
    """The address in the settings is not Zoom's; or something in between stands in the way for a while."""


class ForbiddenError(TemporaryError):
    """Zoom, or something before it, lets nobody in (HTTP 403) and does not say why in the words of its API."""


class MissingScopesError(ConfigurationError, PermanentError):
    """The Zoom app lacks scopes."""


class AccountStoppedError(WaitingError):
    """Zoom is asked nothing for this account; nothing was sent, or what was sent was refused."""


class EndpointStoppedError(AccountStoppedError):
    """Zoom is not asked for one thing, for which the app lacks scopes; the account works on."""
