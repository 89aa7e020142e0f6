"""A webinar for each event as its record says: created once, changed by one call, deleted on cancellation."""

from datetime import timedelta

from tests.builders import AMARA, EVENT_ID, HOST, JONAS, MEI, NOW, START, YUSUF, a_note, a_performer, an_event
from tests.integration.service import (
    CONFIG,
    CREATE,
    DELETE,
    LIST,
    READ,
    SEAT,
    SEATED,
    UNSEAT,
    UPDATE,
    MakeService,
    Service,
)
from zoom_ops.access import VISITOR, shown_json

HOUR = timedelta(hours=1)


def test_webinar_is_created_once_as_the_event_says(service: Service) -> None:
    service.add(an_event())

    with service.calls() as calls:
        service.settle()

    webinar = service.zoom.webinar()
    assert webinar["topic"] == "Tides of Tomorrow"
    assert webinar["host"] == HOST
    assert webinar["start_time"] == "2040-01-31T13:30:00Z"
    assert webinar["duration"] == 75
    assert webinar["timezone"] == "America/New_York"
    assert webinar["agenda"].startswith("Harbour Talks\n\nOrganized by Harbour Institute (HI)\n\nHow ports adapt")
    assert webinar["agenda"].splitlines()[-1] == f"Reference: zoom_ops/{service.context.installation}/{EVENT_ID}"
    assert webinar["settings"]["auto_recording"] == "cloud"
    assert webinar["settings"]["practice_session"] is True
    assert webinar["settings"]["question_and_answer"]["answer_questions"] == "only"
    assert service.zoom.panelists() == sorted([AMARA.email, JONAS.email])
    assert calls == [LIST, CREATE, SEAT, SEATED]
    assert service.run("create_webinars")["state"] == "done"
    assert service.shown()["webinar"]["id"] == webinar["id"]


def test_unchanged_event_calls_nothing(service: Service) -> None:
    service.add(an_event())
    service.settle()

    with service.calls() as calls:
        (again,) = service.add(an_event())
        service.tick()
        service.settle()
        service.ask("create_webinars", EVENT_ID)

    assert again.action == "unchanged"
    assert calls == []


def test_changed_time_is_one_patch_of_that_field(service: Service) -> None:
    service.add(an_event())
    service.settle()

    with service.calls() as calls:
        service.change(start=START + HOUR, end=START + timedelta(hours=2, minutes=15))
        overview = service.plan()
        service.settle()

    assert calls == [UPDATE, READ]
    assert service.zoom.webinar()["start_time"] == "2040-01-31T14:30:00Z"
    assert [change.field for change in overview.actions[0].changes()] == ["start"]
    assert service.plan().actions == ()


def test_added_person_is_one_post_and_nobody_is_invited_again(service: Service) -> None:
    service.add(an_event())
    service.settle()

    with service.calls() as calls:
        service.change(performers=(AMARA, JONAS, MEI))
        service.settle()

    assert calls == [SEAT, SEATED]
    assert service.zoom.panelists() == sorted([AMARA.email, JONAS.email, MEI.email])
    assert service.zoom.invitations() == sorted([AMARA.email, JONAS.email, MEI.email])


def test_removed_person_is_one_delete(service: Service) -> None:
    service.add(an_event())
    service.settle()

    with service.calls() as calls:
        service.change(performers=(AMARA,))
        service.settle()

    assert calls == [UNSEAT]
    assert service.zoom.panelists() == [AMARA.email]


def test_changed_name_invites_nobody_again(service: Service) -> None:
    service.add(an_event())
    service.settle()

    with service.calls() as calls:
        service.change(performers=(AMARA, a_performer(name="Jonas P. Lindqvist")))
        service.settle()

    assert calls == []


def test_two_people_of_one_address_are_one_panelist(service: Service) -> None:
    listed_again = a_performer(name="Moderation Operations", email="Amara.Diallo@Example.ORG", kind="chair")
    service.add(an_event(performers=(AMARA, listed_again, JONAS)))

    service.settle()

    assert service.zoom.panelists() == sorted([AMARA.email, JONAS.email])
    assert service.zoom.invitations() == sorted([AMARA.email, JONAS.email])


def test_many_people_are_seated_thirty_a_call(service: Service) -> None:
    crowd = tuple(a_performer(name=f"Speaker {n}", email=f"speaker-{n}@example.org") for n in range(31))
    service.add(an_event(performers=crowd))

    with service.calls() as calls:
        service.settle()

    assert calls.count(SEAT) == 2
    assert len(service.zoom.panelists()) == 31


def test_speaker_without_address_waits_and_holds_nobody_up(service: Service) -> None:
    service.add(an_event(performers=(AMARA, YUSUF)))
    service.settle()
    first = service.zoom.panelists()

    imported = service.introduce(("Yusuf Demir", "Yusuf.Demir@example.org"), ("Nobody Here", "nobody@example.org"))
    with service.calls() as calls:
        service.settle()

    assert first == [AMARA.email]
    assert imported.events == (EVENT_ID,)
    assert calls == [SEAT, SEATED]
    assert service.zoom.invitations() == [AMARA.email, "yusuf.demir@example.org"]


def test_doubt_about_the_time_holds_the_webinar_back_until_it_is_approved(service: Service) -> None:
    service.add_in_doubt()
    service.settle()
    waiting = service.run("create_webinars")
    service.approve("start")

    service.settle()

    assert waiting["state"] == "waiting"
    assert "The event needs review before it gets a webinar" in waiting["error"]
    assert service.zoom.webinar()["topic"] == "Tides of Tomorrow"


def test_doubt_about_a_person_holds_nothing_back(service: Service) -> None:
    service.add(an_event(needs_review=(a_note(),)))

    service.settle()

    assert len(service.zoom.webinars()) == 1


def test_cancelled_event_has_its_webinar_deleted_and_says_so(service: Service) -> None:
    service.add(an_event())
    service.settle()

    with service.calls() as calls:
        service.change(status="cancelled")
        service.settle()
        service.tick()
        service.settle()

    programme = service.programme
    assert calls == [DELETE]
    assert service.zoom.webinars() == []
    assert service.shown()["webinar"]["state"] == "cancelled"
    assert shown_json(programme.get(EVENT_ID, VISITOR))["status"] == "cancelled"
    assert service.plan().actions == ()


def test_event_that_takes_place_after_all_gets_a_new_webinar_with_everybody_in_it(service: Service) -> None:
    service.add(an_event())
    service.settle()
    service.change(status="cancelled")
    service.settle()

    service.change(status="scheduled")
    service.settle()

    assert service.zoom.panelists() == sorted([AMARA.email, JONAS.email])
    assert service.shown()["webinar"]["id"] == service.zoom.webinar()["id"]


def test_postponed_event_keeps_its_webinar_until_there_is_a_new_date(service: Service) -> None:
    service.add(an_event())
    service.settle()
    with service.calls() as while_postponed:
        service.change(status="postponed")
        service.settle()
    waiting = service.run("create_webinars")

    with service.calls() as when_rescheduled:
        service.change(status="rescheduled", previous_start=START, start=START + HOUR, end=START + 2 * HOUR)
        service.settle()

    assert while_postponed == []
    assert waiting["state"] == "waiting"
    assert when_rescheduled == [UPDATE, READ]
    assert service.zoom.webinar()["start_time"] == "2040-01-31T14:30:00Z"


def test_change_at_zoom_is_put_back(service: Service) -> None:
    service.add(an_event())
    service.settle()
    number = service.zoom.webinar()["id"]
    service.zoom.call("PATCH", f"/webinars/{number}", {"topic": "Tides of Yesterday"})

    with service.calls() as calls:
        service.settle()

    assert calls == [READ, SEATED, UPDATE, READ]
    assert service.zoom.webinar()["topic"] == "Tides of Tomorrow"


def test_change_at_zoom_is_left_where_the_profile_leaves_it_to_zoom(service: Service) -> None:
    service.add(an_event())
    service.settle()
    number = service.zoom.webinar()["id"]
    service.zoom.call("PATCH", f"/webinars/{number}", {"settings": {"host_video": False}})

    with service.calls() as calls:
        service.settle()
        service.tick()
        service.settle()

    assert calls == [READ, SEATED]
    assert service.zoom.webinar()["settings"]["host_video"] is False


def test_change_at_zoom_that_no_notification_told_of_is_found_within_a_day(service: Service) -> None:
    service.add(an_event())
    service.settle()
    service.stop_hearing()
    number = service.zoom.webinar()["id"]
    service.zoom.call("PATCH", f"/webinars/{number}", {"duration": 30})

    service.clock.advance(timedelta(days=1, minutes=1))
    service.tick()
    service.settle()

    assert service.zoom.webinar()["duration"] == 75


def test_echoes_of_our_own_changes_call_nothing(service: Service) -> None:
    service.add(an_event())
    service.settle()
    service.change(name="Tides of Tomorrow and After")
    service.work()

    with service.calls() as calls:
        service.settle()
        service.later(HOUR)

    assert calls == []


def test_panelist_added_by_hand_stays(service: Service) -> None:
    service.add(an_event())
    service.settle()
    number = service.zoom.webinar()["id"]
    guest = {"email": MEI.email, "name": MEI.name}
    service.zoom.call("POST", f"/webinars/{number}/panelists", {"panelists": [guest]})

    service.change(name="Tides of Tomorrow and After", performers=(AMARA,))
    service.settle()

    assert service.zoom.panelists() == sorted([AMARA.email, MEI.email])


def test_webinar_deleted_at_zoom_is_made_anew_only_when_an_operator_says_so(service: Service) -> None:
    service.add(an_event())
    service.settle()
    first = service.zoom.webinar()["id"]
    service.zoom.call("DELETE", f"/webinars/{first}")
    service.settle()
    parked, refused = service.run("create_webinars"), service.plan().refused

    service.apply(force=True)

    assert parked["state"] == "parked"
    assert f"Webinar {first} was deleted at Zoom." in parked["error"]
    assert refused == ((EVENT_ID, parked["error"]),)
    assert service.zoom.webinar()["id"] != first
    assert service.zoom.panelists() == sorted([AMARA.email, JONAS.email])


def test_webinar_found_missing_while_it_is_changed_is_refused_with_the_sentence(service: Service) -> None:
    service.add(an_event())
    service.settle()
    service.stop_hearing()
    number = service.zoom.webinar()["id"]
    service.zoom.call("DELETE", f"/webinars/{number}")

    service.change(name="Tides of Tomorrow and After")
    service.settle()

    run = service.run("create_webinars")
    assert run["state"] == "parked"
    assert f"Webinar {number} was deleted at Zoom." in run["error"]


def test_webinar_found_missing_while_somebody_is_seated_is_refused_with_the_sentence(service: Service) -> None:
    service.add(an_event())
    service.settle()
    service.stop_hearing()
    service.zoom.call("DELETE", f"/webinars/{service.zoom.webinar()['id']}")

    service.change(performers=(AMARA, JONAS, MEI))
    service.settle()
    service.tick()
    service.settle()

    assert service.shown()["webinar"]["state"] == "gone"
    assert "was deleted at Zoom" in service.run("create_webinars")["error"]


def test_setting_that_zoom_drops_in_silence_comes_to_rest(make_service: MakeService) -> None:
    interpreted = _default_profile(("enable = false", "enable = true"))
    small = {"users": ({"email": HOST, "capacity": 300},), "plan": "pro"}
    service = make_service(zoom=small, profiles={"interpreted": interpreted})
    service.add(an_event(profile="interpreted"))
    service.settle()

    with service.calls() as calls:
        service.later(HOUR)
        service.ask("create_webinars", EVENT_ID)

    assert service.zoom.webinar()["settings"]["language_interpretation"] == {"enable": False}
    assert calls == []
    assert service.plan().actions == ()


def test_consent_not_to_record_reaches_zoom(service: Service) -> None:
    service.add(an_event(consent="do_not_record"))

    service.settle()

    assert service.zoom.webinar()["settings"]["auto_recording"] == "none"


def test_past_event_gets_no_webinar(service: Service) -> None:
    service.add(an_event(start=NOW - 2 * HOUR, end=NOW - HOUR))

    with service.calls() as calls:
        service.settle()
        service.tick()
        service.settle()

    assert calls == []


def _default_profile(*changes: tuple[str, str]) -> str:
    text = (CONFIG / "profiles" / "default.toml").read_text("utf-8")
    for old, new in changes:
        head, _, tail = text.rpartition(old)
        text = head + new + tail
    return text
