"""Options that say which runs are meant."""

from typing import Annotated

import typer

from ..grammar.mistakes import LARGEST

OfState = Annotated[
    str | None, typer.Option("--state", metavar="active|parked|failed|done|cancelled", help="Only those in this state.")
]
OfJob = Annotated[str | None, typer.Option("--job", metavar="JOB", help="Only those of this job.")]
OfEvent = Annotated[str | None, typer.Option("--event", metavar="EVENT", help="Only those for this event.")]
Since = Annotated[str | None, typer.Option(metavar="WHEN", help="Only those asked for since then: 2h, 7d, 2027-01-31.")]
Cause = Annotated[
    str | None,
    typer.Option("--cause", metavar="WORDS", help="Only those with these words in their cause, as --causes shows it."),
]
RunId = Annotated[int, typer.Argument(metavar="RUN", help="The number of the run.", max=LARGEST)]
