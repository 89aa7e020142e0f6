"""The authenticator app of a user: it is set up as on the pages, and shows codes by the clock of the site."""

from datetime import timedelta

import pyotp

from tests.web_site import PASSWORD, Site
from zoom_ops.identity import Who

_ADDRESS = "198.51.100.7"


class App:
    """The app of a user who has no second factor yet, in a new session or in that of the given secret."""

    def __init__(self, site: Site, login: str, secret: str | None = None) -> None:
        self._clock, identity = site.clock, site.services.identity
        who = identity.find(secret) if secret else open_session(site, login)
        assert who
        offer = identity.second_factors.offer(who, "Harbour Institute")
        self.totp = pyotp.TOTP("".join(offer.groups))
        codes = identity.second_factors.add(who, identity.begin_proof(who, _ADDRESS), offer.sealed, self.code())
        self.recovery_codes = codes
        site.clock.advance(30)  # that code is used

    def code(self, *, steps: int = 0) -> str:
        """Return the code that the app shows now, or some steps of 30 s later."""
        return self.totp.at(self._clock.now() + timedelta(seconds=30 * steps))


def open_session(site: Site, login: str) -> Who:
    """Sign in by password, and return who that is."""
    identity = site.services.identity
    secret = identity.sign_in(identity.begin_attempt(login, _ADDRESS), PASSWORD)
    assert isinstance(secret, str)
    who = identity.find(secret)
    assert who
    return who
