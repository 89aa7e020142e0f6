"""The audit holds every change that a person makes, with the person, in the same transaction as the change."""

from tests.builders import ACCOUNT, AN_OPERATOR, EVENT_ID, a_note, an_event
from tests.integration.service import Service
from zoom_ops.messages import as_said
from zoom_ops.operations.events.publishing import delete_event
from zoom_ops.operations.jobs.requests import cancel_run, retry_run
from zoom_ops.operations.views.alerts import dismiss_alert, show_alerts
from zoom_ops.operations.views.audit.lines import describe_lines, iter_lines
from zoom_ops.store.alerts import Alert, raise_alert


def audited(service: Service) -> list[tuple[str, str, object]]:
    """List the audit: what, to which thing, and the detail."""
    return [(audited["what"], audited["subject"], audited["detail"]) for audited in iter_lines(service.app.database)]


def test_changes_of_an_event_are_audited(service: Service) -> None:
    service.add(an_event(needs_review=(a_note(field="venue"),)))
    service.add(an_event(needs_review=(a_note(field="venue"),)))
    service.change(name="Storms of Tomorrow")
    service.introduce(("Yusuf Demir", "yusuf.demir@example.org"))
    service.introduce(("Yusuf Demir", "yusuf.demir@example.org"))
    service.approve("venue")
    service.approve("venue")
    service.cancel()
    service.cancel()

    done = audited(service)

    assert [(what, subject) for what, subject, _ in done] == [
        ("event_imported", EVENT_ID),
        ("event_updated", EVENT_ID),
        ("people_imported", "address book"),
        ("event_approved", EVENT_ID),
        ("event_cancelled", EVENT_ID),
    ]
    assert [detail for _, _, detail in done[1:4]] == [
        {"fields": ["name"], "changes": ["name: Tides of Tomorrow → Storms of Tomorrow"]},
        {"created": 1},
        {"fields": ["venue"]},
    ]
    assert "yusuf.demir@example.org" not in str(done)


def test_lines_about_a_deleted_event_have_its_name(service: Service) -> None:
    service.add()
    delete_event(service.context, EVENT_ID, AN_OPERATOR)

    lines = describe_lines(service.app.database, list(iter_lines(service.app.database)))

    assert [(line.about, line.address) for line in lines] == [(an_event().name, "")] * 2


def test_what_is_asked_of_the_engine_is_audited(service: Service) -> None:
    service.add()
    service.apply(EVENT_ID)
    service.ask("create_webinars", EVENT_ID)
    service.ask("create_webinars")
    (latest, *_) = service.runs()
    retry_run(service.context, latest.id, AN_OPERATOR)
    cancel_run(service.context, service.runs(states=("active",))[0].id, AN_OPERATOR)

    done = audited(service)[1:]

    assert [(what, subject) for what, subject, _ in done[1:3]] == [
        ("job_asked_for", EVENT_ID),
        ("job_asked_for", "create_webinars"),
    ]
    assert done[0][0] == "plan_applied"
    assert done[0][2]["events"] == [EVENT_ID]
    assert [what for what, _, _ in done[3:]] == ["run_retried", "run_cancelled"]


def test_dismissed_alert_is_audited(service: Service) -> None:
    with service.app.database.begin() as connection:
        raise_alert(
            connection,
            Alert(kind="recording_missing", message=as_said("It is missing."), account=ACCOUNT),
            service.clock.now(),
        )
    (alert,) = show_alerts(service.context.database)

    dismiss_alert(service.context.database, alert["id"], AN_OPERATOR)

    assert audited(service) == [("alert_dismissed", str(alert["id"]), {"kind": "recording_missing", "about": None})]
