"""What clients were refused becomes an alert above a rate, and ends by itself."""

from datetime import timedelta

import pytest

from tests.builders import NOW
from zoom_ops.messages import alerts as say
from zoom_ops.operations.refusals import KINDS
from zoom_ops.operations.watching.attacks import find_attacks, find_known_passwords
from zoom_ops.store.alerts import Alert
from zoom_ops.store.refusals import Refused

MINUTE = timedelta(minutes=1)


def refused(kind: str, count: int, *, ago: int = 0, network: str = "192.0.2.7") -> Refused:
    """Build the refusals of the minute that began so many minutes ago."""
    return Refused(at=NOW - ago * MINUTE, kind=kind, network=network, count=count)


def find(*rows: Refused, later: int = 0) -> list[Alert]:
    return list(find_attacks(rows, 100, NOW + later * MINUTE))


def kinds(*rows: Refused, later: int = 0) -> list[str]:
    return [alert.kind for alert in find(*rows, later=later)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_refusal_is_told_above_a_rate(kind: str) -> None:
    expected = ["sign_in_attack" if kind.startswith(("sign", "code", "token", "key")) else "server_full"]

    assert kinds(refused(kind, 99)) == []
    assert kinds(refused(kind, 100)) == ([] if kind == "host" else expected)  # who asks for other hosts does no harm


def test_refusals_of_five_minutes_are_added_up() -> None:
    assert kinds(*(refused("token_wrong", 20, ago=ago) for ago in range(5))) == ["sign_in_attack"]
    assert kinds(*(refused("token_wrong", 20, ago=2 * ago) for ago in range(7))) == []  # never 100 within five
    assert kinds(refused("sign_in_wrong", 60), refused("token_wrong", 60)) == ["sign_in_attack"]
    assert kinds(refused("sign_in_wrong", 60), refused("stream", 60)) == []


def test_alert_ends_a_while_after_the_attack() -> None:
    attack = refused("connection", 5_000)

    assert [kinds(attack, later=later) for later in (5, 14, 15)] == [["server_full"], ["server_full"], []]


def test_alert_says_from_where_and_what_to_do() -> None:
    networks = {
        "192.0.2.7": 300,
        "198.51.100.1": 200,
        "203.0.113.9": 100,
        "203.0.113.8": 110,
        "203.0.113.1": 9,
        "": 400,
    }
    (signing,) = find(*(refused("sign_in_wrong", count, network=network) for network, count in networks.items()))
    (full,) = find(refused("stream", 500), refused("connection", 4_000), refused("header", 1))

    assert (signing.message.code, signing.message.values) == (
        "alerts.many_sign_ins_refused",
        {
            "count": 1_000,
            "what": ("sign-ins",),
            "whose": say.MANY_TO(networks=("192.0.2.7", "198.51.100.1")),
        },
    )
    assert (full.message.code, full.message.values) == (
        "alerts.server_full",
        {
            "count": 1_000,
            "what": ("connections", "open streams"),
            "whose": say.MANY_TO(networks=("192.0.2.7",)),
            "proxy": say.PERHAPS_YOUR_PROXY(),
            "more": say.RAISE_LIMITS(
                settings=("ZOOM_OPS_MAX_CONNECTIONS", "ZOOM_OPS_STREAMS", "ZOOM_OPS_STREAMS_PER_ADDRESS")
            ),
        },
    )


def test_message_stays_while_an_attack_from_everywhere_goes_on() -> None:
    one, other = (
        find(*(refused("connection", 90 + step, network=f"203.0.113.{step + number}") for number in range(30)))
        for step in (0, 40)
    )

    assert one == other
    assert one[0].message.values["whose"] == say.TO_MANY()
    assert one[0].message.values["proxy"] is None


def test_wrong_codes_of_one_user_tell_that_a_password_is_known() -> None:
    typed = [("amara", "192.0.2.7", NOW)] * 3 + [("amara", "198.51.100.1", NOW), ("jonas", "192.0.2.7", NOW)]

    assert list(find_known_passwords(typed, NOW)) == []
    assert list(find_known_passwords([*typed, ("amara", "", NOW - 60 * MINUTE)], NOW)) == []
    (alert,) = find_known_passwords([*typed, ("amara", "", NOW)], NOW)
    assert (alert.kind, alert.subject) == ("sign_in_attack", "user amara")
    whence = say.FROM_NETWORKS(networks=("192.0.2.7", "198.51.100.1"))
    assert alert.message == say.PASSWORD_KNOWN(most=5, user="amara", within="an hour", whence=whence)


def test_few_wrong_codes_an_hour_for_a_day_tell_it_too() -> None:
    """A thief who stays below five an hour has ninety guesses a day."""
    slow = [("amara", "192.0.2.7", NOW - hours * 60 * MINUTE) for hours in range(10)]

    assert list(find_known_passwords(slow[1:], NOW)) == []
    (alert,) = find_known_passwords(slow, NOW)
    whence = say.FROM_NETWORKS(networks=("192.0.2.7",))
    assert alert.message == say.PASSWORD_KNOWN(most=10, user="amara", within="a day", whence=whence)
