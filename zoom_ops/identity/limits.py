"""The limits of guessing: which counters an attempt to sign in takes a place in, and whether there is room."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from ..rate import Rate

BY_NETWORK = Rate(at_once=30, every=timedelta(seconds=5))
BY_NEIGHBOURHOOD = Rate(at_once=120, every=timedelta(seconds=2))
BY_LOGIN_AND_NETWORK = Rate(at_once=10, every=timedelta(seconds=30))  # also of a known network or session
BY_LOGIN_AND_NEIGHBOURHOOD = Rate(at_once=20, every=timedelta(seconds=20))
BY_LOGIN = Rate(at_once=60, every=timedelta(seconds=10))
BY_CODE_AND_PLACE = Rate(at_once=5, every=timedelta(minutes=5))  # also of a known network or session
BY_CODE = Rate(at_once=10, every=timedelta(minutes=10))

Proof = Literal["network", "session"]
"""Why an attempt is not a stranger's: this login signed in from the network before, or it is signed in."""
Guessed = Literal["password", "code"]


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A counter by the words of its key, and its rate."""

    words: tuple[str, ...]
    rate: Rate
    counts: Literal["everybody", "login", "own"] = "login"
    """What it counts: attempts for all logins, for one login, or for one login from one place, which a success ends."""
    of: Guessed = "password"


@dataclass(frozen=True, kw_only=True)
class Counted:
    """The counters after an attempt; or how long it has to wait, and then no counter has moved."""

    free_at: Mapping[str, datetime]
    wait: timedelta = timedelta(0)


def limits_of_stranger(login: str, network: str, neighbourhood: str) -> tuple[Limit, ...]:
    """List the limits of an attempt from a network from which this login has not signed in before.

    Each is looser than the one before it, so neither one network nor one neighbourhood can use up what a login has.
    All strangers together guess one login at most 60 + 8,640 times a day, however many they are.
    """
    return (
        Limit(words=("sign-in by address", network), rate=BY_NETWORK, counts="everybody"),
        Limit(words=("sign-in by neighbourhood", neighbourhood), rate=BY_NEIGHBOURHOOD, counts="everybody"),
        Limit(words=("sign-in", login, network), rate=BY_LOGIN_AND_NETWORK, counts="own"),
        Limit(words=("sign-in by neighbourhood", login, neighbourhood), rate=BY_LOGIN_AND_NEIGHBOURHOOD),
        Limit(words=("sign-in by login", login), rate=BY_LOGIN),
    )


def limits_of_known(login: str, proof: Proof, place: str) -> tuple[Limit, ...]:
    """List the limits of an attempt that comes with a proof: one counter of its own, which nobody else can fill.

    `place` is the known network, or the digest of the session. A known network counts on as it did before it
    was known. Each allows at most 10 + 2,880 guesses a day.
    """
    words = ("sign-in", login, place) if proof == "network" else (f"sign-in by {proof}", login, place)
    return (Limit(words=words, rate=BY_LOGIN_AND_NETWORK, counts="own"),)


def limits_of_code(login: str, proof: Proof | None, network: str) -> tuple[Limit, ...]:
    """List the limits of a code after the right password. All sessions of a login share one counter.

    Whoever guesses codes knows the password, so these are tighter. Three of 1,000,000 codes are valid at once. All
    strangers together guess 10 + 144 codes a day: one in 2,200 gets in within a day. A known network has a counter of
    its own, and so have the sessions, which nobody else can fill: 5 + 288 codes, one in 1,100. One session begins
    another when it changes the password, so a counter for each would be none. Recovery codes have 55 bits.
    """
    words = {"session": ("code by session", login), "network": ("code by network", login, network)}
    own = words[proof] if proof else ("code", login, network)
    of_place = Limit(words=own, rate=BY_CODE_AND_PLACE, counts="own", of="code")
    return (of_place,) if proof else (of_place, Limit(words=("code by login", login), rate=BY_CODE, of="code"))


def count_attempt(limits: Iterable[tuple[str, Limit]], free_at: Mapping[str, datetime], now: datetime) -> Counted:
    """Count an attempt in each of its limits, given by key, if all of them have room. Else count it in none.

    `free_at` are the counters by key, as `Rate` defines them; a missing one has its full burst.
    """
    counted = {key: limit.rate.count(free_at.get(key, now) - now) for key, limit in limits}
    if wait := max((wait for _, wait in counted.values()), default=timedelta(0)):
        return Counted(free_at={}, wait=wait)
    return Counted(free_at={key: now + ahead for key, (ahead, _) in counted.items()})
