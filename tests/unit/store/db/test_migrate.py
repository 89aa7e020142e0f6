"""The versions of the tables are read from the names of the migrations, without Alembic."""

from importlib.resources import as_file, files

from alembic.script import ScriptDirectory

from zoom_ops.store.db.migrate import known_versions


def test_versions_are_those_that_alembic_knows() -> None:
    with as_file(files("zoom_ops.store") / "migrations") as folder:
        script = ScriptDirectory(str(folder), recursive_version_locations=True)
        head, revisions = script.get_current_head(), {revision.revision for revision in script.walk_revisions()}

    assert known_versions() == (head, revisions)
