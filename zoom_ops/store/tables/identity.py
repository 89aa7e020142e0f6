"""Tables of identity: users, sessions, API tokens, the audit, login rates."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)

from .base import Moment, make_serial, make_table

site_user = make_table(  # a person who can sign in here; users of Zoom are in `host`
    "site_user",
    make_serial(),
    Column("login", String(200), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("issuer", String(400)),  # where the person signs in through OpenID Connect
    Column("subject", String(255)),  # the issuer's permanent id of this person
    Column("password_hash", Text),
    Column("role", String(20), nullable=False),
    Column("groups", JSON, nullable=False),
    Column("blocked", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", Moment, nullable=False),
    Column("signed_in_at", Moment),
    UniqueConstraint("issuer", "subject"),
)

session = make_table(
    "session",
    Column("digest", String(64), primary_key=True),  # of the secret in the browser's cookie
    Column("user_id", BigInteger, ForeignKey("site_user.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("how", String(20), nullable=False),  # session (signed in by password) | oidc
    Column("address", String(100)),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("proven_at", Moment),  # when the user last proved who they are; NULL: nobody knows
    Column("ends_at", Moment, nullable=False, index=True),  # however much it is used
    Column("provider_sid", String(255), index=True),  # the provider's id of its own session, where it gives one
)

second_factor = make_table(  # an authenticator app of a user who signs in with a password
    "second_factor",
    Column("user_id", BigInteger, ForeignKey("site_user.id", ondelete="CASCADE"), primary_key=True),
    Column("sealed_secret", LargeBinary, nullable=False),  # from which the codes are made (RFC 6238)
    Column("step", BigInteger, nullable=False),  # the latest time step whose code was used: no code is used twice
    Column("added_at", Moment, nullable=False),
)

recovery_code = make_table(  # a code that stands in for the authenticator app once; a used one is deleted
    "recovery_code",
    Column("digest", String(64), primary_key=True),  # keyed, so a copied database reveals no code
    Column("user_id", BigInteger, ForeignKey("site_user.id", ondelete="CASCADE"), nullable=False, index=True),
)

api_token = make_table(
    "api_token",
    make_serial(),
    Column("name", String(100), nullable=False, unique=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("expires_at", Moment),
    Column("used_at", Moment),  # to the hour
)

audit = make_table(  # append-only: triggers refuse to change a row, and to delete one that is no refusal
    "audit",
    make_serial(),
    Column("at", Moment, nullable=False, index=True),
    Column("who", String(200), nullable=False),
    Column("how", String(20), nullable=False),  # session | oidc | token | command line
    Column("address", String(100)),
    Column("what", String(50), nullable=False, index=True),
    Column("subject_kind", String(20), nullable=False),
    Column("subject", String(320), nullable=False),
    Column("detail", JSON, nullable=False),
    Index("ix_audit_subject", "subject_kind", "subject", "id"),
    Index("ix_audit_what_at", "what", "at"),  # refusals are looked up at each one, and thrown away when they are old
)

kept_answer = make_table(  # to a request with an Idempotency-Key: whoever repeats it gets the same answer
    "kept_answer",
    make_serial(),
    Column("caller", String(250), nullable=False),
    Column("key", String(255), nullable=False),
    Column("fingerprint", String(64), nullable=False),  # of the request
    Column("at", Moment, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("sealed_body", LargeBinary, nullable=False),
    UniqueConstraint("caller", "key"),
)

pace = make_table(  # rate limit of attempts, such as to sign in
    "pace",
    Column("key", String(64), primary_key=True),  # a keyed digest: the user may have typed a password as the login
    Column("free_at", Moment, nullable=False, index=True),  # each attempt moves it further ahead
    Column("login", String(64), index=True),  # a keyed digest too; NULL: it counts attempts for all logins
)

known_network = make_table(  # from which a user has signed in with a password: strangers elsewhere cannot lock it out
    "known_network",
    Column("digest", String(64), primary_key=True),  # keyed, of login and network
    Column("user_id", BigInteger, ForeignKey("site_user.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("seen_at", Moment, nullable=False, index=True),
)
