"""`zoom-ops events move` and `open`."""

from typing import Annotated

import typer

from .asking import Yes, agreed, conclude
from .events import EventId
from .opening import As, actor, opened, opened_storage
from .output import AsJson, print_result

Host = Annotated[str, typer.Option("--host", help="Another host: its address, as `zoom-ops hosts` shows it.")]
OldHost = Annotated[str, typer.Argument(metavar="HOST", help="The host's address, as `zoom-ops hosts` shows it.")]
To = Annotated[str, typer.Option("--to", metavar="TIME", help="Another time, such as '2026-12-01 15:00'.")]
Zone = Annotated[str, typer.Option("--zone", help="The time zone of --to, such as Europe/Paris; else the event's.")]
Length = Annotated[str, typer.Option("--length", help="How long it takes, such as 90m or 1h30m; else as long as now.")]
Print = Annotated[bool, typer.Option("--print", help="Only print the address.")]


def move(  # noqa: PLR0913  # each is an option of the command
    event: EventId,
    host: Host = "",
    to: To = "",
    zone: Zone = "",
    length: Length = "",
    yes: Yes = False,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Move an event to another host or another time, once whom Zoom mails is shown and agreed to.

    Another host means a new webinar there, and the old one is deleted. Another time changes the event's record, and the
    webinar follows it.
    """
    from ..operations.events.orders.rescheduling import MoveRequest, describe_move, order_move, plan_request
    from ..operations.views.impact import impact_of_move

    asked = MoveRequest(host=host, to=to, zone=zone, length=length)
    with opened() as service:
        planned = plan_request(service.context, event, asked)
        effects = impact_of_move(service.context, planned)
        agrees = agreed(effects, f"Move {event}?", yes=yes, as_json=as_json)
        if agrees:
            order_move(service.context, event, planned, actor(as_name))
    order = f"The daemon does that; zoom-ops apply --event {event} does it now."
    document = {"id": event, "ordered": agrees, **describe_move(planned), "effects": effects}
    conclude(document, order, agreed=agrees, as_json=as_json)


def move_host(event: EventId, host: OldHost, yes: Yes = False, as_name: As = None, as_json: AsJson = False) -> None:
    """Move an event to another host: the same as `events move EVENT --host HOST`."""
    move(event, host=host, yes=yes, as_name=as_name, as_json=as_json)


def open_page(
    event: EventId,
    console: Annotated[bool, typer.Option("--console", help="The event in the console.")] = False,
    webinar: Annotated[bool, typer.Option("--webinar", help="Its webinar in Zoom's portal.")] = False,
    only_print: Print = False,
    as_json: AsJson = False,
) -> None:
    """Open the page of an event in the browser, and print its address.

    Without a terminal or a browser, only print it.
    """
    from ..errors import BadInputError, ParkedError
    from ..store.events import load_event
    from ..store.webinars import find_binding

    if console and webinar:
        raise BadInputError("Open one page: --console, or --webinar.")
    with opened_storage() as storage, storage.database.read() as connection:
        load_event(connection, event)
        bound = find_binding(connection, event)
        base_url = storage.settings.base_url
    address = f"{base_url}{'/-' if console else ''}/events/{event}"
    if webinar:
        if bound is None or bound.state != "bound":
            raise ParkedError(f"{event} has no webinar: zoom-ops plan {event}")
        address = f"https://zoom.us/webinar/{bound.webinar_id}"
    is_open = not (only_print or as_json) and _open(address)
    print_result({"id": event, "address": address, "opened": is_open}, address, as_json=as_json)


def _open(address: str) -> bool:
    """Open an address in a browser with a window of its own, if somebody is at a terminal; return whether it was."""
    import sys
    import webbrowser

    if not sys.stdout.isatty():
        return False
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    return type(browser) is not webbrowser.GenericBrowser and browser.open(address)  # those run in the terminal
