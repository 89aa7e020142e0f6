"""Sets a new Indico up and then makes events in it: bootstrap.py PORT BOOT_FILE, in Indico's own environment."""

import secrets
import sys
from datetime import datetime

import maker
from flask import session
from indico.core.db import db
from indico.core.oauth.models.personal_tokens import PersonalToken
from indico.modules.auth import Identity
from indico.modules.categories.models.categories import Category
from indico.modules.categories.operations import create_category
from indico.modules.events.models.events import EventType
from indico.modules.events.models.persons import EventPerson, EventPersonLink
from indico.modules.events.operations import create_event
from indico.modules.groups.models.groups import LocalGroup
from indico.modules.users.models.users import UserTitle
from indico.modules.users.operations import create_user, grant_admin
from indico.web.flask.app import make_app
from indico_vc_zoom.plugin import ZoomPlugin
from indico_vc_zoom.util import UserLookupMode

READING = ["read:legacy_api", "read:everything"]
WORKING = ["read:legacy_api", "full:everything"]
SCOPES = {"admin": WORKING, "bot": WORKING, "reader": READING, "stranger": WORKING, "member": READING}
SUBMITTERS = ("bot", "reader")
GROUP = "UNGIS members"
ZOOM = {
    "account_id": "tidewater-account",  # as in tests/acceptance/installation.py
    "client_id": "tidewater-client",
    "client_secret": "tidewater-client-secret",
    "user_lookup_mode": UserLookupMode.all_emails,
    "allow_webinars": True,
}
TITLES = {"Mr": UserTitle.mr, "Ms": UserTitle.ms, "Mrs": UserTitle.mrs, "Dr": UserTitle.dr, "Prof.": UserTitle.prof}


def set_up():
    """Make users with tokens, a group and a category."""
    accounts = {login: make_user(login, scopes) for login, scopes in SCOPES.items()}
    session.set_session_user(find_user("admin"))
    group = LocalGroup(name=GROUP, members={find_user("member")})
    db.session.add(group)
    category = create_category(Category.get_root(), {"title": "UNGIS"})
    ZoomPlugin.settings.set_multi(ZOOM)
    db.session.commit()
    return {"accounts": accounts, "category": category.id, "group": f"Group::{group.id}"}


def make_user(login, scopes):
    """Make a user with a password and a token."""
    password, names = secrets.token_urlsafe(24), {"first_name": login.title(), "last_name": "Example"}
    identity = Identity(provider="indico", identifier=login, password=password)
    user = create_user(f"{login}@example.org", names, identity)
    if login == "admin":
        grant_admin(user)
    db.session.flush()
    token = PersonalToken(user=user, name="tests", scopes=scopes)
    return {"login": login, "password": password, "token": token.generate_token()}


def find_user(login):
    """Find a user by the name for the login."""
    return Identity.query.filter_by(identifier=login).one().user


def make_event(fields):
    """Make an event. `type` is meeting, lecture or conference."""
    admin = find_user("admin")
    session.set_session_user(admin)
    start = datetime.fromisoformat(fields["start"])
    category = Category.get(fields["category"])
    event = create_event(category, EventType[fields.get("type", "meeting")], {
        "creator": admin,
        "title": fields["title"],
        "description": f"<p>{fields['description']}</p>",
        "start_dt": start,
        "end_dt": datetime.fromisoformat(fields["end"]),
        "timezone": fields["timezone"],
        "location_data": {"inheriting": False, "venue_name": "Virtual Platform", "room_name": "Zoom (webinar)"},
    })  # fmt: skip
    for position, speaker in enumerate(fields["speakers"], 1):
        link = EventPersonLink(person=make_person(event, speaker), display_order=position)
        event.person_links.append(link)
    for login in fields.get("submitters", SUBMITTERS):
        event.update_principal(find_user(login), add_permissions={"submit"})
    db.session.commit()
    return {"id": str(event.id), "page": f"/event/{event.id}/"}


def make_person(event, speaker):
    """Make a person of an event."""
    person = EventPerson(
        event=event,
        first_name=speaker["given_name"],
        last_name=speaker["family_name"],
        affiliation=speaker["affiliation"],
        email=speaker["email"],
    )
    person._title = TITLES.get(speaker["honorific"], UserTitle.none)
    return person


def main(port, boot_file):
    """Set up, then serve; each event is made in a session of its own."""
    app = make_app()

    def make_all(events):
        return [make_in_session(event) for event in events]

    def make_in_session(fields):
        with app.test_request_context("/"):
            return make_event(fields)

    with app.test_request_context("/"):
        boot = set_up()
    maker.serve(int(port), make_all, boot_file, boot)


if __name__ == "__main__":
    main(*sys.argv[1:])
