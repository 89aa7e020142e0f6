"""Subjects and texts of messages: short, plain, with what to do next."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import BASE_URL, EVENT_ID, NOW, START
from tests.unit.alerting.test_deciding import a_mute, a_problem, a_window
from zoom_ops.alerting.deciding import News
from zoom_ops.alerting.hours import Hours
from zoom_ops.alerting.words import (
    TITLE_LIMIT,
    Detail,
    Frame,
    Line,
    compose_digest,
    compose_one,
    compose_several,
    summarize,
)

FRAME = Frame(name="zoom_ops", base_url=BASE_URL, hours=Hours(zone=ZoneInfo("Europe/Zurich")))
DO = "Zoom refused the webinar of this event. Say: zoom-ops runs retry 7"


def test_message_about_events_names_them_links_them_and_says_what_to_do() -> None:
    problem = a_problem(summary="3 events: Zoom refused their webinar", severity="critical", count=3)
    line = Line(about="Tides of Tomorrow", start=START, sentence=DO, link=f"{BASE_URL}/-/events/{EVENT_ID}")

    message = compose_one(FRAME, News(what="begun", problem=problem), Detail(lines=(line,), count=3))

    assert message.title == "[zoom_ops] critical: 3 events: Zoom refused their webinar"
    assert message.body == (
        "critical · account main · since 2040-01-24 13:00 CET\n"
        "\n"
        "• Tides of Tomorrow, 2040-01-31 14:30 CET\n"
        f"{DO}\n"
        f"{BASE_URL}/-/events/{EVENT_ID}\n"
        "\n"
        "and 2 more\n"
        "\n"
        f"All: {BASE_URL}/-/alerts#problem-{problem.id}\n"
        "\n"
        f'Tell me no more of it: zoom-ops alerts mute {problem.id} --note "why"\n'
    )


def test_over_says_when_it_ended_and_links_what_it_was_about() -> None:
    problem = a_problem(summary="2 events: Zoom refused their webinar", severity="critical")
    line = Line(about="Tides of Tomorrow", start=START, sentence="", link=f"{BASE_URL}/-/events/{EVENT_ID}")

    news = News(what="over", problem=problem, ended=NOW + timedelta(hours=3))
    message = compose_one(FRAME, news, Detail(lines=(line,), count=2))

    assert message.title == "[zoom_ops] over: 2 events: Zoom refused their webinar"
    assert message.body == (
        "This is over: 2 events: Zoom refused their webinar\n"
        "\n"
        "critical · account main · from 2040-01-24 13:00 CET until 2040-01-24 16:00 CET\n"
        "\n"
        "• Tides of Tomorrow, 2040-01-31 14:30 CET\n"
        f"{BASE_URL}/-/events/{EVENT_ID}\n"
        "\n"
        "and 1 more\n"
        "\n"
        f"All that is open: {BASE_URL}/-/alerts\n"
    )


def test_many_problems_are_one_message_the_worst_first() -> None:
    news = [News(what="begun", problem=a_problem(f"kind_{number}")) for number in range(30)]
    worst = News(what="begun", problem=a_problem("worst", severity="critical"))

    message = compose_several(FRAME, [*news, worst])

    assert message.title == "[zoom_ops] critical: 31 problems at once"
    assert message.body.startswith("• critical: worst\n• warning: kind_0\n")
    assert "and 21 more" in message.body


def test_digest_says_also_that_nothing_is_to_be_done() -> None:
    message = compose_digest(FRAME, [], {}, [], [], NOW)

    assert message.title == "[zoom_ops] digest: Nothing needs you"
    assert message.body == f"Nothing needs you.\n\n{BASE_URL}/-/ or: zoom-ops alerts\n"


def test_digest_lists_what_is_open_muted_silenced_and_over() -> None:
    lasts, muted = a_problem(summary="The disk is full"), a_problem("seat_refused", summary="Zoom refuses Amara")
    windows = [a_window(NOW, NOW + timedelta(hours=2))]

    message = compose_digest(FRAME, [lasts, muted], {muted.id: a_mute(muted)}, windows, ["Account main stopped"], NOW)

    assert message.title == "[zoom_ops] digest: 1 open problem"
    for line in (
        "Open:\n• warning: The disk is full (since 2040-01-24 13:00 CET)",
        "Muted:\n• Zoom refuses Amara: muted by an operator: known",
        "Maintenance of everything until 2040-01-24 15:00 CET: Zoom is upgraded (an operator).",
        "Over since the last digest:\n• Account main stopped",
    ):
        assert line in message.body


def test_summary_of_one_alert_begins_with_its_event() -> None:
    assert summarize("not_recorded", "", (1, "events"), "Tides", "Zoom will not record it. Do this.") == (
        "Tides: Zoom will not record it"
    )
    assert summarize("not_recorded", "", (5, "events"), "Tides", "Zoom will not record it.") == "5 events: not recorded"


@given(summary=st.text(max_size=400), name=st.text(max_size=80), count=st.integers(1, 1000))
def test_subject_is_one_short_line(summary: str, name: str, count: int) -> None:
    frame = Frame(name=name, base_url=BASE_URL, hours=Hours())
    problem = a_problem(summary=summarize("event_late", "", (count, "events"), "", summary))

    title = compose_several(frame, [News(what="begun", problem=problem)] * count).title

    assert len(title) <= TITLE_LIMIT
    assert len(title.splitlines()) == 1
