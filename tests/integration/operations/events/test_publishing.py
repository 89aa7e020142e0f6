"""Drafts: who makes one, what becomes of it, and which event may be a draft again or be deleted."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.builders import AMARA, AN_OPERATOR, END, EVENT_ID, START, a_note, an_event
from tests.integration.command_line import CommandLine
from tests.integration.served import visit_pages
from tests.integration.service import MakeService, Service
from tests.receiver import Receiver
from zoom_ops.errors import ForbiddenError, ParkedError
from zoom_ops.operations.events.importing import Imported, import_events
from zoom_ops.operations.events.publishing import delete_event, publish_event, unlist_event
from zoom_ops.operations.views.alerts import show_alerts
from zoom_ops.operations.views.audit.lines import iter_lines
from zoom_ops.operations.views.events import timeline
from zoom_ops.readers import read_events
from zoom_ops.store.audit import Actor
from zoom_ops.store.events import find_by_origins, origin_key
from zoom_ops.store.tables import metadata

TALK = """
name: Tides of Tomorrow
series: Harbour Talks
start: 2040-01-31T13:30:00+00:00
end: 2040-01-31T14:45:00+00:00
timezone: America/New_York
"""
IN_DOUBT = an_event(performers=(AMARA,), needs_review=(a_note(field="start"),))
DAY = timedelta(days=1)
AUTHOR = Actor(name="Noor", publishes=False)


def visibility(service: Service) -> str:
    return service.event().visibility


def happened(service: Service) -> list[str]:
    return [change["what"] for change in timeline(service.app.database, EVENT_ID)]


def audited(service: Service) -> list[str]:
    return [line["what"] for line in iter_lines(service.app.database)]


def write(service: Service, by: Actor, text: str = TALK) -> Imported:
    (imported,) = import_events(service.context, read_events(text.encode(), "talk.yaml"), by)
    return imported


def test_new_event_in_doubt_is_a_draft_until_the_doubt_is_settled(service: Service) -> None:
    service.add(IN_DOUBT)
    service.tick("create_webinars")
    service.settle()
    before = (visibility(service), service.runs(), len(service.zoom.webinars()))

    service.approve("start")
    service.settle()

    assert before == ("draft", (), 0)
    assert visibility(service) == "listed"
    assert len(service.zoom.webinars()) == 1
    assert happened(service)[:3] == ["event_imported", "approved", "event_published"]


def test_corrected_import_publishes_a_draft_that_was_in_doubt(service: Service) -> None:
    service.add(IN_DOUBT)

    (again,) = service.add(an_event())

    assert ("visibility", "draft", "listed") in [(change.field, change.old, change.new) for change in again.changes]
    assert happened(service) == ["event_imported", "event_published"]


def test_doubt_about_a_published_event_hides_nothing(service: Service) -> None:
    service.add_in_doubt()

    assert visibility(service) == "listed"


@pytest.mark.parametrize(("unlisted", "seen"), [(False, "listed"), (True, "unlisted")])
def test_draft_on_purpose_stays_one_until_it_is_published(service: Service, unlisted: bool, seen: str) -> None:
    service.read(TALK + "visibility: draft\n")
    service.read(TALK + "venue: Pier 4\n")  # what a file does not say stays
    service.settle()
    before = visibility(service), len(service.zoom.webinars())

    publish_event(service.context, EVENT_ID, AN_OPERATOR, unlisted=unlisted)
    service.settle()

    assert before == ("draft", 0)
    assert (visibility(service), len(service.zoom.webinars())) == (seen, 1)
    assert audited(service)[-1] == "event_published"


def test_draft_in_doubt_is_not_published_and_stays_one_if_a_file_says_so(service: Service) -> None:
    service.add(IN_DOUBT)

    with pytest.raises(ParkedError, match="is in doubt about its start, so it stays a draft"):
        publish_event(service.context, EVENT_ID, AN_OPERATOR)
    service.add(an_event(visibility="draft"))

    assert visibility(service) == "draft"


def test_author_writes_drafts_and_publishes_nothing(service: Service) -> None:
    created = write(service, AUTHOR, TALK + "visibility: listed\n")
    changed = write(service, AUTHOR, TALK + "venue: Pier 4\n")
    with pytest.raises(ForbiddenError):
        publish_event(service.context, EVENT_ID, AUTHOR)
    drafts = created.event.visibility, changed.event.visibility, service.runs()

    publish_event(service.context, EVENT_ID, AN_OPERATOR)

    assert drafts == ("draft", "draft", ())
    for refused in (lambda: write(service, AUTHOR), lambda: delete_event(service.context, EVENT_ID, AUTHOR)):
        with pytest.raises(ForbiddenError, match="is published, and you may change drafts only"):
            refused()


def test_webhook_hears_of_a_draft_when_it_is_published(make_service: MakeService, receiver: Receiver) -> None:
    service = make_service(settings=receiver.settings())
    service.read(TALK + "visibility: draft\n")
    service.read(TALK + "venue: Pier 4\n")
    service.tick("tell_others")
    service.settle()
    before = len(receiver.heard)

    publish_event(service.context, EVENT_ID, AN_OPERATOR)
    service.tick("tell_others")
    service.settle()

    assert before == 0
    assert receiver.heard[0].kind == "event.created"
    with pytest.raises(ParkedError, match=r"cannot be deleted\. Cancel it: "):
        delete_event(service.context, EVENT_ID, AN_OPERATOR)


def test_event_that_went_nowhere_becomes_a_draft_and_its_run_ends(
    make_service: MakeService, receiver: Receiver
) -> None:
    service = make_service(settings=receiver.settings())
    service.add(an_event())

    unlist_event(service.context, EVENT_ID, AN_OPERATOR, draft=True)
    service.tick("tell_others", "create_webinars")
    service.settle()

    assert (visibility(service), len(service.zoom.webinars()), receiver.heard) == ("draft", 0, [])
    assert service.run("create_webinars")["state"] == "cancelled"


@pytest.mark.parametrize(("step", "left"), [("before intent", ("draft", 0)), ("after intent", ("listed", 1))])
def test_draft_is_made_before_a_webinar_or_not_at_all(
    service: Service, monkeypatch: pytest.MonkeyPatch, step: str, left: tuple[str, int]
) -> None:
    refusals = []

    def interfere(name: str, _change: object) -> None:
        if name == step and not refusals and visibility(service) == "listed":
            try:
                unlist_event(service.context, EVENT_ID, AN_OPERATOR, draft=True)
            except ParkedError as error:
                refusals.append(str(error))

    monkeypatch.setattr(service.context.journal, "_on_step", interfere)
    service.add(an_event())
    service.settle()

    assert (visibility(service), len(service.zoom.webinars())) == left
    assert [refusal.partition(" So ")[0] for refusal in refusals] == (
        [] if step == "before intent" else ["Something was changed for it at Zoom, or is being changed now."]
    )


def test_event_with_a_webinar_is_unlisted_and_is_no_draft_again(service: Service) -> None:
    service.add(an_event())
    service.settle()

    with pytest.raises(ParkedError, match=r"^It has or had a webinar at Zoom\. So it cannot be a draft again"):
        unlist_event(service.context, EVENT_ID, AN_OPERATOR, draft=True)
    with pytest.raises(ParkedError, match="cannot be a draft again"):
        service.change(visibility="draft")
    unlist_event(service.context, EVENT_ID, AN_OPERATOR)
    service.settle()

    assert (visibility(service), len(service.zoom.webinars())) == ("unlisted", 1)
    with visit_pages(service) as pages:
        assert pages.visitor.get(f"/events/{EVENT_ID}").headers["X-Robots-Tag"] == "noindex"
        assert EVENT_ID not in pages.visitor.get("/").text


def rows(service: Service) -> dict[str, int]:
    """Count the rows of each table, without the audit and what the service knows of itself."""
    with service.app.database.read() as connection:
        counts = {
            table.name: connection.scalar(select(func.count()).select_from(table)) for table in metadata.sorted_tables
        }
    return {name: count or 0 for name, count in counts.items() if name != "audit"}


def test_deleted_event_leaves_its_line_in_the_audit_and_no_other_row(service: Service) -> None:
    service.add(an_event(id="other", name="Deep Water", start=START + DAY, end=END + DAY))
    service.settle()
    before = rows(service)
    service.add(IN_DOUBT)
    service.approve("start")

    delete_event(service.context, EVENT_ID, AN_OPERATOR)

    left = rows(service)
    assert {name: count - before[name] for name, count in left.items() if count != before[name]} == {"run": 1}
    assert str(service.runs()[0].outcome) == "The event was deleted."  # the newest: its number is not used twice
    line = list(iter_lines(service.app.database))[-1]
    assert (line["what"], line["subject"], line["detail"]) == (
        "event_deleted", EVENT_ID, {"name": "Tides of Tomorrow", "visibility": "listed"},
    )  # fmt: skip
    service.add(an_event())
    service.settle()
    assert len(service.zoom.webinars()) == 2


def test_open_pages_miss_no_change_after_a_deletion(service: Service) -> None:
    def newest() -> int:
        with service.app.database.read() as connection:
            return connection.scalar(select(func.max(metadata.tables["event_change"].c.id))) or 0

    service.add(an_event(id="other", name="Deep Water"))
    service.add(IN_DOUBT)
    before = newest()

    delete_event(service.context, EVENT_ID, AN_OPERATOR)

    assert newest() == before


def test_late_draft_troubles_nobody_and_one_in_doubt_does(service: Service) -> None:
    service.read(TALK + "visibility: draft\n")
    service.add(an_event(id="in-doubt", name="Deep Water", needs_review=(a_note(field="start"),)))

    service.clock.advance(service.event().start - service.clock.now() - timedelta(hours=1))
    service.tick("watch_events")
    service.settle()

    assert [alert["subject"] for alert in show_alerts(service.app.database)] == ["in-doubt"]


def test_verbs_on_the_command_line(service: Service, command_line: CommandLine) -> None:
    service.read(TALK + "visibility: draft\n")

    listed = command_line.run("events", "list", "--drafts", "--json").json
    published = command_line.run("events", "publish", EVENT_ID, "--json").json
    unlisted = command_line.run("events", "unlist", EVENT_ID, "--as", "Amara").out
    unasked = command_line.run("events", "delete", EVENT_ID, "--json", code=2)
    declined = command_line.run("events", "delete", EVENT_ID, answer="n", code=1).out
    deleted = command_line.run("events", "delete", EVENT_ID, "--yes", "--json").json

    assert [(row["id"], row["visibility"]) for row in listed] == [(EVENT_ID, "draft")]
    assert published == {"id": EVENT_ID, "visibility": "listed"}
    assert "It is unlisted: whoever has its address sees it" in unlisted
    assert unasked.json == {"id": EVENT_ID, "deleted": False}
    assert declined.startswith("Deletes “Tides of Tomorrow” (unlisted) with its history.")
    assert deleted == {"id": EVENT_ID, "deleted": True}


def test_author_imports_what_is_published_unchanged_and_its_origin_stays(service: Service) -> None:
    """A file that says nothing new is not refused, and does not become where the event comes from."""
    service.add(an_event())
    (same,) = read_events(json.dumps(an_event().to_json()).encode(), "same.json")

    (imported,) = import_events(service.context, (replace(same, origin="ical:mine"),), AUTHOR)

    with service.app.database.read() as connection:
        assert find_by_origins(connection, (origin_key("ical:mine"),)) == {}
    assert (imported.action, service.event()) == ("unchanged", an_event())
