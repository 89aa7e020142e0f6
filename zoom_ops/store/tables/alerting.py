"""Tables of the telling of operators: targets, what each was told, mutes, maintenance windows, messages."""

from sqlalchemy import Column, Integer, String, Text

from .base import Moment, make_partial_index, make_serial, make_table

alert_target = make_table(  # where operators are told: known by a digest of its address, which is nowhere stored
    "alert_target",
    Column("target", String(16), primary_key=True),
    Column("label", String(60), nullable=False),  # such as `slack #2`
    Column("since", Moment, nullable=False),
    Column("digest_at", Moment, nullable=False),  # of its latest daily digest
    Column("failing_since", Moment),  # NULL: it took the latest message
    Column("tried_at", Moment),
    Column("answer", Text),  # the latest result in a sentence, without parts of the address
)

problem_told = make_table(  # a problem that a target was told of, until it is told that it is over
    "problem_told",
    Column("problem", String(12), primary_key=True),
    Column("target", String(16), primary_key=True),
    Column("kind", String(50), nullable=False),
    Column("account", String(100)),
    Column("cause", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("severity", String(10), nullable=False),
    Column("since", Moment, nullable=False),
    Column("at", Moment, nullable=False),  # when it was told last
)

problem_mute = make_table(  # a problem that nobody is told of
    "problem_mute",
    Column("problem", String(12), primary_key=True),
    Column("kind", String(50), nullable=False),
    Column("account", String(100)),
    Column("cause", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("who", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("until", Moment),  # NULL: until a day after the problem is over
)

maintenance_window = make_table(  # while it lasts, operators are told nothing
    "maintenance_window",
    make_serial(),
    Column("begins", Moment, nullable=False),
    Column("ends", Moment, nullable=False, index=True),
    Column("note", Text, nullable=False),
    Column("account", String(100)),  # NULL: of the whole service
    Column("who", String(200), nullable=False),
)

operator_message = make_table(  # a message to one target: sent until it is taken or given up
    "operator_message",
    Column("id", String(40), primary_key=True),
    Column("target", String(16), nullable=False),
    Column("kind", String(10), nullable=False),  # begun | worse | still | over | several | digest
    Column("severity", String(10), nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("problem", String(16)),  # that it is about; NULL: several, or a digest
    Column("account", String(100)),  # of the problem
    Column("at", Moment, nullable=False, index=True),
    Column("state", String(10), nullable=False),  # waiting | taken | failed | skipped
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", Moment),
    Column("tried_at", Moment),
    Column("answer", Text),
    make_partial_index("ix_operator_message_waiting", "target", "next_at", where="state = 'waiting'"),
)
