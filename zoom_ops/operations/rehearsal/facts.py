"""Facts of an account that a rehearsal found, kept with the day."""

from collections.abc import Mapping, Sequence
from typing import Any

from ...clock import iso_text
from ...errors import NotFoundError
from ...store.accounts.facts import list_facts, load_facts, save_facts
from ..context import Context
from ..views.accounts import show_accounts
from .questions import QUESTIONS, SAME

_MADE = "rehearsed_webinars"


def keep_facts(context: Context, account: str, report: Mapping[str, Any]) -> None:
    """Save what a rehearsal measured. A question that it did not reach keeps its older answer."""
    measured = {reply["fact"]: reply["answer"] for reply in report["questions"] if reply["measured"]}
    with context.database.begin() as connection:
        save_facts(connection, account, measured, context.database.now(connection))


def keep_made(context: Context, account: str, webinar_ids: Sequence[int]) -> None:
    """Remember which webinars a rehearsal has made and not deleted, so that the next one can."""
    with context.database.begin() as connection:
        save_facts(connection, account, {_MADE: list(webinar_ids)}, context.database.now(connection))


def load_made(context: Context, account: str) -> tuple[int, ...]:
    """Load the numbers of the webinars that a rehearsal has left."""
    with context.database.read() as connection:
        return tuple(load_facts(connection, account).get(_MADE) or ())


def describe_account(context: Context, account: str) -> dict[str, Any]:
    """Describe an account: its state, and what a rehearsal found, with the day. Raise NotFoundError."""
    described = next((row for row in show_accounts(context) if row["name"] == account), None)
    if described is None:
        raise NotFoundError("account", account, context.gateways)
    questions = {question.fact: question for question in QUESTIONS}
    with context.database.read() as connection:
        rows = [row for row in list_facts(connection, account) if row.name in questions]
    facts = [
        {
            "fact": row.name,
            "question": questions[row.name].asks,
            "answer": row.value,
            "at": iso_text(row.at),
            "consequence": _unless_same(questions[row.name].consequence(row.value)),
        }
        for row in rows
    ]
    return {**described, "facts": facts}


def _unless_same(consequence: str) -> str | None:
    return None if consequence == SAME else consequence
