"""Role, groups, login and name of a user from a provider's claims: pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..events import clean_line
from .users import fold_login, tidy_groups

ANYBODY = "*"
_LONGEST_NAME = 200


@dataclass(frozen=True, kw_only=True)
class ClaimRules:
    """The rules that map claims to a role, groups and a login.

    A claim is given by its name or by a dotted path into it. No user gets more than these rules grant.
    """

    role_claim: str
    member_values: tuple[str, ...] = ()
    author_values: tuple[str, ...] = ()
    operator_values: tuple[str, ...] = ()
    admin_values: tuple[str, ...] = ()
    groups_claim: str
    login_claim: str

    @property
    def wanted(self) -> tuple[str, ...]:
        """The top-level names of the claims that the rules need, each once. A URL is a name, not a dotted path."""
        claims = (self.role_claim, self.groups_claim, self.login_claim)
        return tuple(dict.fromkeys(name if "://" in name else name.partition(".")[0] for name in claims))


def read_columns(claims: Mapping[str, Any], rules: ClaimRules, login: str) -> dict[str, Any]:
    """Return name, role and groups of a user, as the database has them. The name falls back to the login."""
    return {
        "name": clean_line("".join(_read_texts(claims, "name")[:1]))[:_LONGEST_NAME] or login,
        "role": _read_role(claims, rules),
        "groups": tidy_groups(clean_line(text) for text in _read_texts(claims, rules.groups_claim)),
    }


def _read_role(claims: Mapping[str, Any], rules: ClaimRules) -> str:
    """Return the highest role whose values are among those of the role claim, or "visitor"."""
    values = set(_read_texts(claims, rules.role_claim))
    if values & set(rules.admin_values):
        return "admin"
    if values & set(rules.operator_values):
        return "operator"
    if values & set(rules.author_values):
        return "author"
    return "member" if ANYBODY in rules.member_values or values & set(rules.member_values) else "visitor"


def read_login(claims: Mapping[str, Any], rules: ClaimRules) -> str:
    """Return the login, which the audit shows: the configured claim, else `email`, else `sub`."""
    for claim in (rules.login_claim, "email", "sub"):
        if login := fold_login(clean_line("".join(_read_texts(claims, claim)[:1]))):
            return login
    return "somebody"


def _read_texts(claims: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return the texts of a claim that is a text or a list. Values of other types are ignored."""
    value: Any = claims.get(name)
    if value is None:
        value = claims
        for step in name.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
    values = value if isinstance(value, list) else [value]
    return tuple(text for text in values if isinstance(text, str))
