"""Networks that the system turns away for a while, before a connection of theirs takes anything of this process."""

import errno
import os
import socket
import struct
import sys
from array import array
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Network, ip_network

import structlog

from ....logs.seldom import Seldom
from ....operations import metrics

_SHUT_S = 30.0
_RENEW_S = 0.25  # the least time between two programs
_MOST, _MOST_6 = 3_000, 120  # networks of IPv4, and of IPv6: a program has room for 4,096 steps
_SO_ATTACH_FILTER, _SO_DETACH_FILTER = 26, 27  # of Linux
_WORD, _BYTE, _MASK, _IS, _GO, _END = 0x20, 0x30, 0x54, 0x15, 0x05, 0x06  # <linux/bpf_common.h>
_HEADER = 0xFFF00000  # where the header of the network begins
_SOURCE_4, _SOURCE_6 = _HEADER + 12, _HEADER + 8
_FARTHEST = 250  # steps that a comparison may go on by
_LET_IN, _DROP = (_END, 0, 0, 0xFFFFFFFF), (_END, 0, 0, 0)
Step = tuple[int, int, int, int]  # what to do; steps to leave out where it is so, and where not; the operand
_NEVER = tuple(  # this machine and networks of our own: a proxy that no setting names, or a tunnel
    map(
        ip_network,
        ("127.0.0.1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
         "::/64", "fc00::/7", "fe80::/10", "64:ff9b::/96"),  # the last stands for all of IPv4, behind a translator
    )
)  # fmt: skip
_NAMED = 5  # networks in a line of the log
Source = tuple[int, int]  # 4, and an address; or 6, and the first half of one
_log = structlog.get_logger(__name__)


class ShutOut:
    """Shuts networks out of a listener. On other systems than Linux it does nothing: who is too much is refused later.

    The first packet of each of their connections is dropped, so that their clients wait and try again, more and more
    seldom. Connections that are open go on. So it does nothing, either, where the system takes no program, as in a
    sandbox.
    """

    def __init__(self, listener: socket.socket) -> None:
        self._listener, self._is_able = listener, sys.platform == "linux"
        self._until: dict[Source, float] = {}  # the first to be let in again first
        self._is_new = self._has_forgiven = self._is_attached = False
        self._renewed_at = 0.0
        self._told = Seldom()

    def __len__(self) -> int:
        return len(self._until)

    def add(self, network: str, now: float) -> None:
        """Shut a network out, from the next `renew` on."""
        if self._is_able and (source := source_of(network)) and source not in self._until:
            self._until[source] = now + _SHUT_S
            self._is_new = True
            if len(self._until) > _MOST:
                del self._until[next(iter(self._until))]

    def forgive(self, network: str) -> None:
        """Let a network in again, from the next `renew` on: it has proved to be known."""
        if self._until and self._until.pop(source_of(network), None):  # type: ignore[arg-type]
            self._has_forgiven = True

    def renew(self, now: float) -> None:
        """Let those in again whose time is over, and shut out those that were added. Call it each second, too."""
        if not (self._until or self._has_forgiven) or now - self._renewed_at < _RENEW_S:
            return
        over = [source for source, until in self._until.items() if until <= now]
        for source in over:
            del self._until[source]
        if self._is_new or self._has_forgiven or over:
            is_new, self._renewed_at = self._is_new, now
            self._is_new = self._has_forgiven = False
            self._attach(now, is_new)
            metrics.networks_shut_out.set(len(self._until))

    def release(self, accepted: socket.socket) -> None:
        """Take the program from a connection that came in: it would keep the memory of a program as long as it lasts.

        Call it before the next `renew`.
        """
        if self._is_attached:
            detach(accepted)

    def _attach(self, now: float, is_new: bool) -> None:
        self._is_attached = bool(self._until)
        if not self._until:
            detach(self._listener)
            return
        try:
            attach(self._listener, build_program(self._until))
        except OSError as error:
            detach(self._listener)
            self._fit(error)
            return
        if is_new and (count := self._told.count("shut out", now)):
            latest = " ".join(map(_name_of, tuple(self._until)[-_NAMED:]))
            _log.warning("networks_shut_out", networks=len(self._until), latest=latest, times=count)

    def _fit(self, error: OSError) -> None:
        """Shut fewer out if the system has no room for such a program, and none if it takes no programs."""
        self._is_able = error.errno == errno.ENOMEM
        for source in tuple(self._until)[: -(-len(self._until) // 2) if self._is_able else None]:
            del self._until[source]
        self._is_new = bool(self._until)
        if not self._is_able:
            _log.warning("networks_not_shut_out", reason=os.strerror(error.errno or 0))


def attach(listener: socket.socket, program: Sequence[Step]) -> None:
    """Let the system decide by a program who may connect. Raise OSError if it does not take it."""
    steps = array("B", b"".join(struct.pack("=HBBI", *step) for step in program))
    address, _ = steps.buffer_info()
    listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("@HP", len(program), address))


def detach(line: socket.socket) -> None:
    """Take the program from a listener or a connection, if it has one."""
    with suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, _SO_DETACH_FILTER, 0)


@lru_cache(maxsize=_MOST)
def source_of(network: str) -> Source | None:
    """Return what the packets of a network have in common; None for what is no network, or may be a proxy."""
    try:
        first = ip_network(network)[0]
    except ValueError:
        return None
    if any(first in known for known in _NEVER):
        return None
    return first.version, int(first) if first.version == 4 else int(first) >> 64


def _name_of(source: Source) -> str:
    version, number = source
    return str(IPv4Address(number)) if version == 4 else str(IPv6Network((number << 64, 64)))


def build_program(sources: Collection[Source]) -> list[Step]:
    """Build the program, of classic BPF, that drops what comes from one of these; the latest ones if they are too many.

    A source is an IPv4 address, or the /64 network of IPv6. Linux shows an IPv4 packet as what it is to a listener for
    both.
    """
    of_4 = [(_WORD, 0, 0, _SOURCE_4), *_drop([word for version, word in sources if version == 4][-_MOST:]), _LET_IN]
    of_6 = _of_6([words for version, words in sources if version == 6][-_MOST_6:])
    return [(_BYTE, 0, 0, _HEADER), (_MASK, 0, 0, 0xF0), (_IS, 1, 0, 0x40), (_GO, 0, 0, len(of_4)), *of_4, *of_6]


def _of_6(networks: Sequence[int]) -> Iterator[Step]:
    for first in dict.fromkeys(network >> 32 for network in networks):
        rest = [network & 0xFFFFFFFF for network in networks if network >> 32 == first]
        steps = [(_WORD, 0, 0, _SOURCE_6 + 4), *_drop(rest), _LET_IN]
        yield from ((_WORD, 0, 0, _SOURCE_6), (_IS, 1, 0, first), (_GO, 0, 0, len(steps)), *steps)
    yield _LET_IN


def _drop(words: Sequence[int]) -> Iterator[Step]:
    """Drop what is one of these words; else go on."""
    for start in range(0, len(words), _FARTHEST):
        part = words[start : start + _FARTHEST]
        yield from ((_IS, len(part) - place, 0, word) for place, word in enumerate(part))
        yield from ((_GO, 0, 0, 1), _DROP)
