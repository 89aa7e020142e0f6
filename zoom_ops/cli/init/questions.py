"""The questions of `zoom-ops init`: one list for what is asked, what an option gives, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Answers = dict[str, Any]
Check = Callable[[Any, Answers], Any]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. `default`: what is taken where nobody answers; None: somebody has to. `check` may raise."""

    key: str
    flag: str
    text: str
    check: Check
    default: Callable[[Answers], str | None] = lambda _: None
    hidden: bool = False
    optional: bool = False  # an empty answer is an answer, where somebody is asked
    asked: Callable[[Answers], bool] = lambda _: True


def _is_real(answers: Answers) -> bool:
    return not answers["practice"]


def _setting(*path: str) -> Check:
    def check(given: Any, _answers: Answers) -> Any:
        from ...settings import check_value

        return check_value(path, given)

    return check


def _text_of_account(key: str) -> Check:
    inner = _setting("accounts", "main", key)
    return lambda given, answers: inner(given.strip(), answers)


def _secret(given: str, _answers: Answers) -> str:
    from ...errors import BadInputError

    if not given.isascii() or not given.isprintable() or " " in given:
        raise BadInputError("expected letters, digits and signs, without spaces: copy it once more.")
    return given


def _name(given: str, _answers: Answers) -> str:
    from ...settings import check_name

    return check_name(given)


def _organisation(given: str, _answers: Answers) -> str:
    from ...settings import check_text

    return check_text(given)


def _data_dir(given: str, _answers: Answers) -> str:
    from ...errors import BadInputError
    from ...settings import check_text, find_places, refuse_unwritable

    places, folder = find_places(), check_text(given)
    if folder.startswith("~"):
        raise BadInputError("write the whole path: ~ is not the home folder here.")
    refuse_unwritable(places, places.folder / folder)
    return folder


def _alert_to(given: str, answers: Answers) -> str:
    from ...alerting.notifier import Notifier
    from ...alerting.targets import read_targets
    from ...errors import BadInputError
    from ...settings import check_value

    entries = [entry.get_secret_value() for entry in check_value(("alert_to",), given)]
    targets, misread = read_targets(entries, (answers["account"],))
    for wrong in (*misread, *Notifier(read_s=10, deadline_s=30).find_wrong(targets)):
        raise BadInputError(wrong.sentence)
    return given


def _admin(given: str, _answers: Answers) -> str:
    from ...identity import check_login

    return check_login(given)


def _password(given: str, answers: Answers) -> str:
    from ...identity import check_password

    check_password(given, answers.get("admin") or "", answers.get("organisation") or "")
    return given


def _hosts(given: Any, answers: Answers) -> tuple[str, ...]:
    from ...settings import check_value

    listed = tuple(given.replace(",", " ").split()) if isinstance(given, str) else tuple(given)
    hosts: tuple[str, ...] = check_value(("accounts", answers["account"], "hosts"), listed)
    return hosts


ACCOUNT = Question(
    key="account",
    flag="--account NAME",
    text="A short name for this Zoom account",
    check=_name,
    default=lambda answers: "practice" if answers["practice"] else "main",
)
CREDENTIALS = (
    Question(
        key="account_id",
        flag="--account-id ID",
        text="Account ID",
        check=_text_of_account("account_id"),
        asked=_is_real,
    ),
    Question(
        key="client_id", flag="--client-id ID", text="Client ID", check=_text_of_account("client_id"), asked=_is_real
    ),
    Question(
        key="client_secret",
        flag="--client-secret-file FILE",
        text="Client Secret (not shown)",
        check=_secret,
        hidden=True,
        asked=_is_real,
    ),
)
WEBHOOK = Question(
    key="webhook_secret",
    flag="--webhook-secret-file FILE",
    text="Secret Token of its page Feature (not shown; empty: later)",
    check=_secret,
    hidden=True,
    optional=True,
    default=lambda _: "",
    asked=_is_real,
)
HOSTS = Question(key="hosts", flag="--host EMAIL or --all-hosts", text="Addresses of the hosts", check=_hosts)
SERVICE = (
    Question(
        key="listen",
        flag="--listen HOST:PORT",
        text="Where the pages are served: host and port",
        check=_setting("listen"),
        default=lambda _: "127.0.0.1:8000",
    ),
    Question(
        key="base_url",
        flag="--base-url URL",
        text="The address at which readers and Zoom reach them",
        check=_setting("base_url"),
        default=lambda answers: f"http://{answers['listen'].replace('0.0.0.0:', '127.0.0.1:')}",
    ),
    Question(
        key="organisation",
        flag="--organisation NAME",
        text="The name at the head of every page",
        check=_organisation,
        default=lambda _: "zoom_ops",
    ),
    Question(
        key="data_dir",
        flag="--data-dir FOLDER",
        text="The folder of the database",
        check=_data_dir,
        default=lambda _: "var",
    ),
    Question(
        key="alert_to",
        flag="--alert-to-file FILE",
        text="Where you are told of problems: an Apprise URL (not shown; empty: nowhere)",
        check=_alert_to,
        hidden=True,
        optional=True,
        default=lambda _: "",
    ),
    Question(
        key="admin",
        flag="--admin NAME (or --no-admin)",
        text="Name of the first admin, who signs in to the console (empty: nobody yet)",
        check=_admin,
        optional=True,
        asked=lambda answers: not answers["no_admin"],
    ),
    Question(
        key="password",
        flag="--admin-password-stdin",
        text="Their password (not shown)",
        check=_password,
        hidden=True,
        asked=lambda answers: not answers["no_admin"] and answers.get("admin") != "",
    ),
)
FURTHER = tuple(
    Question(key=key, flag=flag, text="", check=_setting("accounts", "main", key.replace("sandbox", "api_url")))
    for key, flag in (
        ("plan", "--plan"),
        ("api_url", "--api-url"),
        ("oauth_url", "--oauth-url"),
        ("sandbox", "--sandbox"),
    )
)
"""What nobody is asked for: options alone give it."""

REQUIRED_REAL = frozenset({"base_url"})  # its default is for a trial on one machine, so nobody gets it unseen


def check_answer(question: Question, given: Any, answers: Answers) -> Any:
    """Check a given answer; return it as the settings hold it. Raise BadInputError with the name of the option."""
    from ...errors import BadInputError, ZoomOpsError

    try:
        return question.check(given, answers)
    except ZoomOpsError as error:
        raise BadInputError(f"{question.flag.split()[0]}: {error}") from None


def take_given(questions: tuple[Question, ...], given: Mapping[str, Any], answers: Answers) -> None:
    """Take the answers that the options give. Raise BadInputError for the first that cannot be taken."""
    for question in questions:
        value = given.get(question.key)
        if value not in (None, ()):
            answers[question.key] = check_answer(question, value, answers) if value else value


def take_defaults(questions: tuple[Question, ...], answers: Answers) -> Iterator[str]:
    """Take the defaults of what is not answered. Yield the option of each question that needs an answer."""
    for question in questions:
        if question.key in answers or not question.asked(answers):
            continue
        is_needed = question.key in REQUIRED_REAL and _is_real(answers)
        default = None if is_needed else question.default(answers)
        if default is None:
            yield question.flag
        else:
            answers[question.key] = check_answer(question, default, answers) if default else default
