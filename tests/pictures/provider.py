"""A sign-in provider that exists by name only: its button is shown, and nobody uses it."""

from tests.web_site import Site
from zoom_ops.identity import ClaimRules, ProvidedSignIn, Waits
from zoom_ops.openid import Client, Provider

LABEL = "Harbour Institute"


def provide(site: Site) -> ProvidedSignIn:
    """Let people sign in through it."""
    client = Client(
        discovery_url="https://login.example.org/.well-known/openid-configuration",
        client_id="zoom_ops",
        client_secret="secret",
        scopes=("openid",),
        redirect_uri="https://events.example.org/sign-in/callback",
    )
    known = {
        "provider": Provider(client, site.clock),
        "rules": ClaimRules(role_claim=None, groups_claim=None, login_claim="sub"),
        "waits": Waits(),
        "label": LABEL,
    }
    return ProvidedSignIn(site.database, site.clock, site.box, **known)
