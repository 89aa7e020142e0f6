"""What becomes of a record of a home that is new here: taken with which account and profile, or left out. Pure."""

from dataclasses import dataclass
from datetime import datetime

from ...events import Attachment, Event, Listing
from ...homes import HomeSettings, Record, Rule

ANY = "*"  # the label of a rule that fits every record


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What becomes of a new record. `left_out`: why it gets no event; empty where it gets one."""

    left_out: str = ""
    account: str | None = None
    profile: str | None = None
    listing: Listing = "unlisted"


def judge(record: Record, settings: HomeSettings, now: datetime, *, known: bool = False) -> Verdict:
    """Decide what becomes of a record that was not taken yet. `known`: its event is here, from elsewhere."""
    event, rule = record.announced.event, find_rule(record.labels, settings.rules)
    if event.end_utc <= now and not known:
        return Verdict(left_out="It had ended before it was first read.")
    if event.status == "cancelled" and not known:
        return Verdict(left_out="It was cancelled before it was first read.")
    if not record.is_public and settings.protected == "skip":
        return Verdict(left_out="Not everybody may read it in the home, and the home's file says: protected = skip.")
    if rule is None and settings.unruled == "skip":
        return Verdict(left_out="No rule fits its labels, and the home's file says: unruled = skip.")
    if rule and rule.skip:
        return Verdict(left_out=f"The rule for the label {rule.label} leaves it out.")
    return Verdict(
        account=rule.account if rule else None,
        profile=rule.profile if rule else None,
        listing=settings.listing if record.is_public else "unlisted",
    )


def find_rule(labels: tuple[str, ...], rules: tuple[Rule, ...]) -> Rule | None:
    """Find the first rule that fits one of the labels, or None. Capitals do not count."""
    known = {label.casefold() for label in labels}
    return next((rule for rule in rules if rule.label == ANY or rule.label.casefold() in known), None)


def for_members(event: Event) -> Event:
    """Return an event whose recording is for members only."""
    entries = tuple(
        entry.model_copy(update={"visibility": "members"}) if entry.kind == "recording" else entry
        for entry in event.attachments
    )
    if not any(entry.kind == "recording" for entry in entries):
        expected = Attachment(title="Recording", kind="recording", visibility="members", state="expected")
        entries = (*entries, expected)
    return event.model_copy(update={"attachments": entries})
