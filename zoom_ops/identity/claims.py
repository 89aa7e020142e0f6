"""What a provider's claims make of somebody here: role, groups, name; pure, and never more than the rules say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..events import clean_line
from .users import fold_login, tidy_groups

ANYBODY = "*"
_LONGEST_NAME = 200


@dataclass(frozen=True, kw_only=True)
class ClaimRules:
    """Which claims say what; a claim is named by its name, or by a dotted path into one."""

    role_claim: str
    member_values: tuple[str, ...] = ()
    operator_values: tuple[str, ...] = ()
    admin_values: tuple[str, ...] = ()
    groups_claim: str
    login_claim: str

    @property
    def wanted(self) -> tuple[str, ...]:
        """The claims without which nothing can be said, by their first name."""
        named = (self.role_claim, self.groups_claim, self.login_claim)
        return tuple(dict.fromkeys(name if "://" in name else name.partition(".")[0] for name in named))


def read_role(claims: Mapping[str, Any], rules: ClaimRules) -> str:
    """Read the role that the claims give: the highest of those whose values are among them, else a visitor's."""
    held = set(read_texts(claims, rules.role_claim))
    if held & set(rules.admin_values):
        return "admin"
    if held & set(rules.operator_values):
        return "operator"
    return "member" if ANYBODY in rules.member_values or held & set(rules.member_values) else "visitor"


def read_groups(claims: Mapping[str, Any], rules: ClaimRules) -> list[str]:
    """Read the groups that the claims name."""
    return tidy_groups(clean_line(text) for text in read_texts(claims, rules.groups_claim))


def read_login(claims: Mapping[str, Any], rules: ClaimRules) -> str:
    """Read the name for the audit: the claim for it, else the e-mail address, else the provider's number."""
    for claim in (rules.login_claim, "email", "sub"):
        if login := fold_login(clean_line("".join(read_texts(claims, claim)[:1]))):
            return login
    return "somebody"


def read_name(claims: Mapping[str, Any], login: str) -> str:
    """Read the name that the pages show."""
    return clean_line("".join(read_texts(claims, "name")[:1]))[:_LONGEST_NAME] or login


def read_texts(claims: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Read a claim that is a text or a list of texts; anything else says nothing."""
    value: Any = claims.get(name)
    if value is None:
        value = claims
        for step in name.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
    values = value if isinstance(value, list) else [value]
    return tuple(text for text in values if isinstance(text, str))
