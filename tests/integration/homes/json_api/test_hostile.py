"""A JSON API that means ill."""

import json

import pytest

from tests.integration.homes.hostile import LIMITS, Connection, HostileHome, Server
from tests.integration.homes.json_api.homes import EVENT, open_api
from zoom_ops.homes import EventRecords, Limits, StrangeAnswerError


class TestJsonApi(HostileHome):
    """What every kind bears."""

    def open(self, url: str, limits: Limits) -> EventRecords:
        return open_api(url, limits)


def test_pages_that_go_in_a_circle_end() -> None:
    def turn(connection: Connection) -> None:
        page = "b" if "page=a" in connection.asked.path else "a"
        connection.answer(json.dumps({"data": [], "next": f"/events?page={page}"}))

    with Server(turn) as server, pytest.raises(StrangeAnswerError):
        open_api(server.url).list_changed("")

    assert len(server.asked) == 3


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1:{other}/events",
        "//127.0.0.1:{other}/events",
        "http://user@127.0.0.1:{own}/events",
        "http://127.0.0.1:{own}\\@127.0.0.1:{other}/",
        "https://127.0.0.1:{own}/events",
        "file:///etc/passwd",
        "http://[",
    ],
)
def test_next_page_elsewhere_is_not_asked_for(link: str) -> None:
    with Server(lambda connection: connection.answer("{}")) as elsewhere:
        other = elsewhere.url.rpartition(":")[2]

        def name_it(connection: Connection) -> None:
            own = server.url.rpartition(":")[2]
            connection.answer(json.dumps({"data": [], "next": link.format(own=own, other=other)}))

        with Server(name_it) as server, pytest.raises(StrangeAnswerError):
            open_api(server.url).list_changed("")

    assert len(server.asked) == 1
    assert elsewhere.asked == []


@pytest.mark.parametrize("record_id", ["..", "a\nb", "", "x" * 301, {"a": 1}, None, True])
def test_list_with_an_id_that_is_none_is_refused(record_id: object) -> None:
    listed = json.dumps({"data": [{**EVENT, "id": record_id}]})

    with Server(lambda connection: connection.answer(listed)) as server, pytest.raises(StrangeAnswerError):
        open_api(server.url).list_changed("")


def test_more_records_than_are_read_are_refused() -> None:
    def go_on(connection: Connection) -> None:
        page = int(connection.asked.path.partition("page=")[2] or 0)
        records = [{"id": page * 1_100 + number} for number in range(1_100)]
        connection.answer(json.dumps({"data": records, "next": f"/events?page={page + 1}"}))

    limits = Limits(requests_a_minute=6000, largest_answer=LIMITS.largest_answer)
    with Server(go_on) as server, pytest.raises(StrangeAnswerError):
        open_api(server.url, limits).list_changed("")

    assert len(server.asked) == 10
