"""What people said in held webinars: answers to polls, questions and their answers."""

from collections.abc import Callable, Iterable

from ..account import Account
from ..calls import Call, Json
from ..records import Instance
from .past import instance_ids, require_ended, require_reported

ANONYMOUS = "Anonymous Attendee"


def list_answers(account: Account, call: Call) -> Json:
    """Answer `GET /past_webinars/{webinarId}/polls`."""
    instance = require_ended(account, call, _NOT_ENDED)
    return {**instance_ids(instance), "questions": _by_person(instance, instance.answers, _poll_answer)}


def list_questions(account: Account, call: Call) -> Json:
    """Answer `GET /past_webinars/{webinarId}/qa`."""
    instance = require_ended(account, call, _NOT_ENDED)
    return {**instance_ids(instance), "questions": _by_person(instance, instance.questions, _question)}


def report_answers(account: Account, call: Call) -> Json:
    """Answer `GET /report/webinars/{webinarId}/polls`."""
    instance = require_reported(account, call)
    people = _by_person(instance, instance.answers, _poll_answer)
    return {**instance_ids(instance), "questions": [{**person, **_names(person["name"])} for person in people]}


def report_questions(account: Account, call: Call) -> Json:
    """Answer `GET /report/webinars/{webinarId}/qa`."""
    instance = require_reported(account, call)
    people = _by_person(instance, instance.questions, _reported_question)
    return {
        **instance_ids(instance),
        "questions": [{"user_id": _id_of(instance, person["email"]), **person} for person in people],
    }


_NOT_ENDED = "Webinar ID is invalid or not end."


def _by_person(instance: Instance, entries: Iterable[Json], detail: Callable[[Instance, Json], Json]) -> list[Json]:
    """Group what was said by who said it. Without an address it is anonymous."""
    names = {person["user_email"].lower(): person["name"] for person in instance.participants}
    people: dict[str, Json] = {}
    for entry in entries:
        email = entry["email"].lower()
        person = people.setdefault(
            email, {"email": entry["email"], "name": names.get(email, ANONYMOUS), "question_details": []}
        )
        person["question_details"].append(detail(instance, entry))
    return list(people.values())


def _question(_instance: Instance, entry: Json) -> Json:
    return {"question": entry["question"], "answer": entry["answer"]}


def _poll_answer(instance: Instance, entry: Json) -> Json:
    polls = [
        poll["id"]
        for poll in instance.webinar.polls
        if any(question.get("name") == entry["question"] for question in poll.get("questions", []))
    ]
    return {**_question(instance, entry), "polling_id": polls[0] if polls else "", "date_time": entry["at"]}


def _reported_question(instance: Instance, entry: Json) -> Json:
    host = instance.webinar.host
    answer = {
        "user_id": host.id,
        "name": host.name,
        "email": host.email,
        "content": entry["answer"],
        "create_time": entry["at"],
        "type": "host_answered_publicly",
    }
    return {
        **_question(instance, entry),
        "question_id": f"q{instance.questions.index(entry) + 1}",
        "create_time": entry["at"],
        "question_status": "answered" if entry["answer"] else "open",
        "answer_details": [answer] if entry["answer"] else [],
    }


def _names(name: str) -> Json:
    first, _, last = name.partition(" ")
    return {"first_name": first, "last_name": last}


def _id_of(instance: Instance, email: str) -> str:
    ids = (person["id"] for person in instance.participants if person["user_email"].lower() == email.lower())
    return next(ids, "")
