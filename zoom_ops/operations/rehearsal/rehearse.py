"""A rehearsal on a real account: every step, and the removal of what it made."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from ...errors import AmbiguousError, BadInputError, ZoomOpsError
from ...planning import draft_of, read_back, same, zoom_time
from ...profiles import Profile
from ...webinars import Panelist, Webinar
from ...zoom import Gateway, NoRecordingError, WebinarGoneError
from ..context import Context
from ..reconcile.executors import reported_fields
from .stage import Course, Order, Step

IN_DAYS = 30
MINUTES = 60
LONGEST_LAG_S = 60.0
_POLL_S = 1.0
_TOPIC = "Rehearsal of zoom_ops: this webinar is removed within minutes"
_QA = "settings.question_and_answer"
_UNLICENSED = "settings.language_interpretation.enable"


def consent(order: Order) -> tuple[str, ...]:
    """List what a rehearsal makes, whom Zoom mails, and what stays: an operator agrees to it first."""
    lines = (
        f"Makes one webinar on {order.host}, an hour long, in {IN_DAYS} days, and deletes it at the end.",
        "Changes its topic, its time and two settings.",
        f"Adds {order.mail} as panelist, twice, and removes that address again: Zoom mails {order.mail} up to twice.",
        f"Adds {order.host} as panelist without an invitation, and removes that address again.",
        f"Reads {order.host}'s user settings, webinars and recordings of the last month. Changes none of them.",
        "Uses about 8 of the host's 100 creates and updates of today. Deletes what an earlier rehearsal left behind.",
    )
    recording = (
        f"Then waits until you start a second webinar on {order.host}: practice for a minute, broadcast for three, "
        "end it. Its recording stays at Zoom until you delete it.",
    )
    return lines + (recording if order.record else ())


def rehearse(context: Context, order: Order, tell: Callable[[Step], None]) -> Course:
    """Rehearse on an account. Whatever was made is removed, also after an error or Ctrl-C.

    Raise NotFoundError for an unknown account, BadInputError for a host that is not in its pool.
    """
    gateway = context.gateway(order.account)
    if order.host not in {host.lower() for host in gateway.account.hosts}:
        pool = ", ".join(gateway.account.hosts)
        raise BadInputError(f"{order.host} is not a host of account {order.account}: {pool}.")
    course = Course(tell=tell)
    with gateway.heard_by(course.exchanges.append):
        _Rehearsal(context, gateway, order, course).run()
    return course


class _Rehearsal:
    def __init__(self, context: Context, gateway: Gateway, order: Order, course: Course) -> None:
        self._context, self._gateway, self._order, self._course = context, gateway, order, course
        self._marker = f"Rehearsal: zoom_ops/{context.installation}"
        self._webinar: Webinar | None = None
        self._may_be_left = False  # a create without an answer

    def run(self) -> None:
        course = self._course
        scopes = course.step("token", self._gateway.fetch_scopes, says=lambda found: f"{len(found)} scopes.")
        if scopes is None:
            return  # nothing can be asked
        body = course.last_answer()
        forms = {"granular" if scope.count(":") > 2 else "broad" for scope in scopes if scope.startswith("webinar:")}
        self._course.evidence |= dict.fromkeys(("token_life_s", "scope_form"), course.steps[-1].exchanges)
        course.facts |= {"token_life_s": body.get("expires_in"), "scope_form": "/".join(sorted(forms)) or "none named"}
        course.step("host", self._read_host)
        course.step("leftovers", self._remove_leftovers, says=_say_left)
        course.step("recordings", self._list_recordings)
        try:
            course.step("create", self._create, says=lambda webinar: f"Webinar {webinar.id}.")
            if self._webinar is not None:
                self._watch(self._webinar)
        finally:
            self._clean_up()

    def _watch(self, webinar: Webinar) -> None:
        course = self._course
        course.step("read back", lambda: self._read_back(webinar.id))
        course.step("list", lambda: self._measure_lag(webinar.id), says=lambda lag: f"Listed after {lag:.1f} s.")
        course.step("change", lambda: self._change(webinar.id))
        course.step("part of a setting", lambda: self._change_part(webinar.id))
        course.step("a feature of a licence", lambda: self._ask_unlicensed(webinar.id))
        course.step("seat", lambda: self._seat(webinar.id))
        course.step("seat again", lambda: self._seat_again(webinar.id))
        course.step("seat the host", lambda: self._seat_host(webinar))
        course.step("unseat", lambda: self._unseat(webinar.id))
        course.step("instances", lambda: self._ask_instances(webinar.id))
        course.step("recording of none", lambda: self._ask_recording(webinar))

    def _read_host(self) -> None:
        self._gateway.fetch_host(self._order.host)
        settings = self._course.last_answer()
        feature, recording = (_table(settings.get(name)) for name in ("feature", "recording"))
        self._course.learn(
            features={name: value for name, value in sorted(feature.items()) if value not in (False, None, [], "")},
            cloud_recording=recording.get("cloud_recording"),
            auto_delete_days=recording.get("auto_delete_cmr_days") if recording.get("auto_delete_cmr") else None,
        )

    def _list_recordings(self) -> None:
        today = self._context.clock.now().date()
        try:
            count = sum(1 for _ in self._gateway.iter_recordings(self._order.host, today - timedelta(days=27), today))
            self._course.learn(no_recordings=None if count else "an empty list")
        except ZoomOpsError:
            self._course.learn(no_recordings=self._course.last_code())
            raise

    def _create(self) -> Webinar:
        asked = self._fields()
        host = self._order.host
        try:
            with self._gateway.slot("create_webinar", host=host, operator=True):
                self._webinar = self._gateway.create_webinar(host, draft_of(asked))
        except AmbiguousError:
            self._may_be_left = True
            raise
        body = self._course.last_answer()
        self._course.learn(
            capacity=body.get("capacity"),
            license_type=body.get("license_type"),
            host_matches=self._webinar.host == host,
        )
        return self._webinar

    def _fields(self) -> tuple[tuple[str, Any], ...]:
        profile = self._context.profiles.get("default", Profile(name="default"))
        start = (self._context.clock.now() + timedelta(days=IN_DAYS)).replace(minute=0, second=0, microsecond=0)
        filler = "This webinar tests how your Zoom account behaves. "
        room = 2000 - len(self._marker) - 2
        fields: dict[str, Any] = {f"settings.{name}": value for name, value in profile.settings}
        fields |= {
            "topic": _TOPIC,
            "agenda": f"{(filler * 50)[:room].rstrip()}\n\n{self._marker}",
            "start": zoom_time(start),
            "duration": MINUTES,
            "timezone": "UTC",
            "settings.panelists_invitation_email_notification": True,
        }
        return tuple(sorted(fields.items()))

    def _read_back(self, webinar_id: int) -> None:
        webinar = self._gateway.get_webinar(webinar_id)
        reported = reported_fields(webinar)
        _, refused = read_back(self._fields(), reported)
        asked = dict(self._fields())
        inherited = {name: value for name, value in reported if name.startswith("settings.") and name not in asked}
        self._course.learn(
            refused={name: {"asked": value, "kept": dict(reported)[name]} for name, value in refused},
            inherited={name: value for name, value in inherited.items() if isinstance(value, bool | int | str)},
            agenda_kept=len(webinar.agenda),
        )

    def _measure_lag(self, webinar_id: int) -> float:
        began = self._context.clock.elapsed()
        while (lag := self._context.clock.elapsed() - began) < LONGEST_LAG_S:
            rows = [row for row in self._gateway.iter_webinars(self._order.host) if row.id == webinar_id]
            if rows:
                listed = self._course.last_answer().get("webinars") or ()
                agendas = [str(row.get("agenda", "")) for row in listed if str(row.get("id")) == str(webinar_id)]
                self._course.learn(list_lag_s=round(lag, 1), agenda_listed=max(map(len, agendas), default=0))
                return lag
            self._context.clock.sleep(_POLL_S)
        self._course.learn(list_lag_s=None)
        raise ZoomOpsError(f"The host's list did not show the webinar within {LONGEST_LAG_S:.0f} s.")

    def _change(self, webinar_id: int) -> None:
        asked = dict(self._fields())
        later = datetime.fromisoformat(asked["start"]) + timedelta(hours=1)
        changes = {"topic": f"{_TOPIC}.", "start": zoom_time(later), "settings.practice_session": False}
        reported = self._patch(webinar_id, changes)
        self._course.learn(
            change_refused={name: reported.get(name) for name in changes if not same(reported.get(name), changes[name])}
        )

    def _change_part(self, webinar_id: int) -> None:
        before = dict(reported_fields(self._gateway.get_webinar(webinar_id)))
        name = f"{_QA}.allow_anonymous_questions"
        after = self._patch(webinar_id, {name: not before.get(name)})
        lost = {
            part: after.get(part)
            for part in before
            if part.startswith(_QA) and part != name and after.get(part) != before[part]
        }
        self._course.learn(nested_part="kept" if not lost else "reset", nested_lost=lost)

    def _ask_unlicensed(self, webinar_id: int) -> None:
        try:
            after = self._patch(webinar_id, {_UNLICENSED: True})
        except ZoomOpsError:
            self._course.learn(unlicensed=f"refused ({self._course.last_code()})")
            raise
        self._course.learn(unlicensed="licensed" if after.get(_UNLICENSED) is True else "dropped")

    def _seat(self, webinar_id: int) -> None:
        self._gateway.add_panelists(webinar_id, [Panelist(email=self._order.mail, name="Rehearsal")])
        rows = self._panelist_rows(webinar_id)
        ours = [row for row in rows if str(row.get("email", "")).lower() == self._order.mail]
        self._course.learn(
            panelist_email="shown" if ours else "withheld" if rows else "not listed",
            panelist_fields=sorted(ours[0]) if ours else sorted(rows[0]) if rows else [],
        )

    def _seat_again(self, webinar_id: int) -> None:
        before = self._panelist_rows(webinar_id)
        try:
            self._gateway.add_panelists(webinar_id, [Panelist(email=self._order.mail, name="Rehearsal again")])
        except ZoomOpsError:
            self._course.learn(seated_twice=f"refused ({self._course.last_code()})")
            raise
        after = self._panelist_rows(webinar_id)
        kept = [row.get("id") for row in before] == [row.get("id") for row in after]
        self._course.learn(
            seated_twice="one seat" if len(after) == len(before) else f"{len(after)} seats",
            seat_kept=kept,
            renamed=any(row.get("name") == "Rehearsal again" for row in after),
        )

    def _seat_host(self, webinar: Webinar) -> None:
        quiet = self._patch(webinar.id, {"settings.panelists_invitation_email_notification": False})
        if quiet.get("settings.panelists_invitation_email_notification") is not False:
            raise ZoomOpsError("Zoom keeps invitations on: the host would be mailed, so the host was not added.")
        try:
            self._gateway.add_panelists(webinar.id, [Panelist(email=self._order.host, name="Host")])
        except ZoomOpsError:
            self._course.learn(host_as_panelist=f"refused ({self._course.last_code()})")
            raise
        listed = any(panelist.email == self._order.host for panelist in self._gateway.get_panelists(webinar.id))
        self._course.learn(host_as_panelist="seated" if listed else "accepted, and not listed")
        self._gateway.remove_panelist(webinar.id, self._order.host)

    def _unseat(self, webinar_id: int) -> None:
        self._gateway.remove_panelist(webinar_id, self._order.mail)
        try:
            self._gateway.remove_panelist(webinar_id, self._order.mail)
        finally:
            self._course.learn(removed_twice=self._course.last_code())

    def _ask_instances(self, webinar_id: int) -> None:
        try:
            self._gateway.get_instances(webinar_id)
        finally:
            self._course.learn(instances_of_none=self._course.last_code())

    def _ask_recording(self, webinar: Webinar) -> None:
        with suppress(NoRecordingError):
            self._gateway.get_recording(webinar.uuid)
        self._course.learn(recording_of_none=self._course.last_code())

    def _panelist_rows(self, webinar_id: int) -> list[Mapping[str, Any]]:
        """Return the rows as Zoom sends them, also those without an address."""
        self._gateway.get_panelists(webinar_id)
        rows = self._course.last_answer().get("panelists")
        return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []

    def _patch(self, webinar_id: int, changes: Mapping[str, Any]) -> dict[str, Any]:
        with self._gateway.slot("update_webinar", host=self._order.host, operator=True):
            self._gateway.update_webinar(webinar_id, self._order.host, changes)
        return dict(reported_fields(self._gateway.get_webinar(webinar_id)))

    def _clean_up(self) -> None:
        if self._webinar is not None:
            webinar_id = self._webinar.id
            self._course.step("delete", lambda: self._delete(webinar_id))
        if self._may_be_left:
            self._context.clock.sleep(10)
            self._course.step("leftovers again", self._remove_leftovers, says=_say_left)

    def _delete(self, webinar_id: int) -> None:
        self._gateway.delete_webinar(webinar_id, tell_people=False)
        try:
            self._gateway.get_webinar(webinar_id)
        except WebinarGoneError:
            self._course.learn(deleted=self._course.last_code())
        else:
            raise ZoomOpsError(f"Webinar {webinar_id} is still there after it was deleted: delete it at Zoom.")

    def _remove_leftovers(self) -> int:
        """Delete the webinars of the host that an earlier rehearsal of this installation left behind."""
        left = 0
        for row in self._gateway.iter_webinars(self._order.host):
            if row.topic.startswith(_TOPIC) and self._is_ours(row.id, row.agenda):
                self._gateway.delete_webinar(row.id, tell_people=False)
                left += 1
        return left

    def _is_ours(self, webinar_id: int, listed: str) -> bool:
        if self._marker in listed:
            return True
        with suppress(WebinarGoneError):
            return self._gateway.get_webinar(webinar_id).agenda.rstrip().endswith(self._marker)
        return False


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _say_left(count: int) -> str:
    return "Nothing was left behind." if not count else f"Removed {count} of an earlier rehearsal."
