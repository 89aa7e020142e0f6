"""Build the sign-in services from the settings."""

from collections.abc import Iterator, Sequence

from ...app import App
from ...errors import ZoomOpsError
from ...identity import ClaimRules, Identity, Passwords, ProvidedSignIn, list_unprotected
from ...openid import Client, Provider
from ...operations.admin.doctor import Check
from ...settings import OidcSettings, Settings
from ...storage import session_waits
from ...store.db.migrate import tables_fit
from ..signed_paths import BACK_CHANNEL

_NAMED = 5  # users that a check names
CALLBACK = "/sign-in/callback"


def identity_of(app: App) -> Identity:
    """Build the service of password sign-in and sessions."""
    settings, context = app.settings, app.context
    passwords = Passwords(organisation=settings.organisation)
    required = settings.require_second_factor
    return Identity(
        app.database, context.clock, context.box, session_waits(settings), passwords, second_factor_required=required
    )


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
    if provided := provided_of(app):
        yield describe_provider(provided, app.settings.base_url)


def describe_provider(provided: ProvidedSignIn, base_url: str) -> Check:
    """Ask a provider what it is. Say its issuer, and what a sign-out there means here."""
    try:
        issuer, tells = provided.check(), provided.tells_sign_outs()
    except ZoomOpsError as error:
        return Check(what="sign-in provider", ok=False, sentence=str(error))
    address = f"{base_url}{BACK_CHANNEL}"
    told = (
        f"Register {address} there (backchannel_logout_uri): then a sign-out there ends the sessions here."
        if tells
        else "It names no back-channel logout: after a sign-out there, sessions here go on until they end."
    )
    return Check(what="sign-in provider", ok=True, sentence=f"{issuer}. {told}")


def check_second_factors(app: App) -> Iterator[Check]:
    """Name the operators and admins whom a password alone lets in. Before the tables are migrated, yield nothing."""
    if tables_fit(app.database):
        settings = app.settings
        yield describe_unprotected(list_unprotected(app.database), settings.base_url, settings.require_second_factor)


def describe_unprotected(logins: Sequence[str], base_url: str, required: bool) -> Check:
    """Say what it means that a password alone lets these operators and admins in."""
    named = ", ".join(logins[:_NAMED]) + (f" and {len(logins) - _NAMED} more" if len(logins) > _NAMED else "")
    checked = True
    if not logins:
        sentence = "whoever operates the service has one, or comes through a provider"
    elif required:
        sentence = f"required: {named} will be asked to add one before the console opens"
    elif base_url.startswith("https://"):
        checked = False
        sentence = f"Nobody asks {named} for more than a password: they add one at /account, or everybody who operates"
        sentence += " has to, with ZOOM_OPS_REQUIRE_SECOND_FACTOR=true"
    else:
        sentence = f"not required, and BASE_URL is not for the public; a password alone lets in {named}"
    return Check(what="second factors", ok=True, sentence=sentence, checked=checked)


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
