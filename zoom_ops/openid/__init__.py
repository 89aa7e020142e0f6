"""Speak OpenID Connect to a provider: who signs in there is told to us, signed.

Authorization code with PKCE, state and nonce; of what the provider says nothing is believed that is not checked.
"""

from .errors import NotProvenError, ProviderDownError
from .provider import Beginning, Proven, Provider
from .wire import Client

__all__ = ["Beginning", "Client", "NotProvenError", "Proven", "Provider", "ProviderDownError"]
