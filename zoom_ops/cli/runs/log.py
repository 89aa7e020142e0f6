"""`zoom-ops logs`: everything that is known of a run, in order of time."""

from time import sleep  # noqa: TID251  # a person waits here, in real time
from typing import Annotated, Any

import typer

from ..opening import opened_storage
from .options import RunId

Follow = Annotated[bool, typer.Option("--follow", help="Go on while the run is open, and print what is new.")]
AsLines = Annotated[bool, typer.Option("--json", help="Print JSON, a line an entry.")]

_PAUSE_S = 1.0


def logs(run: RunId, follow: Follow = False, as_json: AsLines = False) -> None:
    """Print all that is known of a run in order of time: who asked for it, attempts, calls, changes, its end."""
    from ...operations.views.run_log import load_log

    printed: set[tuple[str, str]] = set()
    with opened_storage() as storage:
        while True:
            known, entries = load_log(storage.database, run)
            is_open = known.state == "active"
            for entry in entries:
                key = (entry["at"] if entry["kind"] != "now" else "", entry["sentence"])
                if key not in printed:
                    printed.add(key)
                    _print(entry, as_json=as_json)
            if not (follow and is_open):
                return
            sleep(_PAUSE_S)


def _print(entry: dict[str, Any], *, as_json: bool) -> None:
    import json

    if as_json:
        typer.echo(json.dumps(entry))
    else:
        at = entry["at"][:19].replace("T", " ")
        typer.echo(f"{at}  {entry['kind']:<12}  {entry['sentence']}")
