"""The times in sentences become elements with their moment, wherever a page may show them."""

from re import findall

import pytest

from zoom_ops.web.time_elements import mark_times


@pytest.mark.parametrize(
    ("html", "marked"),
    [
        (
            "<p>Paused by root on 2040-01-25 22:32 UTC: a move.</p>",
            '<p>Paused by root on <time datetime="2040-01-25T22:32:00+00:00">2040-01-25 22:32</time> UTC: a move.</p>',
        ),
        (
            "<p>from 2040-01-25 22:32 to 00:10 (America/New_York), of 2</p>",
            '<p>from <time datetime="2040-01-25T22:32:00-05:00">2040-01-25 22:32</time> to '
            '<time datetime="2040-01-26T00:10:00-05:00">00:10</time> (America/New_York), of 2</p>',
        ),
        (
            "<li>2040-01-25 22:32–2040-01-27 01:00 UTC</li>",
            '<li><time datetime="2040-01-25T22:32:00+00:00">2040-01-25 22:32</time>–'
            '<time datetime="2040-01-27T01:00:00+00:00">2040-01-27 01:00</time> UTC</li>',
        ),
        (
            "<td>start from 2040-01-25 22:32 (UTC+05:45)</td>",
            '<td>start from <time datetime="2040-01-25T22:32:00+05:45">2040-01-25 22:32</time> (UTC+05:45)</td>',
        ),
        (
            "<td>until: 2040-01-25T22:32:07.120Z; start: 2040-01-25T17:32:00-05:00</td>",
            '<td>until: <time datetime="2040-01-25T22:32:07+00:00">2040-01-25 22:32:07</time> UTC; '
            'start: <time datetime="2040-01-25T17:32:00-05:00">2040-01-25 17:32</time> UTC-05:00</td>',
        ),
    ],
)
def test_time_in_a_text_gets_an_element_with_its_moment(html: str, marked: str) -> None:
    assert mark_times(html) == marked
    assert mark_times(marked) == marked


@pytest.mark.parametrize(
    "html",
    [
        '<input value="2040-01-25 22:32 UTC">',
        "<li title='at 2040-01-25 22:32 UTC'>Tides</li>",
        "<textarea>\nOn 2040-01-25 22:32 UTC</textarea>",
        "<pre>{&#34;start&#34;: &#34;2040-01-25T22:32:00Z&#34;}</pre>",
        "<title>2040-01-25 22:32 UTC</title>",
        "<q>2040-01-25T22:32:00+01:00</q>",
        '<a href="/-/events/tides" dir="auto">Tides 2040-01-25 22:32 UTC</a>',
        "<bdi>Tides 2040-01-25 22:32 UTC</bdi>",
        "<h1>Cancel “Tides 2040-01-25 22:32 UTC”?</h1>",
        "<p>2040-01-25 22:32 local time, 2040-01-25, 22:32 UTC</p>",
        "<p>2040-13-45 22:32 UTC, 2040-01-25 25:99 UTC, 2040-01-25 22:32 (Europe/Nowhere)</p>",
    ],
)
def test_attributes_fields_code_and_what_is_no_time_stay(html: str) -> None:
    assert mark_times(html) == html


def test_two_spans_with_one_zone_get_four_elements() -> None:
    marked = mark_times("<p>Moves it from 2040-01-31 08:30-09:45 to 2040-02-01 10:00-11:15 (America/New_York).</p>")

    assert findall(r'datetime="([^"]*)"', marked) == [
        "2040-01-31T08:30:00-05:00",
        "2040-01-31T09:45:00-05:00",
        "2040-02-01T10:00:00-05:00",
        "2040-02-01T11:15:00-05:00",
    ]
