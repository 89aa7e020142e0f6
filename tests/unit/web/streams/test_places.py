"""The places of streams: so many of one network, so many in all."""

import pytest

from zoom_ops.web.streams.places import Place, StreamLimits, StreamPlaces, StreamRefusedError

GUEST, OTHER, PROXY = "192.0.2.1", "192.0.2.2", "10.0.0.1"


def test_network_has_its_number_and_gets_a_place_again_when_one_ends() -> None:
    places = StreamPlaces(StreamLimits(each=2))
    taken = [places.enter(address) for address in ("2001:db8::1", "2001:db8::2", GUEST)]

    with pytest.raises(StreamRefusedError):
        places.enter("2001:db8::3")
    places.leave(taken[0])

    assert places.enter("2001:db8::3") == taken[0]


def test_all_together_have_their_number_which_the_connections_lower() -> None:
    places = StreamPlaces(StreamLimits(most=10))
    places.fit(connections=4)
    places.enter(GUEST)
    places.enter(OTHER)

    with pytest.raises(StreamRefusedError):
        places.enter("192.0.2.3")


def test_proxy_that_names_no_client_stands_for_many() -> None:
    places = StreamPlaces(StreamLimits(each=1, proxies=("10.0.0.0/8",)))

    assert [places.enter(PROXY), places.enter(PROXY), places.enter(None)] == [None, None, None]


def test_place_that_is_handed_on_is_given_back_once_by_whoever_has_it() -> None:
    places = StreamPlaces(StreamLimits(most=1))
    first = Place(places, places.enter(GUEST))
    second = first.hand_on()
    first.leave()

    with pytest.raises(RuntimeError):
        first.hand_on()
    assert not places.has_place(OTHER)

    second.leave()
    second.leave()
    places.enter(OTHER)

    assert not places.has_place(GUEST)
