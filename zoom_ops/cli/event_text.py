"""An event as text for a terminal."""

from typing import Any

import typer


def print_event(document: dict[str, Any], timeline: list[dict[str, Any]], base_url: str) -> None:
    """Print an event: times, people, webinar, recordings, open problems, history."""
    typer.secho(document["name"], bold=True)
    _line("series", document["series"])
    _line("id", document["id"])
    _line("page", f"{base_url}/events/{document['id']}")
    _line("when", f"{document['start']} to {document['end']} ({document['timezone']})")
    for row in document["display_times"]:
        _line("", f"{row['label']}: {row['start'][11:]} to {row['end'][11:]} ({row['timezone']})")
    _line("status", document["status"])
    _line("webinar", _webinar(document["webinar"]))
    _line("join link", (document["webinar"] or {}).get("join_url"))
    for person in document["performers"]:
        name = " ".join(part for part in (person["honorific"], person["name"]) if part)
        _line(person["kind"], f"{name} <{person['email']}>" if person["email"] else f"{name} (no address)")
    for entry in document["attachments"]:
        _line(entry["kind"], f"{entry['title']}: {entry['state']}, {entry['visibility']} {entry['url'] or ''}".rstrip())
    for recording in document["recordings"]:
        _line("held", f"{recording['start']}, {recording['duration_s'] // 60} min, {recording['state']}")
    _print_needs(document)
    typer.echo("\nWhat happened")
    for change in timeline:
        typer.echo(f"  {change['at']}  {change['sentence']}")


def _print_needs(document: dict[str, Any]) -> None:
    missing = [person["name"] for person in document["performers"] if not person["email"]]
    if missing or document["needs_review"]:
        typer.echo("\nNeeds a person")
    if missing:
        typer.echo(f"  Without an address, so not seated: {', '.join(missing)} (zoom-ops people import people.csv)")
    for note in document["needs_review"]:
        line = f" [line {note['line']}: {note['text']}]" if note["line"] else ""
        typer.echo(f"  {note['field']}: {note['reason']}{line}")


def _webinar(webinar: dict[str, Any] | None) -> str:
    if webinar is None:
        return "none yet"
    return f"{webinar['id']} on {webinar['host']} ({webinar['state']})"


def _line(label: str, value: Any) -> None:
    if value:
        typer.echo(f"  {label:<12} {value}")
