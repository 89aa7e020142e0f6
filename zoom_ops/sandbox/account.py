"""The state of the practice Zoom: one account with its users, webinars, recordings and tokens."""

import heapq
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from ..clock import Clock
from .calls import Json
from .ids import Names
from .options import SandboxOptions
from .records import Counters, Instance, Notification, Subscription, User, Webinar, expiry, is_webinar_id

OWNER = "owner@example.org"


class Account:
    """The account with everything that belongs to it.

    A caller must hold `lock`, for example with `settled()`, while it reads or changes the account.
    """

    def __init__(self, options: SandboxOptions, clock: Clock) -> None:
        self.options = options
        self._clock = clock
        self.names = Names()
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.subscription = Subscription()
        self.address = ""  # where the sandbox listens
        self.account_id = options.credentials[2] if options.credentials else "sAndboxAccountIdentifier"
        self._fill()

    def _fill(self) -> None:
        self.policy = self.options.policy
        self.ahead = timedelta()  # how far the controls moved the sandbox's time ahead of the clock
        self.users: dict[str, User] = {}
        self.webinars: dict[int, Webinar] = {}
        self.tracking_fields: list[Json] = []
        self.tokens: dict[str, Json] = {}
        self.pages: dict[str, Json] = {}
        self.downloads: dict[str, datetime] = {}  # when each token for downloads expires
        self.requests: list[Json] = []
        self.notifications: list[Notification] = []
        self.outbox: list[Notification] = []  # the notifications that are not delivered yet
        self.counters = Counters()
        self.list_lag = timedelta()
        self.callers_base = ""
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._agenda_count = 0
        for user in self.options.users or ():
            self.add_user(user.email, webinar=user.webinar, capacity=user.capacity)

    def reset(self) -> None:
        """Clear everything except the options, the account id and the state of the webhook address.

        The webhook address is validated again.
        """
        self.subscription.check_due = None
        self.names.handed_out.clear()
        self._fill()

    def now(self) -> datetime:
        """Return the sandbox's time."""
        return self._clock.now() + self.ahead

    def public_base(self) -> str:
        """Return the address at which people reach the sandbox."""
        return self.options.public_url or self.address

    def callers_or_public_base(self) -> str:
        """Return the address for links that programs follow: the public one, else the one that they use anyway."""
        return self.options.public_url or self.callers_base or self.address

    def add_user(self, email: str, *, webinar: bool = True, capacity: int = 1000) -> User:
        """Add a user to the account."""
        user_id = self.names.user_id(email.lower())
        user = User(id=user_id, email=email, webinar=webinar, capacity=capacity, created=self.now())
        self.users[email.lower()] = user
        return user

    def owner(self) -> User:
        """Return the owner of the app: the first user of the users file, else a default user."""
        if self.options.users:
            return self.users[self.options.users[0].email.lower()]
        return self.users.get(OWNER) or self.add_user(OWNER)

    def find_user(self, name: str) -> User | None:
        """Find a user by id, e-mail address or `me`. Without a users file, every e-mail address becomes a user."""
        if name == "me":
            return self.owner()
        if user := self.users.get(name.lower()):
            return user
        if user := next((user for user in self.users.values() if user.id == name), None):
            return user
        open_to_all = self.options.users is None and "@" in name.strip("@")
        return self.add_user(name) if open_to_all else None

    def find_webinar(self, name: str | int) -> Webinar | None:
        """Find a webinar that is neither deleted nor expired, by its id, its uuid or the uuid of an instance."""
        webinar = self.find_any_webinar(str(name))
        if webinar is None or webinar.deleted or self.now() > expiry(webinar):
            return None
        return webinar

    def find_instance(self, name: str) -> Instance | None:
        """Find an instance by its uuid, or the latest instance of a webinar by the webinar's id."""
        if is_webinar_id(name):
            webinar = self.webinars.get(int(name))
            return webinar.instances[-1] if webinar and webinar.instances else None
        return next((instance for instance in self.instances() if instance.uuid == name), None)

    def instances(self) -> Iterator[Instance]:
        """Iterate over all instances, in the order in which their webinars were created."""
        for webinar in self.webinars.values():
            yield from webinar.instances

    def schedule(self, due: datetime, action: Callable[[], None]) -> None:
        """Put an action on the agenda."""
        self._agenda_count += 1
        heapq.heappush(self._agenda, (due, self._agenda_count, action))
        self.changed.notify_all()

    def settle(self) -> None:
        """Run every action on the agenda that is due."""
        while self._agenda and self._agenda[0][0] <= self.now():
            heapq.heappop(self._agenda)[2]()

    def next_due(self) -> datetime | None:
        """Return when the next action is due, None if the agenda is empty."""
        return self._agenda[0][0] if self._agenda else None

    @contextmanager
    def settled(self) -> Iterator[None]:
        """Run every action that is due, then hold the lock for the `with` block."""
        with self.lock:
            self.settle()
            yield

    def find_any_webinar(self, name: str) -> Webinar | None:
        """Find a webinar, also a deleted one, by its id, its uuid or the uuid of an instance."""
        if is_webinar_id(name):
            return self.webinars.get(int(name))
        for webinar in self.webinars.values():
            if webinar.fields["uuid"] == name or any(instance.uuid == name for instance in webinar.instances):
                return webinar
        return None
