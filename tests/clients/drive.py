"""Drive the API with the client that openapi-python-client generates: drive.py ADDRESS TOKEN."""

import json
import sys
import time
from datetime import datetime

from zoom_ops_client import AuthenticatedClient
from zoom_ops_client.api.events import create_event, get_event, list_events, patch_event, replace_event
from zoom_ops_client.api.jobs import run_job
from zoom_ops_client.api.people import add_people
from zoom_ops_client.api.runs import get_run
from zoom_ops_client.models import EventIn, EventPatch, PeopleBody, PersonIn, RunBody


def main(address: str, token: str) -> None:
    """Print what a program sees."""
    client = AuthenticatedClient(base_url=f"{address}/api/v1", token=token)
    event = EventIn(
        name="Deep Water",
        series="From Python",
        start=datetime.fromisoformat("2040-03-01T14:00:00+01:00"),
        end=datetime.fromisoformat("2040-03-01T15:00:00+01:00"),
        timezone="Europe/Zurich",
    )
    before = list_events.sync(client=client, per_page=100)
    created = create_event.sync(client=client, body=event, idempotency_key="python-1")
    read = get_event.sync_detailed(created.id, client=client)
    unchanged = EventIn.from_dict(read.parsed.to_dict())
    sent = replace_event.sync(created.id, client=client, body=unchanged, if_match=read.headers["ETag"])
    patched = patch_event.sync(created.id, client=client, body=EventPatch(venue="Pier 4"))
    requested = run_job.sync("create_webinars", client=client, body=RunBody(event=created.id))
    run = get_run.sync(requested.runs[0], client=client)
    while run.finished is None:
        time.sleep(0.05)
        run = get_run.sync(requested.runs[0], client=client)
    person = PersonIn(name="Ada", email="ada@example.org")
    added = add_people.sync(client=client, body=PeopleBody(people=[person]))
    event.timezone = "Mars/Olympus"
    refused = create_event.sync(client=client, body=event)
    seen = {
        "before": [event.name for event in before.events],
        "created": created.action,
        "sent": sent.action,
        "patched": patched.event.venue,
        "run": [run.job, run.state],
        "people": [person.action for person in added.people],
        "refused": [refused.status, refused.detail],
    }
    sys.stdout.write(json.dumps(seen))


main(*sys.argv[1:])
