"""`zoom-ops events import`: files in, outcomes or previews out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..opening import As, actor, opened
from ..output import AsJson, print_error, shown_progress

if TYPE_CHECKING:
    from ...app import App
    from ...errors import ZoomOpsError
    from ...operations.events.importing import Imported
    from ...operations.events.previewing import Preview

FILES_HELP = (
    "An announcement's text, Markdown, e-mail (.eml), calendar (.ics), table (.csv, .xlsx), YAML, JSON, web page "
    "(.html), or an export of Indico, pretalx, frab or WordPress; - for input."
)
_MANY = 200  # events from which on a bar shows the progress


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What the command is asked for: how to read the files, and which event they mean."""

    reading: dict[str, Any]
    as_id: str | None
    new: bool
    dry_run: bool
    as_name: str | None
    quiet: bool


def import_(  # noqa: PLR0913  # each is an option of the command
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE", readable=False, help=FILES_HELP)] = None,
    profile: Annotated[str | None, typer.Option(metavar="PROFILE", help="The profile of these events.")] = None,
    account: Annotated[str | None, typer.Option(metavar="ACCOUNT", help="The Zoom account of these events.")] = None,
    recording_visibility: Annotated[
        str | None, typer.Option(help="Who may see the recording: public or members.", metavar="public|members")
    ] = None,
    as_id: Annotated[str | None, typer.Option("--id", help="The event that the file speaks of.")] = None,
    new: Annotated[bool, typer.Option("--new", help="Another event of the same name.")] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show each event, what says its fields, and what is unclear. Store nothing."),
    ] = False,
    template: Annotated[
        str | None, typer.Option(metavar="csv|xlsx", help="Print a table with an example, to be filled in.")
    ] = None,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Import events from files. What a file holds tells its format. A second import of an event updates it."""
    from ...errors import BadInputError
    from .printing import print_imported, print_previews
    from .templates import print_template

    if template is not None:
        return print_template(template, files)
    if not files:
        raise BadInputError("Name the FILE to import, or - for input. --template csv prints a table to be filled in.")
    if recording_visibility not in (None, "public", "members"):
        raise BadInputError(f"--recording-visibility is public or members, not {recording_visibility!r}.")
    reading = {"profile": profile, "account": account, "recording_visibility": recording_visibility}
    asked = _Asked(reading=reading, as_id=as_id, new=new, dry_run=dry_run, as_name=as_name, quiet=as_json)
    outcomes: list[Any] = []
    failures: list[ZoomOpsError] = []
    with opened() as service:
        for file in files:
            _take(service, file, asked, outcomes, failures)
    (print_previews if dry_run else print_imported)(outcomes, as_json=as_json)
    for failure in failures:
        print_error(failure)
    unclear = [each for each in outcomes if each.action == "unclear"]
    if failures or unclear:
        codes = [failure.exit_code for failure in failures] + [3 for _ in unclear]
        raise typer.Exit(2 if 2 in codes else codes[0])
    return None


def _take(service: App, file: Path, asked: _Asked, outcomes: list[Any], failures: list[ZoomOpsError]) -> None:
    """Read a file, and import or preview its events. No event of a file with a mistake is stored."""
    from ...errors import ZoomOpsError
    from ...readers import read_events
    from ...settings import read_input

    try:
        announced = read_events(read_input(file), str(file), **asked.reading)
        with shown_progress(quiet=asked.quiet or len(announced) < _MANY) as move:
            outcomes.extend(_outcomes(service, announced, asked, lambda done: move(str(file), done, len(announced))))
    except ZoomOpsError as error:
        failures.append(error)


def _outcomes(
    service: App, announced: Any, asked: _Asked, tell: Callable[[int], None]
) -> tuple[Imported, ...] | tuple[Preview, ...]:
    from ...operations.events.large_files import import_file
    from ...operations.events.previewing import preview_events

    by = actor(asked.as_name)
    if asked.dry_run:
        return preview_events(service.context, announced, by, as_id=asked.as_id, new=asked.new, tell=tell)
    return import_file(service.context, announced, by, as_id=asked.as_id, new=asked.new, tell=tell)
