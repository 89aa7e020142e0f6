"""Each command in a sentence to operators has its place in the console, or is known to have none."""

import re
from pathlib import Path

import pytest

from tests.root import ROOT
from zoom_ops.web.commands import COMMAND_ONLY, link_commands

FLOORS = ("alerting", "operations", "planning", "stages", "zoom", "drafts.py", "engine")
VERB = re.compile(r'[:,"`] ?`?zoom-ops ((?:[a-z-]+(?: [a-z-]+)?))(?=[ `".,;{])')


def sentences() -> set[str]:
    """Collect the commands that stand in the sentences of the code, with their arguments as written there."""
    files = [path for name in FLOORS for path in _python_of(ROOT / "zoom_ops" / name)]
    return {found[1] for path in files for found in VERB.finditer(path.read_text())}


def _python_of(place: Path) -> list[Path]:
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        (
            "To resume it: zoom-ops jobs resume create_webinars",
            'To resume it: <a href="/-/jobs#job-create_webinars">“Resume” at the job “create webinars”</a>',
        ),
        (
            "Look at it: zoom-ops events show tides. If it is right: zoom-ops events approve tides; else wait.",
            'Look at it: <a href="/-/events/tides">its page</a>. If it is right: '
            '<a href="/-/events/tides#review">“Review” on its page</a>; else wait.',
        ),
        (
            "Mend the cause, then: zoom-ops runs retry --failed --cause 'it isn'\"'\"'t'",
            'Mend the cause, then: <a href="/-/runs?state=trouble&amp;cause=it+isn%27t">“Try all of them again…” '
            "for these runs</a>",
        ),
        ("Then: zoom-ops runs retry 12 --force", 'Then: <a href="/-/runs/12">“Try again by force” on run 12</a>'),
        (
            "Then: zoom-ops runs retry --failed --cause 'it “is'",
            'Then: <a href="/-/runs?state=trouble&amp;cause=it+%E2%80%9Cis">“Try all of them again…” '
            "for these runs</a>",
        ),
        ("publish_recordings: zoom-ops events approve …", "“publish recordings”: “Review” on its page"),
        (
            "Give one a licence, then read them again: zoom-ops doctor",
            'Give one a licence, then read them again: <a href="/-/hosts">“Read the hosts again” under Hosts</a>',
        ),
        ("Check the address: zoom-ops doctor", "Check the address: <code>zoom-ops doctor</code>"),
        (
            "If not: zoom-ops users set 'o hara' --password, and then zoom-ops users reset-second-factor 'o hara'",
            'If not: <a href="/-/users">“Make a new password…” on the page of this user</a>, and then '
            '<a href="/-/users">“Remove the second factor…” there</a>',
        ),
        (
            "Withdraw them: zoom-ops apply --kind recording --force",
            'Withdraw them: <a href="/-/plan?kind=recording&amp;force=1">“Apply” in the forced plan</a>',
        ),
        ("Start it: zoom-ops serve", "Start it: <code>zoom-ops serve</code>"),
        ("Run `zoom-ops db upgrade` now", "Run <code>zoom-ops db upgrade</code> now"),
        ("<b> & ALERT_TO is empty", "&lt;b&gt; &amp; <code>ALERT_TO</code> is empty"),
        ("write to first_last@example.org", "write to first_last@example.org"),
    ],
)
def test_command_becomes_the_link_to_its_step(sentence: str, shown: str) -> None:
    assert str(link_commands(sentence, ("create_webinars", "publish_recordings"))) == shown


@pytest.mark.parametrize(
    "written",
    [
        "“see zoom-ops jobs resume x”",
        "“Meeting “One” of create_webinars” and more",
        "“Deep-water: zoom-ops jobs, cut off…",
    ],
)
def test_what_people_wrote_stays_text(written: str) -> None:
    names = {"deep-water": "Deep Water", "meeting-one": "Meeting One"}

    assert str(link_commands(written, ("create_webinars",), names)) == written


@pytest.mark.parametrize("words", ["x\\", "it's", "&quot;", '"a\\"', "'"])
def test_words_that_look_like_a_command_do_no_harm(words: str) -> None:
    shown = str(link_commands(f"Paused: zoom-ops runs retry --failed --cause {words} <img src=x onerror=alert(1)>"))

    assert "<img" not in shown


def test_event_is_named_where_its_id_stands() -> None:
    names = {"deep-water": "Deep <Water>, after low-tide", "low-tide": "Low Tide", "live": "Live from the quay"}

    shown = link_commands("Event live is live, and deep-water waits: zoom-ops plan deep-water", names=names)

    assert str(shown) == (
        "Event “Live from the quay” is live, and “Deep &lt;Water&gt;, after low-tide” waits: "
        '<a href="/-/plan?event=deep-water">its plan</a>'
    )


def test_sentence_that_is_html_already_keeps_its_tags() -> None:
    told = link_commands("a zoom-ops plan tides")

    assert str(link_commands(told)) == str(told)


def test_every_command_in_a_sentence_has_a_place_in_the_console() -> None:
    arguments = " tides 12 main create_webinars --event tides WEBINAR_ID FILE"
    lost = {verb for verb in sentences() if not verb.startswith(COMMAND_ONLY) and "<a" not in _any(verb, arguments)}

    assert len(sentences()) > 23
    assert lost == set()


def _any(verb: str, arguments: str) -> str:
    """Render a verb with each argument that it may have."""
    tries = ("", *(f" {one}" for one in arguments.split()), " tides abc==", " tides --host a@example.org")
    tries += (
        " abc --note 'why'",
        " 'a b'",
        " a --scope b",
        " --event tides",
        " NAME --role admin",
        " NAME --password",
        " recording --force",
        " tides WEBINAR_ID",
    )
    return " ".join(str(link_commands(f"{verb_and}.")) for verb_and in (f"zoom-ops {verb}{more}" for more in tries))
