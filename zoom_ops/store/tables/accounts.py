"""Tables of the Zoom accounts: tokens, stops, rate limits, hosts."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Integer, LargeBinary, String, Text

from .base import Moment, make_table

token = make_table(  # one Zoom access token per (account, client), shared by all processes
    "token",
    Column("account", String(100), primary_key=True),
    Column("client_id", String(200), primary_key=True),
    Column("access_token", LargeBinary, nullable=False),  # encrypted
    Column("scopes", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("fingerprint", String(64), server_default="", nullable=False),  # of the credentials that it was issued for
)

account_stop = make_table(  # an account, or one verb of it, that may not call Zoom: the circuit breaker, and pauses
    "account_stop",
    Column("account", String(100), primary_key=True),
    Column("verb", String(50), primary_key=True),  # empty: every call
    Column("state", String(10), nullable=False),  # stopped | working
    Column("cause", String(20), nullable=False),  # credentials | scopes | errors; paused: never stopped so far
    Column("sentence", Text, nullable=False),
    Column("since", Moment, nullable=False),  # of the state
    Column("fingerprint", String(64), nullable=False),  # of what Zoom refused; other credentials justify a trial call
    Column("retry_at", Moment),  # when one trial call is allowed; NULL: not automatically
    Column("trials", Integer, nullable=False, server_default="0"),  # failed ones in a row
    Column("after_call", BigInteger, nullable=False, server_default="0"),  # calls up to this number no longer count
    Column("paused_at", Moment),  # an operator has paused the account, whatever its state; NULL: no pause
    Column("paused_by", String(200)),
    Column("pause_note", Text),
)

budget = make_table(  # GCRA reservation per (account, rate-limit label)
    "budget",
    Column("account", String(100), primary_key=True),
    Column("label", String(30), primary_key=True),
    Column("free_at", Moment, nullable=False),  # theoretical arrival time of the next call
    Column("held_until", Moment),  # after a 429
    Column("passed", JSON),  # send times of the calls of the last second, in seconds since 1970 (PostgreSQL only)
)

host_day = make_table(  # creates and updates of a host per UTC day; Zoom allows 100
    "host_day",
    Column("account", String(100), primary_key=True),
    Column("host", String(320), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("used", Integer, nullable=False),
)

host = make_table(  # what Zoom reports about a host, cached for a day
    "host",
    Column("account", String(100), primary_key=True),
    Column("email", String(320), primary_key=True),
    Column("zoom_id", String(100), nullable=False),
    Column("licensed", Boolean, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("is_certain", Boolean),  # FALSE: not licensed, but Zoom names licences that we do not know
    Column("active", Boolean),  # FALSE: deactivated
    Column("licences", JSON),  # the names of its licences
    Column("listed_at", Moment),  # when its list of webinars was read
    Column("changed_at", Moment),  # when its list changed, as a notification said; a list read earlier is old
    Column("right_changed_at", Moment),  # when we saw that the host has lost or got back the right to record
    Column("cloud_recording", Boolean),  # whether the host may record to the cloud; NULL: Zoom did not say
)

cloud_storage = make_table(  # how much of an account's storage for cloud recordings is used, as Zoom last notified
    "cloud_storage",
    Column("account", String(100), primary_key=True),
    Column("used_percentage", Integer, nullable=False),
    Column("used", String(50), nullable=False),  # such as 9.6 GB; empty: Zoom did not say
    Column("told_at", Moment, nullable=False),  # when Zoom says that it was so
    Column("changed_at", Moment, nullable=False),  # when we heard that it became full, or that it has room again
)

account_fact = make_table(  # what is known of a Zoom account: from a rehearsal, or from a notification
    "account_fact",
    Column("account", String(100), primary_key=True),
    Column("name", String(50), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("at", Moment, nullable=False),
)
