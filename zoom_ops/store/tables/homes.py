"""Tables of homes: what was read of their records, and which of our links stand there."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Text, false, true

from .base import Moment, make_event_id, make_table

home_pull = make_table(  # how far the reading of a home has come
    "home_pull",
    Column("home", String(100), primary_key=True),  # the name of its file
    Column("cursor", Text, nullable=False, server_default=""),  # the home's own; empty: everything is read again
    Column("tried_at", Moment),  # the latest pull
    Column("pulled_at", Moment),  # the latest that came to its end
    Column("failing_since", Moment),  # the first of the pulls that failed since then
    Column("failure", Text),  # of the latest pull, in a sentence
    Column("listed", Integer, nullable=False, server_default="0"),  # records of the latest pull that came to its end
    Column("changed", Integer, nullable=False, server_default="0"),  # of those, records that were read
    Column("took_ms", Integer),
    Column("read_by", String(64), nullable=False, server_default=""),  # a digest of the settings that it was read by
    Column("system", Text, nullable=False, server_default=""),  # kind and address from which its records came
    Column("source", String(64), nullable=False, server_default=""),  # a digest of what its file says of its records
    Column("configured", Boolean, nullable=False, server_default=true()),  # whether it has a file
)

home_record = make_table(  # an event record of a home, and the event that it is here
    "home_record",
    Column("home", String(100), primary_key=True),
    Column("record", String(300), primary_key=True),  # the home's own id
    # NULL: it is no event here, or was deleted here; a record that was deleted here is not taken again
    Column("event_id", String(100), ForeignKey("event.id", ondelete="SET NULL"), index=True),
    Column("url", Text, nullable=False, server_default=""),  # its page in the home
    Column("fingerprint", String(64), nullable=False, server_default=""),  # of what people wrote in it, as last read
    Column("document", JSON(none_as_null=True)),  # the Event JSON that it said when it was last read
    Column("state", String(10), nullable=False),  # taken | left_out | wrong | deleted (here)
    Column("reason", Text),  # why it is not taken
    Column("webinar_id", String(20)),  # of the webinar that the home made for it
    Column("read_at", Moment, nullable=False),
    Column("missed_at", Moment),  # since when the home does not list it, while nobody has looked whether it is gone
    Column("gone_at", Moment),  # since when the home has it no more
    Index("ix_home_record_state", "state", "home", "gone_at"),  # how many there are, without documents
)

home_entry = make_table(  # a link of ours in a record of a home
    "home_entry",
    Column("home", String(100), primary_key=True),
    Column("record", String(300), primary_key=True),
    Column("key", String(100), primary_key=True),  # the recording's uuid
    make_event_id(index=True),
    Column("part", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("visibility", String(10), nullable=False),
    Column("written", JSON(none_as_null=True)),  # as the home showed it after our latest write; NULL: it was taken back
    Column("seen", JSON(none_as_null=True)),  # as the home showed it when it was last looked at; NULL: it did not
    Column("written_at", Moment),
    Column("seen_at", Moment, nullable=False),
    Column("left_alone", Boolean, nullable=False, server_default=false()),  # an operator leaves it as people changed it
)
