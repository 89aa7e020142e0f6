"""Addresses that a writer does not see stay with their people."""

import pytest

from tests.builders import AMARA, JONAS, an_event
from zoom_ops.events import Performer
from zoom_ops.operations.events.addresses import Origins, keep_addresses


def person(name: str, email: str | None = None) -> Performer:
    return Performer(name=name, email=email)


FIRST, SECOND = "first@example.org", "second@example.org"
KNOWN = (AMARA, JONAS, person("Wei Zhang", FIRST), person("Wei Zhang", SECOND))
WEI, NEW = person("Wei Zhang"), person("Mei Chen")
AMARA_NOW, JONAS_NOW = person(AMARA.name), person(JONAS.name)


@pytest.mark.parametrize(
    ("written", "origins", "expected"),
    [
        pytest.param((JONAS_NOW, person(f"Dr {AMARA.name}")), None, [JONAS.email, AMARA.email], id="names"),
        pytest.param((WEI, WEI), None, [FIRST, SECOND], id="namesakes in order"),
        pytest.param((WEI,), None, [None], id="one namesake less"),
        pytest.param((WEI, WEI, WEI), None, [None] * 3, id="one namesake more"),
        pytest.param((WEI,), (2,), [FIRST], id="second taken out"),
        pytest.param((WEI, WEI), (3, 2), [SECOND, FIRST], id="moved"),
        pytest.param((WEI, WEI, WEI), (2, 3, None), [FIRST, SECOND, None], id="one more"),
        pytest.param((person("Amara N. Diallo"), NEW), (0, None), [AMARA.email, None], id="corrected"),
        pytest.param((NEW,), (0,), [None], id="typed over"),
        pytest.param((JONAS_NOW, AMARA_NOW), (0, 1), [JONAS.email, AMARA.email], id="swapped by typing"),
        pytest.param((person("Amara Book"),), (0,), [None], id="the address book has this name"),
        pytest.param((AMARA_NOW, AMARA_NOW), (0, 0), [AMARA.email, None], id="a number twice"),
        pytest.param((person(AMARA.name, "new@example.org"),), (0,), ["new@example.org"], id="typed"),
    ],
)
def test_address_stays_with_its_person(
    written: tuple[Performer, ...], origins: Origins | None, expected: list[str | None]
) -> None:
    kept = keep_addresses(an_event(performers=written), KNOWN, origins, {"amara book"})

    assert [each.email for each in kept.performers] == expected
    assert [each.name for each in kept.performers] == [each.name for each in written]
