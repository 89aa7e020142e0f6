"""`zoom-ops config`: the configuration files, and what the running daemon has of them."""

from typing import Annotated, Any

import typer

from .grammar.groups import Noun
from .output import AsJson, print_json, short_time

app = Noun(
    name="config",
    help="The configuration files: what they say, whether they are right, what the daemon has of them.",
    alone="show",
)
Long = Annotated[bool, typer.Option("--long", help="With the values of each profile and home.")]


@app.command()
def show(long: Long = False, as_json: AsJson = False) -> None:
    """Show what files and variables say: settings, profiles, homes, jobs, words. Of a secret whether it is set."""
    document = _describe()
    if as_json:
        return print_json(document)
    typer.secho(document["settings_file"] or "No settings.toml", bold=True)
    for setting in document["settings"]:
        notes = ["from a variable"] if setting["given"] == "variable" else []
        notes += [] if setting["live"] else ["counts after a restart"]
        note = typer.style(f"  ({', '.join(notes)})", dim=True) if notes else ""
        typer.echo(f"  {setting['name']} = {setting['value']}{note}")
    for profile in document["profiles"]:
        typer.secho(f"profile {profile['name']}  {profile['file']}", bold=True)
        for field, value in profile["values"].items() if long else ():
            typer.echo(f"  {field} = {value}")
    for home in document["homes"]:
        typer.secho(f"home {home['name']}  {home['file']}", bold=True)
        for field, value in home["values"].items() if long else ():
            typer.echo(f"  {field} = {value}")
    for job in document["jobs"]:
        typer.echo(f"job {job['name']}  {job['file']}")
    for words in document["words"]:
        typer.echo(f"words {words['language']}  {words['file']}: {words['texts']} texts")
    return None


@app.command()
def check(as_json: AsJson = False) -> None:
    """Check all files and who is told, without a database. Exit code 2 if something is wrong, with file and line."""
    from ..configuration import describe_files

    reading, place = _read()
    mistakes = [*reading.mistakes, *_wrong_targets(reading)]
    document = describe_files(reading, place) | {"mistakes": mistakes}
    if as_json:
        print_json(document)
    for mistake in mistakes:
        typer.secho(mistake, err=True, fg=typer.colors.RED)
    if mistakes:
        raise typer.Exit(2)
    if not as_json:
        typer.echo(f"All is right. {_counts(document)}")


@app.command()
def diff(as_json: AsJson = False) -> None:
    """Show what each running daemon has against what the files say now. Exit code 1 if something differs.

    A setting that is given by a variable is left out: the files do not decide about it.
    """
    from functools import partial

    from ..configuration import describe_processes
    from ..settings import load_secret_keys
    from ..store.configurations import load_held
    from ..store.db.encryption import SecretBox
    from .opening import opened_storage

    reading, place = _read()
    with opened_storage() as storage:
        box = SecretBox(load_secret_keys(storage.settings))
        with storage.database.read() as connection:
            held = load_held(connection, storage.database.now(connection))
    processes = describe_processes(reading, place, held, partial(box.fingerprint, "setting"))
    if as_json:
        print_json({"mistakes": list(reading.mistakes), "processes": processes})
    else:
        for line in _lines(processes, reading.mistakes):
            typer.echo(line)
    if reading.mistakes or any(process["differences"] or process["refused"] for process in processes):
        raise typer.Exit(1)


@app.command()
def example(
    profile: Annotated[
        str | None,
        typer.Option("--profile", metavar="NAME", help="A profile that ships instead: default, lecture, panel."),
    ] = None,
    home: Annotated[
        str | None,
        typer.Option(
            "--home",
            metavar="KIND",
            help="A file of a home instead: of a kind, such as indico, or a ready one, such as drupal.",
        ),
    ] = None,
) -> None:
    """Print a settings.toml to begin with, or a profile, or a home; fill it in where it names what only you know."""
    from ..errors import NotFoundError
    from ..settings import home_text, list_profiles, shipped_folder

    folder = shipped_folder("config")
    if home is not None:
        return typer.echo(home_text(home, folder), nl=False)

    profiles = {file.stem: file for file in list_profiles(folder)}
    if profile is not None and profile not in profiles:
        raise NotFoundError("profile", profile, profiles)
    file = folder / "settings.example.toml" if profile is None else profiles[profile]
    return typer.echo(file.read_text("utf-8"), nl=False)


def _read() -> tuple[Any, Any]:
    from ..configuration import read_configuration
    from ..web.i18n.catalogs import check_words
    from .opening import place

    where = place()
    return read_configuration(where, check_words), where


def _wrong_targets(reading: Any) -> list[str]:
    """Say which entries of ALERT_TO cannot be used. A daemon works without them, so the files are not refused."""
    from ..outside import alerting_of

    if reading.configuration is None:
        return []
    return [wrong.sentence for wrong in alerting_of(reading.configuration.settings).wrong]


def _describe() -> dict[str, Any]:
    """Describe the files; raise BadInputError with the first mistake."""
    from ..configuration import describe_files
    from ..errors import BadInputError

    reading, where = _read()
    if reading.configuration is None:
        error = BadInputError(reading.mistakes[0])
        for mistake in reading.mistakes[1:]:
            error.add_note(mistake)
        raise error
    return describe_files(reading, where)


def _counts(document: dict[str, Any]) -> str:
    nouns = {
        "accounts": ("account", "accounts"),
        "profiles": ("profile", "profiles"),
        "homes": ("home", "homes"),
        "jobs": ("job", "jobs"),
        "words": ("file of words", "files of words"),
    }
    counts = {key: len(document[key]) for key in nouns}
    return f"{', '.join(f'{count} {nouns[key][count != 1]}' for key, count in counts.items())}."


def _lines(processes: list[dict[str, Any]], mistakes: tuple[str, ...]) -> list[str]:
    lines = [f"The files are wrong: {mistake}" for mistake in mistakes]
    if not processes:
        return [*lines, "No daemon runs."]
    for process in processes:
        head = f"{process['process']} ({process['part']}), read at {short_time(process['read_at'])} UTC:"
        says = [difference["sentence"] for difference in process["differences"] or ()]
        if process["refused"]:
            says = [f"It refused the files: {process['refused']}", *says]
        if process["differences"] is None:
            says = says or ["It has the files as they were when they were right."]
        lines += [head, *(f"  {sentence}" for sentence in says or ("It has what the files say.",))]
    return lines
