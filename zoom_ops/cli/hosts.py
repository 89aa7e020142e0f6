"""`zoom-ops hosts`: who can hold webinars, and what takes their time."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .grammar.groups import Noun
from .opening import opened
from .output import AsJson, print_json

if TYPE_CHECKING:
    from ..operations.views.hosts import HostShown

app = Noun(name="hosts", help="List who can hold webinars, and what takes their time.")

Account = Annotated[str, typer.Option("--account", metavar="ACCOUNT", help="Only the hosts of this account.")]


@app.command("list")
def list_(account: Account = "", as_json: AsJson = False) -> None:
    """List the hosts: licence, changes left today, our events, and the webinars that others made there."""
    from ..operations.views.hosts import HostFilter, describe_host, show_hosts

    with opened() as service:
        shown = show_hosts(service.context, HostFilter(account=account))
    if as_json:
        return print_json([describe_host(host) for host in shown])
    for host in shown:
        _print(host, describe_host(host))
    if not shown:
        typer.echo("No host is configured (ZOOM_OPS_ACCOUNTS__…__HOSTS).")
    return None


def _print(host: "HostShown", document: dict[str, Any]) -> None:
    typer.secho(f"{host.email} ({host.account})", bold=True)
    typer.echo(f"  {document['licence']}; {host.left_today} of 100 changes left until 00:00 UTC")
    for row in document["bookings"]:
        typer.echo(f"  {row['start']} to {row['end']}  {row['event']}")
    for row in document["foreign"]:
        for span in row["times"] or [None]:
            when = f"{span['start']} to {span['end']}" if span else "without a fixed time, takes none"
            typer.echo(f"  {when}  foreign: webinar {row['webinar']} ({row['topic']})")
