"""`zoom-ops homes`: list, check, pull, show; and what is decided about links that people changed."""

import pytest

from tests.builders import a_publication
from tests.integration.city import HARBOUR, City
from tests.integration.command_line import CommandLine
from zoom_ops.homes import Finding
from zoom_ops.store.homes.entries import change_entry, load_entries, save_entry
from zoom_ops.store.recordings import save_publication

OURS = {"key": "u1", "title": "Recording", "url": "https://events.example.org/r", "visibility": "public"}


@pytest.fixture
def typed(city: City, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line of the service with the home."""
    return CommandLine(city.service, monkeypatch)


@pytest.fixture
def drifted(city: City) -> City:
    """An event whose link people changed in the home."""
    city.write()
    city.pull()
    with city.context.database.begin() as connection:
        now = city.context.database.now(connection)
        values = {"event_id": HARBOUR, "part": 1, "title": "Recording", "visibility": "public"}
        seen = {**OURS, "title": "Watch it"}
        save_entry(connection, "city", "12", "u1", **values, written=OURS, seen=seen, seen_at=now, written_at=now)
        save_publication(connection, HARBOUR, a_publication(recording_uuid="u1", published_at=now, url=OURS["url"]))
    return city


def test_list_shows_how_far_each_home_was_read(city: City, typed: CommandLine) -> None:
    city.write()
    city.write("13", name="")
    city.pull()

    (row,) = typed.run("homes", "--json").json

    assert (row["name"], row["system"], row["state"], row["listed"], row["lag_s"]) == (
        "city", "A home in memory", "working", 2, 0,
    )  # fmt: skip
    assert row["records"] == {"taken": 1, "left_out": 0, "wrong": 1, "gone": 0, "deleted": 0}
    assert "city, record 13: " in typed.run("homes", "list").err


@pytest.mark.parametrize(("state", "code"), [("ok", 0), ("warning", 0), ("missing", 1)])
def test_check_fails_where_something_is_missing(city: City, typed: CommandLine, state: str, code: int) -> None:
    sentence = "The token may not write: give it the scope “legacy_api”."
    city.home.findings = (Finding(what="writing", state=state, sentence=sentence),)  # type: ignore[arg-type]

    ended = typed.run("homes", "check", "city", code=code)

    assert ended.out == f"{state}  {sentence}\n"


def test_check_of_an_unknown_home_names_the_nearest(city: City, typed: CommandLine) -> None:
    assert typed.run("homes", "check", "citty", code=2).err == "There is no home 'citty'. Did you mean city?"


def test_dry_run_shows_what_would_be_done_and_the_plan(city: City, typed: CommandLine) -> None:
    city.write()
    city.write("13", name="Fish market", start="2039-02-10T18:00:00+01:00", end="2039-02-10T19:30:00+01:00")

    out = typed.run("homes", "pull", "city", "--dry-run").out.splitlines()

    assert out[0] == f"12  new: Open harbour  {HARBOUR}"
    assert out[1].startswith("    → Create the webinar: ")
    assert out[2:] == [
        "13  left out: Fish market",
        "    It had ended before it was first read.",
        "2 records were listed: 1 new, 1 left out.",
    ]
    assert typed.run("homes", "--json").json[0]["records"]["taken"] == 0


def test_pull_takes_in_what_is_new(city: City, typed: CommandLine) -> None:
    city.write()

    out = typed.run("homes", "pull", "city").out

    assert "pull_homes city done: 1 record was listed: 1 new." in out
    assert city.event().name == "Open harbour"


def test_show_names_the_record_and_what_differs(drifted: City, typed: CommandLine) -> None:
    drifted.edit(venue="Pier 3")

    assert typed.run("homes", "show", HARBOUR).out.splitlines() == [
        "city  record 12  https://home.example.org/12",
        "    taken, read last at 2040-01-24 12:00 UTC",
        "    here it differs in: venue",
        "    “Recording” (for everybody) was changed by people, looked at 2040-01-24 12:00 UTC",
        "      ours: “Recording” (for everybody) https://events.example.org/r",
        "      there: “Watch it” (for everybody) https://events.example.org/r",
        f"To write ours again: zoom-ops homes restore {HARBOUR}",
        f"To leave it so: zoom-ops homes leave {HARBOUR}",
    ]


def test_changed_link_is_listed_with_ours_beside_theirs(drifted: City, typed: CommandLine) -> None:
    sentence = "Somebody changed the link “Recording” on home city."
    ours = {"title": "Recording", "url": OURS["url"], "visibility": "public"}
    link = {
        "home": "city", "record": "12", "recording": "u1", "sentence": sentence,
        "ours": ours, "there": {**ours, "title": "Watch it"},
    }  # fmt: skip

    (home,) = typed.run("homes", "--json").json
    (review,) = typed.run("events", "review", "--json").json

    assert home["drifted"] == [{"event": HARBOUR, "name": "Open harbour", "links": [link]}]
    assert (review["event"], review["links"], review["needs_review"]) == (HARBOUR, [link], [])
    assert f"city: {sentence} To decide: zoom-ops homes show {HARBOUR}" in typed.run("homes", "list").err
    assert sentence in typed.run("events", "review").out


def test_records_that_were_left_out_are_named_with_the_reason(city: City, typed: CommandLine) -> None:
    for number in range(7):
        city.write(f"over-{number}", start="2039-02-10T18:00:00+01:00", end="2039-02-10T19:30:00+01:00")
    city.write("hidden")
    city.home.hidden.add("hidden")
    city.pull()
    protected = "Not everybody may read it in the home, and the home's file says: protected = skip."

    lines = typed.run("homes", "list").err.splitlines()
    whole = typed.run("homes", "show", "--home", "city", "--json").json

    assert lines == [
        "city, 7 left out (such as over-0, over-1, over-2, over-3, over-4): It had ended before it was first read.",
        f"city, 1 left out (hidden): {protected}",
        "city: to take one all the same: zoom-ops homes pull city --take RECORD",
    ]
    assert [(left["count"], len(left["records"])) for left in whole["left_out"]] == [(7, 7), (1, 1)]
    assert "Name either an event" in typed.run("homes", "show", code=2).err


def test_restore_writes_ours_again(drifted: City, typed: CommandLine) -> None:
    assert typed.run("homes", "restore", HARBOUR).out == f"1 link of {HARBOUR} is written again in city.\n"
    with drifted.context.database.read() as connection:
        (entry,) = load_entries(connection, HARBOUR)
    assert entry.written == entry.seen


def test_leave_asks_nobody_again(drifted: City, typed: CommandLine) -> None:
    assert typed.run("homes", "leave", HARBOUR).out == f"1 link of {HARBOUR} is left as people changed it in city.\n"
    with drifted.context.database.read() as connection:
        (entry,) = load_entries(connection, HARBOUR)
    assert entry.left_alone
    assert "“Recording” (for everybody) is left as people changed it" in typed.run("homes", "show", HARBOUR).out


def test_renew_ends_the_keys_of_a_home_or_of_an_event(drifted: City, typed: CommandLine) -> None:
    use_keys(drifted)
    assert "members_open" in typed.run("homes", "check", "city").out

    assert typed.run("homes", "renew", "city").out == (
        "1 link for members is written again. The keys before open nothing any more.\n"
    )
    assert typed.run("homes", "renew", "--event", HARBOUR, "--json").json == {
        "home": None, "event": HARBOUR, "links": 1, "homes": ["city"],
    }  # fmt: skip
    assert typed.run("homes", "renew", code=2).err == "Name a home or, with --event, an event."
    assert "Did you mean city?" in typed.run("homes", "renew", "citty", code=2).err


def use_keys(city: City) -> None:
    """Let the link in the home be one for members that has a key."""
    settings = city.context.home_settings["city"].model_copy(update={"members_open": "key"})
    city.context.home_settings.replace({"city": settings})
    with city.context.database.begin() as connection:
        change_entry(connection, "city", "12", "u1", visibility="members")


def test_record_of_a_home_without_a_file_says_so(drifted: City, typed: CommandLine) -> None:
    drifted.context.homes.replace({})

    assert "the home has no file any more: it is not read" in typed.run("homes", "show", HARBOUR).out
