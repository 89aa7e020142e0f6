"""The steps of a rehearsal that read and change a webinar."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ...errors import ZoomOpsError
from ...planning import read_back, same, zoom_time
from ...profiles import Profile
from ...webinars import AGENDA_LIMIT
from ...zoom import as_rows
from ..context import Context
from ..reconcile.executors import reported_fields
from .bench import Bench

MINUTES = 60
TOPIC = "Rehearsal of zoom_ops: this webinar is removed within minutes"
LONGEST_LAG_S = 60.0
_POLL_S = 1.0
_QA = "settings.question_and_answer"
_UNLICENSED = "settings.language_interpretation.enable"


@dataclass(frozen=True, kw_only=True)
class WebinarSteps:
    """Measures a webinar that was made with the fields `asked`."""

    bench: Bench
    webinar_id: int
    asked: tuple[tuple[str, Any], ...]

    def read_back(self) -> None:
        """Read the webinar and compare every field asked with every field told."""
        webinar = self.bench.gateway.get_webinar(self.webinar_id)
        reported = reported_fields(webinar)
        _, refused = read_back(self.asked, reported)
        asked = dict(self.asked)
        inherited = {name: value for name, value in reported if name.startswith("settings.") and name not in asked}
        self.bench.course.learn(
            refused={name: {"asked": value, "kept": dict(reported)[name]} for name, value in refused},
            inherited={name: value for name, value in inherited.items() if isinstance(value, bool | int | str)},
            agenda_kept=len(webinar.agenda),
        )

    def measure_lag(self) -> float:
        """Return how many seconds the host's list took to show the webinar."""
        began = self.bench.context.clock.elapsed()
        while (lag := self.bench.context.clock.elapsed() - began) < LONGEST_LAG_S:
            rows = [row for row in self.bench.gateway.iter_webinars(self.bench.order.host) if row.id == self.webinar_id]
            if rows:
                listed = as_rows(self.bench.course.last_answer().get("webinars"))
                agendas = [str(row.get("agenda", "")) for row in listed if str(row.get("id")) == str(self.webinar_id)]
                self.bench.course.learn(list_lag_s=round(lag, 1), agenda_listed=max(map(len, agendas), default=0))
                return lag
            self.bench.context.clock.sleep(_POLL_S)
        self.bench.course.learn(list_lag_s=None)
        raise ZoomOpsError(f"The host's list did not show the webinar within {LONGEST_LAG_S:.0f} s.")

    def change(self) -> None:
        """Change topic, time and one setting."""
        asked = dict(self.asked)
        later = datetime.fromisoformat(asked["start"]) + timedelta(hours=1)
        changes = {"topic": f"{TOPIC}.", "start": zoom_time(later), "settings.practice_session": False}
        reported = self.bench.patch(self.webinar_id, changes)
        self.bench.course.learn(
            change_refused={name: reported.get(name) for name in changes if not same(reported.get(name), changes[name])}
        )

    def change_part(self) -> None:
        """Change one part of a nested setting."""
        before = dict(reported_fields(self.bench.gateway.get_webinar(self.webinar_id)))
        name = f"{_QA}.allow_anonymous_questions"
        after = self.bench.patch(self.webinar_id, {name: not before.get(name)})
        lost = {
            part: after.get(part)
            for part in before
            if part.startswith(_QA) and part != name and after.get(part) != before[part]
        }
        self.bench.course.learn(nested_part="kept" if not lost else "reset", nested_lost=lost)

    def ask_unlicensed(self) -> None:
        """Ask for a feature that needs a licence."""
        try:
            after = self.bench.patch(self.webinar_id, {_UNLICENSED: True})
        except ZoomOpsError:
            self.bench.course.learn_refusal(unlicensed="refused")
            raise
        self.bench.course.learn(unlicensed="licensed" if after.get(_UNLICENSED) is True else "dropped")


def rehearsed_fields(bench: Bench, start: datetime, topic: str = TOPIC) -> tuple[tuple[str, Any], ...]:
    """Build the fields of a rehearsal's webinar: those of the default profile, the longest agenda, our marker."""
    profile = bench.context.profiles.get("default", Profile(name="default"))
    marker = marker_of_rehearsal(bench.context)
    filler = "This webinar tests how your Zoom account behaves. "
    room = AGENDA_LIMIT - len(marker) - 2
    fields: dict[str, Any] = {f"settings.{name}": value for name, value in profile.settings}
    fields |= {
        "topic": topic,
        "agenda": f"{(filler * 50)[:room].rstrip()}\n\n{marker}",
        "start": zoom_time(start),
        "duration": MINUTES,
        "timezone": "UTC",
        "settings.panelists_invitation_email_notification": True,
    }
    return tuple(sorted(fields.items()))


def marker_of_rehearsal(context: Context) -> str:
    """Build the line at the end of the agenda that tells the webinars of this installation's rehearsals."""
    return f"Rehearsal: zoom_ops/{context.installation}"
