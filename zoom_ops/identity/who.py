"""The authenticated caller: a signed-in user, or a script with its token."""

from dataclasses import dataclass, field
from datetime import datetime

from ..access import OPERATOR, VISITOR, Reader
from ..store.audit import Actor, How
from ..store.identity.sessions import SignedIn
from ..store.identity.tokens import ApiToken
from .second_factor import needs_second_factor
from .tokens import Scope

_SEES_ALL = (Scope.EVENTS_READ_ALL, Scope.EVENTS_WRITE)  # a script that replaces an event must read all of it


@dataclass(frozen=True, kw_only=True)
class Who:
    """An authenticated caller. `reader` decides what they may see; it holds no identity."""

    login: str
    name: str
    reader: Reader
    how: How
    session: str | None = field(default=None, repr=False)  # digest of the session's secret
    scopes: tuple[Scope, ...] = ()  # of a token, or of an author
    ends_at: datetime | None = None  # of a session: it ends then, however active its user is
    proven_at: datetime | None = None  # when the user of a session last proved who they are
    second_factor: bool = False  # whether their user has one
    lacks_second_factor: bool = False  # so they read as a member, whatever their role, until they add one

    @property
    def publishes(self) -> bool:
        """Whether what they write is published. An author, and a token for drafts only, write drafts."""
        return Scope.EVENTS_DRAFT not in self.scopes or Scope.EVENTS_WRITE in self.scopes

    @property
    def is_author(self) -> bool:
        """Whether they write drafts, and see of the console what is about drafts."""
        return self.reader.reads_drafts and not self.reader.operates

    def at(self, address: str | None) -> Actor:
        """Return the caller as an actor for the audit, with their network address."""
        return Actor(name=self.login, how=self.how, address=address, publishes=self.publishes)


def who_is(session: SignedIn, *, ends_at: datetime, second_factor_required: bool = False) -> Who:
    """Build the caller of a session. An unknown role reads as a visitor, without groups.

    An author is a member who may also write drafts. Whoever lacks a second factor that is required reads as a member.
    """
    scopes: tuple[Scope, ...] = ()
    lacks = needs_second_factor(
        session.role, session.how, required=second_factor_required, has_one=session.second_factor
    )
    match "member" if lacks else session.role:
        case "author":
            reader = Reader(role="member", groups=tuple(sorted(set(session.groups))), drafts=True)
            scopes = (Scope.EVENTS_DRAFT,)
        case "member" | "operator" | "admin" as role:
            reader = Reader(role=role, groups=tuple(sorted(set(session.groups))))
        case _:
            reader = VISITOR
    return Who(
        login=session.login,
        name=session.name,
        reader=reader,
        how=session.how,
        session=session.digest,
        scopes=scopes,
        ends_at=ends_at,
        proven_at=session.proven_at,
        second_factor=session.second_factor,
        lacks_second_factor=lacks,
    )


def who_holds(token: ApiToken) -> Who:
    """Build the caller of a token. It reads what visitors read, unless a scope grants more."""
    scopes = tuple(scope for scope in Scope if scope in token.scopes)
    reader = VISITOR if Scope.EVENTS_DRAFT not in scopes else Reader(drafts=True)
    reader = OPERATOR if any(scope in _SEES_ALL for scope in scopes) else reader
    return Who(login=token.name, name=token.name, reader=reader, how="token", scopes=scopes)
