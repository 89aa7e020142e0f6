"""Tables of the work: runs, effects, calls, ticks, schedules, alerts, facts of the installation."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, String, Text, text

from .base import Moment, Told, make_partial_index, make_serial, make_table

_OPEN = "state IN ('active', 'parked')"

run = make_table(
    "run",
    make_serial(),
    Column("job", String(100), nullable=False),
    Column(
        "subject_kind", String(10), nullable=False
    ),  # event | host | account | webhook | target | service | home | record
    Column("subject", String(320), nullable=False),
    Column("account", String(100), nullable=False, server_default=""),
    Column("state", String(10), nullable=False),  # active | parked | done | failed | cancelled
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("rank", Integer, nullable=False, server_default="0"),
    Column("next_at", Moment),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row; attempts that had to wait do not count
    Column("rung", Integer, nullable=False, server_default="1"),  # number of requests for it
    Column("answered", Integer, nullable=False, server_default="0"),  # `rung` when the latest attempt began
    Column("force", Boolean, nullable=False, server_default=text("false")),
    Column("waiting", Boolean, nullable=False, server_default=text("false")),
    Column("started", Moment),  # of the current attempt; NULL while none is under way
    Column("outcome", Told),  # what a finished run did
    Column("error", Told),
    Column("missing", Text),  # of a parked run: what the configuration lacks, such as `profile lecture`
    Column("created", Moment, nullable=False),
    Column("finished", Moment),
    Column("earlier_round", Boolean, nullable=False, server_default=text("false")),  # lists of all jobs leave it out
    make_partial_index("uq_run_open", "job", "subject_kind", "subject", where=_OPEN, unique=True),
    make_partial_index("ix_run_due", "next_at", where="state = 'active'"),
    make_partial_index("ix_run_account", "account", where=_OPEN),
    make_partial_index("ix_run_undone", "state", "id", where="state != 'done'"),
    Index("ix_run_subject", "subject_kind", "subject", "job", "id"),
    Index("ix_run_job", "job", "id"),
)

attempt = make_table(  # what an attempt said that did not end its run well; the same again only counts up
    "attempt",
    make_serial(),
    Column("run_id", BigInteger, nullable=False, index=True),
    Column("number", Integer, nullable=False),  # of the latest attempt that said it
    Column("outcome", String(10), nullable=False),  # retried | waiting | parked | failed
    Column("sentence", Told, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("at", Moment, nullable=False),  # of the latest
    Column("times", Integer, nullable=False, server_default="1"),
)

effect = make_table(  # one change outside; an intent without a result is looked up before anything else
    "effect",
    make_serial(),
    Column("run_id", BigInteger, nullable=False, index=True),
    Column("fence", Integer, nullable=False),
    Column("subject_kind", String(10), nullable=False),
    Column("subject", String(320), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("kind", String(50), nullable=False),
    Column("action", JSON, nullable=False),
    Column("state", String(10), nullable=False),  # intent | done | absent | refused
    Column("looks", Integer, nullable=False, server_default="0"),
    Column("began", Moment, nullable=False),
    Column("resolved", Moment),
    Index("ix_effect_resolved", "kind", "resolved"),
    make_partial_index("uq_effect_intent", "subject_kind", "subject", where="state = 'intent'", unique=True),
)

zoom_call = make_table(
    "zoom_call",
    make_serial(),
    Column("run_id", BigInteger, index=True),
    Column("account", String(100), nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("method", String(10), nullable=False),
    Column("path", Text, nullable=False),
    Column("status", Integer),
    Column("tracking_id", String(100)),
    Column("strange", Boolean, nullable=False, server_default=text("false")),  # the answer is not one of Zoom's API
)

forgotten_run = make_table(  # how many runs of a job are deleted as earlier rounds, by the five minutes of their begin
    "forgotten_run",
    Column("at", Moment, primary_key=True),
    Column("job", String(100), primary_key=True),
    Column("outcome", String(10), primary_key=True),
    Column("held", Integer, nullable=False),
)

tick = make_table(  # one fire time of a schedule, which took place once
    "tick",
    Column("schedule", String(100), primary_key=True),
    Column("fire_time", Moment, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
)

schedule_setting = make_table(  # an operator's changes to a schedule
    "schedule_setting",
    Column("schedule", String(100), primary_key=True),
    Column("paused", Boolean, nullable=False, server_default=text("false")),
    Column("every_s", Integer),  # with the cron line NULL, too: the turns of the job file
    Column("cron", String(200)),
    Column("zone", String(100)),  # of the cron line
    Column("at", Moment, nullable=False),
    Column("paused_at", Moment),  # with the two below: of the pause, while there is one
    Column("paused_by", String(200)),
    Column("pause_note", Text),
)

alert = make_table(  # a condition that an operator must know of: raised once while it lasts, kept when it is over
    "alert",
    make_serial(),
    Column("key", String(400), nullable=False),  # of the condition: at most one alert of a key is open
    Column("kind", String(50), nullable=False, index=True),
    Column("subject", String(320)),
    Column("account", String(100)),
    Column("sentence", Told, nullable=False),
    Column("severity", String(10), nullable=False, server_default="warning"),  # info | warning | critical
    Column("cause", Text, nullable=False, server_default=""),  # alerts of one kind, account and cause are one problem
    Column("raised_at", Moment, nullable=False),
    Column("cleared_at", Moment, index=True),
    Column("dismissed", Boolean, nullable=False, server_default=text("false")),  # it stays away while its cause lasts
    make_partial_index("ix_alert_problem", "kind", "account", where="cleared_at IS NULL"),
    make_partial_index("uq_alert_open", "key", where="cleared_at IS NULL", unique=True),
    make_partial_index("ix_alert_dismissed", "key", where="dismissed"),
)

refusal = make_table(  # how often clients were refused something, for the watch; of the last hours
    "refusal",
    Column("at", Moment, primary_key=True),  # begin of the minute
    Column("kind", String(30), primary_key=True),  # of `RefusalKind`
    Column("network", String(100), primary_key=True),  # "": all those that are not named
    Column("refused", BigInteger, nullable=False),
)

configuration = make_table(  # what each running process has of the configuration files
    "configuration",
    Column("process", String(200), primary_key=True),
    Column("part", String(10), nullable=False),  # all | web | worker | scheduler
    Column("read_at", Moment, nullable=False),  # when it took in what it has
    Column("seen_at", Moment, nullable=False),  # its latest sign of life
    Column("items", JSON, nullable=False),  # of a secret only a keyed fingerprint
    Column("refused", Text),  # why the files as they are now were not taken in
)

meta = make_table(  # small facts of the installation, such as a check value of the secret key
    "meta",
    Column("name", String(100), primary_key=True),
    Column("value", Text, nullable=False),
)
