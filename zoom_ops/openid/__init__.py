"""OpenID Connect client: people sign in at a provider, which sends us a signed ID token.

Uses the authorization code flow with PKCE, state and nonce, and back-channel logout. Every claim of the provider is
checked before it is used.
"""

from .logout_token import SignedOut
from .provider import Beginning, Proven, Provider
from .signed import UnknownKeyError
from .wire import Client, NotProvenError, ProviderDownError

__all__ = [
    "Beginning",
    "Client",
    "NotProvenError",
    "Proven",
    "Provider",
    "ProviderDownError",
    "SignedOut",
    "UnknownKeyError",
]
