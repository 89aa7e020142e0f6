"""Whoever is asked over HTTP may answer at length: what is read of it is bounded."""

import pytest

from tests.integration.homes.hostile import Server
from zoom_ops.clock import SystemClock
from zoom_ops.openid.wire import LARGEST_ANSWER, Client, ProviderDownError, Wire


def test_long_answer_of_a_provider_is_not_read() -> None:
    long = b'{"keys": ["' + b"x" * LARGEST_ANSWER + b'"]}'
    with Server(lambda connection: connection.answer(long)) as server:
        client = Client(
            discovery_url=server.url, client_id="zoom_ops", client_secret="tidewater", scopes=(), redirect_uri=""
        )
        with pytest.raises(ProviderDownError):
            Wire(client, SystemClock()).fetch(server.url)
