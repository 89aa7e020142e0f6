"""The networks that proved to be known: few of each neighbourhood, and the latest ones."""

import pytest

from zoom_ops.web.edge.door.known_networks import KnownNetworks

ZOOM = "203.0.113.7"


@pytest.mark.parametrize("form", ["2001:db8:1:{:x}::/64", "192.0.2.{}"])
def test_networks_of_one_neighbourhood_drive_no_others_out(form: str) -> None:
    known = KnownNetworks()
    known.add(ZOOM)
    for number in range(250):
        known.add(form.format(number))

    assert (len(known), ZOOM in known) == (11, True)
    assert [form.format(number) in known for number in (0, 239, 240, 249)] == [False, False, True, True]


def test_latest_networks_are_known() -> None:
    known = KnownNetworks()
    known.add(ZOOM)
    for number in range(999):
        known.add(f"10.{number // 250}.{number % 250}.1")
    known.add(ZOOM)
    known.add("198.51.100.7")

    assert (len(known), ZOOM in known, "10.0.0.1" in known, "10.0.1.1" in known) == (1000, True, False, True)
    assert None not in known
