"""The nightly backup: a file in BACKUP_DIR, or a failed run of which operators are told."""

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
    assert (missing.ok, missing.sentence) == (False, f"none in {folder} yet: zoom-ops db backup")
    assert (check.ok, check.sentence) == (True, f"1 in {folder}, the latest is {backup.name}")


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
