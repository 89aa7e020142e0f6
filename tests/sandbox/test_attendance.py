"""Who came to a held webinar, what they answered and asked."""

from typing import Any

import pytest

from tests.sandbox.practice import Client, part

ADA, CY, DEE = "ada@example.org", "cy@example.org", "dee@example.org"


@pytest.fixture
def webinar(client: Client) -> Any:
    """A webinar with a panelist, a poll, and two registrants."""
    made = client.a_webinar(settings={"approval_type": 0})
    path = f"/webinars/{made['id']}"
    client.call("POST", f"{path}/panelists", {"panelists": [{"name": "Ada", "email": ADA}]})
    for name, email in (("Cy", CY), ("Dee", DEE)):
        client.call("POST", f"{path}/registrants", {"first_name": name, "last_name": "Day", "email": email})
    question = {"name": "Well?", "type": "single", "answers": ["Yes", "No"]}
    made["poll"] = client.call("POST", f"{path}/polls", {"title": "Mood", "questions": [question]}).json()["id"]
    return made


def came(client: Client, uuid: str) -> set[str]:
    listed = client.get(f"/past_webinars/{part(uuid)}/participants")["participants"]
    return {person["user_email"] for person in listed} - {"host@example.org"}


def absentees(client: Client, uuid: str) -> list[str]:
    return [person["email"] for person in client.get(f"/past_webinars/{part(uuid)}/absentees")["registrants"]]


def test_every_second_registrant_stays_away_unless_told(client: Client, webinar: Any) -> None:
    (instance,) = client.hold(webinar)

    assert came(client, instance["uuid"]) == {ADA, CY}
    assert absentees(client, instance["uuid"]) == [DEE]


def test_those_who_are_told_absent_stay_away(client: Client, webinar: Any) -> None:
    (nobody,) = client.hold(webinar, absent=[ADA.upper(), CY, DEE])
    (everybody,) = client.hold(webinar, absent=[])

    assert (came(client, nobody["uuid"]), absentees(client, nobody["uuid"])) == (set(), [CY, DEE])
    assert (came(client, everybody["uuid"]), absentees(client, everybody["uuid"])) == ({ADA, CY, DEE}, [])
    assert client.get(f"/report/webinars/{part(nobody['uuid'])}")["participants_count"] == 1


def test_those_who_are_told_absent_stay_away_when_the_host_ends_it_early(client: Client, webinar: Any) -> None:
    (instance,) = client.hold(webinar, absent=[CY], live_s=3600)

    client.call("PUT", f"/webinars/{webinar['id']}/status", {"action": "end"})

    assert (came(client, instance["uuid"]), absentees(client, instance["uuid"])) == ({ADA, DEE}, [CY])


def test_answers_to_polls_are_listed_by_person(client: Client, webinar: Any) -> None:
    answers = [
        {"email": CY, "question": "Well?", "answer": "Yes", "minute": 5},
        {"email": CY, "question": "Why?", "answer": "So"},
        {"question": "Well?", "answer": "No"},
    ]
    (instance,) = client.hold(webinar, answers=answers)

    listed = client.get(f"/past_webinars/{part(instance['uuid'])}/polls")["questions"]
    reported = client.get(f"/report/webinars/{part(instance['uuid'])}/polls")["questions"]

    first, second = listed[0]["question_details"]
    assert [(person["name"], person.get("email", "")) for person in listed] == [
        ("Cy Day", CY),
        ("Anonymous Attendee", ""),
    ]
    assert first == {
        "question": "Well?",
        "answer": "Yes",
        "polling_id": webinar["poll"],
        "date_time": "2031-01-31T13:35:00Z",
    }
    assert (second["question"], second["polling_id"]) == ("Why?", "")
    assert (reported[0]["first_name"], reported[0]["last_name"]) == ("Cy", "Day")
    assert client.get(f"/past_webinars/{part(instance['uuid'])}/qa")["questions"] == []


def test_questions_are_listed_with_the_hosts_answers(client: Client, webinar: Any) -> None:
    questions = [{"email": CY, "question": "When?", "answer": "Soon."}, {"email": ADA, "question": "Who?"}]
    (instance,) = client.hold(webinar, questions=questions)

    listed = client.get(f"/past_webinars/{part(instance['uuid'])}/qa")["questions"]
    reported = client.get(f"/report/webinars/{part(instance['uuid'])}/qa")["questions"]

    assert [person["question_details"] for person in listed] == [
        [{"question": "When?", "answer": "Soon."}],
        [{"question": "Who?", "answer": ""}],
    ]
    details = [person["question_details"][0] for person in reported]
    assert [detail["question_status"] for detail in details] == ["answered", "open"]
    assert [[answer["content"] for answer in detail["answer_details"]] for detail in details] == [["Soon."], []]


def test_an_entry_with_an_unknown_key_is_refused(client: Client, webinar: Any) -> None:
    path = f"/webinars/{webinar['id']}/hold"

    reply = client.control("POST", path, {"questions": [{"question": "Who?", "anser": "I."}]})

    assert "Did you mean 'answer'?" in reply.json()["errors"][0]["message"]
