"""No request holds the interpreter or the event loop longer than 100 ms, whatever stands in whichever of its places.

`make test` sends one input to every 37th place, so that each kind of place and many inputs are met. `make crash` sends
each place a tenth of the inputs, in turns.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

import pytest
import requests
from starlette.routing import Mount

from tests.builders import AMARA, EVENT_ID, YUSUF, an_event
from tests.in_process import loop_of_all
from tests.integration.served import WITHOUT_TLS, quick_services_of, sign_in
from tests.integration.service import MakeService, Service
from tests.integration.web.holds.places import Ask, Place, change_event, find_places
from tests.integration.web.holds.watch import ALLOWED_S, Spent, Watch, watching
from tests.integration.web.holds.worst_inputs import TEXTS
from tests.late import whole
from tests.web_site import PASSWORD, Visitor, visited
from zoom_ops.rate import Rate
from zoom_ops.web.api.callers import CallerRates
from zoom_ops.web.app import create_app

pytestmark = [
    pytest.mark.filterwarnings("ignore:Duplicate Operation ID"),  # GET and HEAD are one function
    pytest.mark.parametrize("database_kind", ["sqlite"]),
]
PAGES = (
    "/sign-in", "/account", "/account/second-factor", "/", f"/events/{EVENT_ID}", "/-/events/new",
    f"/-/events/{EVENT_ID}/edit", f"/-/events/{EVENT_ID}", "/-/plan", "/-/review", "/-/runs", "/-/jobs", "/-/people",
    "/-/hosts", "/-/alerts", "/-/notifications", "/-/homes", "/-/webhooks", "/-/users", "/-/users/1", "/-/sessions",
    "/-/tokens", "/-/backups",
)  # fmt: skip
VIEWS = (
    f"/events/{EVENT_ID}", f"/events/{EVENT_ID}.json", f"/events/{EVENT_ID}.ics", f"/events/{EVENT_ID}/embed", "/",
    f"/-/events/{EVENT_ID}", f"/-/events/{EVENT_ID}/edit", "/-/events", f"/api/v1/events/{EVENT_ID}",
)  # fmt: skip
ALLOWED_IN_ALL_S = 3.0  # of processor; many times what the slowest takes
LONGEST_NORMALISED = 1_100  # characters: a millisecond, also where the time is quadratic (CVE-2026-3276)
ALWAYS = (
    ("POST /sign-in login", "marks that alternate"),
    ("POST /sign-in password", "marks that alternate"),
    ("POST /account new", "signs that become marks"),
    ("POST /account new that may be set", "marks that alternate"),
    ("POST /-/events/new name", "days and times"),
    ("POST /-/events/new performers-0-name", "ampersands"),
    ("GET /oembed?url", "marks in a host"),
    ("POST /api/v1/jobs/main/pause application/json", "different keys"),
    ("POST /api/v1/events display_times[]", "many objects"),
    ("POST /api/v1/events attachments.0.groups[]", "many lists"),
    ("POST /api/v1/people people.0.name", "marks that alternate"),
    ("POST /api/v1/imports?dry_run=true text/html 0", "Arabic"),
)


@dataclass
class Walker:
    """An admin who sends worst inputs to an application."""

    service: Service
    visitor: Visitor
    watch: Watch
    places: tuple[Place, ...]
    normalised: list[int] = field(default_factory=list)  # lengths of texts that were too long to normalise in one call

    def walk(self, asks: Iterable[tuple[str, Ask]]) -> dict[str, str]:
        """Send requests. Return which of them took too much of what, and where."""
        found = {}
        for name, ask in asks:
            spent = self._measure(ask)
            if spent.longest > ALLOWED_S or spent.processor > ALLOWED_IN_ALL_S:
                found[name] = f"{spent.hold:.3f} s, loop {spent.loop:.3f} s, all {spent.processor:.1f} s, {spent.where}"
            if self.normalised:
                found[name] = f"normalised {max(self.normalised)} characters at once"
                self.normalised.clear()
        return found

    def _measure(self, ask: Ask) -> Spent:
        if ask.path.startswith(("/sign-in", "/account")):
            self.service.app.context.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]  # no throttle
            self._sign_in()  # a session of an admin lasts half a day
        answers: list[requests.Response] = []
        prepared = self._prepare(ask)
        spent = self.watch.measure(lambda: answers.append(self._send(prepared)))
        assert answers[-1].status_code != 413, ask.path  # nothing was read
        assert answers[-1].status_code < 500, ask.path
        if answers[-1].headers.get("Location", "").startswith("/sign-in"):  # this ended the session
            self._sign_in()
        return spent

    def _sign_in(self) -> None:
        self.visitor.post("/sign-in", data={"login": "admin", "password": PASSWORD})

    def _prepare(self, ask: Ask) -> requests.PreparedRequest:
        request = requests.Request(ask.method, self.visitor.address, data=ask.body or None)
        prepared = self.visitor.prepare_request(request)
        prepared.headers.update({name: value.encode("latin-1") for name, value in ask.headers.items()})
        prepared.url = self.visitor.address + ask.path
        return prepared

    def _send(self, prepared: requests.PreparedRequest) -> requests.Response:
        with self.visitor.send(prepared, allow_redirects=False, stream=True) as answer:
            if not answer.headers.get("Content-Type", "").startswith("text/event-stream"):  # it has no end
                _ = answer.content
            return answer


@pytest.fixture
def walker(make_service: MakeService, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walker]:
    """An admin, in a service with an event. Each place is known, and what Python normalises is noted."""
    service = make_service(settings=WITHOUT_TLS)
    service.add(an_event(performers=(AMARA, YUSUF)))
    service.settle()
    app = whole(create_app(quick_services_of(service.app)))
    (mounted,) = (route for route in app.routes if isinstance(route, Mount))
    unlimited = Rate(at_once=1_000_000, every=timedelta(0))
    mounted.app.open().state.rates = CallerRates(service.app.context.clock, unlimited)  # type: ignore[attr-defined]
    with visited(app) as visitor, watching(loop_of_all()) as watch:
        sign_in(service, visitor, "admin")
        walker = Walker(service, visitor, watch, tuple(find_places(app, PAGES, visitor)))
        monkeypatch.setattr(unicodedata, "normalize", _note(unicodedata.normalize, walker.normalised))
        yield walker


def _note(normalize: Callable[[str, str], str], lengths: list[int]) -> Callable[[str, str], str]:
    """Note the length of each text that an unpatched Python would normalise for long: this one may be patched."""

    def noting(form: str, text: str) -> str:
        if len(text) > LONGEST_NORMALISED and not text.isascii():
            lengths.append(len(text))
        return normalize(form, text)

    return noting


def in_turns(places: Iterable[Place], each: int) -> Iterator[tuple[str, Ask]]:
    """Yield requests: of each place one input in `each`, beginning with another one at each place."""
    for number, place in enumerate(places):
        for attack in islice(place.inputs, number % each, None, each):
            yield f"{place.name} | {attack}", place.ask(attack)


def test_no_request_and_no_view_holds_the_interpreter(walker: Walker) -> None:
    named = {place.name: place for place in walker.places}
    always = [(f"{name} | {attack}", named[name].ask(attack)) for name, attack in ALWAYS]
    sample = [(place, list(place.inputs)[number % len(place.inputs)]) for number, place in enumerate(walker.places)]
    asks = [(f"{place.name} | {attack}", place.ask(attack)) for place, attack in sample[::37]]

    assert len(walker.places) > 1_000
    assert walker.walk([*always, *asks]) == {}
    assert walker.walk(_views("days and times", "a sign that becomes eighteen")) == {}
    too_long = {"do": (None, "check"), "description": (None, "&\u6f6e" * 900_000)}  # it is shown again, and not read
    assert walker.watch.measure(lambda: walker.visitor.post("/-/events/new", files=too_long)).longest <= ALLOWED_S


def _views(*attacks: str) -> Iterator[tuple[str, Ask]]:
    """Yield a change of an event for each input, each with what shows the event."""
    for attack in attacks:
        yield f"change | {attack}", change_event(TEXTS[attack])
        for view in VIEWS:
            yield f"{view} | {attack}", Ask(method="GET", path=view)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_no_request_holds_the_interpreter_however_long_one_tries(walker: Walker) -> None:
    assert walker.walk(in_turns(walker.places, 10)) == {}


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_no_view_of_any_event_holds_the_interpreter(walker: Walker) -> None:
    assert walker.walk(_views(*TEXTS)) == {}
