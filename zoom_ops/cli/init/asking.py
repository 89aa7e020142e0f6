"""Ask the questions of `zoom-ops init` on a terminal, and check each answer at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from .questions import ACCOUNT, CREDENTIALS, HOSTS, SERVICE, WEBHOOK, Answers, Question
from .trying import DOUBTFUL, look, spell

if TYPE_CHECKING:
    from ...webinars import Host

_APP = (
    "Zoom: marketplace.zoom.us > Develop > Build App > Server-to-Server OAuth; the README lists its scopes under "
    "Going live. The first three are on its page App Credentials."
)


def ask_all(answers: Answers, *, check: bool) -> None:
    """Ask for everything that no option has given."""
    ask(ACCOUNT, answers)
    if not answers["practice"]:
        say(_APP)
    for question in (*CREDENTIALS, WEBHOOK):
        ask(question, answers)
    if not answers["practice"]:
        _ask_hosts(answers, check=check)
    for question in SERVICE:
        ask(question, answers)


def ask(question: Question, answers: Answers) -> None:
    """Ask one question until the answer can be taken, unless it is answered."""
    from ...errors import ZoomOpsError

    while question.key not in answers and question.asked(answers):
        default = "" if question.optional else question.default(answers)
        typed = _prompt(question, default)
        try:
            if typed or not question.optional:
                typed = question.check(typed, answers)
            if question.key == "password" and typed != _prompt(question, None, text="Once more"):
                say("These are two different passwords.")
                continue
        except ZoomOpsError as error:
            say(str(error), is_wrong=True)
            continue
        answers[question.key] = typed


def say(sentence: str, *, is_wrong: bool = False) -> None:
    """Print a sentence among the questions."""
    typer.secho(sentence, err=True, fg=typer.colors.YELLOW if is_wrong else None)


def _prompt(question: Question, default: str | None, text: str = "") -> Any:
    return typer.prompt(
        text or question.text,
        default=default,
        hide_input=question.hidden,
        show_default=bool(default) and not question.hidden,
        err=True,
    )


def ask_kind() -> bool:
    """Ask whether it is the practice Zoom. Return True if it is."""
    say("A real Zoom account makes real webinars. The practice Zoom runs on this machine, and mails nobody.")
    while True:
        typed = str(typer.prompt("practice or real", default="practice", err=True)).strip().lower()
        for word in ("practice", "real"):
            if typed and word.startswith(typed):
                return word == "practice"
        say(f"{typed!r} is neither: type practice or real.", is_wrong=True)


def _ask_hosts(answers: Answers, *, check: bool) -> None:
    found = _try_credentials(answers) if check else None
    if HOSTS.key in answers:
        return
    if found is None:
        ask(HOSTS, answers)
    elif answers["all_hosts"] and found:
        answers[HOSTS.key] = tuple(host.email for host in found)
    elif found:
        _choose_hosts(answers, found)
    else:
        say(DOUBTFUL, is_wrong=True)
        ask(HOSTS, answers)


def _try_credentials(answers: Answers) -> tuple[Host, ...] | None:
    """Ask Zoom until it accepts the credentials. Return the licensed users; None where they cannot be listed."""
    from ...errors import ZoomOpsError
    from ...zoom import CredentialError

    while True:
        say("Asking Zoom…")
        try:
            found, note = look(answers)
        except CredentialError as error:
            say(spell(str(error)), is_wrong=True)
            say("Enter the credentials again; the names stand as they were where you only press Enter.")
            _ask_again(answers)
            continue
        except ZoomOpsError as error:
            say(spell(str(error)), is_wrong=True)
            if typer.confirm("Try again? (no: go on without the check)", default=True, err=True):
                continue
            answers["notes"].append("The credentials were not checked. zoom-ops doctor does that.")
            return None
        say("Zoom accepts the credentials.")
        if note:
            say(note, is_wrong=True)
        return found or (None if note else ())


def _ask_again(answers: Answers) -> None:
    from dataclasses import replace

    for question in CREDENTIALS:
        before = str(answers.pop(question.key))
        known = None if question.hidden else before
        ask(replace(question, default=lambda _, known=known: known), answers)  # type: ignore[misc]


def _choose_hosts(answers: Answers, found: tuple[Host, ...]) -> None:
    from ...operations.admin.account_trial import describe_host

    say("Users with a webinar licence. Each holds one webinar at a time:")
    for number, host in enumerate(found, start=1):
        say(f"{number:4}  {describe_host(host)}")
    while True:
        typed = str(typer.prompt("Which of them hold webinars: numbers such as 1,2, or all", default="all", err=True))
        words = typed.replace(",", " ").split()
        if words == ["all"]:
            words = [str(number) for number in range(1, len(found) + 1)]
        if words and all(word.isdecimal() and 1 <= int(word) <= len(found) for word in words):
            answers[HOSTS.key] = tuple(dict.fromkeys(found[int(word) - 1].email for word in words))
            return
        say(f"Type numbers from 1 to {len(found)}, or all.", is_wrong=True)
