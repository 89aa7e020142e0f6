"""Files are read once they have changed and are at rest."""

from pathlib import Path

from zoom_ops.configuration import Watch, take_stamp
from zoom_ops.settings import Place

OLD, NEW, NEWER = (("a", "1"),), (("a", "2"),), (("a", "3"),)


def test_file_is_read_once_two_looks_agree() -> None:
    watch = Watch(read=OLD)

    assert [watch.look(stamp) for stamp in (OLD, OLD, NEW, NEWER, NEWER, NEWER, OLD, OLD)] == [
        False, False, False, False, True, False, False, True,
    ]  # fmt: skip


def test_stamp_changes_with_every_file(tmp_path: Path) -> None:
    config, jobs = tmp_path / "config", tmp_path / "jobs"
    for folder in (config / "profiles", config / "words", jobs):
        folder.mkdir(parents=True)
    secret = tmp_path / "secret"
    environ = {"ZOOM_OPS_ACCOUNTS__MAIN__CLIENT_SECRET_FILE": "secret"}
    place = Place(environ=environ, folder=tmp_path)
    stamps = [take_stamp(place)]

    for file in (config / "profiles" / "a.toml", config / "words" / "fr.toml", jobs / "a.py", secret, secret):
        file.write_text(f"{len(stamps)}" * len(stamps), "utf-8")
        stamps.append(take_stamp(place))
    (config / "settings.toml").write_text('[accounts.main]\nwebhook_secret_file = "other"\n', "utf-8")
    stamps.append(take_stamp(place))
    (tmp_path / "other").write_text("tidewater", "utf-8")
    stamps.append(take_stamp(place))
    (tmp_path / "other").chmod(0o600)
    stamps.append(take_stamp(place))

    assert len(set(stamps)) == len(stamps)


def test_stamp_follows_links_and_overlooks_what_editors_leave(tmp_path: Path) -> None:
    place = Place(environ={}, folder=tmp_path)
    for version in ("one", "two"):
        (tmp_path / version / "profiles").mkdir(parents=True)
        (tmp_path / version / "profiles" / "default.toml").write_text(version, "utf-8")
    (tmp_path / "config").symlink_to("one")
    before = take_stamp(place)

    (tmp_path / "one" / "profiles" / ".#default.toml").symlink_to("nobody@nowhere")
    left = take_stamp(place)
    (tmp_path / "config").unlink()
    (tmp_path / "config").symlink_to("two")  # as a mounted ConfigMap changes

    assert left == before
    assert take_stamp(place) != before
