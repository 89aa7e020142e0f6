"""Backups in the console: what an admin sees, makes, checks and takes along; what a restoration meant."""

from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from tests.builders import EVENT_ID, HOST, START
from tests.integration.operations.admin.test_newer import HOUR
from tests.integration.operations.admin.test_restore_database import backed_up, restore
from tests.integration.served import PASSWORD, WITHOUT_TLS, sign_in, visit_pages
from tests.integration.service import LISTED, MakeService, Service
from tests.integration.web.api.program import serve
from tests.web_site import Visitor, confirm
from zoom_ops.operations.admin.newer import ask_unlooked
from zoom_ops.store.audit import iter_audit
from zoom_ops.store.backups.files import back_up_into
from zoom_ops.store.backups.newer import note_newer
from zoom_ops.store.backups.restoration import mark_restored

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
PAGE = "/-/backups"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the backups."""
    return tmp_path / "backup"


@pytest.fixture
def service(make_service: MakeService, folder: Path) -> Service:
    """A service that makes backups."""
    return make_service(settings={**WITHOUT_TLS, "ZOOM_OPS_BACKUP_DIR": str(folder), "ZOOM_OPS_BACKUP_KEEP": "2"})


@pytest.fixture
def admin(service: Service) -> Iterator[Visitor]:
    """An admin who is signed in."""
    with visit_pages(service) as served:
        yield sign_in(service, served.visitor, "admin")


def made(service: Service, admin: Visitor) -> str:
    """Make a backup with the button; return its name."""
    assert admin.post("/-/backups/make").headers["Location"].startswith("/-/runs/")
    service.settle()
    (file,) = service.context.nightly.folder.iterdir() if service.context.nightly else ()
    return str(file.name)


def whats(service: Service) -> list[str]:
    """List what the audit says."""
    with service.context.database.read() as connection:
        return [row.what for row in iter_audit(connection)]


def test_backup_is_made_checked_and_downloaded(service: Service, admin: Visitor, folder: Path) -> None:
    empty = admin.get(PAGE).text
    back_up_into(service.context.database, folder, service.context.installation, keep=None)
    by_hand = admin.get(PAGE).text
    for file in folder.iterdir():
        file.unlink()
    name = made(service, admin)
    plain = unescape(admin.get(PAGE).text)
    admin.post("/-/backups/check", data={"name": name})
    checked = admin.get(PAGE).text
    question = admin.post("/-/backups/download", data={"name": name}).text
    service.clock.advance(timedelta(minutes=16))  # the proof that came with the sign-in is too old by now
    wrong = confirm(admin, "/-/backups/download", question, own_password="a guess")
    answer = confirm(admin, "/-/backups/download", question, own_password=PASSWORD)

    assert "No backup is in this folder yet" in empty
    assert "none yet" in empty
    assert "none of the job yet; the latest backup here was made on" in by_hand
    assert name in plain
    assert "when it was made" in plain
    assert f"zoom-ops db restore {folder / name}" in plain
    assert "secret.key" in plain
    assert ", ZOOM_OPS_BACKUP_KEEP, " in plain
    assert "whole. Events: 0" in checked
    assert "e-mail addresses of speakers" in question
    assert wrong.status_code == 403
    assert "That is not your password." in wrong.text
    assert "a guess" not in wrong.text
    assert answer.content == (folder / name).read_bytes()
    assert f'filename="{name}"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert {"backup_checked", "backup_downloaded", "proof_refused"} <= set(whats(service))


def test_spoilt_backup_is_told(service: Service, admin: Visitor, folder: Path) -> None:
    name = made(service, admin)
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])

    admin.post("/-/backups/check", data={"name": name})
    page = admin.get(PAGE).text

    assert "The file is cut off" in page
    assert ">unreadable<" in page


@pytest.mark.parametrize("name", ["../var/secret.key", "/etc/passwd", "zoom_ops.db", "", "x" * 5_000])
def test_no_other_file_is_handed_out(admin: Visitor, name: str) -> None:
    answers = [admin.post(f"/-/backups/{what}", data={"name": name}) for what in ("download", "check")]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_folder_that_is_a_file_and_a_failed_run_are_warnings(service: Service, admin: Visitor, folder: Path) -> None:
    folder.write_text("no folder")
    service.tick("make_backups")
    service.settle()
    service.tick("watch_service")
    service.settle()

    page, today = admin.get(PAGE).text, admin.get("/-/").text

    assert "is a file and no folder" in page
    assert "The last backup failed" in page
    assert "is a file and no folder" in today


def test_restoration_is_told_until_an_admin_has_read_it(service: Service) -> None:
    service.add()
    service.settle()
    file = backed_up(service)
    service.change(start=START + HOUR)
    service.settle()
    restore(service, file)
    service.clock.advance(LISTED)
    with visit_pages(service) as served:
        admin = sign_in(service, served.visitor, "admin")
        early = [admin.get(page).text for page in (PAGE, "/-/", f"/-/events/{EVENT_ID}")]
        assert ask_unlooked(service.context) is None
        service.settle()
        late = [admin.get(page).text for page in (PAGE, "/-/", f"/-/events/{EVENT_ID}")]
        too_late = confirm(admin, "/-/backups/dismiss", early[0])
        shown_still = admin.get(PAGE).text
        confirm(admin, "/-/backups/dismiss", shown_still)
        after = [admin.get(page).text for page in (PAGE, "/-/", f"/-/events/{EVENT_ID}")]

    assert ["The database was restored on" in page for page in (*early, *late, *after)] == [True] * 6 + [False] * 3
    assert ["Zoom is still to be asked: account main" in page for page in (*early[:2], *late[:2])] == [True] * 2 + [
        False
    ] * 2
    assert too_late.status_code == 303
    assert "Nothing was dismissed: more was found since" in shown_still
    assert "is read again before anything is sent" in early[2]
    assert "1 changed at Zoom" in late[0]
    assert f'dir="auto">{service.event().name}</a> (start, ' in unescape(late[0])
    assert "Changed at Zoom after the backup: start" in late[2]
    assert "restoration_dismissed" in whats(service)


def test_of_many_events_some_are_named_and_the_rest_counted(service: Service) -> None:
    with service.context.database.begin() as connection:
        mark_restored(connection, service.clock.now())
        note_newer(connection, "unknown", {f"harbour-{number}": [(number, HOST)] for number in range(100, 400)})
        note_newer(connection, "gone", {f"tide-{number}": number for number in range(100, 131)})

    with visit_pages(service) as served:
        page = sign_in(service, served.visitor, "admin").get("/-/").text

    assert (page.count("<code>harbour-"), page.count('href="/-/events/tide-')) == (30, 30)
    assert "and 270 more" in page
    assert "and 1 more" in page


def test_where_no_folder_is_named_the_page_says_how(make_service: MakeService) -> None:
    service = make_service(settings=WITHOUT_TLS)
    with visit_pages(service) as served:
        page = unescape(sign_in(service, served.visitor, "admin").get(PAGE).text)
        operator = sign_in(service, served.visitor, "operator")
        deeds = ("make", "check", "download", "dismiss")
        theirs = {operator.get(PAGE).status_code, *(operator.post(f"{PAGE}/{deed}").status_code for deed in deeds)}

    assert 'backup_dir = "/srv/zoom_ops/backup"' in page
    assert "zoom-ops db restore FILE" in page
    assert theirs == {403}


def test_program_reads_whether_backups_are_made_and_one_was_restored(service: Service, admin: Visitor) -> None:
    name = made(service, admin)
    with service.context.database.begin() as connection:
        mark_restored(connection, service.clock.now())
        note_newer(connection, "unknown", {"harbour": [(81, HOST)]})
    with serve(service) as api:
        found = api.program().get("/backups").json()

    assert [(row["name"], row["current"]) for row in found["backups"]] == [(name, True)]
    assert (found["trouble"], found["last_run"]["state"]) == (None, "done")
    assert found["restored"]["unknown"] == [{"event": "harbour", "webinar": 81, "host": HOST}]
    assert found["restored"]["unlooked"] == ["main"]
