"""The room for connections: who comes in, who gives way, whose time is over."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Generic, Literal, Protocol, TypeVar

from ...networks import counted_network
from ...operations.refusals import RefusalKind
from .limits import WAITING, Limits, Phase, is_overdue
from .places import Places

_SHARE = 50  # part of all connections: a network with more that wait is no guest's
_SPARE = 0.75  # share of the bytes that are kept when some have to go
_BLAME_S = 10  # for so long, and at most twice as long, it is remembered that a network was refused something
_BLAMES = 2  # so often: then its newcomers are turned away while the room, or that for bodies, is half full
_BLAMED_NETWORKS = 20_000
_HEAD_S = 1  # whoever sends a part of a head, or none for so long, is to blame if it has to give way
_BLAMEFUL = ("stream", "header")  # what nobody does often by mistake; whoever is innocent gives way now and then
Note = Callable[[RefusalKind, str | None], None]


class Guest(Hashable, Protocol):
    """A connection, as the room sees it."""

    address: str

    @property
    def held(self) -> int:
        """The bytes that the process holds for it."""

    @property
    def unread(self) -> int:
        """The bytes of an answer that its client has not taken yet."""

    def end(self) -> None:
        """Close it, and do not wait for its client."""


Key = TypeVar("Key", bound=Guest)


class Room(Generic[Key]):
    """The connections of a server, with the limits that hold for all of them together. Times are the loop's."""

    def __init__(self, limits: Limits, proxies: Sequence[str] = (), note: Note = lambda _kind, _address: None) -> None:
        self.limits, self._note = limits, note
        self._network_of = lru_cache(maxsize=4096)(lambda address: counted_network(address, proxies))
        self._places: Places[Key] = Places(max(1, limits.connections // _SHARE))
        self._bodies: Places[Key] = Places(max(1, limits.bodies // _SHARE))
        self._replaceable, self._counted_at = float(limits.replaced), 0.0
        self._blames, self._older_blames, self._blamed_since = Counter[str](), Counter[str](), 0.0
        self._states: dict[Key, _State] = {}
        self._held = 0

    def __len__(self) -> int:
        return len(self._states)

    def __contains__(self, guest: Key) -> bool:
        return guest in self._states

    def note(self, kind: RefusalKind, address: str | None) -> None:
        """Take note of a refusal."""
        self._note(kind, address)
        if address and kind in _BLAMEFUL:
            self._blame(address)

    def _blame(self, address: str) -> None:
        network = self._network_of(address)
        if network and (network in self._blames or len(self._blames) < _BLAMED_NETWORKS):
            self._blames[network] += 1

    def _is_blamed(self, address: str, now: float) -> bool:
        """Return whether a network was refused so much that to look at what it asks for would cost others too much."""
        if now - self._blamed_since >= _BLAME_S:
            self._older_blames, self._blames, self._blamed_since = self._blames, Counter(), now
        network = self._network_of(address)
        return network is not None and self._blames[network] + self._older_blames[network] >= _BLAMES

    @property
    def is_full(self) -> bool:
        """Whether a newcomer needs the place of another one."""
        return len(self._states) >= self.limits.connections

    def has_place(self, address: str, now: float) -> bool:
        """Make place for a connection from an address; return whether there is any."""
        if 2 * len(self._states) >= self.limits.connections and self._is_blamed(address, now):
            self.note("stream", address)
            return False
        if 2 * self._bodies.waiting >= self.limits.bodies and self._is_blamed(address, now):
            self.note("connection", address)
            return False
        while self.is_full:
            if not self._may_replace(self._network_of(address), now) or not self.give_way(now):
                self.note("connection", address)
                return False
        return True

    def _may_replace(self, network: str | None, now: float) -> bool:
        """Return whether a newcomer is worth the end of another one: always if few others of its network wait."""
        each = self.limits.replaced
        self._replaceable = min(each, self._replaceable + each * (now - self._counted_at))
        self._counted_at = now
        if network and self._replaceable < 1 and self._places.is_large(network):
            return False
        self._replaceable = max(0.0, self._replaceable - 1)
        return True

    def give_way(self, now: float) -> bool:
        """End the connection that gives way first; return whether there was one."""
        first = self._places.first()
        if first is None:
            return False
        state = self._states[first]
        if state.phase == "head" and (state.held or now - state.since >= _HEAD_S):
            self._blame(first.address)
        self.refuse(first)
        return True

    def enter(self, guest: Key, now: float) -> None:
        """Take a connection in, which has to send a head."""
        network = self._network_of(guest.address) or object()  # a proxy's connections are of as many clients
        self._states[guest] = _State(now)
        self._places.enter(guest, network)
        self._places.queue(guest)
        self._bodies.enter(guest, network)

    def leave(self, guest: Key) -> None:
        """Give the place of a connection back. Idempotent."""
        state = self._states.pop(guest, None)
        self._held -= state.held if state else 0
        self._places.leave(guest)
        self._bodies.leave(guest)

    def settle(self, guest: Key, phase: Phase, now: float) -> None:
        """Take note of what a connection does now, and of what it holds."""
        state = self._states.get(guest)
        if state is None:
            return
        self._weigh(guest, state)
        if phase != state.phase:
            if phase == "body" or state.phase == "body":
                self._bodies.queue(guest) if phase == "body" else self._bodies.hold(guest)
            state.phase, state.since, state.read_at = phase, now, now
            self._places.queue(guest) if phase in WAITING else self._places.hold(guest)
        if self._bodies.waiting > self.limits.bodies and (first := self._bodies.first()):
            self._blame(first.address)  # to turn its newcomers away costs a tenth of looking at what they ask for
            self.refuse(first)
        if self._held > self.limits.held:
            self._shed()

    def sweep(self, now: float) -> None:
        """End the connections whose time is over. Call it each second."""
        for guest, state in tuple(self._states.items()):
            unread = guest.unread
            if not unread or unread < state.unread:
                state.read_at = now
            state.unread = unread
            self._weigh(guest, state)
            if is_overdue(self.limits, state.phase, now - state.since, now - state.read_at if unread else 0):
                if state.phase == "idle":
                    guest.end()
                else:
                    self.refuse(guest, "header" if state.phase == "head" else "connection")

    def refuse(self, guest: Key, kind: Literal["connection", "header"] = "connection") -> None:
        """End a connection that is too much, and take note of it."""
        self.note(kind, guest.address)
        self.leave(guest)
        guest.end()

    def _weigh(self, guest: Key, state: "_State") -> None:
        held = guest.held
        self._held += held - state.held
        state.held = held

    def _shed(self) -> None:
        """End those that hold most: of the network that holds most, the oldest first."""
        by_network: dict[Hashable, int] = {}
        for guest, state in self._states.items():
            network = self._network_of(guest.address) or guest
            by_network[network] = by_network.get(network, 0) + state.held
        heaviest = sorted(by_network, key=by_network.__getitem__, reverse=True)
        rank = {network: place for place, network in enumerate(heaviest)}
        for guest in sorted(self._states, key=lambda guest: rank[self._network_of(guest.address) or guest]):
            if self._held <= _SPARE * self.limits.held:
                return
            if self._states[guest].held:
                self.refuse(guest)


class _State:
    """What the room knows of a connection."""

    __slots__ = ("held", "phase", "read_at", "since", "unread")

    def __init__(self, now: float) -> None:
        self.phase: Phase = "head"
        self.since = self.read_at = now
        self.held = self.unread = 0
