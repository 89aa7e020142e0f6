"""The errors of a sign-in provider."""

from ..errors import TemporaryError, ZoomOpsError


class ProviderDownError(TemporaryError):
    """The sign-in provider cannot be asked."""


class NotProvenError(ZoomOpsError):
    """Nothing proves who it is that signs in."""
