"""Who is there: a person who is signed in, or a script with its token."""

from dataclasses import dataclass, field, replace

from ..access import OPERATOR, VISITOR, Reader
from ..store.audit import Actor, How
from ..store.identity.sessions import SignedIn
from ..store.identity.tokens import ApiToken
from .scopes import Scope

_SEES_ALL = (Scope.EVENTS_READ_ALL, Scope.EVENTS_WRITE)  # who replaces an event must have seen the whole of it


@dataclass(frozen=True, kw_only=True)
class Who:
    """Somebody we know, and what may be shown to him; who he is stands beside `reader`, and not in it."""

    login: str
    name: str
    reader: Reader
    how: How
    session: str | None = field(default=None, repr=False)  # its digest
    scopes: tuple[Scope, ...] = ()  # of a token

    def at(self, address: str | None) -> Actor:
        """Tell who does something, for the audit: with the address that he does it from."""
        return Actor(name=self.login, how=self.how, address=address)


def who_is(session: SignedIn) -> Who:
    """Tell who is signed in."""
    return Who(
        login=session.login,
        name=session.name,
        reader=make_reader(session.role, session.groups),
        how=session.how,
        session=session.digest,
    )


def who_holds(token: ApiToken) -> Who:
    """Tell which script holds a token; it reads what visitors read, unless a scope says more."""
    scopes = tuple(scope for scope in Scope if scope in token.scopes)
    reader = OPERATOR if any(scope in _SEES_ALL for scope in scopes) else VISITOR
    return Who(login=token.name, name=token.name, reader=reader, how="token", scopes=scopes)


def make_reader(role: str, groups: tuple[str, ...]) -> Reader:
    """Make the reader that a role and groups stand for; a role that we do not know is a visitor's."""
    reader = Reader(groups=tuple(sorted(set(groups))))
    match role:
        case "member" | "operator" | "admin":
            return replace(reader, role=role)
        case _:
            return Reader()
