"""`zoom-ops demo`: one event against the practice Zoom, from its announcement to its recording on the page."""

from __future__ import annotations

from typing import Annotated

import typer

from ..output import AsJson, print_json


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Tell the story and end; exit 0 if the recording shows.")
    ] = False,
    as_json: AsJson = False,
    sandbox: Annotated[
        str | None, typer.Option("--sandbox", metavar="URL", help="A practice Zoom that runs already.")
    ] = None,
) -> None:
    """Show all steps from an announcement to its recording. Then keep serving the event page."""
    import signal

    from .stage import Stage
    from .story import Story, Teller

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)  # so that the stage stops its processes on every signal
    with Stage(sandbox=sandbox, once=once) as stage:
        teller = Teller(quiet=as_json)
        story = Story(stage, teller).tell()
        if as_json:
            print_json(story.summary())
        else:
            teller.close(story.summary(), None if once else story.let_somebody_in())
        if not once:
            stage.keep_serving()
        if not story.shown:
            raise typer.Exit(1)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
