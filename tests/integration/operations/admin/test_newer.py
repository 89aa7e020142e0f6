"""What is newer at Zoom than a restored backup: one restored service, whose events each had another fate since."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders import AMARA, END, HOST, JONAS, OTHER_HOST, START, an_event
from tests.integration.operations.admin.test_restore_database import backed_up, restored
from tests.integration.service import ACCOUNT, CREATE, DELETE, SEAT, UPDATE, Ear, Service, TestClock, run_service
from zoom_ops.events import Event
from zoom_ops.messages.plans import MADE_SINCE
from zoom_ops.operations.admin.newer import newer_sentences
from zoom_ops.operations.reconcile.strays import report_strays
from zoom_ops.planning import marked_event
from zoom_ops.planning.desired import zoom_time
from zoom_ops.sandbox import Sandbox
from zoom_ops.store.backups.newer import Newer
from zoom_ops.store.webinars import mark_resend

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALIKE = ("seated", "ordered", "moved", "forced", "pending", "cancelled", "remade", "revived")
INVITED = ("made", "seated", "ordered", "remade", "revived", "adopted", "unknown")
LONG = "What the harbour said about the tide. " * 12
DAYS = {name: number * DAY for number, name in enumerate((
    "made", "seated", "ordered", "moved", "forced", "pending", "cancelled", "remade", "twice", "revived", "adopted",
    "unknown", "abandoned", "elsewhere",
))}  # fmt: skip


def an(name: str, **changes: Any) -> Event:
    """Build the event of this name, on a day of its own; with one speaker, if invitations are looked at."""
    when = {"start": START + DAYS[name], "end": END + DAYS[name], "display_times": ()}
    return an_event(id=name, **({"performers": (AMARA,) if name in INVITED else ()} | when | changes))


@dataclass
class World:
    """A service after a restored backup, and what was seen on the way."""

    service: Service
    newer: Newer
    made: dict[str, int]  # the webinars of the events before the backup was restored
    first: list[str] = field(default_factory=list)  # calls of the daemon before a person did anything
    plan: str = ""
    errors: dict[str, str | None] = field(default_factory=dict)

    def webinars(self, name: str) -> list[Any]:
        """List the webinars with the marker of an event at Zoom."""
        installation = self.service.context.installation
        return [row for row in self.service.zoom.webinars() if marked_event(row["agenda"], installation) == name]

    def bound(self, name: str) -> int | None:
        """Return the webinar of an event, as the service knows it."""
        return (self.service.shown(name)["webinar"] or {}).get("id")


def by_hand(service: Service, agenda: str, name: str, host: str = HOST) -> int:
    """Make a webinar at Zoom, as somebody else."""
    fields = {"topic": "By hand", "start_time": zoom_time(START + DAYS[name]), "duration": 75, "agenda": agenda}
    return int(service.zoom.call("POST", f"/users/{host}/webinars", fields)["id"])


def live_before(service: Service) -> tuple[Path, int]:
    """Let events come to be, and back them up."""
    service.add(*(an(name) for name in ALIKE))
    service.settle()
    service.cancel("revived")
    service.settle()
    service.change("seated", performers=[AMARA.model_dump(), JONAS.model_dump()])
    service.change("pending", start=START + DAYS["pending"] + HOUR, end=END + DAYS["pending"] + HOUR)
    service.add(an("made"), an("twice"), an("adopted", description=LONG))
    copied = by_hand(service, f"Harbour Talks\n\nOrganized by Harbour Institute (HI)\n\n{LONG}", "adopted")
    report_strays(service.context, ACCOUNT, HOST)  # so the backup knows it as nobody's
    service.context.gateways[ACCOUNT].fetch_host(OTHER_HOST)  # not of the settings any more
    with service.context.database.begin() as connection:
        mark_resend(connection, "ordered")
    return backed_up(service), copied


def live_after(service: Service, copied: int) -> dict[str, int]:
    """Let happen what the backup does not know. Return the webinars by event."""
    service.adopt(copied, "adopted")
    for name in ("moved", "forced"):
        service.change(name, start=START + DAYS[name] + HOUR, end=END + DAYS[name] + HOUR)
    service.change("pending", start=START + DAYS["pending"], end=END + DAYS["pending"])
    service.change("revived", status="scheduled")
    service.cancel("cancelled")
    service.zoom.call("DELETE", f"/webinars/{service.shown('remade')['webinar']['id']}")
    service.add(an("unknown"), an("abandoned"))
    service.settle()
    service.apply("remade", force=True)
    mark = f"By hand.\n\nReference: zoom_ops/{service.context.installation}/"
    by_hand(service, f"{mark}twice", "twice")
    elsewhere = by_hand(service, f"{mark}elsewhere", "elsewhere", OTHER_HOST)
    return {name: service.shown(name)["webinar"]["id"] for name in [*DAYS][:-1]} | {"elsewhere": elsewhere}


@pytest.fixture(scope="module")
def world(
    practice_zoom: Sandbox,
    clock_of_all: TestClock,
    ear: Ear,
    migrated_sqlite: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """A restored service: its daemon has worked, and then a person has acted."""
    folder = tmp_path_factory.mktemp("world")
    url = f"sqlite:///{shutil.copy(migrated_sqlite, folder / 'zoom_ops.db')}"
    clock_of_all.restart()
    with run_service(practice_zoom, clock_of_all, ear, folder, url) as service:
        file, copied = live_before(service)
        made = live_after(service, copied)
        world = World(service=service, newer=restored(service, file), made=made)
        with service.calls() as world.first:
            service.tick("create_webinars", "register_panelists")
            service.settle()
        world.errors = {name: service.run("create_webinars", name)["error"] for name in ("twice", "moved", "cancelled")}
        service.zoom.call("DELETE", f"/webinars/{made['abandoned']}")
        service.add(an("unknown"), an("abandoned"))
        world.plan = str(service.plan("unknown", "abandoned").plans)
        service.change("revived", status="scheduled")
        service.change("seated", performers=[AMARA.model_dump()])
        service.adopt(made["twice"], "twice")
        service.settle()
        yield world


def test_only_what_the_backup_had_still_to_send_is_sent_before_a_person_acts(world: World) -> None:
    writes = Counter(call for call in world.first if call in (CREATE, SEAT, UPDATE, DELETE))

    assert writes == {UPDATE: 1}
    assert world.webinars("pending")[0]["start_time"] == zoom_time(START + DAYS["pending"] + HOUR)
    assert not world.newer.unasked


def test_webinars_that_were_made_since_are_taken_over(world: World) -> None:
    taken = ("adopted", "made", "remade")

    assert world.newer.taken == {name: world.made[name] for name in taken}
    assert [world.bound(name) for name in taken] == [world.made[name] for name in taken]
    assert world.service.happened("made")[-1] == "webinar_adopted"


@pytest.mark.parametrize("name", [name for name in DAYS if name not in ("twice", "cancelled", "elsewhere")])
def test_event_has_one_webinar_and_each_speaker_one_invitation(world: World, name: str) -> None:
    (webinar,) = world.webinars(name)

    assert world.bound(name) == webinar["id"]
    assert (webinar["id"] == world.made[name]) is (name != "abandoned")
    invited = [invitation["email"] for invitation in webinar["invitations"]]
    speakers = [AMARA.email] * (name in INVITED) + [JONAS.email] * (name == "seated")
    assert sorted(invited) == sorted(map(str, speakers))


def test_event_that_is_unknown_or_cancelled_in_the_backup_gets_its_webinar_when_it_is_wanted_again(
    world: World,
) -> None:
    unknown = (("abandoned", HOST), ("elsewhere", OTHER_HOST), ("unknown", HOST))
    assert world.newer.unknown == {name: ((world.made[name], host),) for name, host in unknown}
    assert world.newer.unclear["revived"] == ((world.made["revived"], HOST),)
    assert repr(MADE_SINCE(webinar=world.made["unknown"])) in world.plan


def test_people_who_were_seated_since_can_be_taken_out(world: World) -> None:
    assert world.newer.seated == {"seated": 1}
    assert [panelist["email"] for panelist in world.webinars("seated")[0]["panelists"]] == [AMARA.email]


def test_webinar_that_was_deleted_since_is_not_made_again(world: World) -> None:
    assert world.newer.gone == {"cancelled": world.made["cancelled"]}
    assert world.webinars("cancelled") == []
    assert "was deleted at Zoom. Cancel the event" in (world.errors["cancelled"] or "")


def test_of_several_webinars_none_is_taken_over_and_none_is_made(world: World) -> None:
    assert len(world.newer.unclear["twice"]) == 2
    assert "No webinar is made for this event: since the restored backup Zoom holds" in (world.errors["twice"] or "")
    assert "zoom-ops events adopt twice WEBINAR_ID" in (world.errors["twice"] or "")
    assert len(world.webinars("twice")) == 2
    assert world.bound("twice") == world.made["twice"]


def test_time_that_is_newer_at_zoom_is_not_put_back(world: World) -> None:
    service, when = world.service, START + DAYS["moved"]

    assert world.newer.changed == {"moved": ("start",), "forced": ("start",)}
    assert world.errors["moved"] == (
        f"Zoom has another start of webinar {world.made['moved']} than the restored backup. If that is right, "
        "change the event. An operator may do it with --force."
    )
    assert world.webinars("moved")[0]["start_time"] == zoom_time(when + HOUR)
    service.change("moved", start=when + HOUR, end=when + HOUR + (END - START))
    service.settle()
    assert not service.plan("moved").actions
    service.change("moved", start=when + 2 * HOUR, end=when + 2 * HOUR + (END - START))  # a new time counts, as ever
    service.settle()
    assert world.webinars("moved")[0]["start_time"] == zoom_time(when + 2 * HOUR)


def test_operator_may_put_the_time_of_the_backup_back(world: World) -> None:
    assert world.webinars("forced")[0]["start_time"] == zoom_time(START + DAYS["forced"] + HOUR)

    world.service.apply("forced", force=True)

    assert world.webinars("forced")[0]["start_time"] == zoom_time(START + DAYS["forced"])


def test_all_of_it_is_told_in_sentences(world: World) -> None:
    told = "\n".join(newer_sentences(world.newer))

    assert f"1 deleted at Zoom since; zoom-ops plan EVENT says the ways on: webinar {world.made['cancelled']}" in told
    assert f"3 taken over: made after the backup: webinar {world.made['adopted']} of adopted" in told
    assert "3 webinars are of events that the backup does not know; import the events again" in told


def test_one_webinar_of_an_unknown_event_is_told_of_in_a_whole_sentence() -> None:
    assert list(newer_sentences(Newer(unknown={"tides": ((7, HOST),)}))) == [
        "1 webinar is of an event that the backup does not know; import the event again, with the same id, and the "
        f"webinar is taken over: webinar 7 of tides ({HOST})"
    ]
