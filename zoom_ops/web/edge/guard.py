"""Refuse requests that no page and no program of ours sends, and let the others take turns."""

from collections.abc import Sequence
from functools import partial
from typing import Protocol
from urllib.parse import unquote

from anyio import current_time
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...networks import counted_network
from ...operations.refusals import RefusalKind
from ..kept.asked import may_be_kept
from ..kept.pages import KeptPages
from ..probes.answers import LIVENESS, PATHS
from ..probes.liveness import say_alive
from ..signed_paths import BACK_CHANNEL
from ..streams.places import StreamPlaces
from ..streams.sending import answer_in_steps
from .door.first_bytes import FirstBytes
from .door.per_second import PerSecond
from .door.room import Note
from .heads import has_body, has_two_ends
from .refusing import refuse, retry_after
from .returning import Returning
from .turns import Lately, NoTurnError, Turns
from .whole import has_gone

_FIELDS = 100  # of a head; browsers and proxies send 20
_ESCAPES = 500  # back slashes in cookies; before Python 3.11.10 they take quadratic time (CVE-2024-7592)
_TARGET = 4_096  # bytes of an address with its query; ours have 1,000, and the way back from a provider 3,000
_NO_BODY = frozenset(("GET", "HEAD"))
_CONSOLE = ("/-/", "/api/")
_STREAM = "/stream"  # of an event's page
_PROGRAMME = "/"
_BAD = 400  # the status from which on somebody did not get what they asked for
_FOUND = (200, 302, 303, 304)  # the status of a page, and of the way to join
_MOST_FOUND, _LONGEST = 10_000, 200  # paths, and their characters
_OWN = (b"cookie", b"authorization")  # who sends them may get another answer than everybody
_LONGEST_FIELD = 1_000  # bytes: who sends longer ones gets no kept answer
_SMALLEST = 8  # requests that wait, at least
_PAGES = 2  # at once: more threads that compute are not faster, and each delays the loop by a switch of threads
_SEARCHES, _VARIED = 2, 2  # at once; the latter is what is made for one reader alone, such as the way to join
_STRANGE = 2  # at once: pages that nobody has found yet, and perhaps nobody will
_CONSOLES, _WRITES, _CALLS, _PROBES, _OPENING = 6, 8, 4, 4, 4  # at once; with those fewer than threads of anyio
_NOTIFICATIONS, _HOME_CALLS = "/webhooks/", "/hooks/"
_STRANGE_CONSOLES, _STRANGE_WRITES = 2, 3  # at once, of networks that are not known: nearly all are refused
_SIGN_IN, _SIGN_INS, _SIGN_INS_EACH = "/sign-in", 96, 32  # a flood of them waits here, where it takes little memory
_NEW_SIGN_INS, _NEW_STREAMS = 50, 200  # a second, in a crowd: more than there are processors for
_OPENINGS = 20  # of streams by a network in ten seconds: as many as it may have open
_SIGN_OUTS, _SIGN_OUTS_EACH = 64, 8  # of what says that somebody signed out at the provider: as a flood of sign-ins
_SIGNED_IN, _TAKEN = 303, 200  # the status of a sign-in that succeeds, and of a sign-out at the provider
_GENUINE = (200, 204)  # of a notification whose signature is right
_ASKED = 202  # of the call of a home that is genuine
_METRICS = "/metrics"  # nobody gets them without the token
_RETRY_AFTER, _RETRY_STREAM = retry_after(5), retry_after(60)
_READ_ONLY = (b"allow", b"GET, HEAD")


class Acquaintances(Protocol):
    """The networks from where somebody proved to be Zoom, a home, a monitor, a provider, or to be signed in."""

    def trust(self, address: str) -> None:
        """Take note of the address of somebody who did."""

    def excuse(self, address: str) -> None:
        """Take note that somebody at an address gets what they asked for."""

    def knows(self, network: str | None) -> bool:
        """Return whether somebody in a network did."""


class RequestGuard:
    """Refuse heads that no program of ours sends, and bodies where none belongs. Bound how many requests are worked on.

    A request gives its turn back when its answer begins: nobody waits for somebody who reads slowly, and a stream holds
    no turn. Pages that somebody found before and that everybody gets, searches, other pages, streams, console, probes,
    sign-ins, writes, calls of homes and notifications take no turns from each other, and no threads: a request works in
    one at a time, and there are more threads than turns for what needs one.
    Not so many of them wait that they fill the room for connections: nobody gives way there who waits for a turn.
    A page that is kept takes no turn, nor does liveness. Networks that are known go first; they take no turns of
    sign-ins from the others, nor the others from them.
    """

    def __init__(
        self,
        app: ASGIApp,
        proxies: Sequence[str],
        note: Note,
        connections: int,
        streams: StreamPlaces,
        known: Acquaintances,
        kept: KeptPages | None = None,
    ) -> None:
        self._app, self._note, self._streams, self._known, self._kept = app, note, streams, known, kept
        self.returning = Returning()
        self._network_of = partial(counted_network, proxies=tuple(proxies))

        def turns(at_once: int, waiting: int) -> Turns:
            return Turns(at_once, -(-at_once // 2), max(_SMALLEST, waiting))

        self._pages, self._strange = turns(_PAGES, connections // 4), turns(_STRANGE, connections // 8)
        self._searches, self._varied = turns(_SEARCHES, connections // 4), turns(_VARIED, connections // 8)
        self._found = {_PROGRAMME: None}  # paths of pages, the latest last
        self._console = turns(_CONSOLES, connections // 32)
        self._strange_console = turns(_STRANGE_CONSOLES, connections // 32)
        self._strange_writes = turns(_STRANGE_WRITES, connections // 32)
        self._probes, self._opening = turns(_PROBES, connections // 64), turns(_OPENING, connections // 4)
        self._writes, self._calls = turns(_WRITES, connections // 32), turns(_CALLS, connections // 32)
        reads = self._strange, self._searches, self._varied, self._strange_console, self._probes
        self._at_the_door = (*reads, self._strange_writes)
        # most wait for their body, and all have one thread together
        self._notifications = turns(max(_SMALLEST, connections // 4), connections // 16)
        self._sign_ins = Turns(_SIGN_INS, _SIGN_INS_EACH, max(_SMALLEST, connections // 16))
        self._known_sign_ins = turns(_SIGN_INS_EACH, connections // 64)
        self._sign_outs = Turns(_SIGN_OUTS, _SIGN_OUTS_EACH, max(_SMALLEST, connections // 16))
        self._known_sign_outs = turns(_SIGN_OUTS, connections // 4)  # a provider may sign everybody out at once
        self._new_sign_ins, self._new_streams = PerSecond(_NEW_SIGN_INS), PerSecond(_NEW_STREAMS)
        self._openings = Lately()  # of streams, while not all newcomers come in at once

    def turns_away(self, first: FirstBytes, address: str, now: float, is_crowded: bool) -> RefusalKind | None:
        """Return what is refused to a newcomer who sent this; None if it may come in. `is_crowded`: the room is.

        It is what most of a crowd asks for in vain. To find that out later takes ten times as much. Who asks through a
        proxy is not known yet.
        """
        network = self._network_of(address)
        if network and first.method == "POST" and first.path == _SIGN_IN:
            turns = self._turns_of_sent(_SIGN_IN, network)
            is_in_vain = turns is self._sign_ins and (turns.is_crowded or self._new_sign_ins.is_used_up(now))
            self._new_sign_ins.count()
            return "connection" if is_in_vain else None
        if first.method == "GET" and first.path.endswith(_STREAM):
            is_bound = self._opens_often(network, now) or is_crowded
            are_many = self._new_streams.is_used_up(now) and is_bound
            is_in_vain = are_many or not self._streams.has_place(address)
            self._new_streams.count()
            return "stream" if is_in_vain else None
        if not (network and first.method) or self._known.knows(network):
            return None
        if not any(turns.is_crowded for turns in self._at_the_door):
            return None
        asked = {"method": first.method, "path": unquote(first.path), "query_string": first.query, "headers": ()}
        turns = self._turns_of(asked, network)
        is_new = not self.returning.knows(network)
        what = first.path, first.query
        if turns not in self._at_the_door or not turns.asks_in_vain(network, what, is_new=is_new):
            return None  # it is noted when it comes in
        self.returning.note(network, now)
        return "connection"

    def _opens_often(self, network: str | None, now: float) -> bool:
        """Count that a network opens a stream; return whether it opens more than there are places for it."""
        return network is not None and self._openings.count(network, now) >= _OPENINGS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on when it is its turn, or refuse it."""
        address = scope["client"][0] if scope.get("client") else None
        if status := refusal_of(scope):
            self._note("header", address)
            await refuse(send, status)
            return
        if scope["path"] == LIVENESS:
            await (say_alive(send) if scope["method"] in _NO_BODY else refuse(send, 405, _READ_ONLY))
            return
        network = self._network_of(address) if address else None
        is_new = not self.returning.note(network, current_time())
        if self._kept and await self._kept.answer(scope, send):
            self._excuse(address)
            return
        turns = self._turns_of(scope, network)
        if turns is self._opening and not self._streams.has_place(address):
            self._note("stream", address)
            await refuse(send, 503, _RETRY_STREAM)
            return
        try:
            asked = scope["path"], scope["query_string"]
            await turns.take(network, asked, is_known=self._known.knows(network), is_new=is_new)
        except NoTurnError:
            self._note("stream" if turns is self._opening else "connection", address)
            await refuse(send, 503, _RETRY_AFTER)
            return
        turn = _Turn(turns, network)

        async def begin(message: Message) -> None:
            turn.give()
            if (status := message.get("status")) and address:
                self._learn(turns, status, address, scope)
                if status < _BAD and turns is not self._opening:  # a stream costs more than a page
                    self._excuse(address)
            await send(message)

        try:
            if not has_gone(receive):
                await answer_in_steps(self._app, scope, receive, begin)
        finally:
            turn.give()

    def _excuse(self, address: str | None) -> None:
        if address:
            self._known.excuse(address)

    def _turns_of(self, scope: Scope, network: str | None) -> Turns:
        if scope["method"] not in _NO_BODY:
            return self._turns_of_sent(scope["path"], network)
        if scope["path"] in PATHS:
            return self._probes
        if scope["path"].startswith(_CONSOLE):
            return self._console if self._known.knows(network) else self._strange_console
        if scope["path"].endswith(_STREAM):
            return self._opening
        if scope["path"] not in self._found:
            return self._strange
        if _is_anybodys(scope) and may_be_kept(scope["path"]):
            return self._pages
        return self._searches if scope["path"] == _PROGRAMME else self._varied

    def _turns_of_sent(self, path: str, network: str | None) -> Turns:
        """Return the turns of what may have a body. Nobody waits for that of a stranger's write, see `bodies`."""
        if path == _SIGN_IN:
            return self._known_sign_ins if self._known.knows(network) else self._sign_ins
        if path == BACK_CHANNEL:
            return self._known_sign_outs if self._known.knows(network) else self._sign_outs
        if path.startswith(_NOTIFICATIONS):
            return self._notifications
        if path.startswith(_HOME_CALLS):
            return self._calls
        return self._writes if self._known.knows(network) else self._strange_writes

    def _learn(self, turns: Turns, status: int, address: str, scope: Scope) -> None:
        """Learn from an answer which page there is, and who is known: by a sign-in, by a sign-out at the provider."""
        if turns is self._strange and status in _FOUND and _is_anybodys(scope):
            self._found[scope["path"]] = None
            if len(self._found) > _MOST_FOUND:
                del self._found[next(iter(self._found))]
        if self._has_proved_itself(turns, status, scope):
            self._known.trust(address)

    def _has_proved_itself(self, turns: Turns, status: int, scope: Scope) -> bool:
        """Return whether Zoom, a home, a program with its token, a provider or somebody who signs in has asked."""
        if turns in (self._sign_ins, self._known_sign_ins):
            return status == _SIGNED_IN
        if turns in (self._sign_outs, self._known_sign_outs):
            return status == _TAKEN
        if turns in (self._console, self._strange_console, self._writes, self._strange_writes):
            state = scope.get("state", {})
            return state.get("who") is not None or "script" in state
        if turns is self._probes:
            return scope["path"] == _METRICS and status == _TAKEN
        return (turns is self._notifications and status in _GENUINE) or (turns is self._calls and status == _ASKED)


class _Turn:
    """The turn of a request, that is given back once."""

    def __init__(self, turns: Turns, network: str | None) -> None:
        self._turns, self._network, self._is_held = turns, network, True

    def give(self) -> None:
        """Give it back. Idempotent."""
        if self._is_held:
            self._is_held = False
            self._turns.give(self._network)


def refusal_of(scope: Scope) -> int | None:
    """Return the status that refuses a request, None for one that is answered."""
    method, headers = scope["method"], scope["headers"]
    if len(scope["path"]) + len(scope["query_string"]) > _TARGET:
        return 414
    if len(headers) > _FIELDS or sum(value.count(b"\\") for name, value in headers if name == b"cookie") > _ESCAPES:
        return 431
    if method in _NO_BODY and has_body(headers):
        return 413
    if has_two_ends(headers):
        return 400
    return None


def _is_anybodys(scope: Scope) -> bool:
    """Return whether everybody gets the answer to a request. Else it would tell strangers in a flood what is hidden."""
    is_plain = not scope["query_string"] and len(scope["path"]) <= _LONGEST
    return is_plain and not any(name in _OWN or len(value) > _LONGEST_FIELD for name, value in scope["headers"])
