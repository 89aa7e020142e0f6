"""The steps of a rehearsal that follow a webinar which a person holds: notifications, recording, transcript."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ...errors import ZoomOpsError
from ...store.notifications import load_of_webinar
from ...webinars import Recording
from ...zoom import NoRecordingError, Notification, parse
from .bench import Bench

HELD_WITHIN_S = 45 * 60.0
RECORDED_WITHIN_S = 90 * 60.0
TRANSCRIBED_WITHIN_S = 45 * 60.0
PAUSE_S = 10.0
Found = TypeVar("Found")


@dataclass(kw_only=True)
class RecordingSteps:
    """Follows one webinar from its start to its transcript."""

    bench: Bench
    webinar_id: int
    pause_s: float = PAUSE_S
    _uuids: list[str] = field(default_factory=list)  # of its instances
    _ended: float = 0.0  # by the clock that counts seconds
    _recordings: dict[str, Recording] = field(default_factory=dict)

    def await_end(self) -> int:
        """Wait until the webinar was held; return the number of its instances. Raise ZoomOpsError after 45 minutes."""

        def held() -> list[str]:
            return [instance.uuid for instance in self.bench.gateway.get_instances(self.webinar_id)]

        self._uuids = self._await(held, HELD_WITHIN_S, "The webinar was not held within 45 minutes.")
        self._ended = self.bench.context.clock.elapsed()
        notified = self._notifications()
        self.bench.course.learn(
            instances=len(self._uuids),
            notified=sorted({notification.kind for notification in notified}),
            practice_said=[n.practice for n in notified if n.kind == "webinar.ended"],
        )
        return len(self._uuids)

    def await_recording(self) -> int:
        """Wait until Zoom has processed a recording; return how many there are. Raise ZoomOpsError after 90 minutes."""

        def complete() -> dict[str, Recording]:
            found = {uuid: recording for uuid in self._uuids if (recording := self._find(uuid))}
            return found if any(recording.complete for recording in found.values()) else {}

        self._recordings = self._await(complete, RECORDED_WITHIN_S, "Zoom had no recording within 90 minutes.")
        now = self.bench.context.clock.now()
        first = min(self._recordings.values(), key=lambda recording: recording.start or now)
        played = "play link" if any(file.play_url for file in first.files) else None
        body = self.bench.course.last_answer()
        self.bench.course.learn(
            recorded_after_s=round(self.bench.context.clock.elapsed() - self._ended),
            recordings=len(self._recordings),
            recording_minutes=first.duration,
            passcode_fields=sorted({"password", "recording_play_passcode"} & body.keys()),
            play_link="share link" if first.share_url else played,
            notified=sorted({notification.kind for notification in self._notifications()}),
        )
        return len(self._recordings)

    def read_sharing(self) -> None:
        """Read who may open the first recording."""
        sharing = self.bench.gateway.get_sharing(next(iter(self._recordings)))
        self.bench.course.learn(
            sharing={
                "shared": sharing.shared,
                "sign_in": sharing.sign_in,
                "on_demand": sharing.on_demand,
                "viewer_download": sharing.viewer_download,
                "needs_passcode": sharing.needs_passcode,
            }
        )

    def await_transcript(self) -> None:
        """Wait until a transcript is there. Raise ZoomOpsError after 45 minutes."""

        def transcribed() -> bool:
            found = [recording for uuid in self._recordings if (recording := self._find(uuid))]
            return any(file.file_type == "TRANSCRIPT" for recording in found for file in recording.files)

        self._await(transcribed, TRANSCRIBED_WITHIN_S, "Zoom made no transcript within 45 minutes.")
        self.bench.course.learn(transcribed_after_s=round(self.bench.context.clock.elapsed() - self._ended))

    def _find(self, uuid: str) -> Recording | None:
        try:
            return self.bench.gateway.get_recording(uuid)
        except NoRecordingError:
            return None

    def _notifications(self) -> list[Notification]:
        context = self.bench.context
        with context.database.read() as connection:
            rows = load_of_webinar(connection, self.bench.order.account, self.webinar_id)
        parsed = [parse({}, (context.box.unseal(row.body) or "").encode()) for row in rows]
        return [notification for notification in parsed if notification]

    def _await(self, find: Callable[[], Found], limit_s: float, sentence: str) -> Found:
        clock = self.bench.context.clock
        until = clock.elapsed() + limit_s
        while not (found := find()):
            if clock.elapsed() >= until:
                raise ZoomOpsError(sentence)
            clock.sleep(self.pause_s)
        return found
