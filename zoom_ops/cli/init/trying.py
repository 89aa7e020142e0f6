"""Try the answers of `zoom-ops init` at Zoom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .questions import Answers

if TYPE_CHECKING:
    from ...webinars import Host
    from ...zoom import ZoomAccount

DOUBTFUL = (
    "No user of this account has a webinar licence. A Zoom administrator gives one: User Management > Users > the "
    "user > Licenses. Until then name the hosts that will have one."
)


def look(answers: Answers) -> tuple[tuple[Host, ...], str]:
    """Ask Zoom for a token and for the users with a webinar licence; return them, and why they may be not all."""
    from ...operations.admin.account_trial import check_hosts, try_account

    account = _account(answers)
    trial = try_account(account)
    if answers.get("hosts"):
        known = {host.email for host in trial.hosts}
        unknown = tuple(email for email in answers["hosts"] if email not in known)
        answers["notes"] += check_hosts(account, unknown) if unknown else ()
    return trial.hosts, trial.note


def choose_all(answers: Answers, *, check: bool) -> None:
    """Check what the options have given, and take all licensed users as hosts if that is wanted."""
    from ...errors import ConfigurationError, ZoomOpsError

    if not check or answers["practice"]:
        return
    try:
        found, note = look(answers)
    except ZoomOpsError as error:
        sentence = f"{spell(str(error))} Nothing was written; with --no-check, Zoom is not asked."
        raise ConfigurationError(sentence) from error
    if answers["all_hosts"]:
        if not found:
            raise ConfigurationError(f"{note or DOUBTFUL} Name hosts with --host. Nothing was written.")
        answers["hosts"] = tuple(dict.fromkeys((*answers.get("hosts", ()), *(host.email for host in found))))
    if note:
        answers["notes"].append(note)


def spell(sentence: str) -> str:
    """Name credentials as the questions do: while one types them, the names of variables are no help."""
    named = re.sub(
        r"ZOOM_OPS_ACCOUNTS__\w+?__(ACCOUNT_ID|CLIENT_ID|CLIENT_SECRET)\b",
        lambda match: "the " + match[1].replace("_", " ").title().replace("Id", "ID"),
        sentence,
    )
    named = named[0].upper() + named[1:]
    return named if named.endswith((".", "…")) else f"{named}."


def _account(answers: Answers) -> ZoomAccount:
    from ...gateways import account_of
    from ...settings import AccountSettings

    fields = {key: answers[key] for key in ("account_id", "client_id", "client_secret")}
    urls = {key: answers[key] for key in ("api_url", "oauth_url") if answers.get(key)}
    settings = AccountSettings(hosts=answers.get("hosts", ()), plan=answers["plan"], **fields, **urls)
    return account_of(answers["account"], settings)
