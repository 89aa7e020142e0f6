"""The nightly backup: a file in BACKUP_DIR, or a failed run of which operators are told."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.integration.service import MakeService
from zoom_ops.operations.admin.doctor import check_installation
from zoom_ops.operations.views.alerts import show_alerts
from zoom_ops.store.backups.files import read_backup

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
JOB = "make_backups"


def test_backup_is_made_at_night_and_doctor_names_it(make_service: MakeService, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    service = make_service(settings={"ZOOM_OPS_BACKUP_DIR": str(folder), "ZOOM_OPS_BACKUP_KEEP": "2"})
    (missing,) = (check for check in check_installation(service.context) if check.what == "backups")

    service.tick(JOB)
    service.settle()

    (backup,) = folder.iterdir()
    assert read_backup(backup, service.context.box).installation == service.context.installation
    assert backup.name in service.run(JOB, "backups", kind="service")["outcome"]
    (check,) = (check for check in check_installation(service.context) if check.what == "backups")
    assert (missing.ok, missing.sentence) == (False, f"None is in {folder} yet. Make one now: zoom-ops db backup")
    assert (check.ok, check.sentence) == (True, f"1 in {folder}, the latest is {backup.name}")


@pytest.mark.parametrize(
    ("spoilt", "sentence"),
    [
        ("old", "The latest in {folder} is of {made} UTC, more than two days ago. Make one now: zoom-ops db backup"),
        ("file", "BACKUP_DIR ({folder}) is a file and no folder: name a folder, or move the file away."),
        (
            "nowhere",
            "BACKUP_DIR ({folder}) is not there and cannot be made in {above}: make it for the user of this process.",
        ),
    ],
)
def test_doctor_and_an_alert_say_what_is_wrong_with_the_folder(
    make_service: MakeService, tmp_path: Path, spoilt: str, sentence: str
) -> None:
    above = tmp_path / "above"
    folder = above / "backup" if spoilt == "nowhere" else tmp_path / "backup"
    service = make_service(settings={"ZOOM_OPS_BACKUP_DIR": str(folder)})
    made = f"{service.clock.now():%Y-%m-%d %H:%M}"
    if spoilt == "old":
        service.tick(JOB)
        service.settle()
        service.clock.advance(timedelta(days=2, minutes=1))
        (latest,) = folder.iterdir()
        latest.with_name(f"{latest.stem.rpartition('-')[0]}-29990101T000000Z.db").touch()  # of a clock that ran ahead
    else:
        (above if spoilt == "nowhere" else folder).write_text("no folder")

    (check,) = (check for check in check_installation(service.context) if check.what == "backups")
    service.tick("watch_service")
    service.settle()

    assert (check.ok, check.sentence) == (False, sentence.format(folder=folder, above=above, made=made))
    (alert,) = (alert for alert in show_alerts(service.context.database) if alert["kind"] == "backup_overdue")
    assert alert["sentence"].startswith(check.sentence.removesuffix(" Make one now: zoom-ops db backup"))


def test_backup_that_fails_is_an_alert(make_service: MakeService, tmp_path: Path) -> None:
    (tmp_path / "full").write_text("no folder")
    service = make_service(settings={"ZOOM_OPS_BACKUP_DIR": str(tmp_path / "full" / "backup")})

    service.tick(JOB)
    service.settle()
    service.tick("watch_events")
    service.settle()

    assert service.run(JOB, "backups", kind="service")["state"] == "failed"
    assert [alert["kind"] for alert in show_alerts(service.context.database)] == ["run_failed"]


def test_nothing_is_made_where_no_folder_is_named(make_service: MakeService) -> None:
    service = make_service()

    service.tick(JOB)
    service.settle()

    assert service.run(JOB, "backups", kind="service")["outcome"] == "BACKUP_DIR is not set: no backup is made."
