"""Which alerts follow from what clients were refused: an attack on sign-ins, a server without room. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from ...messages import Value
from ...messages import alerts as say
from ...store.alerts import Alert
from ...store.audit import CODE_REFUSED
from ...store.refusals import Refused

SIGN_IN_ATTACK, SERVER_FULL = "sign_in_attack", "server_full"
WITHIN = timedelta(minutes=5)
WRONG_CODES_TYPED, NEW_FACTOR = "codes", "factor"  # causes of SIGN_IN_ATTACK about one user
LASTS = timedelta(minutes=10)  # after the last five minutes with so many: an attack may pause for breath
WRONG_CODES_LAST = timedelta(days=1)  # so long a wrong code counts
_MISTYPED = (("an hour", timedelta(hours=1), 5), ("a day", WRONG_CODES_LAST, 10))  # more than a person mistypes
_SHARE = 10  # a network is named if it has a tenth of all or more
_NAMED = 3
_SIGN_IN = {
    "sign_in_wrong": "sign-ins",
    "sign_in_throttled": "sign-ins",
    "code_wrong": "codes",
    "token_wrong": "API tokens",
    "token_throttled": "API tokens",
    "signature_wrong": "signatures of notifications and calls",
    "key_wrong": "links for members",
}
_AUDITED = {"sign_in_wrong": "sign_in_refused", "code_wrong": CODE_REFUSED}
_FULL = {
    "connection": "connections",
    "stream": "open streams",
    "body": "bodies of requests",
    "header": "heads of requests",
}
_SETTINGS = {
    "connection": ("ZOOM_OPS_MAX_CONNECTIONS",),
    "stream": ("ZOOM_OPS_STREAMS", "ZOOM_OPS_STREAMS_PER_ADDRESS"),
}


_OTHERS = {"host": "requests for other hosts"}  # many ask every address for anything, which harms nobody


def find_attacks(refused: Sequence[Refused], most: int, now: datetime) -> Iterator[Alert]:
    """Yield an alert where `most` or more refusals of a kind fell within five minutes, not more than ten minutes ago.

    `refused` has the refusals since WITHIN + LASTS ago. The sentences change rarely while an attack lasts.
    """
    sign_ins = _heaviest([row for row in refused if row.kind in _SIGN_IN], now)
    if _count(sign_ins) >= most:
        yield Alert(kind=SIGN_IN_ATTACK, message=say.MANY_SIGN_INS_REFUSED(**_summary(sign_ins, _SIGN_IN, most)))
    full = _heaviest([row for row in refused if row.kind in _FULL], now)
    if _count(full) >= most:
        yield Alert(kind=SERVER_FULL, message=say.SERVER_FULL(**_summary(full, _FULL, most), **_advice(full)))


def find_known_passwords(lines: Iterable[tuple[str, str, datetime]], now: datetime) -> Iterator[Alert]:
    """Yield an alert for each login to which so many codes were refused, each after the right password.

    `lines` has the login, the network and the time of each code refused within WRONG_CODES_LAST.
    """
    typed: dict[str, list[tuple[str, datetime]]] = {}
    for login, network, at in lines:
        typed.setdefault(login, []).append((network, at))
    for login, each in sorted(typed.items()):
        if too_many := _mistyped(each, now):
            within, most, networks = too_many
            named = [network for network, _ in Counter(filter(None, networks)).most_common(_NAMED)]
            whence = say.FROM_NETWORKS(networks=tuple(sorted(named))) if named else None
            yield Alert(
                kind=SIGN_IN_ATTACK,
                subject=f"user {login}",
                cause=WRONG_CODES_TYPED,
                message=say.PASSWORD_KNOWN(most=most, user=login, within=within, whence=whence),
            )


def _mistyped(typed: Sequence[tuple[str, datetime]], now: datetime) -> tuple[str, int, list[str]] | None:
    """Return within which span there were how many or more, and their networks; None where a person may mistype so."""
    for within, span, most in _MISTYPED:
        networks = [network for network, at in typed if at > now - span]
        if len(networks) >= most:
            return within, most, networks
    return None


def find_doubtful_factors(added: Iterable[tuple[str, str]]) -> Iterator[Alert]:
    """Yield an alert for each operator for whom a second factor was lately added from a network that is new for them.

    Who knows a password can set one up before its owner does. `added` has login and network of each.
    """
    for login, network in added:
        yield Alert(
            kind=SIGN_IN_ATTACK,
            subject=f"second factor of {login}",
            cause=NEW_FACTOR,
            message=say.FACTOR_DOUBTFUL(user=login, network=network),
        )


def find_audited(rows: Sequence[Refused]) -> tuple[str, ...]:
    """List the deeds of the audit under which it has lines about these refusals."""
    kinds = {row.kind for row in rows}
    return tuple(deed for kind, deed in _AUDITED.items() if kind in kinds)


def describe_many_refused(rows: Sequence[Refused], most: int) -> str:
    """Describe the refusals of the last hour in a sentence; empty where fewer than `most` were of what does harm."""
    return describe_refused(rows) if _count([row for row in rows if row.kind not in _OTHERS]) >= most else ""


def describe_refused(rows: Sequence[Refused]) -> str:
    """Describe the refusals of the last hour in a sentence; empty where there are none."""
    nouns = Counter[str]()
    for row in rows:
        nouns[(_SIGN_IN | _FULL | _OTHERS).get(row.kind, row.kind)] += row.count
    networks = _large(rows, "network")[:_NAMED]
    whose = f"; many of them to {_join(networks)}" if networks else ""
    what = ", ".join(f"{noun} {count:,}" for noun, count in nouns.most_common())
    return f"Within the last hour {what}{whose}." if rows else ""


def _heaviest(rows: Sequence[Refused], now: datetime) -> list[Refused]:
    """Return the refusals of those five minutes that have most of them, and that ended in the last ten minutes."""
    begins = sorted({row.at for row in rows if row.at > now - WITHIN - LASTS})
    windows = ([row for row in rows if begin <= row.at < begin + WITHIN] for begin in begins)
    return max(windows, key=_count, default=[])


def _count(rows: Sequence[Refused]) -> int:
    return sum(row.count for row in rows)


def _summary(rows: Sequence[Refused], nouns: Mapping[str, str], most: int) -> dict[str, Value]:
    """Return how many of what were refused, and to whom, so coarsely that the message rarely changes.

    The number is the limit, or ten, a hundred… times as many.
    """
    kinds, networks = _large(rows, "kind"), _large(rows, "network")[:_NAMED]
    return {
        "count": most * 10 ** (len(str(_count(rows) // most)) - 1),
        "what": tuple(dict.fromkeys(noun for kind, noun in nouns.items() if kind in kinds)),
        "whose": say.MANY_TO(networks=tuple(sorted(networks))) if networks else say.TO_MANY(),
    }


def _advice(rows: Sequence[Refused]) -> dict[str, Value]:
    kinds = _large(rows, "kind")
    settings = tuple(setting for kind, names in _SETTINGS.items() if kind in kinds for setting in names)
    return {
        "proxy": say.PERHAPS_YOUR_PROXY() if _large(rows, "network") else None,
        "more": say.RAISE_LIMITS(settings=settings) if settings else None,
    }


def _large(rows: Sequence[Refused], column: str) -> list[str]:
    """List the kinds or networks that have a tenth of all, those with the most first."""
    counts = Counter[str]()
    for row in rows:
        counts[getattr(row, column)] += row.count
    return [name for name, count in counts.most_common() if name and count * _SHARE >= counts.total()]


def _join(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
