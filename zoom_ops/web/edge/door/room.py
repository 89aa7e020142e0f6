"""The room for connections: who comes in, who gives way, whose time is over."""

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Generic, Literal, Protocol, TypeVar

from ....networks import counted_network
from ....operations.refusals import RefusalKind
from .blames import HEAVY, LEAST, LIGHT, Blames
from .first_bytes import UNSEEN, FirstBytes
from .known_networks import KnownNetworks
from .limits import WAITING, Limits, Phase, is_overdue
from .per_second import PerSecond
from .places import Places

_SHARE = 50  # part of all connections: a network with more that wait is no guest's
_MANY = 8  # part of all connections: below it, whoever sends half a head comes in, too
_SPARE = 0.75  # share of the bytes that are kept when some have to go
_GUESTS = 100  # a second, from networks that are to blame
_READS = ("GET", "HEAD")  # many monitors send HEAD
_RESERVED = 64  # places beyond all others, for notifications from there
_HEAD_S = 1  # whoever sends a part of a head, or none for so long, is to blame if it has to give way
_WEIGHTS: dict[RefusalKind, int] = {"header": HEAVY, "stream": LEAST}  # whoever has to go is not to blame
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
        self._network_of = partial(counted_network, proxies=tuple(proxies))
        self._places: Places[Key] = Places(max(1, limits.connections // _SHARE))
        self._bodies: Places[Key] = Places(max(1, limits.bodies // _SHARE))
        self._replaced, self._guests = PerSecond(limits.replaced), PerSecond(_GUESTS)
        self._blames = Blames()
        self._trusted = KnownNetworks()
        self._states: dict[Key, _State] = {}
        self._held = 0
        self.on_trust: Callable[[str], None] = lambda _network: None
        """Is told of each network that proves to be known."""

    def __len__(self) -> int:
        return len(self._states)

    def __contains__(self, guest: Key) -> bool:
        return guest in self._states

    def note(self, kind: RefusalKind, address: str | None) -> None:
        """Take note of a refusal."""
        self._note(kind, address)
        if address and kind in _WEIGHTS:
            self._blames.add(self._network_of(address), _WEIGHTS[kind])

    def turn_away(self, kind: RefusalKind, address: str) -> None:
        """Take note of a newcomer who does not come in."""
        self._note(kind, address)
        self._blames.add(self._network_of(address), _WEIGHTS.get(kind, LIGHT))

    def excuse(self, address: str) -> None:
        """Take note that somebody at an address gets a page: in a crowd or after a blame, it speaks for the network."""
        network = self._network_of(address)
        if self.is_crowded or self._blames.is_blamed(network):
            self._blames.excuse(network)

    def trust(self, address: str) -> None:
        """Blame an address for nothing, and keep places for requests from there: it has proved to be known."""
        network = self._network_of(address)
        if network:
            self._trusted.add(network)
            self.on_trust(network)

    def knows(self, network: str | None) -> bool:
        """Return whether somebody in a network has proved to be known."""
        return network in self._trusted

    @property
    def is_full(self) -> bool:
        """Whether a newcomer needs the place of another one."""
        return len(self._states) >= self.limits.connections

    @property
    def is_crowded(self) -> bool:
        """Whether so few places are left that not everybody may come in."""
        return 2 * len(self._states) >= self.limits.connections or 2 * self._bodies.waiting >= self.limits.bodies

    @property
    def _are_many(self) -> bool:
        """Whether a part of the places is taken, so that those who send half a head are not let in as they come."""
        return _MANY * len(self._states) >= self.limits.connections or self.is_crowded

    @property
    def waiting(self) -> int:
        """How many may give way."""
        return self._places.waiting

    def to_blame(self, address: str, now: float) -> str | None:
        """Return the network of an address if it did what costs others their places, and nobody there is trusted."""
        network = self._network_of(address)
        return network if network not in self._trusted and self._blames.are_enough(network, now) else None

    def has_place(self, address: str, now: float, first: FirstBytes = UNSEEN) -> bool:
        """Make place for a connection from an address that sent this; return whether there is any."""
        network = self._network_of(address)
        if first.is_whole and network in self._trusted:
            if not self.is_full or self.give_way(now):
                return True
            return first.is_signed and len(self) < self.limits.connections + _RESERVED
        has_place = (first.is_whole and not self.is_crowded) or self._is_worth_a_place(network, now, first)
        while has_place and self.is_full:
            has_place = self.give_way(now)
        if not has_place:
            is_in_vain = first.is_whole or first.is_silent  # on a busy machine what a guest sends comes late
            self.turn_away("connection" if is_in_vain else "header", address)
        return has_place

    def _is_worth_a_place(self, network: str | None, now: float, first: FirstBytes) -> bool:
        """Return whether a newcomer who sent half a head, or comes into a crowded room, is worth a place.

        A guest sends a whole head at once, or is slow for a moment. Of others where many are in, and in a full room
        from where many wait, so many come in as a second allows.
        """
        is_blamed = self._blames.are_enough(network, now)
        is_large = self.is_full and self._places.is_large(network) and not self._blames.is_excused(network)
        is_bound = (not first.is_whole and self._are_many) or is_large
        is_refused = is_blamed or (is_bound and network is not None and self._replaced.is_used_up(now))
        if is_refused and not self._may_be_a_guest(first, now):
            return False
        if not first.is_whole or self.is_full:
            self._replaced.count()
        return True

    def _may_be_a_guest(self, first: FirstBytes, now: float) -> bool:
        """Return whether it may be a guest behind the address of an attacker; so many a second are taken for one."""
        if not (first.is_signed or first.method in _READS) or self._guests.is_used_up(now):
            return False
        self._guests.count()
        return True

    def give_way(self, now: float) -> bool:
        """End the connection that gives way first; return whether there was one."""
        first = self._places.first()
        if first is None:
            return False
        state = self._states[first]
        if state.phase == "head" and (state.held or now - state.since >= _HEAD_S):
            self._blames.add(self._network_of(first.address))
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

    def settle(self, guest: Key, phase: Phase, now: float, *, is_anew: bool = False) -> None:
        """Take note of what a connection does now, and of what it holds.

        `is_anew`: it did something else meanwhile, so that its time begins again.
        """
        state = self._states.get(guest)
        if state is None:
            return
        self._weigh(guest, state)
        if is_anew or phase != state.phase:
            if phase == "body" or state.phase == "body":
                self._bodies.queue(guest) if phase == "body" else self._bodies.hold(guest)
            keeps_its_place = phase == "begins" and state.phase in WAITING  # else newcomers would give way to it
            state.phase, state.since, state.read_at = phase, now, now
            if not keeps_its_place:
                self._places.queue(guest) if phase in WAITING else self._places.hold(guest)
        if self._bodies.waiting > self.limits.bodies and (first := self._bodies.first()):
            self._blames.add(self._network_of(first.address))  # to turn its newcomers away costs a tenth
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
            phase: Phase = "unread" if unread and state.phase == "idle" else state.phase  # its pause begins later
            if is_overdue(self.limits, phase, now - state.since, now - state.read_at if unread else 0):
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
