"""A site where users sign in through an OpenID Connect provider, with a browser for the redirects."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import requests

from tests.in_process import Caller, new_address, opened
from tests.loopback import free_port
from tests.provider.cast import CLIENT_ID, CLIENT_SECRET, PASSWORD
from tests.provider.running import RunningProvider
from tests.web_site import Site
from zoom_ops.clock import SystemClock
from zoom_ops.identity import ClaimRules, ProvidedSignIn, Waits
from zoom_ops.openid import Client, Provider
from zoom_ops.store.db.connect import Database

STEPS = 10  # limit of steps to the provider and through it; five are needed
RULES = ClaimRules(
    role_claim="groups",
    member_values=("UNGIS members",),
    operator_values=("event operators",),
    admin_values=("event admins",),
    groups_claim="groups",
    login_claim="preferred_username",
)


@dataclass(frozen=True, kw_only=True)
class ProvidedSite:
    """A site, its address and its provider."""

    site: Site
    address: str
    provider: RunningProvider
    opened: ExitStack

    def introduce(self) -> None:
        """Register the site at the provider, with all else at its defaults."""
        self.provider.be(redirect_uri=f"{self.address}/sign-in/callback")

    def browser(self) -> "Browser":
        """Open a browser."""
        return self.opened.enter_context(Browser(self.address))


@contextmanager
def visit_provided(
    database: Database, provider: RunningProvider, *, rules: ClaimRules = RULES, **client: Any
) -> Iterator[ProvidedSite]:
    """Open a site with a provider, without a server."""
    address = new_address()
    site = make_site(database, provider, address, rules, client)
    with opened(site.app, address), ExitStack() as stack:
        yield ProvidedSite(site=site, address=address, provider=provider, opened=stack)


@contextmanager
def serve_provided(database: Database, provider: RunningProvider) -> Iterator[ProvidedSite]:
    """Serve a site with a provider over HTTP, for a browser."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    site = make_site(database, provider, address, RULES, {})
    with site.served(port), ExitStack() as stack:
        yield ProvidedSite(site=site, address=address, provider=provider, opened=stack)


def make_site(
    database: Database, provider: RunningProvider, address: str, rules: ClaimRules, client: dict[str, Any]
) -> Site:
    """Build a site for this address."""
    return Site(
        database,
        now=SystemClock().now(),
        base_url=address,
        provide=lambda site: provide(site, provider, address, rules, client),
    )


def provide(
    site: Site, provider: RunningProvider, address: str, rules: ClaimRules, client: dict[str, Any]
) -> ProvidedSignIn:
    """Build the sign-in through a provider."""
    defaults = {
        "discovery_url": provider.discovery_url,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "scopes": ("openid", "profile", "email"),
        "redirect_uri": f"{address}/sign-in/callback",
        "deadline_s": 60,
    }
    return ProvidedSignIn(
        site.database,
        site.clock,
        site.box,
        provider=Provider(Client(**defaults | client), SystemClock()),
        rules=rules,
        waits=Waits(),
        label="Harbour Institute",
    )


class Browser(Caller):
    """A browser without script that follows links and sends forms as a person does."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.headers["Accept"] = "text/html,*/*;q=0.8"

    def open(self, path: str, **options: Any) -> requests.Response:
        """Open a page of the site and follow its redirects."""
        return self.get(urljoin(self.address, path), timeout=60, **options)

    def sign_in(self, login: str, goal: str = "/") -> requests.Response:
        """Sign in through the provider and return the final page."""
        return self.go_back(self.show_who(login, goal))

    def show_who(self, login: str, goal: str = "/", **further: str) -> str:
        """Sign in at the provider and return the address that leads back to the site."""
        step = self._step(urljoin(self.address, "/sign-in/provider"), params={"next": goal, **further})
        for _ in range(STEPS):
            if step.headers.get("Location", "").startswith(self.address):
                return step.headers["Location"]
            if step.is_redirect:
                step = self._step(urljoin(step.url, step.headers["Location"]))
            else:  # the sign-in form of the provider
                assert step.ok, f"{step.url}: {step.status_code}"
                fields = dict(re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]+)"', step.text))
                fields |= {"username": login, "password": PASSWORD}
                step = self.post(step.url, data=fields, allow_redirects=False, timeout=60)
        raise AssertionError(f"the provider does not lead back: {step.url}")

    def go_back(self, address: str) -> requests.Response:
        """Follow the address from the provider back to the site."""
        return self.get(address, timeout=60)

    def is_signed_in(self) -> bool:
        """Return whether the pages show a signed-in user."""
        return "Sign out" in self.open("/").text

    def _step(self, address: str, **options: Any) -> requests.Response:
        """Open an address without following redirects."""
        return self.get(address, allow_redirects=False, timeout=60, **options)
