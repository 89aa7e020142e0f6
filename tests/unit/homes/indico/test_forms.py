"""Indico's forms: everything is sent back, and a form that has changed is noticed before anything is written."""

import json
from pathlib import Path

import pytest

from zoom_ops.errors import ParkedError
from zoom_ops.homes import Answer, FormChangedError, MissingRightError, StrangeAnswerError
from zoom_ops.homes.indico.forms import EDITED_LINK, Form, check_success, read_form

_FORM = (Path(__file__).parent / "recorded" / "link-form.html").read_text("utf-8")  # of Indico 3.3.14


def _answer(**said: object) -> Answer:
    return Answer(status=200, headers={}, body=json.dumps(said).encode(), where="ungis")


def _read(html: str) -> Form:
    return read_form(_answer(html=html, js=[]), EDITED_LINK, with_groups=True)


def test_form_tells_what_stands_in_it() -> None:
    form = _read(_FORM)

    assert form.is_protected
    assert form.groups == ("Group::1",)
    assert form.folders == {"No folder selected": "__None"}
    assert form.values == {
        "link_url": "https://files.example.org/minutes",
        "title": "Minutes",
        "description": "",
        "folder": "__None",
        "protected": "y",
        "acl": '["Group::1"]',
    }


@pytest.mark.parametrize(
    ("written", "groups"),
    [
        ('["Group::2", "Group::1"]', ("Group::1", "Group::2")),
        ('["User:3:Mw.abc-_", "Group:ldap:water"]', ("Group:ldap:water", "User:3")),
        ("no list", ("no list",)),
    ],
)
def test_groups_have_an_order_and_no_signature(written: str, groups: tuple[str, ...]) -> None:
    assert Form(values={"acl": written}, names=(), folders={}).groups == groups


def test_every_field_is_sent_also_one_that_we_do_not_know() -> None:
    form = _read(_FORM.replace("</form>", '<input name="licence" value="CC-BY"></form>'))

    sent = form.filled({"title": "Recording", "protected": "y", "acl": "[]"})

    assert sent == {**form.values, "title": "Recording", "acl": "[]"}
    assert sent["licence"] == "CC-BY"


def test_link_is_public_only_where_that_is_what_we_send() -> None:
    assert "protected" not in _read(_FORM).filled({"title": "Recording"})


@pytest.mark.parametrize("name", EDITED_LINK)
def test_field_that_is_missing_is_named_and_nothing_is_written(name: str) -> None:
    with pytest.raises(FormChangedError, match=f"no field {name} any more, so nothing was written"):
        _read(_FORM.replace(f'name="{name}"', 'name="renamed"'))


def test_missing_list_of_groups_is_a_right_that_is_missing() -> None:
    with pytest.raises(MissingRightError, match="full management rights"):
        _read(_FORM.replace('name="acl"', 'name="renamed"'))


@pytest.mark.parametrize(
    ("said", "error", "sentence"),
    [
        (
            {"html": '<form><div data-error="<ul><li>Invalid URL.</li></ul>"><input name="link_url"></div></form>'},
            FormChangedError,
            "field link_url of its form: Invalid URL.",
        ),
        ({"html": "<form></form>"}, FormChangedError, "does not say why"),
        ({"success": "yes"}, StrangeAnswerError, "does not say whether"),
        ({}, StrangeAnswerError, "does not say whether"),
    ],
)
def test_success_is_only_what_says_so(said: dict[str, object], error: type[ParkedError], sentence: str) -> None:
    check_success(_answer(success=True))

    with pytest.raises(error, match=sentence):
        check_success(_answer(**said))
