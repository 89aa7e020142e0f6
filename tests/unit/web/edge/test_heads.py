"""Heads of answers are checked once, and are those that h11 makes."""

import h11
import pytest
from h11._headers import set_comma_header

from zoom_ops.web.edge.heads import check_answers_once

check_answers_once()
FIELDS = [(b"Content-Type", b"text/html"), (b"content-length", b"12,12")]


def test_answers_with_the_same_fields_share_a_head() -> None:
    one, other, later = (h11.Response(status_code=200, headers=given) for given in (FIELDS, [*FIELDS], FIELDS[:1]))

    assert one.headers is other.headers
    assert one.headers == [(b"content-type", b"text/html"), (b"content-length", b"12")]
    assert later.headers == [(b"content-type", b"text/html")]
    assert h11.Response(status_code=200, headers=[["a", "b"]]).headers == [(b"a", b"b")]  # type: ignore[arg-type]


def test_answers_that_close_their_connection_share_a_head() -> None:
    answers = [h11.Response(status_code=200, headers=given) for given in (FIELDS, [*FIELDS])]
    heads = [set_comma_header(answer.headers, b"connection", [b"close"]) for answer in answers]

    assert heads[0] is heads[1]
    assert heads[0][-1] == (b"connection", b"close")


@pytest.mark.parametrize("field", [(b"a", b"b\r\nc: d"), (b"a b", b"c"), (b"content-length", b"1, 2"), (b"a", 1)])
def test_wrong_field_of_an_answer_is_refused_each_time(field: tuple[bytes, bytes]) -> None:
    for _ in range(2):
        with pytest.raises((h11.LocalProtocolError, TypeError)):
            h11.Response(status_code=200, headers=[field])
