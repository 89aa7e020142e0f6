"""`zoom-ops rehearse`: measure how a Zoom account behaves."""

from typing import Annotated

import typer

from .opening import opened
from .output import AsJson, print_json


def rehearse(
    account: Annotated[str, typer.Option(metavar="ACCOUNT", help="The account of the settings.")],
    host: Annotated[str, typer.Option(metavar="HOST", help="One of its hosts, who holds the webinar.")],
    mail: Annotated[str, typer.Option(metavar="ADDRESS", help="Your address: nobody else is mailed.")],
    record: Annotated[bool, typer.Option("--record", help="Also wait while you hold a short webinar.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Agree without being asked.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure on a real account what Zoom does with a webinar; everything that this makes is removed."""
    from ..errors import BadInputError
    from ..operations.rehearsal.facts import keep_facts
    from ..operations.rehearsal.rehearse import check_order, consent, rehearse
    from ..operations.rehearsal.report import build_report, iter_lines
    from ..operations.rehearsal.stage import Order, Step

    if "@" not in mail or mail.lower() == host.lower():
        raise BadInputError("--mail is an address of yours, and not the host's.")
    order = Order(account=account, host=host.lower(), mail=mail.lower(), record=record)

    def agree() -> None:
        for line in consent(order):
            typer.echo(f"- {line}", err=True)
        if not yes and not typer.confirm("Do you agree?", err=True):
            raise typer.Exit(3)

    def tell(step: Step) -> None:
        mark = {"done": "ok     ", "refused": "refused", "failed": "failed ", "left out": "left   "}[step.outcome]
        typer.echo(f"{mark} {step.name}: {step.sentence}", err=True)

    with opened() as service:
        check_order(service.context, order)
        agree()
        course = rehearse(service.context, order, tell, lambda sentence: typer.secho(sentence, bold=True, err=True))
        report = build_report(order, course, service.context.clock.now())
        keep_facts(service.context, account, report)
    if as_json:
        print_json(report)
    else:
        typer.echo("\n".join(iter_lines(report)))
    if not report["complete"]:
        raise typer.Exit(1)
