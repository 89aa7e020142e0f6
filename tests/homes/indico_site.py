"""Indico as its people use it: the admin by the forms of its pages, visitors and members by its pages and its API."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import requests
from bs4 import BeautifulSoup
from pydantic import SecretStr

from tests.homes.site import Site, Who
from tests.homes.systems.indico.events import log_in, make_event, make_events, open_session
from tests.homes.systems.running import Running
from tests.homes.systems.sample import SampleEvent
from zoom_ops.clock import SystemClock
from zoom_ops.homes import EventRecords, open_home, settings_of

GROUP = "UNGIS members"
_CANCELLED = "Cancelled"
_NOT_OF_WEBINARS = ("vc-host_user", "vc-mute_audio", "vc-mute_participant_video", "vc-waiting_room")  # not shown then
_WRONG = "indp_wrong"


class IndicoSite(Site):
    """A category of Indico."""

    edits_between = "read"  # there is no lock; each link is a thing of its own
    keeps_host = False  # Indico knows itself by one host only

    def __init__(self, running: Running, **settings: Any) -> None:
        self.running, self._settings = running, settings
        self.admin = open_session(running, running.accounts["admin"])
        self.admin.headers["x-requested-with"] = "XMLHttpRequest"  # forms come as JSON
        self.url = running.url
        self._member: requests.Session | None = None

    def in_new_category(self) -> "IndicoSite":
        """Return the site of a category without events: a list of all that other tests made takes long."""
        path = f"/category/{self.running.details['category']}/manage/subcategories/create"
        answer = self.fill(path, title=f"Category {uuid4().hex[:8]}")
        number = int(answer.json()["redirect"].split("/category/")[1].split("/")[0])
        running = replace(self.running, details={**self.running.details, "category": number})
        return IndicoSite(running, **self._settings)

    def open(self, url: str, who: Who = "bot") -> EventRecords:
        token = _WRONG if who == "wrong" else self.running.accounts[who].token
        return self.open_with(url, token)

    def open_with(self, url: str, token: str, **settings: Any) -> EventRecords:
        """Open the home with a token, and with settings of a test."""
        values = {
            "kind": "indico",
            "url": url,
            "token": SecretStr(token),
            "categories": [self.running.details["category"]],
            "requests_a_minute": 6000,
            "at_once": 20,
        }
        model = settings_of("indico").model_validate({**values, **self._settings, **settings})
        return open_home("ungis", model, SystemClock(), read_s=60, deadline_s=60)

    def for_members(self) -> "IndicoSite":
        return IndicoSite(self.running, **{**self._settings, "members": [GROUP]})

    def make_record(self, event: SampleEvent) -> str:
        return make_event(self.running, event).id

    def make_many(self, events: Sequence[SampleEvent]) -> list[str]:
        return [made.id for made in make_events(self.running, events)]

    def make_closed(self, event: SampleEvent) -> str:
        record_id = self.make_record(event)
        self.fill(f"/event/{record_id}/manage/protection", protection_mode="protected")
        return record_id

    def edit_beside(self, record_id: str, words: str) -> None:
        description = self._event(record_id)["description"] + f"<p>{words}</p>"
        self.fill(f"/event/{record_id}/manage/settings/data", description=description)

    def edit_ours(self, record_id: str, url: str) -> None:
        (ours,) = self.materials(record_id, "zoom_ops")
        self.fill(ours["path"], link_url=url)

    def all_of(self, record_id: str) -> str:
        event = self._event(record_id)
        event["folders"] = [folder for folder in event["folders"] if folder["attachments"]]  # the first link makes one
        event["chairs"] = sorted(event["chairs"], key=lambda who: who["db_id"])  # told in the order of a table
        return json.dumps(event, sort_keys=True, ensure_ascii=False)

    def visitor_sees(self, record_id: str) -> str:
        return self._sees(requests.Session(), record_id) + self._sees(open_session(self.running), record_id)

    def member_sees(self, record_id: str) -> str:
        if self._member is None:
            self._member = log_in(self.running, self.running.accounts["member"])
        return self._sees(self._member, record_id)

    def attach(self, record_id: str, title: str, url: str, *, for_members: bool) -> bool:
        closed = {"protected": "y", "acl": json.dumps([self.running.details["group"]])} if for_members else {}
        self.fill(f"/event/{record_id}/manage/attachments/add/link", title=title, link_url=url, **closed)
        return True

    def add_room(self, record_id: str) -> None:
        """A manager adds a webinar of Zoom by the form of Indico's plugin, and is its host."""
        path = f"/event/{record_id}/manage/videoconference/zoom/create"
        form = _values(self._form(path))
        fields = {name: value for name, value in form.items() if name not in _NOT_OF_WEBINARS}
        answer = self.admin.post(self.url + path, data={**fields, "vc-meeting_type": "webinar"})
        assert answer.json().get("success"), answer.text

    def hide_room(self, record_id: str) -> None:
        """A manager no longer shows the webinar of an event on its page."""
        page = self.admin.get(f"{self.url}/event/{record_id}/manage/videoconference/").text
        (path,) = set(re.findall(rf"/event/{record_id}/manage/videoconference/zoom/\d+/(?=[\"'])", page))
        left_out = ("vc-show", *_NOT_OF_WEBINARS)
        form = {name: value for name, value in _values(self._form(path)).items() if name not in left_out}
        answer = self.admin.post(self.url + path, data=form)
        assert answer.json().get("success"), answer.text

    def remove_room(self, record_id: str) -> None:
        """A manager removes the webinar of an event, and the plugin deletes it at Zoom."""
        page = self.admin.get(f"{self.url}/event/{record_id}/manage/videoconference/").text
        (path,) = set(re.findall(rf"/event/{record_id}/manage/videoconference/zoom/\d+/remove", page))
        self.admin.post(self.url + path).raise_for_status()

    def cancel(self, record_id: str) -> None:
        path = f"/event/{record_id}/manage/settings/classification"
        label = _find_option(self._form(path), "label", _CANCELLED)
        if label is None:  # no test made it yet
            self.fill("/admin/event-labels/create", title=_CANCELLED, color="red", is_event_not_happening="y")
            label = _find_option(self._form(path), "label", _CANCELLED)
        self.fill(path, label=str(label))

    def delete(self, record_id: str) -> None:
        self.admin.post(f"{self.url}/event/{record_id}/manage/delete").raise_for_status()

    def materials(self, record_id: str, word: str = "") -> list[dict[str, Any]]:
        """Return the links of a record in whose description or address a word stands, with the path of their forms."""
        return [
            {
                **each,
                "folder": folder["title"],
                "path": f"/event/{record_id}/manage/attachments/{folder['id']}/{each['id']}/",
            }
            for folder in self._event(record_id)["folders"]
            for each in folder["attachments"]
            if word in each["description"] + each["link_url"]
        ]

    def put_into_folder(self, path: str, title: str) -> None:
        """A person moves a link into a folder."""
        self.fill(path, folder=str(_find_option(self._form(path), "folder", title)))

    def fill(self, path: str, **values: str) -> requests.Response:
        """Fill in a form as the admin does; what is not named stays."""
        answer = self.admin.post(self.url + path, data={**_values(self._form(path)), **values})
        answer.raise_for_status()
        assert "data-error" not in answer.text, answer.text
        return answer

    def _form(self, path: str) -> BeautifulSoup:
        text = self.admin.get(self.url + path).text
        return BeautifulSoup(json.loads(text)["html"] if text.startswith("{") else text, "html.parser")

    def _event(self, record_id: str) -> dict[str, Any]:
        params = {"detail": "subcontributions", "nocache": "yes"}
        answer = self.admin.get(f"{self.url}/export/event/{record_id}.json", params=params)
        event: dict[str, Any] = answer.json()["results"][0]
        return event

    def _sees(self, session: requests.Session, record_id: str) -> str:
        paths = (
            f"/event/{record_id}/",
            f"/export/event/{record_id}.json?detail=subcontributions&nocache=yes",
            f"/export/attachments/{record_id}.json?nocache=yes",
            f"/event/{record_id}/event.ics",
        )
        session.trust_env = False
        return "\n".join(session.get(self.url + path).text for path in paths)


def _values(form: BeautifulSoup) -> dict[str, str]:
    """Return what a browser would send."""
    values: dict[str, str] = {}
    for field in form.select("form input[name], form textarea[name], form select[name]"):
        name, kind = str(field["name"]), field.get("type", "")
        if name == "csrf_token" or (kind in ("checkbox", "radio") and not field.has_attr("checked")):
            continue
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            values[name] = str(chosen["value"]) if chosen else ""
        else:
            values[name] = field.get_text().strip() if field.name == "textarea" else str(field.get("value", ""))
    return values


def _find_option(form: BeautifulSoup, select: str, text: str) -> str | None:
    options = form.select(f"select[name={select}] option")
    return next((str(option["value"]) for option in options if option.get_text(strip=True) == text), None)
