"""The demo's story, step by step."""

import re
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from typing import Any

from ...announcements import parse_people
from ...app import App, open_app
from ...errors import ZoomOpsError
from ...identity import Passwords, UserChanges, add_user, make_password
from ...logs import configure_logging
from ...moving import move_event
from ...operations.events.address_book import import_people
from ...operations.events.importing import import_events
from ...operations.events.serialize import describe_event
from ...operations.views.events import timeline
from ...operations.views.runs import show_runs
from ...readers import read_events
from ...settings import load_settings
from ...store.audit import Actor
from ..grammar.terminal import is_plain, open_console
from .stage import Stage

SAMPLE, PEOPLE = "ungis-wsis-2023.txt", "people.csv"
_AHEAD = timedelta(days=7)
_STEP_S = 60.0
_DEMO = Actor(name="the demo")
_LOGIN = "operator"
_NOT_COUNTED = re.compile(r"POST /oauth/token|GET /users/[^/]+(/settings)?")  # tokens, look-ups of hosts
Document = dict[str, Any]


class Story:
    """The steps of one event, from its announcement to its recording on the page, printed unless `quiet`."""

    def __init__(self, stage: Stage, *, quiet: bool) -> None:
        self._stage, self._console = stage, open_console(sys.stdout, quiet=quiet)
        self._began = time.monotonic()  # noqa: TID251  # real time
        self._called = len(stage.ask("requests"))
        self._event, self._webinar = "", 0
        configure_logging(quiet=True, plain=is_plain())
        self._settings = load_settings(stage.environ)

    def tell(self) -> None:
        """Run and print all steps. Raise ZoomOpsError if a step fails or takes longer than a minute."""
        self._console.print(
            "\n[bold]zoom_ops[/bold]: from an announcement to its recording, against the practice Zoom\n"
        )
        with open_app(self._settings) as service:
            steps: tuple[tuple[str, Callable[[App], str]], ...] = (
                ("importing the announcement", self._import),
                ("creating the webinar", self._await_webinar),
                ("seating the panelists", self._await_panelists),
                ("holding the webinar", self._hold),
                ("waiting for Zoom to process the recording", self._await_recording),
                ("publishing", self._await_publication),
                ("looking at the page", self._look),
            )
            for doing, step in steps:
                with self._console.status(doing):
                    text = step(service)
                first, *rest = text.split("\n")
                self._console.print(f"  [green]✓[/green] {first}", soft_wrap=True)
                for line in rest:
                    self._console.print(f"    [dim]{line}[/dim]", soft_wrap=True)
            self._last = describe_event(service.context, self._event)

    def close(self, *, serves: bool) -> None:
        """Print the event's address; if the demo serves, also a first admin's password, which no other place shows."""
        summary, password = self.summary(), ""
        if serves:
            password = make_password()
            with open_app(self._settings) as service:
                add_user(service.database, Passwords(), _DEMO, _LOGIN, UserChanges(role="admin", password=password))
        self._console.print(f"\n  [bold green]{summary['event_url']}[/bold green]", soft_wrap=True)
        self._console.print(f"  {summary['zoom_calls']} calls to Zoom, {summary['seconds']} s", style="dim")
        if serves:
            self._console.print(f"  Sign in as {_LOGIN} with the password {password}", soft_wrap=True)
            self._console.print("  Open the page; Ctrl-C ends it.", style="dim")

    def summary(self) -> Document:
        """Build the summary as JSON."""
        calls = self._stage.ask("requests")[self._called :]
        return {
            "event_url": f"{self._stage.base_url}/events/{self._event}",
            "webinar_id": self._webinar,
            "panelists": len(self._panelists()),
            "recording_url": self._last["recordings"][0]["url"],
            "zoom_calls": sum(not _NOT_COUNTED.fullmatch(f"{call['method']} {call['path']}") for call in calls),
            "seconds": round(time.monotonic() - self._began, 1),  # noqa: TID251  # real time
        }

    def _import(self, service: App) -> str:
        samples = files("zoom_ops.samples")
        people = parse_people((samples / PEOPLE).read_bytes(), PEOPLE)
        import_people(service.context, people, _DEMO)
        content = (samples / SAMPLE).read_bytes()
        announced = read_events(content, SAMPLE, recording_visibility="public")
        before = announced[0].event
        ahead = (service.context.clock.now() + _AHEAD).date()
        moved = [replace(row, event=move_event(row.event, to_date=ahead)) for row in announced]
        event = import_events(service.context, moved, _DEMO)[0].event
        self._event = event.id
        return "\n".join(
            (
                f"Imported [bold]{event.name}[/bold]",
                f"{len(event.performers)} speakers, {len(event.attachments)} attachment; from {SAMPLE}",
                f"moved from {before.start:%-d %B %Y} to {event.start:%-d %B %Y, %H:%M} New York time, to lie ahead",
                "its recording: public, as --recording-visibility public says; the announcement leaves that open",
            )
        )

    def _await_webinar(self, service: App) -> str:
        webinar = self._await(service, lambda document: document["webinar"])["webinar"]
        self._webinar = webinar["id"]
        return f"Webinar {webinar['id']} created, hosted by {webinar['host']}"

    def _await_panelists(self, service: App) -> str:
        speakers = len(describe_event(service.context, self._event)["performers"])
        self._await(service, lambda _: len(self._panelists()) >= speakers)
        names = ", ".join(panelist["name"] for panelist in self._panelists())
        return f"{speakers} panelists seated\n{names}"

    def _hold(self, service: App) -> str:
        self._stage.ask(f"webinars/{self._webinar}/hold", {"start": None, "minutes": 75, "processing_s": 2})
        database = service.context.database
        self._await(service, lambda _: any(row["what"] == "webinar_ended" for row in timeline(database, self._event)))
        return "Held: 75 minutes, in no time"

    def _await_recording(self, service: App) -> str:
        document = self._await(service, lambda document: document["recordings"])
        kinds = ", ".join(dict.fromkeys(file["kind"] for file in document["recordings"][0]["files"]))
        return f"Recording processed\n{kinds}"

    def _await_publication(self, service: App) -> str:
        document = self._await(service, lambda found: any(r["state"] == "published" for r in found["recordings"]))
        return f"Published on the event record\n{document['recordings'][0]['url']}"

    def _look(self, _service: App) -> str:
        address = f"{self._stage.base_url}/events/{self._event}"
        status, page = self._stage.fetch(self._stage.local(address))
        plays = self._stage.follow(f"{address}/recording") == 200
        if status != 200 or f"/events/{self._event}/recording".encode() not in page or not plays:
            raise ZoomOpsError(f"The page {address} does not show the recording.")
        return "The event page shows the recording, and its link plays"

    def _await(self, service: App, is_there: Callable[[Document], Any]) -> Document:
        until = time.monotonic() + _STEP_S  # noqa: TID251  # real time
        while True:
            document = describe_event(service.context, self._event)
            if is_there(document):
                return document
            if time.monotonic() > until:  # noqa: TID251  # real time
                errors = [run["error"] for run in show_runs(service.context.database, limit=3) if run["error"]]
                raise ZoomOpsError(f"This took too long. {' '.join(errors)}")
            time.sleep(0.05)  # noqa: TID251  # real time

    def _panelists(self) -> list[Document]:
        webinars = self._stage.ask("state")["webinars"]
        return [panelist for webinar in webinars if webinar["id"] == self._webinar for panelist in webinar["panelists"]]
