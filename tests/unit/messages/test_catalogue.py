"""The catalogue of messages is whole: each kind is raised, its places fit, and each step has its place."""

import ast
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from tests.root import ROOT
from zoom_ops.messages import (
    KINDS,
    Message,
    Step,
    Value,
    as_said,
    command_of,
    load_message,
    message_json,
    store_message,
)
from zoom_ops.messages.catalogue import SUBJECTS
from zoom_ops.messages.english import SHARED
from zoom_ops.messages.message import Kind
from zoom_ops.messages.steps import STEPS
from zoom_ops.messages.stored import read_message
from zoom_ops.messages.template import Template, subject_of
from zoom_ops.web.told import PLACES, ConsoleWords

COMMAND_ONLY = {"db.backup", "db.upgrade", "doctor.run", "serve.start"}
"""Steps that the console does not have."""
STRANGE = "<b>Tides & “quotes” {braces}"
CODED = sorted(KINDS.keys() - {"said", "several"})


@cache
def raised() -> frozenset[str]:
    """Return the names of the catalogue that the product uses outside it, as `holdups.SILENT`."""
    found = set()
    for path in (ROOT / "zoom_ops").rglob("*.py"):
        if path.parent.name == "messages" and path.stem in SUBJECTS:
            continue
        aliases: dict[str, str] = {}
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[-1] == "messages":
                aliases |= {each.asname or each.name: each.name for each in node.names if each.name in SUBJECTS}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[-2:-1] == ["messages"]:
                subject = (node.module or "").split(".")[-1]
                found |= {f"{subject}.{each.name.lower()}" for each in node.names}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases:
                found.add(f"{aliases[node.value.id]}.{node.attr.lower()}")
    return frozenset(found)


def test_every_kind_is_raised_and_every_raised_one_is_there() -> None:
    assert {code for code in CODED if code not in raised()} == set()
    assert {name for name in raised() if name.partition(".")[0] in SUBJECTS and not _is_there(name)} == set()


def _is_there(name: str) -> bool:
    module, _, attribute = name.partition(".")
    holder = __import__(f"zoom_ops.messages.{module}", fromlist=[module])
    return name in KINDS or any(each.lower() == attribute for each in vars(holder))


def test_every_step_is_named_and_has_a_place_in_the_console() -> None:
    named = {verb for kind in KINDS.values() for text in _texts(kind) for verb, _ in Template.of(text).verbs}

    assert named <= STEPS.keys()
    assert STEPS.keys() - PLACES.keys() == COMMAND_ONLY
    assert PLACES.keys() <= STEPS.keys()


@pytest.mark.parametrize("code", CODED)
def test_kind_becomes_words_and_survives_its_storing(code: str) -> None:
    message = make(KINDS[code])

    again = load_message(store_message(message))

    assert (again.code, again.values) == (message.code, message.values)
    assert str(again) == str(message)
    assert read_message(message_json(message)).values == message.values
    assert "{" not in str(message).replace(STRANGE, "").replace("{braces}", "")
    assert SHARED.common(message)
    assert "<b>" not in ConsoleWords().tell(message)


@pytest.mark.parametrize("code", CODED)
def test_kind_takes_its_values_and_no_others(code: str) -> None:
    kind = KINDS[code]
    values = make(kind).values

    with pytest.raises(TypeError, match="stranger"):
        kind(**values, stranger=1)
    assert not any(words.endswith(" ") or "  " in words for words in (kind.sentence, kind.remedy, kind.cause))


def test_text_of_before_and_a_code_that_is_gone_stay_as_they_were_said() -> None:
    gone = '{"code":"gone.kind","values":{},"said":"It was so."}'

    assert load_message("It was so.") == as_said("It was so.")
    assert str(load_message(gone)) == "It was so."
    assert str(load_message('{"code":"runs.nothing","values":{"other":1},"said":"So it was."}')) == "So it was."
    assert str(load_message('{"code":')) == '{"code":'


def test_values_of_each_type_are_written_and_stored() -> None:
    kind = Kind("{who!r} {when} {day} {length} {count:,} {names:2} {then} {why}{nothing}", code="runs.broke")
    values: dict[str, Value] = {
        "who": "Ada", "when": datetime(2027, 5, 4, 12, 30, tzinfo=UTC), "day": date(2027, 5, 4),
        "length": timedelta(hours=2, minutes=5), "count": 12_000, "names": ("a", "b", "c"),
        "then": Step("events.show", {"event": "tides"}), "why": as_said("Zoom said no"), "nothing": None,
    }  # fmt: skip

    written = str(kind(**values))

    assert written == (
        "'Ada' 2027-05-04 12:30 UTC 2027-05-04 2 h 5 min 12,000 a, b and 1 more "
        "zoom-ops events show tides Zoom said no."
    )


def test_subject_of_a_step_is_quoted_for_a_shell() -> None:
    assert command_of(Step("events.show", {"event": "a b; rm"})) == "zoom-ops events show 'a b; rm'"


def make(kind: Kind) -> Message:
    """Make a message of a kind whose values are strange, and of the types that its places show."""
    return kind(**{name: _value(kind, name) for name in sorted(kind.names)})


def _value(kind: Kind, name: str) -> Value:
    places = [piece for text in _texts(kind) for piece in Template.of(text).pieces if not isinstance(piece, str)]
    specs = {place.spec for place in places if place.name == name}
    if any("|" in spec or spec == "," for spec in specs):
        return 3
    if any(spec.isdigit() for spec in specs):
        return (STRANGE, "two")
    return STRANGE


def _texts(kind: Kind) -> tuple[str, ...]:
    for verb, names in (pair for text in (kind.sentence, kind.remedy) for pair in Template.of(text).verbs):
        assert subject_of(verb) == names
    return kind.sentence, kind.remedy, kind.many
