"""Publish, unlist and delete over the API; a token for drafts publishes nothing."""

from tests.builders import AMARA, EVENT_ID, a_note, an_attachment, an_event
from tests.integration.web.api.program import Api, Program
from zoom_ops.store.events import load_event

EVENT = {"name": "Deep Water", "start": "2040-03-01T14:00", "end": "2040-03-01T15:00", "timezone": "Europe/Zurich"}


def test_event_is_published_unlisted_and_deleted(api: Api, program: Program) -> None:
    program.ask("POST", "/events", json=EVENT | {"visibility": "draft"})
    read = program.get("/events/deep-water").headers["ETag"]

    published = program.post("/events/deep-water/publish", json={"unlisted": True}, headers={"If-Match": read})
    stale = program.fail("POST", "/events/deep-water/unlist", headers={"If-Match": read})[0]
    listed = program.ask("POST", "/events/deep-water/publish")
    unlisted = program.ask("POST", "/events/deep-water/unlist")
    draft = program.ask("POST", "/events/deep-water/unlist", json={"draft": True})
    refused = program.fail("POST", "/events/deep-water/unlist")
    deleted = program.ask("DELETE", "/events/deep-water")

    assert published.json()["visibility"] == "unlisted"
    assert published.headers["ETag"] != read
    assert stale == 412
    assert [answer["visibility"] for answer in (listed, unlisted, draft)] == ["listed", "unlisted", "draft"]
    assert refused[0] == 409
    assert "is a draft, so no list names it" in refused[1]
    assert deleted == {"id": "deep-water", "deleted": True}
    assert program.fail("GET", "/events/deep-water")[0] == 404


def test_what_went_outside_is_not_deleted(api: Api, program: Program) -> None:
    api.service.add(an_event())
    api.service.settle()

    status, sentence = program.fail("DELETE", f"/events/{EVENT_ID}")

    assert status == 409
    assert sentence.endswith(f"So it cannot be deleted. Cancel it: zoom-ops events cancel {EVENT_ID}")


def test_patch_changes_a_draft_and_publishes_it_only_if_asked(program: Program) -> None:
    program.ask("POST", "/events", json=EVENT | {"visibility": "draft"})

    changed = program.ask("PATCH", "/events/deep-water", json={"venue": "Pier 4"})
    published = program.ask("PATCH", "/events/deep-water", json={"visibility": "listed"})

    assert (changed["visibility"], published["visibility"]) == ("draft", "listed")


def test_what_is_read_of_a_draft_in_doubt_can_be_put_back(api: Api, program: Program) -> None:
    api.service.add(an_event(needs_review=(a_note(field="start"),)))
    document = program.ask("GET", f"/events/{EVENT_ID}")

    same = program.ask("PUT", f"/events/{EVENT_ID}", json=document, headers={"If-Match": "*"})
    program.ask("POST", "/approvals", json={"event": EVENT_ID})

    assert same["action"] == "unchanged"
    assert program.ask("GET", f"/events/{EVENT_ID}")["visibility"] == "listed"


def test_token_for_drafts_publishes_nothing(api: Api, program: Program) -> None:
    author = api.program("events:draft", name="author")
    program.ask("POST", "/events", json=EVENT | {"name": "Published", "visibility": "unlisted"})

    added = author.ask("POST", "/events", json=EVENT | {"visibility": "listed"})
    changed = author.ask("PATCH", "/events/deep-water", json={"venue": "Pier 4"})

    assert (added["visibility"], changed["visibility"]) == ("draft", "draft")
    assert [event["id"] for event in author.ask("GET", "/events")["events"]] == ["deep-water"]
    assert author.fail("POST", "/events/deep-water/publish")[0] == 403
    assert author.fail("PATCH", "/events/published", json={"venue": "Pier 4"})[0] == 403
    assert author.fail("DELETE", "/events/published")[0] == 403
    assert author.ask("DELETE", "/events/deep-water")["deleted"]


def test_token_for_drafts_chooses_no_account_and_asks_for_less_recording_only(api: Api) -> None:
    api.service.add(
        an_event(visibility="draft", account="main", consent="ask", needs_review=(a_note(field="account"),))
    )
    author = api.program("events:draft", name="author")

    author.ask("PATCH", f"/events/{EVENT_ID}", json={"account": None, "profile": "unknown", "consent": "record"})
    author.ask("PUT", f"/events/{EVENT_ID}", json=an_event(account="other").to_json(), headers={"If-Match": "*"})

    with api.service.app.database.read() as connection:
        event = load_event(connection, EVENT_ID)
    assert (event.account, event.profile, event.consent) == ("main", "default", "ask")
    assert [note.field for note in event.needs_review] == ["account"]
    author.ask("PATCH", f"/events/{EVENT_ID}", json={"consent": "do_not_record"})
    with api.service.app.database.read() as connection:
        assert load_event(connection, EVENT_ID).consent == "do_not_record"


def test_program_for_drafts_sees_no_addresses(api: Api) -> None:
    program = api.program("events:draft")
    note = {"field": "performers", "text": f"{AMARA.name} ({AMARA.email})", "reason": "Perhaps not a person."}
    sent = EVENT | {"performers": [AMARA.name], "needs_review": [note]}
    api.program(name="operator").ask("POST", "/people", json={"people": [{"name": AMARA.name, "email": AMARA.email}]})

    replies = [
        program.post("/imports?dry_run=true", json=[sent]),
        program.post("/imports", json=[sent]),
        program.post("/events", json=sent | {"venue": "Pier 4"}),
        program.patch("/events/deep-water", json={"performers": None, "account": "main"}),
    ]

    assert [reply.status_code for reply in replies] == [200, 201, 200, 200]
    assert [AMARA.email in reply.text for reply in replies] == [False] * 4
    (noted,) = replies[2].json()["needs_review"]
    assert noted["text"] == f"{AMARA.name} (…)"
    assert [change["field"] for change in replies[-1].json()["changes"]] == ["performers"]


def test_what_is_read_of_a_draft_by_a_program_for_drafts_can_be_put_back(api: Api) -> None:
    notes = (a_note(field="start"),)
    held = an_event(needs_review=notes, attachments=(an_attachment(visibility="members", groups=("crew",)),))
    api.service.add(held)
    program = api.program("events:draft")
    read = program.get(f"/events/{EVENT_ID}")

    sent = program.ask("PUT", f"/events/{EVENT_ID}", json=read.json(), headers={"If-Match": read.headers["ETag"]})

    assert AMARA.email not in read.text
    assert sent["action"] == "unchanged"
