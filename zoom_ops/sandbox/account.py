"""Everything the practice Zoom remembers: one account with its users, webinars, recordings and tokens."""

import heapq
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from ..clock import Clock
from .calls import Json
from .ids import Names
from .options import SandboxOptions, split_listen
from .records import Counters, Instance, Notification, Subscription, User, Webinar, expiry, is_webinar_id

OWNER = "owner@example.org"


class MovableClock:
    """The sandbox's clock: the clock it was given, moved on by whoever controls it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Tell the sandbox's time."""
        return self._clock.now() + self._ahead

    def advance(self, seconds: float) -> None:
        """Move on by so many seconds."""
        self._ahead += timedelta(seconds=seconds)

    def reset(self) -> None:
        """Go back to the clock it was given."""
        self._ahead = timedelta()


class Account:
    """The account with all that hangs on it; whoever touches it holds its lock."""

    def __init__(self, options: SandboxOptions, clock: Clock) -> None:
        self.options = options
        self.clock = MovableClock(clock)
        self.names = Names()
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.subscription = Subscription()
        self.address = "http://{}:{}".format(*split_listen(options.listen))
        self.account_id = options.credentials[2] if options.credentials else "sAndboxAccountIdentifier"
        self.on_forget: list[Callable[[], None]] = []
        self._fill()

    def _fill(self) -> None:
        self.users: dict[str, User] = {}
        self.webinars: dict[int, Webinar] = {}
        self.tracking_fields: list[Json] = []
        self.tokens: dict[str, Json] = {}
        self.pages: dict[str, Json] = {}
        self.downloads: dict[str, Json] = {}
        self.requests: list[Json] = []
        self.notifications: list[Notification] = []
        self.outbox: list[Notification] = []  # those of them that are not delivered yet
        self.counters = Counters()
        self.list_lag = timedelta()
        self.callers_base = ""
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._agenda_count = 0
        for user in self.options.users or ():
            self.add_user(user.email, webinar=user.webinar, capacity=user.capacity)

    def forget(self) -> None:
        """Forget everything but how the sandbox was started."""
        self.clock.reset()
        self.subscription.check_due = None
        self.names.handed_out.clear()
        self._fill()
        for forget in self.on_forget:
            forget()

    def now(self) -> datetime:
        """Tell the sandbox's time."""
        return self.clock.now()

    def public_base(self) -> str:
        """Tell where people reach the sandbox."""
        return self.options.public_url or self.address

    def add_user(self, email: str, *, webinar: bool = True, capacity: int = 1000) -> User:
        """Add a user to the account."""
        user = User(
            id=self.names.user_id(email.lower()),
            email=email,
            webinar=webinar,
            capacity=capacity,
            created=self.now(),
        )
        self.users[email.lower()] = user
        return user

    def owner(self) -> User:
        """Tell the owner of the app: the first user of a users file, else one of our own."""
        if self.options.users:
            return self.users[self.options.users[0].email.lower()]
        return self.users.get(OWNER) or self.add_user(OWNER)

    def find_user(self, name: str) -> User | None:
        """Find a user by id, e-mail or `me`; without a users file any address is a user's."""
        if name == "me":
            return self.owner()
        if user := self.users.get(name.lower()):
            return user
        if user := next((user for user in self.users.values() if user.id == name), None):
            return user
        open_to_all = self.options.users is None and "@" in name.strip("@")
        return self.add_user(name) if open_to_all else None

    def find_webinar(self, name: str | int) -> Webinar | None:
        """Find a webinar that is neither deleted nor expired, by id or by a uuid of it or of an instance."""
        webinar = self.webinar_of(str(name))
        gone = webinar is None or webinar.deleted or self.now() > expiry(webinar)
        return None if gone else webinar

    def find_instance(self, name: str) -> Instance | None:
        """Find a held instance by its uuid, or the latest one by the id of its webinar."""
        if is_webinar_id(name):
            webinar = self.webinars.get(int(name))
            return webinar.instances[-1] if webinar and webinar.instances else None
        return next((instance for instance in self.instances() if instance.uuid == name), None)

    def instances(self) -> Iterator[Instance]:
        """Iterate over all instances, the webinars' in the order of their making."""
        for webinar in self.webinars.values():
            yield from webinar.instances

    def at(self, due: datetime, happening: Callable[[], None]) -> None:
        """Put a happening on the agenda."""
        self._agenda_count += 1
        heapq.heappush(self._agenda, (due, self._agenda_count, happening))
        self.changed.notify_all()

    def settle(self) -> None:
        """Let everything happen that is due."""
        while self._agenda and self._agenda[0][0] <= self.now():
            heapq.heappop(self._agenda)[2]()

    def next_due(self) -> datetime | None:
        """Tell when the next thing is due."""
        return self._agenda[0][0] if self._agenda else None

    @contextmanager
    def settled(self) -> Iterator[None]:
        """Hold the account still, with everything that is due done."""
        with self.lock:
            self.settle()
            yield

    def webinar_of(self, name: str) -> Webinar | None:
        """Find a webinar, deleted ones too, by id or by a uuid of it or of an instance."""
        if is_webinar_id(name):
            return self.webinars.get(int(name))
        for webinar in self.webinars.values():
            if webinar.fields["uuid"] == name or any(held.uuid == name for held in webinar.instances):
                return webinar
        return None
