"""`zoom-ops demo`: one event against the practice Zoom, from its announcement to its recording on the page."""

from typing import Annotated

import typer

from ..output import AsJson, print_json

Once = Annotated[bool, typer.Option("--once", help="Tell the story and end; exit 0 if the recording shows.")]
Sandbox = Annotated[str | None, typer.Option("--sandbox", metavar="URL", help="A practice Zoom that runs already.")]


def demo(once: Once = False, as_json: AsJson = False, sandbox: Sandbox = None) -> None:
    """Show all steps from an announcement to its recording. Then keep serving the event page."""
    import signal

    from .stage import Stage
    from .story import Story

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)  # so that the stage stops its processes on every signal
    with Stage(sandbox=sandbox, once=once) as stage:
        story = Story(stage, quiet=as_json)
        story.tell()
        if as_json:
            print_json(story.summary())
        else:
            story.close(serves=not once)
        if not once:
            stage.keep_serving()
