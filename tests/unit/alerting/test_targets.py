"""Entries of ALERT_TO: who wants what, which are wrong and why, and nothing of their addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoom_ops.alerting.notifier import Notifier
from zoom_ops.alerting.plugins import find_plugins, load
from zoom_ops.alerting.targets import Wish, hide_address, read_targets

SECRET = "tidewaterSecret42"
MAIL, CHAT = "mailto://ops:pw@mail.example.org", f"slack://T1JJ3T3L2/A1BRTD4JD/{SECRET}"


def test_entries_say_who_wants_what() -> None:
    targets, wrong = read_targets([MAIL, f"critical={CHAT}", "@main=ntfy://a", "warning@main=ntfy://b"], ["main"])

    assert wrong == ()
    assert [(target.label, target.wishes) for target in targets] == [
        ("mailto #1", (Wish(),)),
        ("slack #2", (Wish(severity="critical"),)),
        ("ntfy #3", (Wish(account="main"),)),
        ("ntfy #4", (Wish(severity="warning", account="main"),)),
    ]


def test_entries_with_one_address_are_one_target() -> None:
    (target,), _ = read_targets([f"critical={MAIL}", f"@main={MAIL}"], ["main"])

    assert target.wishes == (Wish(severity="critical"), Wish(account="main"))
    assert target.wants("disk_full", None, "", "warning")
    assert target.wants("event_late", "other", "", "critical")
    assert not target.wants("event_late", "other", "", "warning")


def test_id_of_a_target_stays_when_the_others_change() -> None:
    first, second = read_targets([MAIL, CHAT], [])[0][1], read_targets([f"critical={CHAT}"], [])[0][0]

    assert first.id == second.id
    assert SECRET not in repr(first)


WRONG = (
    (f"{SECRET}", "entry #1", "it is no address: it has to begin as mailto:// or slack:// do."),
    (f"nosuch://{SECRET}", "nosuch #1", "there is no service with nosuch://."),
    (f"https://example.org/{SECRET}", "https #1", "A receiver of JSON is written json:// or jsons://."),
    ("discord://", "discord #1", "An invalid Discord Webhook ID () was specified."),
    (f"mailto://{SECRET}", "mailto #1", "Invalid ~From~ email specified"),
    (f"dbus://{SECRET}", "dbus #1", "needs a package that is not installed here."),
    (f"tgram://{SECRET}", "tgram #1", "it is not complete: what tgram:// needs says"),
    (f"urgent=json://{SECRET}", "json #1", "before its = stands no severity: expected one of info, warning,"),
    (f"json://a/{SECRET},json://b/", "json #1", "it has several addresses: write each on a line of its own."),
    (f"json://a/{SECRET} critical@main=json://b/", "json #1", "write each on a line of its own."),
    (f"@mian=json://{SECRET}", "json #1", "Did you mean main?"),
)


def test_wrong_entry_is_named_with_the_reason_and_without_its_address() -> None:
    """One process looks at all that can be read."""
    read = [read_targets([entry, "json://localhost"], ["main"]) for entry, _, _ in WRONG]
    readable = iter(Notifier().find_wrong(target for targets, misread in read if not misread for target in targets))

    for (entry, label, why), (_, misread) in zip(WRONG, read, strict=True):
        (wrong,) = misread or [next(readable)]
        assert wrong.label == label, entry
        assert why in wrong.sentence, entry
        assert SECRET.lower() not in wrong.sentence.lower(), entry
    assert list(readable) == []


@given(st.lists(st.text(max_size=40), max_size=5))
def test_any_entry_is_a_target_or_wrong(entries: list[str]) -> None:
    targets, wrong = read_targets(entries, ["main"])

    assert len(targets) + len(wrong) <= len(entries)
    assert all(entry.why for entry in wrong)


def test_parts_of_an_address_are_hidden_in_any_form() -> None:
    url = f"json://ops:p%40ss-{SECRET}@hooks.example.org:8443/path/{SECRET}?key={SECRET}"

    shown = hide_address(f"POST https://hooks.example.org:8443/path/{SECRET} as ops, p@ss-{SECRET.upper()}", url)

    assert shown == "POST https://…:…/…/… as …, p@…"


@pytest.mark.parametrize("scheme", ["mailto", "slack", "workflows", "matrixs", "ntfy", "json", "jsons", "discord"])
def test_plugin_of_a_scheme_is_found_without_loading_the_others(scheme: str) -> None:
    (found,) = find_plugins(scheme)

    known = load().NotificationManager()
    known.load_modules()  # another test of this process may have begun with no plugin
    assert found.__name__ == known[scheme].__name__
