"""A rehearsal on a real account: every step, and the removal of what it made."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

from ...errors import AmbiguousError, BadInputError, NotFoundError, ZoomOpsError
from ...planning import Fields, draft_of
from ...webinars import Webinar
from ...zoom import NoRecordingError, WebinarGoneError, may_delete
from ..context import Context
from .account_steps import AccountSteps
from .bench import Bench
from .facts import keep_made, load_made
from .people_steps import PeopleSteps
from .recording_steps import RecordingSteps
from .stage import Course, Order, Step
from .webinar_steps import TOPIC, WebinarSteps, marker_of_rehearsal, rehearsed_fields

IN_DAYS = 30
LISTED_AFTER_S = 10.0  # then a host's list should show a webinar whose create had no answer


def consent(order: Order) -> tuple[str, ...]:
    """List what a rehearsal makes, whom Zoom mails, and what stays: an operator agrees to it first."""
    lines = (
        f"Makes one webinar on {order.host}, an hour long, in {IN_DAYS} days, and deletes it at the end.",
        "Changes its topic, its time and two settings.",
        f"Adds {order.mail} as panelist, twice, and removes that address again: Zoom mails {order.mail} up to twice.",
        f"Adds {order.host} as panelist without an invitation, and removes that address again.",
        f"Reads {order.host}'s user settings, webinars and recordings of the last month. Changes none of them.",
        "Uses up to 10 of the host's 100 creates and updates of today. Deletes what an earlier rehearsal left behind.",
    )
    recording = (
        f"Then makes a second webinar on {order.host} and waits until you have held it: a minute of practice, three of "
        "broadcast. It is deleted at the end. Its recording stays at Zoom, as the app has no right to delete it.",
    )
    return lines + (recording if order.record else ())


def check_order(context: Context, order: Order) -> None:
    """Raise NotFoundError for an unknown account, BadInputError for a host that is not in its pool."""
    if order.account not in context.gateways:
        raise NotFoundError("account", order.account, context.gateways)
    hosts = context.gateway(order.account).account.hosts
    if order.host not in {host.lower() for host in hosts}:
        raise BadInputError(f"{order.host} is not a host of account {order.account}: {', '.join(hosts)}.")


def rehearse(
    context: Context, order: Order, tell: Callable[[Step], None], ask: Callable[[str], None] = lambda _sentence: None
) -> Course:
    """Rehearse on an account. Whatever was made is removed, also after an error or Ctrl-C.

    `ask` gets what the operator has to do meanwhile. Raise the errors of `check_order`.
    """
    check_order(context, order)
    gateway = context.gateway(order.account)
    bench = Bench(context=context, gateway=gateway, order=order, course=Course(tell=tell))
    with gateway.heard_by(bench.course.exchanges.append):
        Rehearsal(bench, ask).run()
    return bench.course


class Rehearsal:
    """One rehearsal, step by step."""

    def __init__(self, bench: Bench, ask: Callable[[str], None]) -> None:
        self._bench, self._course, self._gateway = bench, bench.course, bench.gateway
        self._ask = ask
        self._made: list[int] = []
        self._may_be_left = False  # a create without an answer

    def run(self) -> None:
        """Take all steps; remove what was made."""
        account = AccountSteps(bench=self._bench)
        scopes = self._course.step("token", account.read_token)
        if scopes is None:
            return  # nothing can be asked
        self._course.step("host", account.read_host)
        self._course.step("leftovers", self.remove_leftovers, says=_say_left)
        self._course.step("recordings", account.list_recordings)
        if scopes and not may_delete(scopes):
            reason = "The app lacks webinar:delete:webinar:admin: what a rehearsal makes could not be removed."
            self._course.leave_out("create", reason)
            return
        try:
            self._watch_webinar()
            if self._bench.order.record:
                self._watch_recording()
        finally:
            self._clean_up()

    def _watch_webinar(self) -> None:
        start = (self._bench.context.clock.now() + timedelta(days=IN_DAYS)).replace(minute=0, second=0, microsecond=0)
        asked = rehearsed_fields(self._bench, start)
        webinar = self._course.step("create", lambda: self._create(asked), says=lambda made: f"Webinar {made.id}.")
        if webinar is None:
            return
        step, settings = self._course.step, WebinarSteps(bench=self._bench, webinar_id=webinar.id, asked=asked)
        step("read back", settings.read_back)
        step("list", settings.measure_lag, says=lambda lag: f"Listed after {lag:.1f} s.")
        step("change", settings.change)
        step("part of a setting", settings.change_part)
        step("a feature of a licence", settings.ask_unlicensed)
        people = PeopleSteps(bench=self._bench, webinar_id=webinar.id)
        step("seat", people.seat)
        step("seat again", people.seat_again)
        step("seat the host", people.seat_host)
        step("unseat", people.unseat)
        step("instances", lambda: self._ask_instances(webinar.id))
        step("recording of none", lambda: self._ask_recording(webinar.uuid))

    def _watch_recording(self) -> None:
        start = (self._bench.context.clock.now() + timedelta(minutes=5)).replace(second=0, microsecond=0)
        asked = dict(rehearsed_fields(self._bench, start)) | {"settings.practice_session": True}
        fields = tuple(sorted(asked.items()))
        webinar = self._course.step("create to record", lambda: self._create(fields))
        if webinar is None:
            return
        steps = RecordingSteps(bench=self._bench, webinar_id=webinar.id)
        self._ask(
            f"Sign in to Zoom as {self._bench.order.host} and start webinar {webinar.id} now: practise for a minute, "
            "broadcast for three, then end it for all."
        )
        if self._course.step("hold", steps.await_end) is None:
            return
        self._ask("Zoom processes the recording now. This takes about twice its length, and longer under load.")
        if self._course.step("recording", steps.await_recording) is not None:
            self._course.step("sharing", steps.read_sharing)
            self._course.step("transcript", steps.await_transcript)

    def _create(self, asked: Fields) -> Webinar:
        host = self._bench.order.host
        try:
            with self._gateway.slot("create_webinar", host=host, operator=True):
                webinar = self._gateway.create_webinar(host, draft_of(asked))
        except AmbiguousError:
            self._may_be_left = True
            raise
        self._made.append(webinar.id)
        keep_made(self._bench.context, self._bench.order.account, self._made)
        body = self._course.last_answer()
        told = {name: body.get(name) for name in ("capacity", "license_type")}
        self._course.learn(**told, host_matches=webinar.host == host)
        return webinar

    def _ask_instances(self, webinar_id: int) -> None:
        try:
            self._gateway.get_instances(webinar_id)
        except ZoomOpsError:
            self._course.learn_refusal(instances_of_none="refused")
            raise
        self._course.learn(instances_of_none=self._course.last_code())

    def _ask_recording(self, uuid: str) -> None:
        with suppress(NoRecordingError):
            self._gateway.get_recording(uuid)
        self._course.learn(recording_of_none=self._course.last_code())  # another error was raised

    def _clean_up(self) -> None:
        for webinar_id in tuple(self._made):
            if self._course.step("delete", partial(self._delete, webinar_id)):
                self._made.remove(webinar_id)
                keep_made(self._bench.context, self._bench.order.account, self._made)
        if self._made:
            left = " and ".join(map(str, self._made))
            self._course.leave_out("clean up", f"Webinar {left} is still at Zoom: delete it there, or rehearse again.")
        if self._may_be_left:
            self._bench.context.clock.sleep(LISTED_AFTER_S)
            self._course.step("leftovers again", self.remove_leftovers, says=_say_left)

    def _delete(self, webinar_id: int) -> bool:
        self._gateway.delete_webinar(webinar_id, tell_people=False)
        try:
            self._gateway.get_webinar(webinar_id)
        except WebinarGoneError:
            self._course.learn(deleted=self._course.last_code())
            return True
        raise ZoomOpsError(f"Webinar {webinar_id} is still there after it was deleted: delete it at Zoom.")

    def remove_leftovers(self) -> int:
        """Delete the webinars of the host that an earlier rehearsal of this installation left behind."""
        left = 0
        for webinar_id in load_made(self._bench.context, self._bench.order.account):  # a list may not show it yet
            with suppress(WebinarGoneError):
                if self._is_ours(webinar_id, ""):
                    self._gateway.delete_webinar(webinar_id, tell_people=False)
                    left += 1
        keep_made(self._bench.context, self._bench.order.account, self._made)
        for row in self._gateway.iter_webinars(self._bench.order.host):
            if row.topic.startswith(TOPIC) and self._is_ours(row.id, row.agenda):
                self._gateway.delete_webinar(row.id, tell_people=False)
                left += 1
        return left

    def _is_ours(self, webinar_id: int, listed: str) -> bool:
        marker = marker_of_rehearsal(self._bench.context)
        if marker in listed:
            return True
        with suppress(WebinarGoneError):
            return self._gateway.get_webinar(webinar_id).agenda.rstrip().endswith(marker)
        return False


def _say_left(count: int) -> str:
    return "Nothing was left behind." if not count else f"Removed {count} of an earlier rehearsal."
