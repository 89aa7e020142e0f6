"""Indico's forms of a link and of a folder: what stands in them now, and what is sent back.

Indico has no API to write. Its forms come as JSON with a page in it, and an edit that leaves a field out resets it: a
form without `protected` makes a protected link public. So every field of a form is sent back.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from ..answers import Answer
from ..errors import FormChangedError, MissingRightError, StrangeAnswerError
from ..values import as_line

LINK = ("title", "link_url", "folder", "protected")
EDITED_LINK = (*LINK, "description")
FOLDER = ("title", "description", "protected", "is_always_visible")
NO_FOLDER = "__None"
_LONGEST_REASON = 100
_LONGEST_PAGE = 200_000  # characters; a form has 10,000
_SIGNATURE = re.compile(r"^(User:\d+):.*")  # which Indico gives a person's identifier for forms
_LEFT_OUT = ("submit", "button", "image", "file", "reset")
_CSRF = "csrf_token"  # not asked for where a token proves who we are


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form as Indico shows it. `values`: what a browser would send; `names`: all fields, unchecked boxes too."""

    values: Mapping[str, str]
    names: tuple[str, ...]
    folders: Mapping[str, str]  # the title of each folder that can be chosen → its id

    @property
    def is_protected(self) -> bool:
        """Whether the link itself is protected, whatever its event is."""
        return "protected" in self.values

    @property
    def groups(self) -> tuple[str, ...]:
        """Who may open it, such as `Group::1`, in an order that stays: Indico keeps them as a set."""
        written = self.values.get("acl", "[]")
        try:
            names = json.loads(written)
        except (ValueError, RecursionError):
            return (written,)
        if not isinstance(names, list):
            return (written,)
        return tuple(sorted(_SIGNATURE.sub(r"\1", str(name)) for name in names))

    def filled(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return what to send. Each field has our value, or else that which it has now."""
        sent = {**self.values, **values}
        if "protected" not in values:
            sent.pop("protected", None)
            sent.pop("acl", None)
        return sent


def read_form(answer: Answer, needed: tuple[str, ...], *, with_groups: bool) -> Form:
    """Read a form. Raise FormChangedError if a field that we fill is missing, before anything is written.

    Raises MissingRightError where we may not choose the groups.
    """
    page = answer.json_object().get("html")
    if not isinstance(page, str) or len(page) > _LONGEST_PAGE:
        page = ""
    form = BeautifulSoup(page, "html.parser").find("form")
    if form is None:
        raise FormChangedError(f"{answer.where}: Indico shows no form where it had one: is its version 3.3?")
    fields = tuple(field for field in form.find_all(("input", "textarea", "select")) if _is_sent(field))
    names = tuple(dict.fromkeys(str(field["name"]) for field in fields))
    _check_names(answer.where, names, needed, with_groups=with_groups)
    values = {str(field["name"]): value for field in fields if (value := _value(field)) is not None}
    return Form(values=values, names=names, folders=_folders(form))


def check_success(answer: Answer) -> None:
    """Raise FormChangedError for a form that Indico refused, which it does with HTTP 200, naming the field."""
    said = answer.json_object()
    if said.get("success") is True:
        return
    page = said.get("html")
    if not isinstance(page, str) or len(page) > _LONGEST_PAGE:
        raise StrangeAnswerError(f"{answer.where} does not say whether the change was made.")
    wrong = BeautifulSoup(page, "html.parser").select_one("[data-error]")
    if wrong is None:
        raise FormChangedError(f"{answer.where}: Indico did not take its form, and does not say why.")
    field = wrong.find(("input", "textarea", "select"))
    name = field.get("name") if field else None
    reason = BeautifulSoup(str(wrong["data-error"]), "html.parser").get_text(" ", strip=True)
    words = f"Indico did not take the field {as_line(name or '?', 40)} of its form: {as_line(reason, _LONGEST_REASON)}"
    raise FormChangedError(f"{answer.where}: {words}")


def _check_names(where: str, names: tuple[str, ...], needed: tuple[str, ...], *, with_groups: bool) -> None:
    for name in needed:
        if name not in names:
            raise FormChangedError(
                f"{where}: Indico's form has no field {name} any more, so nothing was written. Was it upgraded?"
            )
    if with_groups and "acl" not in names:
        raise MissingRightError(
            f"{where}: Indico lets only managers of an event choose groups (its ALLOW_PUBLIC_USER_SEARCH is off):"
            " give the token's user full management rights."
        )


def _is_sent(field: Tag) -> bool:
    name, kind = field.get("name"), str(field.get("type", "")).lower()
    return bool(name) and name != _CSRF and kind not in _LEFT_OUT


def _value(field: Tag) -> str | None:
    """Return what a browser would send for a field; None: nothing."""
    if field.name == "textarea":
        text = field.get_text()
        return text.removeprefix("\r\n") if text.startswith("\r\n") else text.removeprefix("\n")
    if field.name == "select":
        options = field.find_all("option")
        chosen = next((option for option in options if option.has_attr("selected")), options[0] if options else None)
        return None if chosen is None else str(chosen.get("value", chosen.get_text(strip=True)))
    if str(field.get("type", "")).lower() in ("checkbox", "radio"):
        return str(field.get("value", "on")) if field.has_attr("checked") else None
    return str(field.get("value", ""))


def _folders(form: Tag) -> Mapping[str, str]:
    select = form.find("select", attrs={"name": "folder"})
    options = select.find_all("option") if select else ()
    return {option.get_text(strip=True): str(option["value"]) for option in options if option.get("value")}
