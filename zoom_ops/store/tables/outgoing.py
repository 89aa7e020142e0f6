"""Tables of outgoing webhooks: messages and stopped webhooks."""

from sqlalchemy import Column, Index, Integer, String, Text

from .base import Moment, make_event_id, make_partial_index, make_table

delivery = make_table(  # a message to one webhook: written with the change, sent until taken or given up
    "delivery",
    Column("id", String(40), primary_key=True),  # of the message: receivers recognise a repetition by it
    Column("webhook", String(100), nullable=False),
    Column("kind", String(50), nullable=False),
    make_event_id(index=True),
    Column("recording_uuid", String(100), index=True),
    Column("at", Moment, nullable=False, index=True),  # when it happened
    Column("state", String(10), nullable=False),  # waiting | taken | failed | skipped
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", Moment),  # of the next attempt; NULL where there is none
    Column("tried_at", Moment),
    Column("status", Integer),  # HTTP status of the latest attempt; NULL: no answer
    Column("answer", Text),  # the same in a sentence
    # It finds the waiting messages among many that were taken.
    make_partial_index("ix_delivery_waiting", "webhook", "next_at", where="state = 'waiting'"),
    Index("ix_delivery_state", "webhook", "state"),
    Index("ix_delivery_tried", "webhook", "tried_at"),
)

webhook_stop = make_table(  # a webhook that answered 410: it gets nothing until it takes a test or its URL changes
    "webhook_stop",
    Column("webhook", String(100), primary_key=True),
    Column("url", Text, nullable=False),
    Column("since", Moment, nullable=False),
)
