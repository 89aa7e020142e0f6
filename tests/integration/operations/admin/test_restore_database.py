"""A restored backup: what is newer at Zoom is found and taken over, and nothing happens a second time."""

import os
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import AMARA, AN_OPERATOR, END, EVENT_ID, HOST, JONAS, OTHER_HOST, START, an_event
from tests.integration.service import ACCOUNT, CREATE, LIST, LISTED, UPDATE, MakeService, Service
from tests.integration.store.backups.test_files import UNREADABLE
from tests.integration.store.db.test_migrate import fill
from zoom_ops.engine.lock import open_file_locks
from zoom_ops.errors import BadInputError, BesideOthersError, ZoomOpsError
from zoom_ops.messages.plans import NOT_LOOKED
from zoom_ops.operations.admin.newer import ask_unlooked, find_newer, newer_sentences
from zoom_ops.operations.admin.restore_database import Restored, note_restored_alone, restore_file
from zoom_ops.operations.events.orders.moving import move_host
from zoom_ops.operations.reconcile.restored import look_at_account
from zoom_ops.planning.desired import zoom_time
from zoom_ops.store.backups.newer import Newer, load_newer
from zoom_ops.store.backups.restoration import Restoration, find_latest, find_restoration
from zoom_ops.store.db.backup import back_up
from zoom_ops.store.db.connect import open_database
from zoom_ops.store.db.encryption import SecretBox, make_key
from zoom_ops.store.db.migrate import is_current

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def place_of(service: Service) -> Path:
    """Return the file of the service's database."""
    return Path(str(service.context.database.engine.url.database))


def backed_up(service: Service, name: str = "backup.db") -> Path:
    """Back the database up beside it."""
    target = place_of(service).with_name(name)
    back_up(service.context.database, target)
    return target


def restore(service: Service, file: Path) -> Restored:
    """Restore a backup, as after a stop of the daemon."""
    stop(service)
    url = f"sqlite:///{place_of(service)}"
    return restore_file(url, file, service.context.box, service.clock, lambda *_: None)


def stop(service: Service) -> None:
    """Let go of the database. The next work takes it again."""
    service.await_notifications()
    service.app.close()


def restored(service: Service, file: Path) -> Newer:
    """Restore a backup and ask Zoom what is newer, when no call can be under way any more."""
    restore(service, file)
    service.clock.advance(LISTED)
    return ask_zoom(service)


def ask_zoom(service: Service) -> Newer:
    """Ask Zoom what is newer than the restored database."""
    return find_newer(service.context, service.app.engines.alone_lock, lambda *_: None)


def noted(service: Service) -> Newer:
    """Return what was noted as newer at Zoom."""
    with service.context.database.read() as connection:
        return load_newer(connection)


def restoration_of(service: Service) -> Restoration:
    """Return when the database was restored."""
    with service.context.database.read() as connection:
        restoration = find_restoration(connection)
    assert restoration
    return restoration


def beside(service: Service) -> list[str]:
    """List what lies beside the database, without locks and logs."""
    names = (path.name for path in place_of(service).parent.glob("*.db*") if path.is_file())
    return sorted(name for name in names if not name.endswith(("-wal", "-shm")))


def test_daemon_looks_at_zoom_by_itself_before_it_makes_anything(service: Service) -> None:
    service.add()
    file = backed_up(service)
    service.settle()

    restore(service, file)
    waits = service.plan()
    service.settle()
    early = service.run("create_webinars")["error"]
    service.zoom.fault(LIST, "http", status=503, times=50)
    service.clock.advance(LISTED)
    newer = ask_zoom(service)
    with service.calls() as calls:
        service.settle()
    service.zoom.mend()
    service.later(HOUR)

    assert not waits.actions
    assert [plan.waits for plan in waits.plans] == [(NOT_LOOKED(),)]
    assert early == "The database was restored from a backup: what is newer at Zoom is looked up first."
    assert list(newer.unasked) == ["main"]
    assert "the daemon asks by itself" in " ".join(newer_sentences(newer))
    assert CREATE not in calls
    assert service.shown()["webinar"]["id"] == service.zoom.webinar()["id"]
    assert service.zoom.invitations() == service.zoom.panelists()


def test_daemon_finds_what_is_newer_after_a_restoration_that_was_killed_before_it_asked(service: Service) -> None:
    service.add(an_event(id="moved"), an_event(id="deleted", start=START + DAY, end=END + DAY))
    service.settle()
    file = backed_up(service)
    service.add(an_event(id="since", start=START + 2 * DAY, end=END + 2 * DAY))
    service.change("moved", start=START + HOUR, end=END + HOUR)
    service.settle()
    service.zoom.call("DELETE", f"/webinars/{service.shown('deleted')['webinar']['id']}")
    made = {name: service.shown(name)["webinar"]["id"] for name in ("deleted", "since")}

    restore(service, file)
    early = ask_unlooked(service.context)
    service.clock.advance(LISTED)
    late = ask_unlooked(service.context)
    service.settle()
    newer = noted(service)
    service.add(an_event(id="since", start=START + 2 * DAY, end=END + 2 * DAY))
    service.settle()

    assert (early, late) == (timedelta(seconds=2), None)
    assert newer == Newer(
        unknown={"since": ((made["since"], HOST),)}, gone={"deleted": made["deleted"]}, changed={"moved": ("start",)}
    )
    assert noted(service) == replace(newer, unknown={}, taken={"since": made["since"]})


def test_daemon_reads_again_what_a_restoration_had_left_that_was_killed_after_it_looked(service: Service) -> None:
    service.add()
    service.settle()
    file = backed_up(service)
    service.change(start=START + HOUR, end=END + HOUR)
    service.settle()
    restore(service, file)
    service.clock.advance(LISTED)
    look_at_account(service.context, ACCOUNT)

    assert ask_unlooked(service.context) is None
    service.settle()

    assert noted(service) == Newer(changed={EVENT_ID: ("start",)})


def test_restoration_that_is_noted_twice_keeps_the_age_of_the_backup(service: Service) -> None:
    service.add()
    service.settle()
    file = backed_up(service)
    with service.context.database.read() as connection:
        age = find_latest(connection)

    service.clock.advance(DAY)
    restored(service, file)
    service.app.engines.alone_lock.release()
    note_restored_alone(service.context.database)
    twice = restoration_of(service)
    service.clock.advance(DAY)
    service.change(start=START + HOUR, end=END + HOUR)
    service.settle()
    stop(service)
    note_restored_alone(service.context.database)

    assert twice.as_of == age
    assert restoration_of(service).as_of != age


def test_event_that_was_given_to_another_account_since_keeps_its_webinar_there(make_service: MakeService) -> None:
    service = make_service(accounts={"main": (HOST,), "other": (OTHER_HOST,)})
    service.write(an_event(account="main"))
    file = backed_up(service)
    service.change(account="other")
    service.settle()
    made = service.zoom.webinar()

    newer = restored(service, file)
    service.settle()

    assert newer.taken == {EVENT_ID: made["id"]}
    assert service.zoom.webinar()["id"] == service.shown()["webinar"]["id"]
    assert service.shown()["webinar"]["host"] == OTHER_HOST


def test_a_daemon_that_was_started_meanwhile_is_left_to_ask(service: Service) -> None:
    restore(service, backed_up(service))
    lock, _ = open_file_locks(place_of(service))
    assert lock.acquire()
    with service.calls() as calls:
        newer = ask_zoom(service)
    lock.release()

    assert (newer.unasked, calls) == ({"main": "another process works on this database already."}, [])


def test_create_that_was_under_way_at_the_backup_makes_one_webinar_and_invites_once(service: Service) -> None:
    service.add()
    service.zoom.fault(CREATE, "drop_response")
    service.work()
    file = backed_up(service)
    service.later(LISTED)
    assert service.zoom.panelists()

    restored(service, file)
    service.later(LISTED)
    service.later(LISTED)

    assert service.shown()["webinar"]["id"] == service.zoom.webinar()["id"]
    assert service.zoom.invitations() == service.zoom.panelists()


def test_update_that_was_under_way_at_the_backup_invites_once(service: Service) -> None:
    service.add(an_event(performers=(AMARA,)))
    service.settle()
    service.zoom.fault(UPDATE, "drop_response")
    service.change(name="Tides again", performers=[AMARA.model_dump(), JONAS.model_dump()])
    service.work()
    file = backed_up(service)
    service.later(LISTED)
    assert len(service.zoom.panelists()) == 2

    restore(service, file)  # the daemon alone looks at Zoom
    service.ask("fetch_recordings", EVENT_ID)
    service.later(LISTED)
    service.later(LISTED)

    assert service.zoom.invitations() == service.zoom.panelists()


def test_move_that_was_under_way_at_the_backup_invites_once(make_service: MakeService) -> None:
    service = make_service(hosts=(HOST, OTHER_HOST))
    service.add()
    service.settle()
    left = service.shown()["webinar"]
    move_host(service.context, EVENT_ID, ({HOST, OTHER_HOST} - {left["host"]}).pop(), AN_OPERATOR)
    service.zoom.fault(CREATE, "drop_response")
    service.work()
    file = backed_up(service)
    service.later(LISTED)
    service.later(LISTED)
    assert service.zoom.webinar()["id"] != left["id"]

    restored(service, file)
    service.later(LISTED)
    service.later(LISTED)

    assert service.zoom.webinar()["id"] == service.shown()["webinar"]["id"]
    assert service.zoom.invitations() == service.zoom.panelists()


def test_recording_of_a_webinar_that_the_backup_does_not_know_is_published(service: Service) -> None:
    service.add()
    file = backed_up(service)
    service.settle()
    service.clock.advance(END - service.clock.now() + HOUR)
    service.zoom.hold()
    service.settle()
    assert len(service.published()) == 1

    newer = restored(service, file)
    service.tick()
    service.later(HOUR)

    assert newer.taken == {EVENT_ID: service.zoom.webinar()["id"]}
    assert newer.recorded == (EVENT_ID,)
    assert len(service.published()) == 1


def test_clock_that_was_put_back_since_the_backup_keeps_nothing_waiting(service: Service) -> None:
    service.add()
    service.settle()
    service.change(start=START + HOUR, end=END + HOUR)
    service.clock.advance(DAY)
    service.work()
    file = backed_up(service)
    service.clock.advance(-DAY)

    newer = restored(service, file)
    service.settle()
    service.change(start=START, end=END)
    service.settle()

    assert newer.changed == {}
    assert service.zoom.webinar()["start_time"] == zoom_time(START)


def test_database_before_is_kept_and_can_be_restored_itself(service: Service) -> None:
    file = backed_up(service)
    service.add()
    service.settle()

    first = restore(service, file)
    assert first.kept is not None
    empty = service.plan().plans
    second = restore(service, first.kept)
    service.clock.advance(LISTED)

    assert not empty
    assert second.kept != first.kept
    assert service.shown()["webinar"]["id"] == service.zoom.webinar()["id"]
    assert ask_zoom(service).unknown == {}
    assert beside(service) == sorted(
        [place_of(service).name, file.name, *(r.kept.name for r in (first, second) if r.kept)]
    )


@pytest.mark.parametrize("spoilt", ["none", "half", "overwritten", "newer"])
def test_what_is_no_backup_changes_nothing(service: Service, spoilt: str) -> None:
    file = backed_up(service)
    service.add()
    UNREADABLE[spoilt][0](file)
    before = beside(service)

    with pytest.raises(BadInputError):
        restore(service, file)

    assert beside(service) == before
    assert service.event().id == EVENT_ID


def test_nothing_is_restored_beside_another_process(service: Service) -> None:
    file = backed_up(service)
    service.add()
    stop(service)
    refusals = []
    for lock in open_file_locks(place_of(service)):
        assert lock.acquire()
        with pytest.raises(BesideOthersError) as refused:
            restore(service, file)
        refusals.append(str(refused.value))
        lock.release()
    for use in ("SELECT 1 FROM event", "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; DELETE FROM run"):
        with closing(sqlite3.connect(place_of(service))) as shell:
            shell.executescript(use)
            shell.execute("SELECT 1 FROM event").fetchone()
            with pytest.raises(BesideOthersError, match="Another program has the database open"):
                restore(service, file)

    assert Counter(refusals) == {"Another zoom_ops process works on this database: stop every one of them first.": 2}
    assert service.event().id == EVENT_ID


def test_backup_of_another_installation_with_the_same_key_is_refused(service: Service) -> None:
    file = backed_up(service)
    with closing(sqlite3.connect(file)) as other:
        other.execute("UPDATE meta SET value = 'ffffffff' WHERE name = 'installation'")
        other.commit()
    service.add()

    with pytest.raises(BadInputError, match=r"of another installation \(ffffffff\) than the database here"):
        restore(service, file)
    with pytest.raises(BadInputError, match="This is the database itself"):
        restore(service, place_of(service))
    with pytest.raises(BadInputError, match="names no file"):
        restore_file("sqlite://", file, service.context.box, service.clock, lambda *_: None)


def test_broken_database_is_replaced_and_kept_with_its_logs(service: Service) -> None:
    service.add()
    file = backed_up(service)
    stop(service)
    place = place_of(service)
    place.write_bytes(b"\0" * 9000)
    for ending in ("-wal", "-journal"):
        place.with_name(f"{place.name}{ending}").write_bytes(b"log")

    done = restore(service, file)

    assert done.kept is not None
    assert done.kept.read_bytes() == b"\0" * 9000
    for ending in ("-wal", "-journal"):
        assert done.kept.with_name(f"{done.kept.name}{ending}").read_bytes() == b"log"
    assert service.event().id == EVENT_ID


def test_log_of_a_database_that_is_gone_is_not_written_over_the_backup(service: Service) -> None:
    file, place = backed_up(service), place_of(service)
    service.add()
    log = place.with_name(f"{place.name}-wal")
    written = log.read_bytes()
    stop(service)
    place.unlink()
    log.write_bytes(written)  # as after a crash

    done = restore(service, file)

    assert done.kept is None
    with closing(sqlite3.connect(place)) as present:
        assert present.execute("SELECT count(*) FROM event").fetchone() == (0,)


def test_link_to_the_database_stays(service: Service, tmp_path: Path) -> None:
    file, place, disk = backed_up(service), place_of(service), tmp_path / "disk"
    service.add()
    stop(service)
    disk.mkdir()
    place.rename(disk / "there.db")
    place.symlink_to(disk / "there.db")

    done = restore(service, file)

    assert place.is_symlink()
    assert done.kept is not None
    assert (done.kept.parent, done.kept.is_symlink()) == (disk, False)


def test_backup_on_a_new_machine_belongs_to_the_owner_of_its_folder(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, place, given = backed_up(service), tmp_path / "var" / "zoom_ops.db", list[object]()
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", lambda path, *owner: given.append((path.name, *owner)))

    restore_file(f"sqlite:///{place}", file, service.context.box, service.clock, lambda *_: None)

    owner = place.parent.stat()
    assert given[-1] == ("zoom_ops.db.restoring", owner.st_uid, owner.st_gid)


def test_restore_that_breaks_off_leaves_the_database(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    file = backed_up(service)
    service.add()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(ZoomOpsError, match="and the database is as it was: No space left on device"):
        restore(service, file)

    assert service.event().id == EVENT_ID
    assert not [name for name in beside(service) if "restoring" in name]


def test_backup_of_older_tables_is_migrated(service: Service, tmp_path: Path) -> None:
    older, box, version = tmp_path / "older.db", SecretBox([make_key()]), "0004"
    with closing(open_database(f"sqlite:///{older}")) as database:
        fill(database, box, version)

    place = tmp_path / "place" / "zoom_ops.db"
    done = restore_file(f"sqlite:///{place}", older, box, service.clock, lambda *_: None)

    assert (done.content.tables, done.content.current, done.kept) == (version, False, None)
    assert place.stat().st_mode & 0o777 == 0o600
    with closing(open_database(f"sqlite:///{place}")) as database:
        assert is_current(database)
