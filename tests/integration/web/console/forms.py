"""The event form as a browser without script sends it: what stands in it, and one of its buttons."""

from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from requests import Response

from tests.web_site import Visitor


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form as it stands on a page."""

    action: str
    fields: dict[str, str]
    page: BeautifulSoup

    def errors(self) -> dict[str, str]:
        """Return the errors beside the fields."""
        return {str(each["id"]).removesuffix("-error"): each.get_text() for each in self.page.select("p.error")}

    def told(self) -> list[str]:
        """Return what the page tells in lists."""
        return [each.get_text(" ", strip=True) for each in self.page.select("ul.told li")]

    def send(self, visitor: Visitor, do: str, **typed: str) -> Response:
        """Type into the form and press a button."""
        typed = {name.replace("__", "-"): text for name, text in typed.items()}
        return visitor.post(self.action, data={**self.fields, **typed, "do": do})


def open_form(answer: Response) -> Form:
    """Return the form with the most fields of a page."""
    page = BeautifulSoup(answer.text, "html.parser")
    forms = [form for form in page.select("main form") if form.get("method") == "post"]
    assert forms, page.get_text(" ", strip=True)
    form = max(forms, key=lambda each: len(each.select("[name]")))
    return Form(action=str(form["action"]), fields=dict(filter(None, map(_field, form.select("[name]")))), page=page)


def press(form: Form, visitor: Visitor, do: str, **typed: str) -> Form:
    """Type, press a button, and return the form that is shown next."""
    return open_form(form.send(visitor, do, **typed))


def _field(tag: Tag) -> tuple[str, str] | None:
    name, kind = str(tag["name"]), tag.get("type")
    if tag.name == "select":
        chosen = tag.select_one("option[selected]")
        return name, str(chosen["value"]) if chosen else ""
    if tag.name == "textarea":
        return name, tag.get_text().removeprefix("\n")
    if tag.name == "button" or (kind in ("radio", "checkbox") and not tag.has_attr("checked")):
        return None
    return name, str(tag.get("value", ""))
