"""Build the sign-in services from the settings."""

from collections.abc import Iterator

from ...app import App
from ...errors import ZoomOpsError
from ...identity import ClaimRules, Identity, Passwords, ProvidedSignIn
from ...openid import Client, Provider
from ...operations.admin.doctor import Check
from ...settings import OidcSettings, Settings
from ...storage import session_waits

CALLBACK = "/sign-in/callback"


def identity_of(app: App) -> Identity:
    """Build the service of password sign-in and sessions."""
    settings, context = app.settings, app.context
    passwords = Passwords(organisation=settings.organisation)
    return Identity(app.database, context.clock, context.box, session_waits(settings), passwords)


def provided_of(app: App) -> ProvidedSignIn | None:
    """Build the sign-in through the provider; None if the settings name no provider."""
    oidc, context = app.settings.oidc, app.context
    if oidc is None:
        return None
    return ProvidedSignIn(
        app.database,
        context.clock,
        context.box,
        provider=Provider(make_client(app.settings, oidc), context.clock),
        rules=ClaimRules(
            role_claim=oidc.role_claim,
            member_values=oidc.member_values,
            author_values=oidc.author_values,
            operator_values=oidc.operator_values,
            admin_values=oidc.admin_values,
            groups_claim=oidc.groups_claim,
            login_claim=oidc.login_claim,
        ),
        waits=session_waits(app.settings),
        label=oidc.label,
    )


def check_provider(app: App) -> Iterator[Check]:
    """Check that the provider answers, if there is one, and yield the issuer that it names."""
    provided = provided_of(app)
    if provided is None:
        return
    try:
        yield Check(what="sign-in provider", ok=True, sentence=provided.check())
    except ZoomOpsError as error:
        yield Check(what="sign-in provider", ok=False, sentence=str(error))


def make_client(settings: Settings, oidc: OidcSettings) -> Client:
    """Build the client that the provider knows this service as."""
    return Client(
        discovery_url=oidc.discovery_url,
        client_id=oidc.client_id,
        client_secret=oidc.client_secret.get_secret_value(),
        scopes=oidc.scopes,
        redirect_uri=f"{settings.base_url}{CALLBACK}",
        hosts=oidc.hosts,
        connect_s=settings.connect_s,
        read_s=settings.read_s,
        deadline_s=settings.deadline_s,
    )
