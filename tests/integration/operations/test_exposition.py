"""The metrics: what is counted, what is there from the first scrape on, and what they never hold."""

import re
from contextlib import ExitStack
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from tests.builders import ACCOUNT, AN_OPERATOR, EVENT_ID, HOST, NOW
from tests.docs.pages import read, section
from tests.integration.service import Service
from tests.root import ROOT
from tests.waiting import wait_until
from zoom_ops.operations.exposition import Exposition
from zoom_ops.operations.jobs.schedules import change_schedule, pause_job
from zoom_ops.zoom import list_calls

Samples = dict[tuple[str, tuple[str, ...]], float]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OTHERS = "".join(read(ROOT / "docs" / page) for page in ("operating.md", "deploying.md"))
REFERENCE = section(read(ROOT / "docs/reference.md"), "## Metrics")


def scrape(service: Service) -> str:
    """Return what Prometheus gets from a process that has just begun."""
    return Exposition(service.context, service.app.jobs).render().decode()


def samples_of(service: Service) -> Samples:
    """Return the values of its first scrape."""
    return values_in(scrape(service))


def values_in(scraped: str) -> Samples:
    """Return the values of a scrape, by name and the values of the labels in order."""
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(scraped)
        for sample in family.samples
    }


@pytest.mark.both_databases
def test_every_series_that_is_known_is_there_from_the_first_scrape(service: Service) -> None:
    samples = samples_of(service)

    for job in service.app.jobs:
        for outcome in ("done", "waiting", "retried", "parked", "failed"):
            assert ("zoom_ops_runs_total", (job, outcome)) in samples
        assert samples["zoom_ops_runs_failed", (job,)] == samples["zoom_ops_runs_parked", (job,)] == 0
        assert samples["zoom_ops_job_last_success_timestamp_seconds", (job,)] == 0
    assert ("zoom_ops_notifications_total", ("bad_signature",)) in samples
    assert ("zoom_ops_notification_to_page_seconds_count", (ACCOUNT,)) in samples
    for method, path, usual in list_calls():
        for status in (usual, "429", "unanswered"):
            assert ("zoom_ops_zoom_calls_total", (ACCOUNT, method, path, status)) in samples
        assert ("zoom_ops_zoom_call_duration_seconds_count", (ACCOUNT, method, path)) in samples
    assert samples["zoom_ops_alerts_open", ("disk_nearly_full", "critical")] == 0
    assert samples["zoom_ops_events_late", ("published",)] == 0
    assert samples["zoom_ops_host_day_changes_left", (ACCOUNT, "1")] == 100
    assert samples["zoom_ops_database_up", ()] == 1


def test_calls_are_counted_by_endpoint_and_runs_by_job(service: Service) -> None:
    service.zoom.fault("GET /users/*", "http", status=503)
    before = samples_of(service)
    service.add()
    service.work()
    service.later(MINUTE)
    after = samples_of(service)

    def grown(name: str, *labels: str) -> float:
        return after[name, labels] - before.get((name, labels), 0)

    asked = (ACCOUNT, "GET", "/users/{host}")
    answers = {status: grown("zoom_ops_zoom_calls_total", *asked, status) for status in ("503", "200")}
    outcomes = {
        ended: grown("zoom_ops_runs_total", "create_webinars", ended) for ended in ("retried", "done", "failed")
    }
    assert answers == {"503": 1, "200": 1}
    assert grown("zoom_ops_zoom_call_duration_seconds_count", *asked) == 2
    assert outcomes == {"retried": 1, "done": 1, "failed": 0}
    assert grown("zoom_ops_run_duration_seconds_count", "create_webinars") == 2
    assert after["zoom_ops_host_day_changes_left", (ACCOUNT, "1")] == 99


def test_runs_that_need_a_person_are_told_until_they_are_mended(service: Service) -> None:
    service.add()
    service.settle()
    service.zoom.call("DELETE", f"/webinars/{service.zoom.webinar()['id']}")
    service.change(name="Tides of Yesterday")
    service.settle()
    parked = samples_of(service)
    service.apply(EVENT_ID, force=True)

    mended = samples_of(service)
    assert parked["zoom_ops_runs_parked", ("create_webinars",)] == 1
    assert parked["zoom_ops_runs_failed", ("create_webinars",)] == 0
    assert mended["zoom_ops_runs_parked", ("create_webinars",)] == 0
    last = mended["zoom_ops_job_last_success_timestamp_seconds", ("create_webinars",)]
    assert abs(last - service.clock.now().timestamp()) < 60


def test_first_link_after_a_notification_is_measured_and_nothing_of_the_event_is_told(service: Service) -> None:
    service.add()
    service.settle()
    exposition = Exposition(service.context, service.app.jobs)
    before = values_in(exposition.render().decode())
    service.zoom.hold()
    service.settle()
    scraped = exposition.render().decode()
    after = values_in(scraped)

    name = "zoom_ops_notification_to_page_seconds"
    assert (before[f"{name}_count", (ACCOUNT,)], after[f"{name}_count", (ACCOUNT,)]) == (0, 1)
    assert after[f"{name}_bucket", (ACCOUNT, "+Inf")] == after[f"{name}_bucket", (ACCOUNT, "60.0")] == 1
    assert 0 <= after[f"{name}_sum", (ACCOUNT,)] < 60
    webinar = service.zoom.webinar()
    secrets = [secret for secret in service.zoom.state()["secrets"] if len(secret) > 7]
    private = (HOST, "@", EVENT_ID, service.event().name, str(webinar["id"]), webinar["uuid"], *secrets)
    assert [word for word in private if word in scraped] == []


def test_interval_of_a_job_is_as_an_operator_set_it_and_none_while_it_is_paused(service: Service) -> None:
    change_schedule(service.app.database, service.app.get_job("prune_records"), "0 6 * * *", "UTC", AN_OPERATOR)
    pause_job(service.app.database, service.app.get_job("watch_events"), "Moving house", AN_OPERATOR)
    intervals = {
        labels: value
        for (name, labels), value in samples_of(service).items()
        if name == "zoom_ops_job_interval_seconds"
    }

    a_day = DAY.total_seconds()
    assert intervals == {("make_backups",): a_day, ("prune_records",): a_day, ("watch_service",): 60}


@pytest.mark.parametrize(
    ("line", "weekday", "days"),
    [("0 6 * * *", 2, 1), ("0 6 * * 1-5", 4, 1), ("0 6 * * 1-5", 6, 3), ("0 6 * * 1-5", 1, 3), ("0 6 * * 1", 3, 7)],
)
def test_interval_counts_the_days_that_a_cron_line_leaves_out(
    service: Service, line: str, weekday: int, days: int
) -> None:
    service.clock.advance(DAY * (weekday - NOW.isoweekday()))
    change_schedule(service.app.database, service.app.get_job("prune_records"), line, "UTC", AN_OPERATOR)

    assert samples_of(service)["zoom_ops_job_interval_seconds", ("prune_records",)] == days * DAY.total_seconds()


def test_scrape_waits_a_moment_for_a_database_that_does_not_answer(service: Service) -> None:
    exposition = Exposition(service.context, service.app.jobs, patience_s=0.05)

    def is_up() -> bool:
        return "zoom_ops_database_up 1.0" in exposition.render().decode()

    with ExitStack() as taken:
        for _ in range(30):  # as many connections as there are
            taken.enter_context(service.app.database.engine.connect())
        answers = [is_up(), is_up()]

    assert answers == [False, False]
    wait_until(is_up)


def test_without_the_database_what_is_counted_is_still_told(service: Service) -> None:
    def rename(table: str, name: str) -> None:
        with service.app.database.begin() as connection:
            connection.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))

    rename("alert", "hidden")
    samples = samples_of(service)
    rename("hidden", "alert")

    assert samples["zoom_ops_database_up", ()] == 0
    assert ("zoom_ops_runs_due", ()) not in samples
    assert ("zoom_ops_runs_total", ("create_webinars", "done")) in samples
    assert [name for name, _ in samples if name == "zoom_ops_build_info"]


def test_reference_lists_every_metric_with_its_labels(service: Service) -> None:
    service.add()
    service.settle()
    listed = {
        (name.removesuffix("_total"), frozenset(labels.split(", ") if labels else ()))
        for row in REFERENCE.splitlines()
        for name, labels in re.findall(r"`(zoom_ops_\w+)(?:\{([^}]*)\})?`", row.split("|")[1] if row[:1] == "|" else "")
    }
    told = {
        (family.name.removesuffix("_total"), frozenset(sample.labels) - {"le"})
        for family in text_string_to_metric_families(scrape(service))
        for sample in family.samples
        if family.name.startswith("zoom_ops_")
    }

    assert listed == told | {("zoom_ops_deliveries", frozenset({"webhook", "outcome"}))}  # this service has no webhook
    assert set(re.findall(r"`(zoom_ops_\w+)", OTHERS)) <= set(re.findall(r"zoom_ops_\w+", REFERENCE))
