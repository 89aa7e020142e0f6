"""Tables of the domain: events, people, webinars, recordings."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Text, UniqueConstraint

from .base import Moment, SearchWords, make_event_id, make_partial_index, make_serial, make_table

event = make_table(
    "event",
    Column("id", String(100), primary_key=True),
    Column("name", Text, nullable=False),
    Column("series", Text),
    Column("series_slug", String(100), index=True),  # in the addresses of the page and the feeds of the series
    Column("language", Text, index=True),
    Column("year", Integer, index=True),  # of the start, in the event's own time zone
    Column("recording_gate", Text, nullable=False, server_default="[]", index=True),  # as JSON: who may watch
    Column("start_at", Moment, nullable=False, index=True),
    Column("end_at", Moment, nullable=False, index=True),
    Column("visibility", String(10), nullable=False, server_default="listed"),  # draft | unlisted | listed
    Column("intended", String(10), nullable=False, server_default="listed"),  # visibility once nothing is in doubt
    Column("status", String(20), nullable=False),
    Column("account", String(100), index=True),
    Column("profile", String(100), nullable=False),
    Column("document", JSON, nullable=False),  # the Event JSON, as imported
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("before", JSON),  # the Event JSON before the latest edit, so that it can be undone
    Column("edited", Integer),  # the revision that this edit made
    Column("sequence", Integer, nullable=False, server_default="0"),  # number of changes of fields that calendars show
    Column("doubts", Integer, nullable=False, server_default="0"),  # review notes
    Column("unaddressed", Integer, nullable=False, server_default="0"),  # performers without an e-mail address
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index("ix_event_found", "id", "start_at", "end_at", "visibility"),  # what was found by its words, without documents
    Index("ix_event_listed", "end_at", "visibility", "start_at", "id"),  # the programme, without documents
    make_partial_index("ix_event_draft", "start_at", "id", where="visibility = 'draft'"),
)

event_text = make_table(  # the words of the full-text search; in SQLite the source of the index event_fts
    "event_text",
    make_serial(),
    make_event_id(unique=True),
    Column("words", SearchWords, nullable=False),
    Index("ix_event_text_found", "id", "event_id"),  # whose words they are, without the words
)

event_change = make_table(  # what happened to an event, in order: its timeline, and the signal for open pages
    "event_change",
    make_serial(),
    make_event_id(index=True),
    Column("at", Moment, nullable=False),
    Column("what", String(50), nullable=False),
    Column("sentence", Text, nullable=False),
)

event_origin = make_table(  # the name of an event at the place it comes from: a later import of it is the same event
    "event_origin",
    Column("origin", String(500), primary_key=True),
    make_event_id(index=True),
    Column("at", Moment, nullable=False),
)

picture = make_table(  # a picture, written anew by us
    "picture",
    make_serial(),
    Column("digest", String(32), nullable=False, unique=True),  # of its content
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("small", LargeBinary, nullable=False),
    Column("source", String(64), index=True),  # digest of the address from which it was fetched
    Column("author", String(200), index=True),  # the login of the author who sent it first; NULL: operators, files
    Column("at", Moment, nullable=False),  # when it was last sent or fetched
)

event_picture = make_table(  # a picture that an event shows
    "event_picture",
    make_event_id(key=True),
    Column("digest", String(32), primary_key=True, index=True),
    Column("revision", Integer, nullable=False),  # the latest of the event that shows it
)

approval = make_table(  # a review note that an operator has accepted; an import does not raise it again
    "approval",
    make_event_id(key=True),
    Column("field", String(50), primary_key=True),
    Column("text_hash", String(64), primary_key=True),
    Column("approved_by", String(200), nullable=False),
    Column("at", Moment, nullable=False),
)

withheld = make_table(  # a recording that an operator withholds: withdrawn from the record, and not published again
    "withheld",
    make_event_id(key=True),
    Column("recording_uuid", String(100), primary_key=True),
    Column("by", String(200), nullable=False),
    Column("at", Moment, nullable=False),
)

contact = make_table(  # the address book
    "contact",
    make_serial(),
    Column("name", Text, nullable=False),
    Column("name_key", String(300), nullable=False, index=True),
    Column("organization", Text),
    Column("email", String(320), nullable=False, unique=True),
    Column("updated_at", Moment, nullable=False),
)

binding = make_table(  # the fact that event E has webinar W of account A, and the last known state of the webinar
    "binding",
    make_event_id(key=True),
    Column("account", String(100), nullable=False),
    Column("host", String(320), nullable=False),
    Column("webinar_id", BigInteger, nullable=False, index=True),
    Column("uuid", String(100), nullable=False),
    Column("known", JSON, nullable=False),  # topic, agenda, start, duration, timezone, settings as last read from Zoom
    Column("asked", JSON, nullable=False),  # the same fields as last requested by us; a difference is drift
    Column("join_url", LargeBinary),  # encrypted: it holds the passcode
    Column("registration_url", LargeBinary),  # encrypted
    Column("passcode", LargeBinary),  # encrypted
    Column("refused", JSON, nullable=False),  # {field: desired value} that Zoom accepted and silently dropped
    Column("origin", String(10), nullable=False),  # created | adopted | home
    Column("state", String(10), nullable=False),  # bound | cancelled | gone
    Column("known_at", Moment, nullable=False),
    Column("recording_refused_at", Moment),  # when Zoom last dropped the auto_recording that we asked for
    Column("planned_revision", Integer, nullable=False, server_default="0"),  # of the event: the webinar follows it
    Column("seated_revision", Integer, nullable=False, server_default="0"),  # of the event: the panelists follow it
    Column("move_to", String(320)),  # the host to which an operator moves the event
    Column("left_webinar_id", BigInteger),  # of the host before, when the event has moved: it is still to be deleted
    Column("left_host", String(320)),
    Column("refused_seats", JSON),  # {address: {name, reason, full_at}} of those whom Zoom refused as panelists
    Column("held", String(10)),  # held | never | gone: what Zoom said of the webinar when it was asked after the event
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("account", "webinar_id"),
    Index("ix_binding_host", "account", "host"),
    make_partial_index(
        "ix_binding_refused",
        "account",
        "host",
        "state",
        "recording_refused_at",
        where="recording_refused_at IS NOT NULL",
    ),
)

unbound_webinar = make_table(  # a webinar at Zoom that belongs to no event, as it was last read
    "unbound_webinar",
    Column("account", String(100), primary_key=True),
    Column("webinar_id", BigInteger, primary_key=True),
    Column("host", String(320), nullable=False),
    Column("shown", String(64), nullable=False),  # digest of its agenda in the host's list at that time
    Column("event_id", String(100), index=True),  # event in its marker, which may not exist; NULL: no marker of ours
    Index("ix_unbound_webinar_host", "account", "host"),
)

foreign_webinar = make_table(  # a webinar that somebody else made on a host of ours
    "foreign_webinar",
    Column("account", String(100), primary_key=True),
    Column("webinar_id", BigInteger, primary_key=True),
    Column("host", String(320), nullable=False),
    Column("topic", Text, nullable=False),
    Column("kind", Integer, nullable=False),  # 5: once, 6: without a fixed time, 9: a series
    Column("shown", Text, nullable=False),  # its dates in the host's list
    Column("times", JSON, nullable=False),  # [[start, end], …]
    Column("first_at", Moment),
    Column("last_at", Moment),
    Index("ix_foreign_webinar_host", "account", "host"),
)

booking = make_table(  # a host's time, reserved before the webinar is created, so that two events never share it
    "booking",
    make_event_id(key=True),
    Column("account", String(100), nullable=False),
    Column("host", String(320), nullable=False),
    Column("start_at", Moment, nullable=False),
    Column("end_at", Moment, nullable=False),
    Index("ix_booking_host", "account", "host", "start_at"),
    Index("ix_booking_end", "account", "end_at"),
)

seat = make_table(  # a panelist of a bound webinar; we only remove panelists that we added
    "seat",
    make_event_id(key=True),
    Column("email", String(320), primary_key=True),
    Column("name", Text, nullable=False),
    Column("panelist_id", String(100)),
    Column("join_url", LargeBinary),  # encrypted
    Column("ours", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Column("resend", Boolean),  # the panelist is to be removed and added again, for a new invitation
)

instance = make_table(  # one time that a bound webinar was held
    "instance",
    Column("uuid", String(100), primary_key=True),
    make_event_id(index=True),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("practice", Boolean, nullable=False),
    make_partial_index("ix_instance_live", "started_at", where="ended_at IS NULL"),
)

recording = make_table(
    "recording",
    Column("uuid", String(100), primary_key=True),  # of its instance
    make_event_id(index=True),
    Column("started_at", Moment),
    Column("duration", Integer, nullable=False),  # minutes
    Column("state", String(20), nullable=False),  # processing | completed | trashed | deleted | gone
    Column("share_url", LargeBinary),  # encrypted: the link alone is enough to watch
    Column("passcode", LargeBinary),  # encrypted
    Column("play_passcode", LargeBinary),  # encrypted
    Column("files", JSON, nullable=False),  # each play_url encrypted
    Column("storage", Text),  # the name of the owner's own storage, if the files lie there
    Column("fetched_at", Moment, nullable=False, index=True),
    Column("auto_delete", Boolean),  # whether Zoom deletes it by itself; NULL: Zoom has not said
    Column("auto_delete_date", String(10), index=True),  # the day on which it does, such as 2040-05-30
    Column("sharing", JSON(none_as_null=True)),  # who may open it, as Zoom last said; NULL: Zoom has not said yet
    Column("sharing_failure", Text),  # why the latest question about it had no answer
    Column("sharing_asked_at", Moment),
)

publication = make_table(  # event ↔ recording ↔ entry at the home
    "publication",
    make_event_id(key=True),
    Column("recording_uuid", String(100), primary_key=True),
    Column("part", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("visibility", String(10), nullable=False),
    Column("state", String(10), nullable=False),  # published | withdrawn
    Column("external_id", String(200)),
    Column("published_at", Moment, nullable=False, index=True),
    Column("first_at", Moment, index=True),  # when its first link was published; never changes
    Column("first_after_ms", BigInteger),  # since Zoom's first notification; NULL: none came before
    Column("look_at", Moment),  # when Zoom is asked whether it still has it; NULL: a week after the publication
    Column("missing_since", Moment),  # the first look that did not find it; a later one confirms
    make_partial_index("ix_publication_look", "look_at", "published_at", where="state = 'published'"),
)

notification = make_table(
    "notification",
    make_serial(),
    Column("account", String(100), nullable=False),
    Column("request_id", String(200), index=True),
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
)
