"""The tables, in one place; the migrations make them, and a test holds that both agree."""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from .moment import Moment

_NAMES = {"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
metadata = MetaData(naming_convention=_NAMES)


def _serial() -> Column[Any]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def _table(name: str, *parts: Any) -> Table:
    return Table(name, metadata, *parts)


event = _table(
    "event",
    Column("id", String(100), primary_key=True),
    Column("name", Text, nullable=False),
    Column("series", Text),
    Column("start_at", Moment, nullable=False, index=True),
    Column("end_at", Moment, nullable=False, index=True),
    Column("status", String(20), nullable=False),
    Column("account", String(100), index=True),
    Column("profile", String(100), nullable=False),
    Column("document", JSON, nullable=False),  # the Event JSON, as imported
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

event_change = _table(  # what happened to an event, in order: its timeline, and what open pages wait for
    "event_change",
    _serial(),
    Column("event_id", String(100), ForeignKey("event.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("what", String(50), nullable=False),
    Column("sentence", Text, nullable=False),
)

approval = _table(  # a review note that an operator has accepted; an import does not raise it again
    "approval",
    Column("event_id", String(100), ForeignKey("event.id", ondelete="CASCADE"), primary_key=True),
    Column("field", String(50), primary_key=True),
    Column("text_hash", String(64), primary_key=True),
    Column("approved_by", String(200), nullable=False),
    Column("at", Moment, nullable=False),
)

contact = _table(  # the address book
    "contact",
    _serial(),
    Column("name", Text, nullable=False),
    Column("name_key", String(300), nullable=False, index=True),
    Column("organization", Text),
    Column("email", String(320), nullable=False, unique=True),
    Column("updated_at", Moment, nullable=False),
)

binding = _table(  # event E ↔ webinar W of account A: the durable fact, and the webinar as we last knew it
    "binding",
    Column("event_id", String(100), ForeignKey("event.id", ondelete="CASCADE"), primary_key=True),
    Column("account", String(100), nullable=False),
    Column("host", String(320), nullable=False),
    Column("webinar_id", BigInteger, nullable=False),
    Column("uuid", String(100), nullable=False),
    Column("known", JSON, nullable=False),  # topic, agenda, start, duration, timezone, settings as Zoom last told them
    Column("asked", JSON, nullable=False),  # the same fields as we last asked for them: what differs is drift
    Column("join_url", LargeBinary),  # encrypted: it holds the passcode
    Column("registration_url", LargeBinary),  # encrypted
    Column("passcode", LargeBinary),  # encrypted
    Column("refused", JSON, nullable=False),  # {field: desired value} that Zoom accepted and silently dropped
    Column("origin", String(10), nullable=False),  # created | adopted
    Column("state", String(10), nullable=False),  # bound | cancelled | gone
    Column("known_at", Moment, nullable=False),
    Column("planned_revision", Integer, nullable=False, server_default="0"),  # of the event: what the webinar follows
    Column("seated_revision", Integer, nullable=False, server_default="0"),  # what its panelists follow
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("account", "webinar_id"),
    Index("ix_binding_host", "account", "host"),
)

booking = _table(  # a host's time, taken before its webinar is asked for, so that two events never get the same
    "booking",
    Column("event_id", String(100), ForeignKey("event.id", ondelete="CASCADE"), primary_key=True),
    Column("account", String(100), nullable=False),
    Column("host", String(320), nullable=False),
    Column("start_at", Moment, nullable=False),
    Column("end_at", Moment, nullable=False),
    Index("ix_booking_host", "account", "host", "start_at"),
)

seat = _table(  # a panelist of a bound webinar; only those we seated are ever removed
    "seat",
    Column("event_id", String(100), ForeignKey("event.id", ondelete="CASCADE"), primary_key=True),
    Column("email", String(320), primary_key=True),
    Column("name", Text, nullable=False),
    Column("panelist_id", String(100)),
    Column("join_url", LargeBinary),  # encrypted
    Column("ours", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
)

instance = _table(  # one held run of a bound webinar
    "instance",
    Column("uuid", String(100), primary_key=True),
    Column("event_id", String(100), ForeignKey("event.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("practice", Boolean, nullable=False),
)

recording = _table(
    "recording",
    Column("uuid", String(100), primary_key=True),  # of its instance
    Column("event_id", String(100), ForeignKey("event.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("started_at", Moment),
    Column("duration", Integer, nullable=False),  # minutes
    Column("state", String(20), nullable=False),  # processing | completed | trashed | deleted
    Column("share_url", LargeBinary),  # encrypted: whoever has it can watch
    Column("passcode", LargeBinary),  # encrypted
    Column("play_passcode", LargeBinary),  # encrypted
    Column("files", JSON, nullable=False),  # their play_url encrypted
    Column("fetched_at", Moment, nullable=False),
)

publication = _table(  # event ↔ recording ↔ entry at the home
    "publication",
    Column("event_id", String(100), ForeignKey("event.id", ondelete="CASCADE"), primary_key=True),
    Column("recording_uuid", String(100), primary_key=True),
    Column("part", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("visibility", String(10), nullable=False),
    Column("state", String(10), nullable=False),  # published | withdrawn
    Column("external_id", String(200)),
    Column("published_at", Moment, nullable=False),
)

notification = _table(
    "notification",
    _serial(),
    Column("account", String(100), nullable=False),
    Column("request_id", String(200)),
    Column("body_hash", String(64), nullable=False),
    Column("kind", String(100), nullable=False),
    Column("webinar_id", BigInteger, index=True),
    Column("uuid", String(100)),
    Column("event_id", String(100), index=True),
    Column("occurred_at", Moment),
    Column("received_at", Moment, nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),  # encrypted: it may hold passcodes and download tokens
    Column("state", String(10), nullable=False),  # new | folded | ignored
    UniqueConstraint("account", "body_hash"),
    Index("ix_notification_request", "account", "request_id"),
)

run = _table(
    "run",
    _serial(),
    Column("job", String(100), nullable=False),
    Column("subject_kind", String(10), nullable=False),  # event | host | account
    Column("subject", String(320), nullable=False),
    Column("account", String(100), nullable=False, server_default=""),
    Column("state", String(10), nullable=False),  # active | parked | done | failed | cancelled
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("rank", Integer, nullable=False, server_default="0"),
    Column("next_at", Moment),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row, so without those that had to wait
    Column("rung", Integer, nullable=False, server_default="1"),  # how often it was asked for
    Column("answered", Integer, nullable=False, server_default="0"),  # `rung` when the latest attempt began
    Column("force", Boolean, nullable=False, server_default=text("false")),
    Column("waiting", Boolean, nullable=False, server_default=text("false")),
    Column("started", Moment),  # the latest attempt; NULL while none is under way
    Column("outcome", Text),  # what a finished run did, in a sentence
    Column("error", Text),
    Column("created", Moment, nullable=False),
    Column("finished", Moment),
    Index(
        "uq_run_open",
        "job",
        "subject_kind",
        "subject",
        unique=True,
        sqlite_where=text("state IN ('active', 'parked')"),
        postgresql_where=text("state IN ('active', 'parked')"),
    ),
    Index("ix_run_due", "state", "next_at"),
    Index("ix_run_subject", "subject_kind", "subject", "id"),
    Index("ix_run_job", "job", "id"),
)

effect = _table(  # one change we make outside; an intent that was never resolved is looked up before anything else
    "effect",
    _serial(),
    Column("run_id", BigInteger, nullable=False, index=True),
    Column("fence", Integer, nullable=False),
    Column("subject_kind", String(10), nullable=False),
    Column("subject", String(320), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("kind", String(50), nullable=False),
    Column("action", JSON, nullable=False),
    Column("state", String(10), nullable=False, index=True),  # intent | done | absent | refused
    Column("looks", Integer, nullable=False, server_default="0"),
    Column("began", Moment, nullable=False),
    Column("resolved", Moment),
    Index(
        "uq_effect_intent",
        "subject_kind",
        "subject",
        unique=True,
        sqlite_where=text("state = 'intent'"),
        postgresql_where=text("state = 'intent'"),
    ),
)

zoom_call = _table(
    "zoom_call",
    _serial(),
    Column("run_id", BigInteger, index=True),
    Column("account", String(100), nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("method", String(10), nullable=False),
    Column("path", Text, nullable=False),
    Column("status", Integer),
    Column("tracking_id", String(100)),
)

tick = _table(
    "tick",
    Column("schedule", String(100), primary_key=True),
    Column("fire_time", Moment, primary_key=True),
    Column("at", Moment, nullable=False),
)

token = _table(  # one Zoom access token per (account, client), shared by all processes
    "token",
    Column("account", String(100), primary_key=True),
    Column("client_id", String(200), primary_key=True),
    Column("access_token", LargeBinary, nullable=False),  # encrypted
    Column("scopes", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

account_stop = _table(  # an account, or one verb of it, of which Zoom is asked nothing for the moment
    "account_stop",
    Column("account", String(100), primary_key=True),
    Column("verb", String(50), primary_key=True),  # empty: every call
    Column("state", String(10), nullable=False),  # stopped | working
    Column("cause", String(20), nullable=False),  # credentials | scopes | errors
    Column("sentence", Text, nullable=False),
    Column("since", Moment, nullable=False),  # of the state
    Column("fingerprint", String(64), nullable=False),  # of what Zoom refused: other credentials are worth a trial
    Column("retry_at", Moment),  # when one trial call may be made; NULL: not by itself
    Column("trials", Integer, nullable=False, server_default="0"),  # that failed, in a row
    Column("after_call", BigInteger, nullable=False, server_default="0"),  # calls up to this one count no more
)

budget = _table(  # GCRA reservation per (account, rate-limit label)
    "budget",
    Column("account", String(100), primary_key=True),
    Column("label", String(30), primary_key=True),
    Column("free_at", Moment, nullable=False),  # theoretical arrival time of the next call
    Column("held_until", Moment),  # after a 429
)

host_day = _table(  # creates and updates of a host per UTC day; Zoom allows 100
    "host_day",
    Column("account", String(100), primary_key=True),
    Column("host", String(320), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("used", Integer, nullable=False),
)

host = _table(  # what Zoom says of a host, kept for a day
    "host",
    Column("account", String(100), primary_key=True),
    Column("email", String(320), primary_key=True),
    Column("zoom_id", String(100), nullable=False),
    Column("licensed", Boolean, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("fetched_at", Moment, nullable=False),
)

alert = _table(  # what an operator has to know: once while it lasts, kept when it is over
    "alert",
    _serial(),
    Column("key", String(400), nullable=False),  # of what it tells: one of a key is open at a time
    Column("kind", String(50), nullable=False),
    Column("subject", String(320)),
    Column("account", String(100)),
    Column("sentence", Text, nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("cleared_at", Moment),
    Index(
        "uq_alert_open",
        "key",
        unique=True,
        sqlite_where=text("cleared_at IS NULL"),
        postgresql_where=text("cleared_at IS NULL"),
    ),
)

meta = _table(  # small facts of the installation, such as a check value of the secret key
    "meta",
    Column("name", String(100), primary_key=True),
    Column("value", Text, nullable=False),
)
