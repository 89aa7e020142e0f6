"""Addresses that a writer does not see stay with their people."""

import pytest

from tests.builders import AMARA, JONAS, an_event
from zoom_ops.events import Performer
from zoom_ops.operations.events.addresses import keep_addresses


def person(name: str, email: str | None = None) -> Performer:
    return Performer(name=name, email=email)


KNOWN = (AMARA, JONAS, person("Mei", "first@example.org"), person("Mei", "second@example.org"))


@pytest.mark.parametrize(
    ("written", "called", "expected"),
    [
        ((person(JONAS.name), person(f"Dr {AMARA.name}")), (), [JONAS.email, AMARA.email]),
        ((person("Amara N. Diallo"), person("New")), (AMARA.name, ""), [AMARA.email, None]),
        ((person(JONAS.name),), (AMARA.name,), [AMARA.email]),
        ((person(AMARA.name, "new@example.org"),), (AMARA.name,), ["new@example.org"]),
        ((person("Mei"), person("Mei")), (), ["first@example.org", "second@example.org"]),
        ((person("Mei"),), (), ["second@example.org"]),
    ],
)
def test_address_stays_with_its_person(
    written: tuple[Performer, ...], called: tuple[str, ...], expected: list[str | None]
) -> None:
    kept = keep_addresses(an_event(performers=written), KNOWN, called)

    assert [each.email for each in kept.performers] == expected
    assert [each.name for each in kept.performers] == [each.name for each in written]
