"""Sets a new pretalx up and makes conferences and sessions in it: bootstrap.py PORT BOOT_FILE, in its environment."""
# ruff: noqa: E402  # Django has to be set up before its models are imported

import os
import secrets
import sys
from datetime import UTC, datetime, timedelta
from itertools import count

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pretalx.settings")
django.setup()

import maker
from django_scopes import scope, scopes_disabled
from pretalx.event.domain.event import create_event
from pretalx.event.domain.organiser import create_organiser_with_team
from pretalx.event.models import Event, Organiser, Team
from pretalx.person.domain.user import create_user
from pretalx.person.models import SpeakerProfile, User
from pretalx.person.models.auth_token import ENDPOINTS, READ_PERMISSIONS, WRITE_PERMISSIONS, UserApiToken
from pretalx.schedule.domain.release import freeze_schedule
from pretalx.schedule.domain.slot import move_slot
from pretalx.schedule.models import Room
from pretalx.submission.domain.submission import create_submission
from pretalx.submission.models import Submission

SLUG = "wsis"
IN_THE_TEAM = ("bot", "reader", "member")
READING = {name: list(READ_PERMISSIONS) for name in ("events", "submissions", "slots", "speakers")}
WORKING = READING | {"submissions": [*READ_PERMISSIONS, "actions"]}
EVERYTHING = {name: list(WRITE_PERMISSIONS) for name in ENDPOINTS}
RIGHTS = {"admin": EVERYTHING, "bot": WORKING, "reader": READING, "stranger": WORKING, "member": READING}
VERSIONS = count(1)


def set_up():
    """Make users with tokens, a team that may change sessions and nothing else, and a conference."""
    users = {login: create_user(email=f"{login}@example.org", name=login.title(), locale="en") for login in RIGHTS}
    passwords = {login: secrets.token_urlsafe(24) for login in RIGHTS}
    for login, user in users.items():
        user.is_administrator = login == "admin"
        user.set_password(passwords[login])
        user.save()
    organiser, _ = create_organiser_with_team(name="UNGIS", slug="ungis", users=[users["admin"]])
    team = Team.objects.create(organiser=organiser, name="Sessions", can_change_submissions=True)
    team.members.set([users[login] for login in IN_THE_TEAM])
    tokens = {
        login: UserApiToken.objects.create(name="tests", user=user, endpoints=RIGHTS[login])
        for login, user in users.items()
    }
    make_conference(SLUG)
    accounts = {
        login: {"login": f"{login}@example.org", "password": passwords[login], "token": tokens[login].token}
        for login in users
    }
    return {"accounts": accounts, "event": SLUG}


def make_conference(slug):
    """Make a conference of many days. All tokens are for it, too, and the team may change its sessions."""
    today = datetime.now(UTC).date()
    event = create_event(
        organiser=Organiser.objects.get(),
        locales=["en"],
        locale="en",
        name="WSIS side events",
        slug=slug,
        is_public=True,
        date_from=today - timedelta(days=2),
        date_to=today + timedelta(days=365),
        timezone="America/New_York",
        email="organiser@example.org",
    )
    event.feature_flags["present_multiple_times"] = True  # a session may have several slots
    event.save()
    event.cfp.fields["resources"]["visibility"] = "optional"  # else the forms of sessions show no links
    event.cfp.save()
    Team.objects.get(name="Sessions").limit_events.add(event)
    for token in UserApiToken.objects.all():
        token.limit_events.add(event)
    with scope(event=event):
        Room.objects.create(event=event, name="Zoom (webinar)", position=1)
    return event


def make_all(wanted):
    """Make sessions of one conference, and release its schedule once. The conference is made if it is not there yet."""
    slug = wanted[0]["conference"]
    with scopes_disabled():
        event = Event.objects.filter(slug=slug).first() or make_conference(slug)
    with scope(event=event):
        made = [make_session(event, fields) for fields in wanted if "title" in fields]
        freeze_schedule(event.wip_schedule, f"v{next(VERSIONS)}", notify_speakers=False)
    return made


def make_session(event, fields):
    """Make a confirmed session with a time and a room. `do_not_record` is what its speakers chose."""
    speakers = [make_speaker(event, speaker) for speaker in fields["speakers"]]
    start, end = datetime.fromisoformat(fields["start"]), datetime.fromisoformat(fields["end"])
    session = Submission(
        event=event,
        title=fields["title"],
        abstract=fields["description"],
        submission_type=event.submission_types.first(),
        content_locale="en",
        duration=(end - start) // timedelta(minutes=1),
        do_not_record=fields.get("do_not_record", False),
    )
    create_submission(submission=session, user=User.objects.get(email="admin@example.org"), speakers=speakers)
    session.accept()
    session.confirm()
    move_slot(session.slots.get(schedule=event.wip_schedule), start, room=event.rooms.first(), end=end)
    return {"id": session.code, "page": f"/{event.slug}/talk/{session.code}/"}


def make_speaker(event, fields):
    """Find or make a speaker. pretalx has no field for an affiliation, so the biography tells it."""
    name = f"{fields['given_name']} {fields['family_name']}"
    user = User.objects.filter(email=fields["email"]).first()
    user = user or create_user(email=fields["email"], name=name, locale="en")
    profile = {"name": name, "biography": fields["affiliation"]}
    SpeakerProfile.objects.get_or_create(user=user, event=event, defaults=profile)
    return user


if __name__ == "__main__":
    with scopes_disabled():
        boot = set_up()
    maker.serve(int(sys.argv[1]), make_all, sys.argv[2], boot)
