"""`zoom-ops serve`, `sandbox` and `doctor`."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from .grammar.terminal import is_plain
from .opening import debugging, opened
from .output import AsJson, print_json, warn

if TYPE_CHECKING:
    from ..app import App
    from ..sandbox import Policy


def serve(
    only: Annotated[
        str | None, typer.Option("--only", metavar="web|worker|scheduler", help="Only this part of the daemon.")
    ] = None,
) -> None:
    """Run the daemon: scheduled jobs, web pages, Zoom's notifications. Ctrl-C or SIGTERM stops it."""
    import signal

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})  # it asks to read the files: until then it waits
    from ..errors import BadInputError
    from ..web.process.run import Part
    from ..web.process.run import serve as serve_here

    part: Part | None = next((known for known in get_args(Part) if known == only), None)
    if only is not None and part is None:
        raise BadInputError(f"--only is web, worker or scheduler, not {only!r}.")
    with opened(quiet=False) as service:
        serve_here(service, only=part, ready=lambda _: _announce(service, pages=part in (None, "web")))


def _announce(service: "App", *, pages: bool) -> None:
    """Say where the daemon is reached and what is missing: to a person in lines, elsewhere in one line of the log."""
    import sys

    import structlog

    from ..errors import ZoomOpsError
    from ..operations.views.startup import load_startup, startup_json, startup_lines

    settings = service.settings
    try:
        startup = load_startup(service.context, service.jobs, settings.listen if pages else None)
    except ZoomOpsError as error:  # the database does not answer now: no reason to end
        return warn(str(error))
    if settings.log_format == "pretty" or (settings.log_format == "auto" and sys.stderr.isatty()):
        return typer.echo("\n".join(startup_lines(startup)), err=True)
    log = structlog.get_logger()
    log.info("daemon_ready", **startup_json(startup))
    return None


def sandbox(  # noqa: PLR0913  # each is an option of the command
    account: Annotated[
        str | None, typer.Option(metavar="NAME", help="Play this account of the settings, as `init` writes one.")
    ] = None,
    listen: Annotated[str | None, typer.Option(help="Where to listen: 127.0.0.1:4100 if it is not said.")] = None,
    plan: Annotated[str | None, typer.Option(metavar="pro|business", help="Whose rate limits hold.")] = None,
    webhook: Annotated[str | None, typer.Option(metavar="URL", help="Where to send notifications.")] = None,
    webhook_secret: Annotated[str | None, typer.Option(help="What they are signed with.")] = None,
    no_limits: Annotated[bool, typer.Option("--no-limits", help="Without rate limits.")] = False,
    users: Annotated[Path | None, typer.Option(metavar="FILE", help="The hosts: [{email, webinar, capacity}].")] = None,
    credentials: Annotated[str | None, typer.Option(metavar="ID:SECRET:ACCOUNT", help="The only ones taken.")] = None,
    scopes: Annotated[str | None, typer.Option(help="The scopes that tokens get, parted by commas.")] = None,
    public_url: Annotated[str | None, typer.Option(help="The address in every link that it hands out.")] = None,
    policy: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What the account allows, in TOML (docs/sandbox.md).")
    ] = None,
    like: Annotated[Path | None, typer.Option(metavar="FILE", help="Behave like a rehearsed account.")] = None,
    allow_remote: Annotated[bool, typer.Option("--allow-remote", help="Listen beyond this machine.")] = False,
) -> None:
    """Run the practice Zoom, a server that behaves like Zoom."""
    from ..logs import configure_logging
    from ..sandbox import SandboxOptions, load_users, parse_credentials
    from ..sandbox import serve as serve_sandbox

    configure_logging(debug=debugging(), quiet=not debugging(), plain=is_plain())
    given = {
        "listen": listen,
        "plan": plan,
        "webhook_url": webhook,
        "webhook_secret": webhook_secret,
        "users": load_users(users) if users else None,
        "credentials": parse_credentials(credentials) if credentials else None,
        "scopes": tuple(scopes.split(",")) if scopes else None,
        "public_url": public_url,
    }
    options: dict[str, Any] = _options_of_account(account) if account else {}
    options |= {name: value for name, value in given.items() if value is not None}
    serve_sandbox(
        SandboxOptions(**options, limits=not no_limits, policy=_policy_of(policy, like), allow_remote=allow_remote)
    )


def _options_of_account(name: str) -> dict[str, Any]:
    from ..settings import load_settings
    from .init.practice import options_of

    return options_of(load_settings(), name)


def _policy_of(policy: Path | None, like: Path | None) -> "Policy":
    from ..errors import BadInputError
    from ..sandbox import Policy, load_like, load_policy

    if policy and like:
        raise BadInputError("Give --policy or --like, not both.")
    if not like:
        return load_policy(policy) if policy else Policy()
    loaded, unread = load_like(like)
    if unread:
        warn(f"{like}: not imitated, or not understood: {', '.join(unread)}.")
    return loaded


def health(
    address: Annotated[str, typer.Argument(metavar="URL", help="What to ask.")] = "http://127.0.0.1:8000/health",
) -> None:
    """Check whether a daemon or a practice Zoom answers, for health checks of containers."""
    import urllib.request

    from ..errors import ZoomOpsError

    try:
        with urllib.request.urlopen(address, timeout=4) as response:  # noqa: S310  # the address is the caller's own
            typer.echo(response.status)
    except (OSError, ValueError) as error:
        raise ZoomOpsError(f"{address} does not answer: {error}") from error


def doctor(as_json: AsJson = False) -> None:
    """Check settings, database, every Zoom account (credentials, scopes, hosts), and the sign-in provider."""
    from ..operations.admin.doctor import check_installation
    from ..web.auth.setup import check_provider, check_second_factors
    from ..web.edge.checking import check_connections, check_metrics

    with opened() as service:
        checks = (
            *check_installation(service.context),
            *check_connections(service.settings.max_connections),
            check_metrics(has_token=service.settings.metrics_secret is not None),
            *check_provider(service),
            *check_second_factors(service),
        )
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        for check in checks:
            word, colour = ("ok", typer.colors.GREEN) if check.ok else ("bad", typer.colors.RED)
            mark = typer.style(f"{word:4}", fg=colour) if check.checked else typer.style("-   ", dim=True)
            typer.echo(f"{mark} {check.what}: {check.sentence}")
    if not all(check.ok for check in checks):
        raise typer.Exit(1)
