"""Interpreters at Zoom: accepted ones are not refused, and changed ones are put back."""

from datetime import timedelta

from tests.builders import AMARA, JONAS, TOMAS, an_event
from tests.integration.service import UPDATE, MakeService

INTERPRETED = """
[settings]
approval_type = 2
[settings.language_interpretation]
enable = true
"""


def test_an_accepted_interpreter_is_not_refused_and_drift_is_put_back(make_service: MakeService) -> None:
    service = make_service(profiles={"interpreted": INTERPRETED})
    service.add(an_event(profile="interpreted", performers=(AMARA, JONAS, TOMAS)))
    service.settle()
    webinar = service.zoom.webinar()
    (entry,) = webinar["settings"]["language_interpretation"]["interpreters"]
    assert (entry["languages"], entry["interpreter_languages"]) == ("US,ES", "English,Spanish")
    assert service.plan().actions == ()

    other = {"enable": True, "interpreters": [{"email": TOMAS.email, "interpreter_languages": "English,French"}]}
    service.zoom.call("PATCH", f"/webinars/{webinar['id']}", {"settings": {"language_interpretation": other}})
    with service.calls() as calls:
        service.later(timedelta(minutes=5))

    (entry,) = service.zoom.webinar()["settings"]["language_interpretation"]["interpreters"]
    assert entry["interpreter_languages"] == "English,Spanish"
    assert calls.count(UPDATE) == 1
