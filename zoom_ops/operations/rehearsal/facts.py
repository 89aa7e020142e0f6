"""Facts of an account that a rehearsal found, kept with the day."""

from collections.abc import Mapping
from typing import Any

from ...store.account_facts import save_facts
from ..context import Context


def keep_facts(context: Context, account: str, report: Mapping[str, Any]) -> None:
    """Save what a rehearsal measured. A question that it did not reach keeps its older answer."""
    measured = {reply["fact"]: reply["answer"] for reply in report["questions"] if reply["measured"]}
    with context.database.begin() as connection:
        save_facts(connection, account, measured, context.database.now(connection))
